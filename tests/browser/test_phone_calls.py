"""Calls in a real browser: the recruiter plans, watches and stops, the candidate chooses a time."""

import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone
from playwright.sync_api import Browser, BrowserContext, Page, expect
from pytest_django.live_server_helper import LiveServer

from interviews.calls.facts import FactKind
from interviews.models import Call, Interview
from interviews.states import CallStatus
from tests.browser.console import DESKTOP, PHONE, Console, sign_in
from tests.interviews.call_rows import do, fact, make_call, make_phone_interview, tell
from tests.people import People, make_people
from tests.rows import make_invitation

NARROW = (320, 640)
Come = Callable[..., Page]


@pytest.fixture
def crowd(live_server: LiveServer, settings) -> People:
    """Everybody, on a running server that calls at any hour."""
    settings.PUBLIC_URL = live_server.url
    settings.CALL_HOURS = (0, 24)
    settings.CALL_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
    return make_people()


@pytest.fixture
def interview(crowd: People) -> Interview:
    """An interview by phone of somebody in New York who may be called."""
    return make_phone_interview(crowd.home)


@pytest.fixture
def alice(browser: Browser, live_server: LiveServer, crowd: People) -> Iterator[Console]:
    """The recruiter's console."""
    console = sign_in(browser, live_server.url, crowd.alice)
    yield console
    console.close()


@pytest.fixture
def come(browser: Browser, live_server: LiveServer) -> Iterator[Come]:
    """Open a candidate's link in a browser of its own: `come(interview, timezone_id=...)`."""
    contexts: list[BrowserContext] = []
    complaints: list[str] = []

    def open_link(interview: Interview, **how: object) -> Page:
        contexts.append(browser.new_context(**how))  # type: ignore[arg-type]
        page = contexts[-1].new_page()
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("console", lambda said: said.type == "error" and complaints.append(said.text))
        _, token = make_invitation(interview)
        page.goto(f"{live_server.url}/interview/{token}/")
        return page

    yield open_link
    for context in contexts:
        context.close()
    assert complaints == []


def path_of(interview: Interview) -> str:
    return f"interviews/interview/{interview.pk}/change/"


def connect(interview: Interview) -> Call:
    """Return a call that is on the line, at its first question."""
    since = timezone.now() - timedelta(seconds=20)
    call = make_call(interview, CallStatus.CONNECTED, connected_at=since, phase="greeting")
    tell(call, [fact(FactKind.CONNECTED, 8)])
    do(call, 1, "greeting", "Hello. This is an automated call from Demo Ltd.")
    return call


def test_recruiter_plans_a_call_and_takes_it_back(alice: Console, interview: Interview) -> None:
    page = alice.open(path_of(interview))
    local = (timezone.now() + timedelta(days=3)).astimezone(ZoneInfo("America/New_York"))
    page.get_by_text("Plan a call").click()
    expect(page.get_by_text(re.compile("^For you: .+ at "))).to_be_visible()
    page.get_by_label("Day and time where the candidate is").fill(f"{local:%Y-%m-%dT14:30}")
    page.get_by_role("button", name="Plan this call").click()

    expect(page.get_by_text("The call is planned.")).to_be_visible()
    planned = f"Scheduled for {local:%A}, {local.day} {local:%b} {local.year}, 14:30"
    expect(page.locator("#phone").get_by_role("status")).to_contain_text(planned)
    assert alice.faults() == []

    page.get_by_text("Cancel the planned call").click()
    page.get_by_role("button", name="Yes, cancel it").click()
    expect(page.get_by_role("button", name="Call now")).to_be_visible()
    assert Call.objects.get().status == CallStatus.CANCELLED


def test_living_part_grows_without_loading_the_page(alice: Console, interview: Interview) -> None:
    call = connect(interview)
    page = alice.open(path_of(interview))
    page.evaluate("window.isTheSamePage = true")
    expect(page.locator("#phone").get_by_role("status")).to_contain_text("Finding out whether")

    Call.objects.filter(pk=call.pk).update(phase="consent")
    tell(call, [fact(FactKind.HEARD, 15, op=1, tone="1")])

    expect(page.locator("#phone").get_by_role("status")).to_contain_text("Asking for consent")
    expect(page.locator(".t-timeline li").last).to_contain_text("Pressed 1.")
    assert page.evaluate("window.isTheSamePage") is True
    assert alice.faults() == []


