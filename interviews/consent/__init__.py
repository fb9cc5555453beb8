"""What a candidate is asked to agree to, by version and language."""
