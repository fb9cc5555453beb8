"""Forms of the console about what is asked, and of whom."""