def test_call_is_stopped_and_its_end_is_shown(alice: Console, interview: Interview) -> None:
    call = connect(interview)
    page = alice.open(path_of(interview))
    expect(page.get_by_role("button", name="Yes, stop it")).to_be_hidden()

    page.get_by_text("Stop the call", exact=True).click()
    expect(page.get_by_role("button", name="Yes, stop it")).to_be_visible()
    Call.objects.filter(pk=call.pk).update(
        status=CallStatus.ENDED, outcome="stopped", phase="over", ended_at=timezone.now()
    )

    expect(page.locator("#phone").get_by_role("status")).to_contain_text("Stopped")
    expect(page.get_by_text("Stop the call", exact=True)).to_have_count(0)
    assert alice.faults() == []


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_pages_about_calls_fit_and_name_their_controls(
    browser: Browser, live_server: LiveServer, crowd: People, size: tuple[int, int]
) -> None:
    living, waiting = make_phone_interview(crowd.home), make_phone_interview(crowd.home, name="Ed")
    connect(living)
    make_call(waiting, CallStatus.ENDED, outcome="no_answer", code="560480")
    console = sign_in(browser, live_server.url, crowd.alice, size)
    pages = [
        path_of(living),
        path_of(waiting),
        "interviews/call/",
        f"interviews/candidate/{living.candidate_id}/change/",
    ]

    faults = {path: console.faults() for path in pages if console.open(path)}
    console.close()

    assert {path: found for path, found in faults.items() if found} == {}


def test_candidate_chooses_a_time_by_the_clock_of_the_browser(
    come: Come, interview: Interview
) -> None:
    interview.candidate.time_zone = ""
    interview.candidate.save()
    page = come(interview, timezone_id="Asia/Tokyo")
    page.get_by_role("link", name="Choose the time of the call first").click()

    expect(page.get_by_label("Where you are")).to_have_value("Asia/Tokyo")
    expect(page.locator("input[name=time]")).to_have_count(8)  # six, at once, and one's own
    page.locator("input[name=time]").nth(2).check()
    page.get_by_role("button", name="Call me then").click()

    expect(page.get_by_role("heading", level=1)).to_have_text("Your call is planned")
    expect(page.get_by_role("heading", level=1)).to_be_focused()
    expect(page.get_by_text("by the clocks of Asia/Tokyo")).to_be_visible()
    page.get_by_role("link", name="Choose another time").click()
    page.get_by_role("link", name="I do not want to be called").click()
    page.get_by_role("button", name="Yes, do not call me").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("You will not be called")
    interview.candidate.refresh_from_db()
    assert (interview.candidate.time_zone, interview.candidate.do_not_call) == ("Asia/Tokyo", True)
    assert Call.objects.open().count() == 0


def test_candidate_elsewhere_is_told_of_the_other_clock(come: Come, interview: Interview) -> None:
    page = come(interview, timezone_id="Europe/Berlin")
    page.get_by_role("link", name="Choose the time of the call first").click()
    expect(page.get_by_label("Where you are")).to_have_value("America/New_York")

    page.get_by_role("link", name="Europe/Berlin").click()

    expect(page.get_by_label("Where you are")).to_have_value("Europe/Berlin")


def test_time_is_chosen_by_keyboard_on_a_small_phone_without_javascript(
    come: Come, interview: Interview
) -> None:
    interview.candidate.time_zone = ""
    interview.candidate.save()
    width, height = NARROW
    page = come(interview, java_script_enabled=False, viewport={"width": width, "height": height})
    page.get_by_role("link", name="Choose the time of the call first").press("Enter")
    page.get_by_label("Where you are").select_option("Europe/Berlin")
    page.get_by_role("button", name="Show times").press("Enter")
    assert page.locator("html").evaluate("one => one.scrollWidth") == width

    page.locator("input[name=time]").nth(1).press("Space")
    page.get_by_role("button", name="Call me then").press("Enter")

    expect(page.get_by_text("by the clocks of Europe/Berlin")).to_be_visible()
    assert Call.objects.get().chosen_by_candidate is True
