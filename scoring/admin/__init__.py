"""The interview's page, the home page, and the records of judgement in the console."""
