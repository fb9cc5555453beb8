"""Ask this container's own `/health`: `python -m talenti.health.probe`, the image's HEALTHCHECK.

The api answers on PORT, a worker or a sweeper on HEALTH_PORT; a container runs one of them.
"""

import http.client
import sys

from talenti import env

SECONDS = 2.0  # for each of the two ports: both fit into the health check's own five seconds


def main() -> int:
    """Return 0 if one of the two ports says that its process lives, else 1."""
    ports = (
        env.number("PORT", 8000, least=1, most=65535),
        env.number("HEALTH_PORT", 8001, least=0, most=65535),
    )
    return 0 if any(is_alive(port) for port in ports if port) else 1


def is_alive(port: int) -> bool:
    """Return whether `/health` on this port answers 200."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=SECONDS)
    try:
        connection.request("GET", "/health")
        return connection.getresponse().status == 200
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


if __name__ == "__main__":
    sys.exit(main())
