"""Forms of the console about what was said."""
