"""Who has not both proofs is turned away in the same words, and nothing is written."""

from typing import Any

import pytest
from django.test import Client

from interviews.services.call_addresses import secret_of
from talenti.ids import new_id
from tests.interviews.webhooks.forgeries import ENTRA_TOKENS, HEADERS, TOKENS, Forge, with_header
from tests.interviews.webhooks.world import NOTHING, SECRET, Door, World, address_of, rows
from tests.talenti.webhooks.issuer import make_signer

BODY = b'[{"id": "1", "type": "Microsoft.Communication.CallConnected"}]'
DOORS = ["acs", "eventgrid"]


def assert_refused(answer: Any) -> None:
    assert (answer.status_code, answer.headers["Content-Type"]) == (401, "application/problem+json")
    assert answer.json()["detail"] == "The proof of who sends this is missing or wrong."
    assert answer.headers["WWW-Authenticate"] == "Bearer"
    assert answer.headers["Cache-Control"] == "no-store"
    assert rows() == NOTHING


def reason_in(caplog: pytest.LogCaptureFixture) -> str:
    told = [text for text in caplog.messages if text.startswith("webhook refused")]
    return told[-1].partition("reason=")[2]


@pytest.mark.parametrize("door", DOORS)
def test_what_is_forged_here_would_be_let_in_if_it_were_right(world: World, door: str) -> None:
    assert world.post(getattr(world, door)).status_code == 200


@pytest.mark.parametrize(
    ("door", "tokens"), [("acs", TOKENS), ("eventgrid", TOKENS), ("eventgrid", ENTRA_TOKENS)]
)
def test_forged_tokens_are_refused(
    world: World, caplog: pytest.LogCaptureFixture, door: str, tokens: dict[str, dict[str, Forge]]
) -> None:
    at: Door = getattr(world, door)
    seen: dict[str, dict[str, str]] = {}
    for reason, forgeries in tokens.items():
        for name, forge in forgeries.items():
            assert_refused(world.post(at, BODY, token=forge(at)))
            seen.setdefault(reason, {})[name] = reason_in(caplog)

    assert seen == {reason: dict.fromkeys(names, reason) for reason, names in tokens.items()}


@pytest.mark.parametrize("door", DOORS)
def test_other_headers_are_refused(
    world: World, caplog: pytest.LogCaptureFixture, door: str
) -> None:
    at: Door = getattr(world, door)
    seen: dict[str, dict[str, str]] = {}
    for reason, headers in HEADERS.items():
        for name, write in headers.items():
            assert_refused(world.post(at, BODY, authorization=write(at.token())))
            seen.setdefault(reason, {})[name] = reason_in(caplog)

    assert seen == {reason: dict.fromkeys(names, reason) for reason, names in HEADERS.items()}


def test_there_are_more_than_forty_forgeries() -> None:
    tables = (TOKENS, ENTRA_TOKENS, HEADERS)

    assert sum(len(names) for table in tables for names in table.values()) > 80


def test_each_door_refuses_the_tokens_of_the_other(world: World) -> None:
    assert_refused(world.post(world.acs, BODY, token=world.eventgrid.token()))
    assert_refused(world.post(world.eventgrid, BODY, token=world.acs.token()))


def test_key_of_the_same_name_from_somebody_else_is_refused(world: World) -> None:
    signer = world.acs.signer
    forger = make_signer(issuer=signer.issuer, audience=signer.audience, kid=signer.kid)

    assert_refused(world.post(world.acs, BODY, token=forger.token()))


def wrong_paths(world: World) -> dict[str, str]:
    right = secret_of(world.call.pk)
    base = f"/webhooks/acs/{world.call.pk}"
    return {
        "of another call": f"{base}/{secret_of(world.other.pk)}",
        "of the call at another's address": f"/webhooks/acs/{world.other.pk}/{right}",
        "of an unknown call": f"/webhooks/acs/{new_id()}/{right}",
        "shortened": f"{base}/{right[:-1]}",
        "longer": f"{base}/{right}0",
        "in upper case": f"{base}/{right.upper()}",
        "its hash": f"{base}/{world.call.secret_hash}",
        "a word": f"{base}/secret",
        "a space": f"{base}/%20",
        "not ASCII": f"{base}/%C3%A9",
    }


def test_token_without_the_secret_of_this_call_is_refused(world: World) -> None:
    for path in wrong_paths(world).values():
        assert_refused(world.post(world.acs, BODY, path=path))


def test_secret_without_a_token_is_refused(world: World) -> None:
    for path in (address_of(world.call), world.eventgrid.path):
        assert_refused(Client().post(path, BODY, content_type="application/json"))


def test_token_without_the_secret_of_the_subscription_is_refused(world: World) -> None:
    queries = (
        "",
        "?secret=",
        f"?secret={SECRET[:-1]}",
        f"?secret={SECRET}x",
        f"?secret={SECRET.upper()}",
        f"?Secret={SECRET}",
        f"?secret={SECRET}&secret=other",
        f"?secret=other&secret={SECRET}",
        f"?code={SECRET}",
        "?secret=%C3%A9",
    )
    for query in queries:
        assert_refused(world.post(world.eventgrid, BODY, path=f"/webhooks/eventgrid/{query}"))


def test_refusal_costs_no_query(world: World, django_assert_num_queries) -> None:
    world.post(world.acs)  # the keys are in memory now
    forged = [
        TOKENS["wrong_signature"]["key of a stranger"](world.acs),
        TOKENS["unknown_key"]["unknown kid"](world.acs),
    ]

    with django_assert_num_queries(0):
        for token in forged:
            assert world.post(world.acs, BODY, token=token).status_code == 401
        assert world.post(world.acs, BODY, authorization="").status_code == 401


def test_scheme_may_be_written_in_any_case(world: World) -> None:
    for scheme in ("bearer", "BEARER"):
        answer = world.post(world.acs, authorization=f"{scheme} {world.acs.token()}")
        assert answer.status_code == 200


def test_header_of_a_token_may_name_keys_that_nobody_looks_at(world: World) -> None:
    named = {"jku": "https://stranger.example", "x5u": "https://stranger.example", "typ": "JWT"}
    token = with_header(**named)(world.acs)

    assert world.post(world.acs, token=token).status_code == 200
