"""What a service that calls us has to prove, and how its requests are taken in.

Every door asks in the same order: the token (no database, unless its key is new), the length and
type of the body, the body, and only then what the application knows.
"""
