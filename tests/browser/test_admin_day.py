"""A recruiter's and a reviewer's day in the console, in a real browser."""

from collections.abc import Callable, Iterator

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from playwright.sync_api import Browser, expect
from pytest_django.live_server_helper import LiveServer

from interviews.models import Guide, Interview
from interviews.states import Channel
from recordings.models import Transcript
from scoring.models import Decision, Scorecard
from tests.browser.console import DESKTOP, PHONE, Console, sign_in
from tests.people import People, make_people
from tests.recordings.rows import WAV
from tests.rows import make_guide, make_interview, make_job
from tests.scoring.rows import make_scored
from tests.work import do_work

DESCRIPTION = "You help customers, work in a team and find the cause of technical faults."
Enter = Callable[..., Console]


@pytest.fixture
def crowd(live_server: LiveServer, settings) -> People:
    """Everybody, on a running server."""
    settings.PUBLIC_URL = live_server.url
    return make_people()


@pytest.fixture
def enter(browser: Browser, live_server: LiveServer, crowd: People) -> Iterator[Enter]:
    """Sign somebody in: `enter("alice")`, on a telephone with `PHONE`."""
    consoles: list[Console] = []

    def come(name: str, size: tuple[int, int] = DESKTOP) -> Console:
        consoles.append(sign_in(browser, live_server.url, getattr(crowd, name), size))
        return consoles[-1]

    yield come
    for console in consoles:
        console.close()


def interview_path(row: Interview) -> str:
    return f"interviews/interview/{row.pk}/change/"


def test_recruiter_comes_from_a_job_to_a_published_guide(enter: Enter) -> None:
    console = enter("alice")
    page = console.page
    page.get_by_role("link", name="Add a job").click()
    page.get_by_label("Title").fill("Support engineer")
    page.get_by_label("Description").fill(DESCRIPTION)
    page.get_by_role("button", name="Save and continue editing").click()
    page.get_by_role("button", name="Draft a guide from the description").click()

    page.get_by_role("button", name="Add a question").click()
    page.get_by_label("Question", exact=True).last.fill("Describe a mistake that you repaired.")
    page.get_by_label("Competency").last.select_option(index=1)
    page.get_by_role("button", name="Move this question up").last.click()
    page.get_by_role("button", name="Save and publish").click()

    expect(page.get_by_text("The guide is published.")).to_be_visible()
    guide = Guide.objects.get()
    texts = list(guide.questions.order_by("position").values_list("text", flat=True))
    assert guide.is_published
    assert texts[-2] == "Describe a mistake that you repaired."
    assert console.faults() == []


@pytest.mark.usefixtures("azure_openai")
def test_draft_of_a_slow_author_appears_by_itself(enter: Enter, crowd: People, settings) -> None:
    settings.ENGINES = settings.ENGINES | {"author": "azure"}
    job = make_job(crowd.home, description=DESCRIPTION)
    console = enter("alice")
    page = console.open(f"interviews/job/{job.pk}/change/")
    page.get_by_role("button", name="Draft a guide from the description").click()
    expect(page.get_by_text("The author is drafting this guide.")).to_be_visible()
    assert console.faults() == []

    do_work()

    expect(page.get_by_text("Nothing speaks against publishing")).to_be_visible()
    expect(page.get_by_text("The author is drafting this guide.")).to_have_count(0)
    assert console.faults() == []


