"""What is shown of interviews: plain values out of few queries, no rows built on the way."""
