"""gunicorn's access log without the secrets that addresses carry (`logger_class`)."""

from typing import Any

from gunicorn.glogging import Logger

from talenti.scrubbing import HIDDEN, scrub_path, scrub_text


class ScrubbedLogger(Logger):  # type: ignore[misc]
    """Hides tokens and query strings in the request line, the path and the referrer."""

    def atoms(self, resp: Any, req: Any, environ: dict[str, Any], request_time: Any) -> Any:
        """Return the values of one line."""
        atoms = super().atoms(resp, req, environ, request_time)
        address = scrub_path(environ["RAW_URI"])
        atoms["r"] = f"{environ['REQUEST_METHOD']} {address} {environ['SERVER_PROTOCOL']}"
        atoms["U"] = scrub_path(environ.get("PATH_INFO", ""))
        atoms["q"] = HIDDEN if atoms.get("q") else ""
        atoms["f"] = scrub_text(str(atoms.get("f") or "-"))
        return atoms
