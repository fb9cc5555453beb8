"""Everything that changes what an interview is worth: machine and human judgement, and decisions."""
