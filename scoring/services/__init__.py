"""Everything that judges: machine and human scorecards, and decisions."""