def test_recruiter_uploads_hears_confirms_and_decides(enter: Enter, crowd: People) -> None:
    make_guide(make_job(crowd.home))
    console = enter("alice")
    page = console.open("interviews/interview/add/")
    page.get_by_label("Job").select_option(index=1)
    page.get_by_label("New candidate's name").fill("Dana Doe")
    page.get_by_label("Channel").select_option("upload")
    page.get_by_label("The candidate has agreed").check()
    page.get_by_role("button", name="Create the interview").click()

    page.get_by_label("Recording", exact=True).set_input_files(WAV)
    page.get_by_role("button", name="Upload").click()
    expect(page.get_by_text("This page shows the result by itself")).to_be_visible()
    do_work()
    confirm = page.get_by_role("button", name="Confirm the transcript").first
    expect(confirm).to_be_visible()

    page.get_by_role("button", name="Play", exact=True).click()
    expect(page.locator(".t-playing")).to_have_count(1)
    page.get_by_label("Words at 0:00").first.fill("the words that were really said")
    confirm.click()
    expect(page.get_by_text("The transcript is confirmed.")).to_be_visible()

    page.get_by_text("Decide without a scorecard").click()
    page.get_by_label("Reject").check()
    page.locator("#decision").get_by_label("Reason").fill("Nothing but a test tone.")
    page.get_by_role("button", name="Decide").click()
    expect(page.get_by_text("The decision is stored.")).to_be_visible()
    assert Transcript.objects.get().confirmed_by == crowd.alice
    assert Decision.objects.get().outcome == "reject"
    assert console.faults() == []


def test_buttons_of_scripts_wait_for_them(enter: Enter, crowd: People) -> None:
    interview = make_interview(crowd.home, channel=Channel.UPLOAD)
    console = enter("alice")
    page = console.page
    page.route("**/scoring/interview*.js", lambda route: route.abort())
    console.open(interview_path(interview))
    expect(page.get_by_role("button", name="Upload")).to_be_disabled()

    page.unroute_all()
    console.open(interview_path(interview))
    expect(page.get_by_role("button", name="Upload")).to_be_enabled()


def test_reviewer_rates_first_and_then_sees(enter: Enter, crowd: People) -> None:
    interview = make_scored(crowd.home)
    console = enter("bob")
    page = console.page
    page.get_by_role("link", name="Dana Doe").first.click()
    expect(page.get_by_text("You review first.")).to_be_visible()
    expect(page.get_by_text("Offline evidence check")).to_have_count(0)

    for group in page.locator(".t-rate").all():
        group.get_by_role("radio").nth(3).check()
    page.get_by_role("button", name="Submit my scorecard").click()

    expect(page.get_by_text("Your scorecard is submitted.")).to_be_visible()
    expect(page.get_by_text("Offline evidence check")).to_be_visible()
    levels = Scorecard.objects.by_people().get().scores.values_list("level", flat=True)
    assert list(levels) == [4] * interview.guide.competencies.count()
    assert console.faults() == []


def test_quote_is_played_with_the_keyboard_alone(enter: Enter, crowd: People) -> None:
    interview = make_scored(crowd.home)
    recording = interview.recordings.order_by("pk")[0]
    _give_sound(recording)
    page = enter("alice").open(interview_path(interview))

    page.locator(f'.t-quote [data-play="{recording.pk}"]').first.focus()
    page.keyboard.press("Enter")

    playing = page.locator(".t-playing")
    expect(playing).to_have_count(1)
    expect(playing).to_contain_text("relay")


def _give_sound(recording: object) -> None:
    """Let the row's file be a real one."""
    storage = storages["recordings"]
    name = recording.storage_name  # type: ignore[attr-defined]
    storage.delete(name)
    storage.save(name, ContentFile(WAV.read_bytes()))


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
@pytest.mark.parametrize("name", ["alice", "bob"])
def test_pages_fit_and_name_their_controls(
    enter: Enter, crowd: People, name: str, size: tuple[int, int]
) -> None:
    interview = make_scored(crowd.home)
    waiting = make_interview(crowd.home, channel=Channel.UPLOAD)
    draft = make_guide(interview.job, published=False)
    console = enter(name, size)
    pages = [
        "",
        "interviews/interview/",
        interview_path(interview),
        interview_path(waiting),
        f"interviews/interview/{interview.pk}/history/",
        f"interviews/interview/{interview.pk}/report/",
        f"interviews/guide/{draft.pk}/change/",
        f"interviews/guide/{interview.guide_id}/change/",
        f"interviews/job/{interview.job_id}/change/",
        f"interviews/candidate/{interview.candidate_id}/change/",
        "work/workitem/",
        "talenti/historyentry/",
    ]

    faults = {path: console.faults() for path in pages if console.open(path)}

    assert {path: found for path, found in faults.items() if found} == {}
