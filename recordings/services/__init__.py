"""Everything that changes what was said: files and words."""
