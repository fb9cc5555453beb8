"""Calls of providers: each one is let through or not, limited in number, traced and counted.

Every call that does work goes through `calls.provider_call`; what only asks whether Azure Speech is
there (`manage.py check_providers`) goes beside it. A provider that fails is left alone by all
processes (its circuit breaker, a row); one that hangs holds only so many threads.
"""
