"""Django's PostgreSQL with a cursor for prepared reads (ENGINE)."""
