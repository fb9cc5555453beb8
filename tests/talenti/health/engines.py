"""Engines in every state of health."""


class CompleteEngine:
    def check(self) -> list[str]:
        return []


class HalfSetEngine:
    def check(self) -> list[str]:
        return ["KEY is missing, but ENDPOINT is https://secret.example."]


class BrokenEngine:
    def check(self) -> list[str]:
        raise RuntimeError("secret")
