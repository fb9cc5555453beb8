import io
import subprocess
import sys
import tracemalloc
import wave
from array import array
from itertools import pairwise
from pathlib import Path

import av
import pytest

from interviews.callroom.simulated import sound
from interviews.callroom.simulated.sound import AUDIO, CANDIDATE, OURS, Spoken, length_ms, write_wav
from interviews.callroom.simulated.tones import LOUDNESS, tones
from interviews.calls.plan import Plan
from interviews.calls.sentences import languages, say
from tests.interviews.callroom.hearing import INDEX, SECOND, decoded, heard, written

QUESTION = "Describe a customer problem whose cause was hard to find."
UNKNOWN = "Nobody ever wrote this sentence before."


@pytest.fixture(autouse=True)
def _own_register(monkeypatch):
    monkeypatch.setattr(sound, "_registered", {})
    monkeypatch.setattr(sound, "_unmeasured", {})


def silent(seconds) -> array:
    return array("h", bytes(int(2 * SECOND * seconds)))


def flat_file(folder: Path, level: int, *, seconds: float = 1, rate: int = SECOND) -> Path:
    """Return a file whose samples all have one value."""
    path = folder / f"{level}-{rate}.wav"
    with wave.open(str(path), "wb") as file:
        file.setparams((1, 2, rate, 0, "NONE", "not compressed"))
        file.writeframes(array("h", [level]) * int(rate * seconds))
    return path


class Sink(io.BytesIO):
    """Counts what is written, keeps nothing, and has no places to seek."""

    size = 0

    def write(self, data):
        length = memoryview(data).nbytes
        self.size += length
        return length

    def tell(self):
        raise io.UnsupportedOperation

    def seek(self, *_):
        raise io.UnsupportedOperation


def test_write_wav_gives_a_file_that_other_programs_read_to_its_end():
    data = written([Spoken(OURS, 0, 3_000, QUESTION)], 4_321)
    with av.open(io.BytesIO(data), mode="r") as container:
        stream = container.streams.audio[0]
        facts = (container.format.name, stream.codec_context.name, stream.rate, stream.channels)
        frames = sum(frame.samples for frame in container.decode(stream))
    assert facts == ("wav", "pcm_s16le", SECOND, 2)
    assert frames == 4_321 * SECOND // 1000
    assert int.from_bytes(data[4:8], "little") == len(data) - 8
    assert int.from_bytes(data[40:44], "little") == len(data) - 44 == 4 * frames


def test_write_wav_of_nothing_is_silence():
    assert heard([], 2_500) == (silent(2.5), silent(2.5))
    assert heard([], 0) == (silent(0), silent(0))


def test_write_wav_puts_each_side_on_its_channel_at_its_time():
    length = length_ms(QUESTION)
    spoken = [Spoken(CANDIDATE, 8_000, 8_000 + length_ms("yes"), "yes")]
    candidate, ours = heard([*spoken, Spoken(OURS, 1_000, 1_000 + length, QUESTION)], 10_000)
    name = sound.text_key(QUESTION)[:16]
    voice = decoded(AUDIO / f"{name}.ogg")
    assert ours == silent(1) + voice + silent(9)[len(voice) :]
    assert candidate[: 8 * SECOND] == silent(8)
    assert max(candidate[8 * SECOND :]) > 2_000


def test_write_wav_cuts_what_was_interrupted():
    whole = heard([Spoken(OURS, 500, 500 + length_ms(QUESTION), QUESTION)], 6_000)[OURS]
    cut = heard([Spoken(OURS, 500, 2_250, QUESTION)], 6_000)[OURS]
    end = int(2.25 * SECOND)
    assert cut == whole[:end] + silent(6 - 2.25)
    assert any(whole[end:])


@pytest.mark.parametrize("end_ms", [0, 700, 699])
def test_write_wav_leaves_out_what_was_over_before_it_began(end_ms):
    assert heard([Spoken(OURS, 700, end_ms, QUESTION)], 2_000) == (silent(2), silent(2))


