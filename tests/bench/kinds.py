"""The measured kinds of work, by name: who only queues or counts them needs no Django."""

PLAIN, DURABLE = "bench.plain", "bench.durable"
PLAIN_SCORING, SCORING = "bench.plain_scoring", "bench.scoring"
