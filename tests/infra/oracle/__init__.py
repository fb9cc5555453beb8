"""What Azure's own client packages say about resource types, as a table (table.json).

The packages are 90 MB of models for 40 types that are used here, and nothing else needs them: so
the table is kept, not they. `python -m tests.infra.oracle` writes it anew in an environment with
requirements.txt of this folder; a slow test does that and compares.
"""
