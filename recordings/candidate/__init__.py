"""The candidate's own page, behind the link of an invitation."""
