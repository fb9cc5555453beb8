"""Load as people make it, and a telephone line: recruiters who read and invite, candidates.

    make load                          against `make run`, bounded in people and time
    infra/load-test.yaml               the same file in Azure Load Testing

One file without a module of ours beside it: Azure Load Testing puts all files into one folder. It
runs in an environment of its own (requirements-load.txt): locust brings Flask, and gevent, which
replaces parts of the standard library.

Variables: LOAD_EMAILS (recruiters, separated by commas; each is one person for the rate limit) and
LOAD_PASSWORD; LOAD_INVITATIONS, a file with links of invitations, one a line, or LOAD_MAIL_FOLDER,
where mails are files; LOAD_P95_MS; LOAD_TARGET, the only host but this machine that may be loaded.
Without invitations and mails there are recruiters only.

LOAD_CALLS, a file that `python -m tests.load.callbacks` wrote, adds LOAD_CALLBACKS (50) events of
calls a second, as many of LOAD_USERS; on one's own machine only: their key is not the service's.
"""

import email
import email.policy
import io
import json
import logging
import math
import os
import random
import re
import struct
import time
import uuid
import wave
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from gevent.lock import BoundedSemaphore
from locust import HttpUser, between, constant_throughput, events, task
from locust.clients import HttpSession
from locust.env import Environment
from locust.exception import StopUser

LOGGER = logging.getLogger("talenti.load")
LOOPBACK = {"127.0.0.1", "localhost", "::1"}
LINK = re.compile(r"https?://\S+/interview/([\w-]{20,})/")
DEMO = "olive@demo.example,alice@demo.example,charlie@other.example"
EMAILS = os.environ.get("LOAD_EMAILS", DEMO).split(",")
PASSWORD = os.environ.get("LOAD_PASSWORD", "talenti-demo")
INVITATIONS = os.environ.get("LOAD_INVITATIONS", "")
MAIL_FOLDER = os.environ.get("LOAD_MAIL_FOLDER", "")
CALLS = json.loads(Path(os.environ.get("LOAD_CALLS", os.devnull)).read_text() or "{}")
EVENT = {
    "source": "calling/callConnections/load",
    "type": "Microsoft.Communication.ParticipantsUpdated",
    "specversion": "1.0",
    "data": {"participants": [{"isMuted": False}], "sequenceNumber": 1},
}
CALLBACKS = int(os.environ.get("LOAD_CALLBACKS", "50"))
# An answer of 25 words: what the quality gate wants of one, and no dictionary of it is needed.
ANSWER = (
    "Last winter the heating control failed. I found the burnt relay, replaced it and tested every"
    " channel, and the line ran again after forty minutes."
)
P95_MS = float(os.environ.get("LOAD_P95_MS", "1500"))
MAIL_SECONDS = 30
# Access tokens live for five minutes.
TOKEN_SECONDS = 240