def test_write_wav_is_silent_between_the_end_of_a_text_and_a_later_end():
    sides = heard([Spoken(CANDIDATE, 0, 900_000, UNKNOWN)], 20_000)
    last = length_ms(UNKNOWN) * SECOND // 1000
    assert any(sides[CANDIDATE][:last])
    assert sides[CANDIDATE][last:] == silent(20)[last:]


def test_write_wav_ends_on_time_within_speech():
    whole = heard([Spoken(OURS, 0, 60_000, QUESTION)], 6_000)[OURS]
    short = heard([Spoken(OURS, 0, 60_000, QUESTION), Spoken(OURS, 9_000, 9_900, "x")], 1_500)
    assert short == (silent(1.5), whole[: int(1.5 * SECOND)])


def test_write_wav_adds_up_what_overlaps_and_clips_it(tmp_path):
    sound.register("loud", flat_file(tmp_path, 20_000), 1_000)
    sound.register("louder", flat_file(tmp_path, 25_000), 1_000)
    sound.register("deep", flat_file(tmp_path, -4_000), 1_000)
    spoken = [
        Spoken(CANDIDATE, 1_750, 2_750, "deep"),
        Spoken(CANDIDATE, 500, 1_500, "louder"),
        Spoken(CANDIDATE, 0, 1_000, "loud"),
        Spoken(CANDIDATE, 2_000, 3_000, "deep"),
    ]
    quarters = [20_000, 20_000, 32_767, 32_767, 25_000, 25_000, 0, -4_000, *3 * [-8_000], -4_000]
    expected = array("h", [level for level in quarters for _ in range(SECOND // 4)])
    assert heard(spoken, 3_000) == (expected, silent(3))


@pytest.mark.parametrize(
    ("spoken", "duration_ms"),
    [
        ([Spoken(2, 0, 100, "yes")], 1_000),
        ([Spoken(-1, 0, 100, "yes")], 1_000),
        ([Spoken(OURS, -1, 100, "yes")], 1_000),
        ([], -1),
        ([], sound.LONGEST_MS + 1),
    ],
)
def test_write_wav_refuses_what_cannot_be_and_writes_nothing(spoken, duration_ms):
    target = io.BytesIO()
    with pytest.raises(ValueError, match="recording"):
        write_wav(target, spoken, duration_ms)
    assert target.getvalue() == b""


def test_write_wav_needs_no_memory_for_the_length_of_a_call():
    text, sink = f"{QUESTION} {UNKNOWN}", Sink()
    spoken = [Spoken(at % 2, at * 12_000, at * 12_000 + 11_000, text) for at in range(20)]
    tracemalloc.start()
    try:
        write_wav(sink, spoken, 4 * 60_000)
        most = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert sink.size == 44 + 4 * 60 * SECOND * 4  # 15 MB
    assert most < 2_000_000


@pytest.mark.parametrize(
    "text", [QUESTION, UNKNOWN, f"{QUESTION} {UNKNOWN}  Goodbye!", "No", "a" * 500, "¿Qué? Sí…"]
)
def test_length_is_that_of_the_sound(text):
    samples = sum(map(len, sound._sound(text, 200)))
    assert samples // (SECOND // 1000) == pytest.approx(length_ms(text), abs=3)  # a part's rest


@pytest.mark.parametrize(
    ("text", "milliseconds"),
    [
        ("", 0),
        (" \n ", 0),
        ("No", 300),
        ("Nope.", 384 + 350),
        ("Well, perhaps not today", 1769),
        ("Well, perhaps. Not today!", 1076 + 350 + 769 + 350),
        (QUESTION, INDEX[QUESTION]),
        (" Describe a customer problem\n whose cause was hard to find. ", INDEX[QUESTION]),
        (f"{QUESTION} Goodbye!", INDEX[QUESTION] + INDEX["Goodbye!"]),
        (f"Nope. {QUESTION}", 384 + 350 + INDEX[QUESTION]),
    ],
)
def test_length_of_a_text(text, milliseconds):
    assert length_ms(text) == milliseconds


def test_register_gives_a_text_its_own_file_which_wins(tmp_path):
    sound.register("Nope.", flat_file(tmp_path, 900), 1_000)
    sound.register(QUESTION, flat_file(tmp_path, 800), 1_000)
    assert (length_ms("Nope."), length_ms(QUESTION)) == (1_000, 1_000)
    _, ours = heard([Spoken(OURS, 0, 2_000, f"Nope. {QUESTION}")], 2_000)
    assert ours == array("h", [900] * SECOND + [800] * SECOND)


def test_register_without_a_length_measures_the_file_once_when_it_is_needed(tmp_path):
    path = tmp_path / "later.wav"
    sound.register("Nope.", path)
    flat_file(tmp_path, 900, seconds=1.25, rate=48_000).rename(path)
    assert length_ms("Nope.") == 1_250
    path.unlink()
    assert length_ms("Nope.") == 1_250


def test_register_again_replaces_a_file(tmp_path):
    sound.register("Nope.", flat_file(tmp_path, 900), 1_000)
    sound.register("Nope.", flat_file(tmp_path, 800, seconds=2))
    assert length_ms("Nope.") == 2_000
    sound.register("Nope.", tmp_path / "third.wav", 3_000)
    assert length_ms("Nope.") == 3_000


@pytest.mark.parametrize("content", [None, b"", b"no sound at all" * 50])
def test_a_registered_file_that_cannot_be_read_is_told(tmp_path, content):
    path = tmp_path / "broken.ogg"
    if content is not None:
        path.write_bytes(content)
    sound.register("Nope.", path)
    with pytest.raises((OSError, ValueError)):
        length_ms("Nope.")
    sound.register("Nope.", path, 500)
    with pytest.raises((OSError, ValueError)):
        written([Spoken(OURS, 0, 500, "Nope.")], 1_000)


def test_tones_are_soft_with_gaps_between_words_and_higher_on_our_side():
    candidate, ours = heard([Spoken(side, 0, 9_000, UNKNOWN) for side in (CANDIDATE, OURS)], 4_000)
    crossings = [sum(int(a < 0 <= b) for a, b in pairwise(side)) for side in (candidate, ours)]
    assert crossings[OURS] > 1.4 * crossings[CANDIDATE] > 0
    assert 2_000 < max(candidate) <= LOUDNESS
    assert -LOUDNESS <= min(candidate) < -2_000
    for found, character in enumerate(UNKNOWN):
        middle = (2 * found + 1) * 3_000 * SECOND // 1000 // (2 * len(UNKNOWN))
        if character == " ":
            assert candidate[middle - 100 : middle + 100] == silent(200 / SECOND)


def test_tones_are_the_same_each_time():
    assert list(tones(UNKNOWN, 120)) == list(tones(UNKNOWN, 120))


@pytest.mark.parametrize("language", languages())
def test_every_language_can_be_heard(language):
    plan = Plan(language, "Müller & Söhne", "Köchin", "", "")
    text = say(plan, "greeting_again", "thanks", "goodbye")
    side = heard([Spoken(OURS, 0, length_ms(text), text)], length_ms(text))[OURS]
    assert [max(side[at : at + SECOND]) > 2_000 for at in range(0, len(side) - SECOND, SECOND)] == [
        True
    ] * ((len(side) - 1) // SECOND)


def test_sound_is_decoded_only_when_it_is_needed():
    code = (
        "import sys; from interviews.callroom.simulated import sound;"
        f"sound.length_ms({QUESTION!r}); print('av' in sys.modules, 'django' in sys.modules)"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout == "False False\n"
