"""The candidate's page in a real browser, with speech from a file as the microphone."""

import re
import wave
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import av
import pytest
from playwright.sync_api import Browser, Page, Route, expect
from pytest_django.live_server_helper import LiveServer

from interviews.models import Interview, Turn
from recordings.models import Recording, Transcript
from recordings.states import TranscriptStatus
from talenti.models import HistoryEntry
from tests.people import make_people
from tests.recordings.rows import FIXTURES
from tests.rows import make_interview, make_invitation
from tests.services.chromium import ALLOW_MICROPHONE, speak_from
from tests.work import do_work

SPOKEN_SECONDS = "0:05"  # the fixture says its sentence in 4.5 seconds
LONG_ANSWER = (
    "When our label printer failed I compared two suppliers, called both of them and chose the one "
    "that had the spare part. In the end the line ran again within one hour, which saved 300 "
    "parcels, and I learned to keep one spare part in the drawer since then."
)


@dataclass
class Visit:
    """A tab of the candidate's, and what went wrong or abroad in it."""

    page: Page
    interview: Interview
    link: str
    complaints: list[str] = field(default_factory=list)
    foreign: list[str] = field(default_factory=list)


@pytest.fixture(scope="module")
def speech(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The customer fixture as Chromium wants it: 48 kHz, mono, 16 bit."""
    path = tmp_path_factory.mktemp("speech") / "customer.wav"
    resampler = av.AudioResampler(format="s16", layout="mono", rate=48_000)
    with av.open(str(FIXTURES / "customer.wav")) as source, wave.open(str(path), "wb") as target:
        target.setparams((1, 2, 48_000, 0, "NONE", ""))
        for frame in source.decode(audio=0):
            for piece in resampler.resample(frame):
                target.writeframes(bytes(piece.planes[0])[: 2 * piece.samples])
    return path


@pytest.fixture(scope="module")
def speaking(launch_browser: Callable[..., Browser], speech: Path) -> Browser:
    """A browser whose microphone says the fixture once, from the first time it is opened."""
    return launch_browser(ALLOW_MICROPHONE, speak_from(speech))


@pytest.fixture
def interview(live_server: LiveServer, settings) -> Interview:
    """An interview of two questions on a running server."""
    settings.PUBLIC_URL = live_server.url
    return make_interview(make_people().home)


@pytest.fixture
def visit(speaking: Browser, interview: Interview, live_server: LiveServer) -> Iterator[Visit]:
    """A fresh tab that notes what the browser blocks, what breaks and who else is asked."""
    context = speaking.new_context(permissions=["microphone"])
    page = context.new_page()
    _, token = make_invitation(interview)
    visit = Visit(page, interview, f"{live_server.url}/interview/{token}/")
    page.on("pageerror", lambda error: visit.complaints.append(str(error)))
    page.on("console", lambda said: said.type == "error" and visit.complaints.append(said.text))
    page.on(
        "request",
        lambda asked: (
            asked.url.startswith((live_server.url, "blob:")) or visit.foreign.append(asked.url)
        ),
    )
    yield visit
    context.close()


def agree_and_begin(visit: Visit) -> None:
    visit.page.goto(visit.link)
    for box in visit.page.get_by_role("checkbox").all():
        box.check()
    visit.page.get_by_role("button", name="Agree and continue").click()
    visit.page.get_by_role("button", name="Begin the interview").click()
    expect(visit.page).to_have_title("Question 1 of 2 · Demo Ltd")
    expect(visit.page.get_by_role("button", name="Record", exact=True)).to_be_visible()


def record(page: Page, until: str = "0:01") -> None:
    page.get_by_role("button", name="Record", exact=True).click()
    expect(page.locator("#elapsed")).to_have_text(until)
    page.get_by_role("button", name="Stop").click()
    expect(page.get_by_role("button", name="Send answer")).to_be_focused()


def lose_the_answer(route: Route) -> None:
    route.fetch()
    route.abort()


def write(page: Page, text: str) -> None:
    page.get_by_text("Write your answer").click()
    page.get_by_label("Your answer", exact=True).fill(text)
    page.get_by_role("button", name="Send written answer").click()


def test_whole_interview_with_one_spoken_answer_reaches_a_draft_transcript(visit: Visit):
    page = visit.page
    agree_and_begin(visit)
    assert page.url.endswith("/interview/")

    record(page, SPOKEN_SECONDS)
    page.get_by_role("button", name="Send answer").click()
    expect(page.get_by_text("Follow-up to question 1 of 2")).to_be_visible()
    expect(page.get_by_role("heading", level=1)).to_be_focused()
    write(page, LONG_ANSWER)
    expect(page).to_have_title("Question 2 of 2 · Demo Ltd")
    write(page, LONG_ANSWER)
    expect(page.get_by_role("heading", level=1)).to_have_text(
        "Thank you, your interview is complete"
    )
    done = do_work()

    visit.interview.refresh_from_db()
    recording = Recording.objects.get()
    transcript = Transcript.objects.get(recording=recording)
    heard = " ".join(transcript.segments.values_list("draft_text", flat=True))
    assert (visit.interview.status, visit.interview.stage) == ("completed", "needs_confirmation")
    assert (recording.status, recording.source) == ("stored", "browser")
    assert 4_500 <= recording.duration_ms <= 8_000
    assert "recordings.transcribe" in done
    assert transcript.status == TranscriptStatus.DRAFT
    assert "customer" in heard
    assert (visit.complaints, visit.foreign) == ([], [])


def test_recording_survives_a_failed_connection(visit: Visit):
    page = visit.page
    agree_and_begin(visit)
    record(page)

    page.route("**/files/**", lambda route: route.abort())
    page.get_by_role("button", name="Send answer").click()
    expect(page.get_by_role("alert")).to_contain_text("still here")
    page.unroute("**/files/**")
    page.get_by_role("button", name="Send again").click()

    expect(page.get_by_text("Question 1 of 2")).to_be_visible()
    expect(page.get_by_text("Follow-up")).to_be_visible()
    assert [row.status for row in Recording.objects.order_by("id")] == ["refused", "stored"]


def test_answer_that_arrived_without_our_hearing_of_it_counts_once(visit: Visit):
    page = visit.page
    agree_and_begin(visit)
    record(page)

    page.route("**/complete/", lose_the_answer, times=1)
    page.get_by_role("button", name="Send answer").click()

    expect(page.get_by_text("Follow-up")).to_be_visible()
    assert [row.status for row in Recording.objects.all()] == ["stored"]
    assert Turn.objects.count() == 2


def test_recording_outlives_the_visit_and_is_sent_after_the_link_was_opened_again(visit: Visit):
    page = visit.page
    agree_and_begin(visit)
    record(page)

    page.context.clear_cookies()
    page.get_by_role("button", name="Send answer").click()
    expect(page.get_by_role("alert")).to_contain_text("Your visit has timed out")
    page.context.new_page().goto(visit.link)
    page.get_by_role("button", name="Send again").click()

    expect(page.get_by_text("Follow-up")).to_be_visible()
    assert [row.status for row in Recording.objects.all()] == ["stored"]


def test_microphone_can_be_tried_before_and_is_let_go(visit: Visit):
    page = visit.page
    page.goto(visit.link)
    for box in page.get_by_role("checkbox").all():
        box.check()
    page.get_by_role("button", name="Agree and continue").click()

    page.get_by_role("button", name="Test the microphone").click()
    expect(page.locator("#check-status")).to_have_text(
        re.compile("the bar should move|We hear you")
    )
    page.get_by_role("button", name="Stop the test").click()

    expect(page.get_by_role("status")).to_have_text("The microphone is off.")
    assert not Recording.objects.exists()
    assert (visit.complaints, visit.foreign) == ([], [])


def test_blocked_microphone_leads_to_writing(visit: Visit):
    page = visit.page
    agree_and_begin(visit)
    page.evaluate(
        "() => { navigator.mediaDevices.getUserMedia ="
        " () => Promise.reject(new DOMException('no', 'NotAllowedError')); }"
    )

    page.get_by_role("button", name="Record", exact=True).click()

    expect(page.get_by_role("alert")).to_contain_text("The microphone is blocked.")
    expect(page.get_by_role("button", name="Record", exact=True)).to_be_visible()


def test_typed_draft_survives_leaving_the_page(visit: Visit):
    page = visit.page
    agree_and_begin(visit)
    page.get_by_text("Write your answer").click()
    page.get_by_label("Your answer", exact=True).fill("A thought I am not done with")

    page.get_by_role("link", name="Skip this question").click()
    page.get_by_role("link", name="No, go back").click()

    expect(page.get_by_label("Your answer", exact=True)).to_have_value(
        "A thought I am not done with"
    )


def test_interview_goes_by_keyboard_and_in_writing_without_javascript(
    speaking: Browser, interview: Interview, live_server: LiveServer
):
    context = speaking.new_context(java_script_enabled=False)
    page = context.new_page()
    _, token = make_invitation(interview)
    page.goto(f"{live_server.url}/interview/{token}/")
    for key in ("recording", "transcription"):
        page.locator(f"#purpose-{key}").press("Space")
    page.get_by_role("button", name="Agree and continue").press("Enter")
    page.get_by_role("button", name="Begin the interview").press("Enter")
    for _ in range(2):
        page.locator("summary").press("Enter")
        page.get_by_label("Your answer", exact=True).fill(LONG_ANSWER)
        page.get_by_role("button", name="Send written answer").press("Enter")

    expect(page.get_by_text("Thank you, your interview is complete")).to_be_visible()
    context.close()


def test_nothing_is_wider_than_a_small_phone(visit: Visit):
    page = visit.page
    page.set_viewport_size({"width": 320, "height": 640})
    page.goto(visit.link)
    widths = [page.evaluate("document.documentElement.scrollWidth")]
    agree_and_begin(visit)
    widths.append(page.evaluate("document.documentElement.scrollWidth"))
    page.get_by_role("link", name="Skip this question").click()
    widths.append(page.evaluate("document.documentElement.scrollWidth"))
    assert widths == [320, 320, 320]
    assert HistoryEntry.objects.filter(verb="skipped").count() == 0
