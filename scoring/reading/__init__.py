"""What people read of judgements: scorecards, reports, and what is withheld from whom."""
