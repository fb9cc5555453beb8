"""A phone interview as pure data: what is known of a call, and what follows from it."""
