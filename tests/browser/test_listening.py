"""The button that reads the question aloud, in a real browser: our sound, or its own voice."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from tests.emulators.speech import Fault, SpeechEmulator
from tests.people import make_people
from tests.rows import make_interview, make_invitation
from tests.services.chromium import ALLOW_MICROPHONE

# A browser with two voices: one asks a server of somebody's, the other is its own.
VOICES = """
  const voices = [
    {name: "far", lang: "en-US", localService: false},
    {name: "own", lang: "en_GB", localService: true},
  ];
  window.spoken = [];
  window.SpeechSynthesisUtterance = class { constructor(text) { this.text = text; } };
  Object.defineProperty(window, "speechSynthesis", {value: Object.assign(new EventTarget(), {
    getVoices: () => voices,
    cancel: () => window.spoken.push("cancel"),
    speak: (said) => {
      window.spoken.push(`${said.voice.name}: ${said.text}`);
      window.last = said;
    },
  })});
"""


@pytest.fixture(scope="module")
def browser_with_microphone(launch_browser: Callable[..., Browser]) -> Browser:
    return launch_browser(ALLOW_MICROPHONE, "--use-fake-device-for-media-stream")


@pytest.fixture
def page(browser_with_microphone: Browser, live_server: LiveServer, settings) -> Iterator[Page]:
    context = browser_with_microphone.new_context(permissions=["microphone"])
    settings.PUBLIC_URL = live_server.url
    _, token = make_invitation(make_interview(make_people().home))
    page = context.new_page()
    page.goto(f"{live_server.url}/interview/{token}/")
    for box in page.get_by_role("checkbox").all():
        box.check()
    page.get_by_role("button", name="Agree and continue").click()
    yield page
    context.close()


def begin(page: Page) -> None:
    page.get_by_role("button", name="Begin the interview").click()
    expect(page.get_by_role("button", name="Listen to the question")).to_be_visible()


def test_question_is_played_by_keyboard_and_silent_while_one_records(
    azure_voice: SpeechEmulator, page: Page
):
    begin(page)
    assert azure_voice.script.said == []
    page.get_by_role("button", name="Listen to the question").press("Enter")
    stop = page.get_by_role("button", name="Stop reading")
    expect(stop).to_be_focused()
    assert page.evaluate("document.getElementById('question-sound').duration > 1")

    page.get_by_role("button", name="Record", exact=True).click()

    expect(page.get_by_role("button", name="Listen to the question")).to_be_disabled()
    assert page.evaluate("document.getElementById('question-sound').paused")
    page.get_by_role("button", name="Stop", exact=True).click()
    page.get_by_role("button", name="Listen to the question").click()
    expect(stop).to_be_visible()
    assert len(azure_voice.script.said) == 1


def test_provider_in_trouble_is_told_and_the_button_stays(azure_voice: SpeechEmulator, page: Page):
    begin(page)
    azure_voice.script.fault = Fault(401)
    page.get_by_role("button", name="Listen to the question").click()
    expect(page.locator("#listen-status")).to_contain_text("Please read it on the screen.")
    azure_voice.script.fault = Fault()
    page.get_by_role("button", name="Listen to the question").click()
    expect(page.get_by_role("button", name="Stop reading")).to_be_visible()


def test_browser_reads_with_a_voice_of_its_own_only(page: Page):
    page.add_init_script(VOICES)
    begin(page)
    assert page.evaluate("window.spoken") == []
    page.get_by_role("button", name="Listen to the question").click()
    expect(page.get_by_role("button", name="Stop reading")).to_be_visible()
    text = page.get_by_role("heading", level=1).text_content()
    assert page.evaluate("window.spoken") == ["cancel", f"own: {text}"]
    page.evaluate("window.last.onend()")
    expect(page.get_by_role("button", name="Listen to the question")).to_be_visible()


def test_browser_without_a_voice_for_the_language_says_so(page: Page):
    page.add_init_script(VOICES.replace("en_GB", "fi-FI"))
    begin(page)
    page.get_by_role("button", name="Listen to the question").click()
    expect(page.locator("#listen-status")).to_contain_text("no voice of its own")
    assert page.evaluate("window.spoken") == []
