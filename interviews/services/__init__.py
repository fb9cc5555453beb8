"""Everything that changes what is asked, of whom, and the conversation."""
