"""Reads the skeleton of a container, without decoding: whole, and nothing else.

Each module has `check(file, size)`: it raises Refusal, or returns when the bytes from the first to
the last belong to one container.
"""
