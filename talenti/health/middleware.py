"""`/health` and `/health/ready`, answered before everything else: no host check, no redirect."""

from collections.abc import Callable
from dataclasses import asdict

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase

from talenti.api.problems import problem_response
from talenti.api.renderers import dump_json
from talenti.health.checks import configured_checks
from talenti.health.registry import Result, registry

GetResponse = Callable[[HttpRequest], HttpResponseBase]


class HealthMiddleware:
    """The very first middleware."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response
        self.answers = {"/health": answer_alive, "/health/ready": answer_ready}

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer a probe, or pass the request on."""
        answer = self.answers.get(request.path_info.removesuffix("/"))
        if answer is None:
            return self.get_response(request)
        if request.method not in {"GET", "HEAD"}:
            return problem_response(
                405,
                "Method not allowed",
                "Health can only be read.",
                code="method_not_allowed",
                headers={"Allow": "GET, HEAD"},
            )
        return without_body(answer()) if request.method == "HEAD" else answer()


def answer_alive() -> HttpResponse:
    """Say that the process runs; it looks at nothing else."""
    return as_json({"status": "ok", "version": settings.VERSION})


def answer_ready() -> HttpResponse:
    """Say whether requests and work can be done here: 503 if a critical check failed."""
    results = registry.results(configured_checks())
    state = overall(results)
    checks = [asdict(result) for result in results]
    return as_json({"status": state, "checks": checks}, status=503 if state == "unready" else 200)


def without_body(response: HttpResponse) -> HttpResponse:
    """Return the headers alone."""
    response.content = b""
    return response


def overall(results: list[Result]) -> str:
    """Return ready, degraded or unready: the worst of the results."""
    found = {result.status for result in results}
    if "failed" in found:
        return "unready"
    return "degraded" if "degraded" in found else "ready"


def as_json(body: object, *, status: int = 200) -> HttpResponse:
    """Return JSON that nobody keeps."""
    content = dump_json(body)
    return HttpResponse(
        content,
        status=status,
        content_type="application/json",
        headers={"Cache-Control": "no-store", "Content-Length": str(len(content))},
    )
