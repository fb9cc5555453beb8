"""A telephone line that exists in memory only, and candidates who act as their scripts say."""
