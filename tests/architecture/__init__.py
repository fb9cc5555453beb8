"""Conventions that no linter knows: they walk the files and fail by name."""
