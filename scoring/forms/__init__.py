"""Forms of the console about what an interview is worth."""