class Signed:
    """A member's sign-in, shared by everybody who plays them: sign-ins are counted and limited."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._lock = BoundedSemaphore()
        self._pair: dict[str, str] = {}
        self._made = -math.inf

    def header(self, client: HttpSession) -> dict[str, str]:
        """Return the header of a token that is fresh; a refresh token works once."""
        with self._lock:
            if time.monotonic() - self._made > TOKEN_SECONDS:
                self._pair = self._renewed(client)
                self._made = time.monotonic()
        return {"Authorization": f"Bearer {self._pair['access']}"}

    def _renewed(self, client: HttpSession) -> dict[str, str]:
        path, body = "/api/v1/auth/token", {"email": self._name, "password": PASSWORD}
        if self._pair:
            path, body = f"{path}/refresh", {"refresh": self._pair["refresh"]}
        answer = client.post(path, json=body)
        if answer.status_code != 200:
            self._pair = {}
            raise StopUser
        pair: dict[str, str] = answer.json()
        return pair


SIGNED = [Signed(name.strip()) for name in EMAILS if name.strip()]


def jobs_that_can_be_asked(client: HttpSession, header: dict[str, str]) -> Iterator[str]:
    """Yield the ids of jobs with a published guide."""
    for job in client.get("/api/v1/jobs", headers=header).json()["results"]:
        guides = client.get(
            f"/api/v1/jobs/{job['id']}/guides", headers=header, name="/api/v1/jobs/[id]/guides"
        )
        if any(guide["status"] == "published" for guide in guides.json()["results"]):
            yield job["id"]


def create_interview(client: HttpSession, header: dict[str, str], name: str) -> str:
    """Create a candidate with an interview in the browser; return its id."""
    job = next(jobs_that_can_be_asked(client, header), None)
    if job is None:
        raise StopUser
    person = {"name": name, "email": f"{name}@candidate.example"}
    body = {"job": job, "channel": "browser", "candidate": person}
    created: str = client.post("/api/v1/interviews", json=body, headers=header).json()["id"]
    return created


class Recruiter(HttpUser):
    """Looks through interviews, opens one with its report, seldom creates one and cancels it."""

    weight = 3
    wait_time = between(1, 3)

    def on_start(self) -> None:
        """Sign in as one of the members."""
        self.signed = random.choice(SIGNED)
        self.seen: list[str] = []

    def ask(self, path: str, name: str = "") -> Any:
        """Return the answer to a GET as a value."""
        header = self.signed.header(self.client)
        return self.client.get(f"/api/v1/{path}", headers=header, name=f"/api/v1/{name or path}")

    @task(6)
    def list_interviews(self) -> None:
        """Read the first page."""
        answer = self.ask("interviews")
        if answer.status_code == 200:
            self.seen = [row["id"] for row in answer.json()["results"]]

    @task(6)
    def open_interview(self) -> None:
        """Read one interview with what belongs to it."""
        if not self.seen:
            return
        interview = f"interviews/{random.choice(self.seen)}"
        self.ask(interview, "interviews/[id]")
        for part in ("transcript", "scorecards", "history", "report"):
            self.ask(f"{interview}/{part}", f"interviews/[id]/{part}")

    @task(2)
    def list_others(self) -> None:
        """Read candidates and jobs."""
        self.ask("candidates")
        self.ask("jobs")

    @task(1)
    def create_and_cancel(self) -> None:
        """Create an interview, and cancel it: nobody is invited."""
        header = self.signed.header(self.client)
        created = create_interview(self.client, header, f"load-{uuid.uuid4().hex[:12]}")
        self.client.post(
            f"/api/v1/interviews/{created}/cancel",
            json={"reason": "load test"},
            headers=header,
            name="/api/v1/interviews/[id]/cancel",
        )


class Candidate(HttpUser):
    """Comes by a link, agrees, speaks one answer, types the others, and is done."""

    weight = 2 if INVITATIONS or MAIL_FOLDER else 0
    wait_time = between(1, 2)

    @task
    def be_interviewed(self) -> None:
        """Go through one whole interview."""
        headers = {"Authorization": f"Invitation {self._invitation()}"}
        session = self._call("GET", "session", headers)
        text = session["consent"]
        agreed = [purpose["key"] for purpose in text["purposes"]]
        body = {"version": text["version"], "purposes": agreed}
        session = self._call("POST", "session/consent", headers, body)
        answer: Callable[..., Any] = self._speak
        while session["turn"]:
            time.sleep(self.wait_time())  # and not wait(): who has begun goes on to the end
            session = answer(session["turn"]["id"], headers)
            answer = self._type

    def _invitation(self) -> str:
        return next(LINKS, "") or self._own_invitation()

    def _own_invitation(self) -> str:
        """Be invited by a recruiter, and read the mail."""
        if not MAIL_FOLDER:
            raise StopUser
        name = f"load-{uuid.uuid4().hex[:12]}"
        header = random.choice(SIGNED).header(self.client)
        created = create_interview(self.client, header, name)
        self.client.post(
            f"/api/v1/interviews/{created}/invite",
            json={},
            headers=header,
            name="/api/v1/interviews/[id]/invite",
        )
        return self._link_for(f"{name}@candidate.example")

    def _link_for(self, address: str) -> str:
        since, end = time.time() - 5, time.monotonic() + MAIL_SECONDS
        while time.monotonic() < end:
            found = find_link(Path(MAIL_FOLDER), address, since)
            if found:
                return found
            time.sleep(0.5)
        raise StopUser

    def _call(self, method: str, path: str, headers: dict[str, str], body: Any = None) -> Any:
        name = re.sub(r"[0-9a-f]{8}-[0-9a-f-]{27}", "[id]", f"/api/v1/{path}")
        answer = self.client.request(
            method, f"/api/v1/{path}", json=body, headers=headers, name=name
        )
        if not answer.ok:
            raise StopUser
        return answer.json()

    def _type(self, turn: str, headers: dict[str, str]) -> Any:
        return self._call("POST", f"session/turns/{turn}/answer", headers, {"text": ANSWER})

    def _speak(self, turn: str, headers: dict[str, str]) -> Any:
        """Announce a file, send it to the storage, complete it."""
        body = {"filename": "answer.wav", "content_type": "audio/wav", "size": len(SOUND)}
        announced = self._call("POST", f"session/turns/{turn}/answer", headers, body)
        upload = announced["upload"]
        self.client.request(
            upload["method"],
            upload["url"],
            data=SOUND,
            headers=upload["headers"],
            name="storage: upload",
        )
        return self._call("POST", f"recordings/{announced['id']}/complete", headers)["session"]


class TelephoneLine(HttpUser):
    """Tells once a second what happens in one of the calls, and one time in ten tells it twice."""

    fixed_count = CALLBACKS if CALLS else 0
    wait_time = constant_throughput(1)

    @task
    def tell(self) -> None:
        """Send what a call may bring at any time."""
        event = EVENT | {"id": str(uuid.uuid4()), "time": datetime.now(UTC).isoformat()}
        path, header = random.choice(CALLS["paths"]), {"Authorization": f"Bearer {CALLS['token']}"}
        for _ in range(2 if random.random() < 0.1 else 1):
            self.client.post(
                path, json=[event], headers=header, name="/webhooks/acs/[call]/[secret]"
            )


def find_link(folder: Path, address: str, since: float) -> str:
    """Return the secret of the link that was mailed to an address, or nothing."""
    for path in folder.glob("*.log"):
        if path.stat().st_mtime < since:
            continue
        mail = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
        part = mail.get_body(("plain",)) if mail["To"] == address else None
        found = LINK.search(part.get_content()) if part else None
        if found:
            return found[1]
    return ""


def links() -> Iterator[str]:
    """Yield the secret of each link in the file of invitations; each works for one interview."""
    if INVITATIONS:
        yield from LINK.findall(Path(INVITATIONS).read_text(encoding="utf-8"))


def sound(seconds: float = 2.0, rate: int = 16_000) -> bytes:
    """Return a tone as WAV: a file as any other for whoever stores and measures it."""
    waves = (int(9000 * math.sin(index * 0.17)) for index in range(int(seconds * rate)))
    target = io.BytesIO()
    with wave.open(target, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(rate)
        file.writeframes(b"".join(struct.pack("<h", value) for value in waves))
    return target.getvalue()


LINKS, SOUND = links(), sound()


@events.init.add_listener
def check_target(environment: Environment, **_: Any) -> None:
    """Refuse every host that was not meant."""
    host = urlsplit(environment.host or "").hostname
    if host not in LOOPBACK and host != os.environ.get("LOAD_TARGET"):
        raise SystemExit(f"{host} is not this machine: name it in LOAD_TARGET if you mean it")


@events.quitting.add_listener
def judge(environment: Environment, **_: Any) -> None:
    """Say what came out; end with 1 when a request failed, none was made, or they were slow."""
    total = environment.stats.total
    slowest = total.get_response_time_percentile(0.95) or 0
    is_good = total.num_requests > 0 and total.num_failures == 0 and slowest <= P95_MS
    LOGGER.info(
        "%d requests, %d failed, p95 %d ms (at most %d)",
        total.num_requests,
        total.num_failures,
        slowest,
        P95_MS,
    )
    environment.process_exit_code = 0 if is_good else 1
