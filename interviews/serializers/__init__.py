"""What the API of interviews accepts, and what it shows."""
