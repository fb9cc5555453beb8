"""Pages of jobs, guides and candidates in the console."""
