"""Jobs, guides, candidates, interviews and candidates' sessions over the API."""
