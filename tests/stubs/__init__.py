"""Stand-ins for the programs that our scripts call: az, curl, skopeo and sleep.

Each keeps to a table of the commands and flags that the real one has, and ends with an error on
anything else; every call is recorded. They share one small world, a dictionary that a test makes:
container apps with revisions and traffic, jobs, registries, addresses, and a clock that only
`sleep` moves. The fixture is `stubs` in tests/stubs/fixtures.py; what is on the PATH only carries
words to and from the test's own process, so that hundreds of calls take no time.
"""
