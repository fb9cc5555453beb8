"""The doors of the telephone: events of calls, and of the files that were recorded."""
