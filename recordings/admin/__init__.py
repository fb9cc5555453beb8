"""Pages of recordings and transcripts in the console."""
