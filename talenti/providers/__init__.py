"""Calls of providers: each one is let through or not, limited in number, traced and counted.

Every call of a provider's API goes through `calls.provider_call`. A provider that fails is left
alone by all processes (its circuit breaker, a row); one that hangs holds only so many threads.
"""
