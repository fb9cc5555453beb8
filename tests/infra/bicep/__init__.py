"""A small reader of Bicep: syntax, scopes, evaluation of whole deployments, and rules."""
