"""What the tests need from outside: PostgreSQL, Redis and Chromium, found, started and stopped."""
