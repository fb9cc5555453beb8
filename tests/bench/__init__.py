"""Speed beside a raw baseline: the same JSON from the same rows, measured in turn."""
