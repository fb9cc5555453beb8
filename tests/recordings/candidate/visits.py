"""How tests visit the candidate's page: by the link, as a browser would."""

from django.test import Client

from interviews import consent
from interviews.models import Interview, Turn
from interviews.services.conversation import open_turn
from tests.rows import make_invitation

PAGE = "/interview/"


def open_link(interview: Interview, *, strict: bool = False) -> Client:
    """Return a browser that came in by a new link; `strict` checks forged requests as in life."""
    client = Client(enforce_csrf_checks=strict)
    _, token = make_invitation(interview)
    client.get(f"/interview/{token}/")
    return client


def agree(client: Client, interview: Interview, *more: str) -> None:
    """Agree to what is needed, and to `more`."""
    text = consent.current(interview.language)
    client.post(
        "/interview/agree/",
        {
            "interview": interview.pk,
            "version": text.version,
            "purposes": [*text.required_purposes, *more],
        },
    )


def begin(interview: Interview, *purposes: str) -> tuple[Client, Turn]:
    """Return a browser that agreed and sees its first question."""
    client = open_link(interview)
    agree(client, interview, *purposes)
    client.post("/interview/begin/")
    return client, asked(interview)


def asked(interview: Interview) -> Turn:
    """Return the open question."""
    turn = open_turn(interview)
    assert turn is not None
    return turn


def write(client: Client, turn: Turn, text: str):
    """Answer in writing; returns the answer to that."""
    return client.post(f"/interview/turns/{turn.pk}/write/", {"text": text})


def text_of(response) -> str:
    """Return the page's source with single spaces."""
    return " ".join(response.content.decode().split())
