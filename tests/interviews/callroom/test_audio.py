"""The files of interviews/callroom/simulated/audio."""

import hashlib

import av
from pocketsphinx import Decoder

from interviews.callroom.simulated import sound
from interviews.callroom.simulated.scripts import script_named
from interviews.callroom.simulated.sound import AUDIO, CANDIDATE, Spoken
from interviews.calls.plan import Plan
from interviews.calls.sentences import say
from tests.interviews.callroom.hearing import INDEX, SECOND, VOICES, decoded, heard


def test_every_file_is_what_its_name_and_the_index_say():
    lengths = {
        hashlib.sha256(text.encode()).hexdigest()[:16]: length for text, length in INDEX.items()
    }
    found = {path.stem: len(decoded(str(path))) * 1000 // SECOND for path in AUDIO.glob("*.ogg")}
    assert found == lengths
    assert len(INDEX) == sum(len(texts) for texts in VOICES.values())


def test_files_are_small_mono_speech():
    facts = set()
    for path in AUDIO.glob("*.ogg"):
        with av.open(str(path), mode="r") as container:
            stream = container.streams.audio[0]
            facts.add((container.format.name, stream.codec_context.name, stream.channels))
    assert facts == {("ogg", "opus", 1)}


def test_files_stay_small():
    assert sum(path.stat().st_size for path in AUDIO.iterdir()) < 1_000_000


def test_a_call_of_the_demo_is_heard_in_words():
    """`sh make_audio.sh` speaks what was changed or added."""
    plan = Plan("en-US", "Demo organisation", "Site Reliability Engineer", "hello@demo.example", "")
    ours = say(plan, "greeting", "greeting_consent_first", "greeting_human", "greeting_keys")
    asked = say(plan, "recording_question", "consent_keys", "assessment_question", "instructions")
    answers = [replies[-1].value for replies in script_named("cooperative").answers]
    parts = [part for text in (ours, asked, *answers) for part in sound._parts(text)]
    assert [part for part in parts if part not in INDEX] == []


def test_a_candidate_can_be_understood():
    text = "could you repeat that please"
    candidate, _ = heard([Spoken(CANDIDATE, 200, 5_000, text)], 3_000)
    decoder = Decoder(loglevel="FATAL")
    decoder.start_utt()
    decoder.process_raw(candidate.tobytes(), full_utt=True)
    decoder.end_utt()
    assert {"could", "repeat", "please"} <= set(decoder.hyp().hypstr.split())
