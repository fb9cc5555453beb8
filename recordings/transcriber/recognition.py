"""Recognises speech with pocketsphinx. Runs in the media child process only.

Constant memory: the sound is decoded in pieces, cut at pauses, and each utterance is recognised and
forgotten. One fresh Decoder per recording, because a used one carries over what it has adapted to.
"""

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from pocketsphinx import Decoder, Vad

from recordings.media.decoding import RATE, SAMPLE_BYTES, SoundReader, open_medium
from recordings.media.facts import MediaLimits
from recordings.transcriber.pauses import PauseRules, Utterance, split_at_pauses

FRAME_MS = 30  # a length that the voice activity detector knows
FRAME_BYTES = RATE * SAMPLE_BYTES * FRAME_MS // 1000
STRICTNESS = 2  # of the voice activity detector, 0 to 3
RULES = PauseRules(
    pause=600 // FRAME_MS,
    padding=300 // FRAME_MS,
    least_speech=150 // FRAME_MS,
    longest=20_000 // FRAME_MS,
)
STEP_MS = 10  # the recogniser's own frames


def recognise(arguments: Mapping[str, Any]) -> dict[str, Any]:
    """Return the segments of the file `source`: start_ms, end_ms, text, confidence (0 to 1)."""
    limits = MediaLimits(**arguments["limits"])
    decoder = Decoder(loglevel="FATAL")
    segments: list[dict[str, Any]] = []
    with open_medium(Path(arguments["source"]), limits) as medium:
        pieces = SoundReader(medium, limits).pieces()
        for utterance in split_at_pauses(_heard(_frames(pieces)), RULES):
            segments.extend(_segment(decoder, utterance))
    return {"segments": segments}


def _frames(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """Regroup the samples into whole frames; a last short one is filled with silence."""
    rest = bytearray()
    for piece in pieces:
        rest += piece
        whole = len(rest) - len(rest) % FRAME_BYTES
        for at in range(0, whole, FRAME_BYTES):
            yield bytes(rest[at : at + FRAME_BYTES])
        del rest[:whole]
    if rest:
        yield bytes(rest.ljust(FRAME_BYTES, b"\0"))


def _heard(frames: Iterable[bytes]) -> Iterator[tuple[bytes, bool]]:
    vad = Vad(STRICTNESS, RATE, FRAME_MS / 1000)
    for frame in frames:
        yield frame, bool(vad.is_speech(frame))


def _segment(decoder: Decoder, utterance: Utterance) -> Iterator[dict[str, Any]]:
    """Yield one segment with the words of the utterance, or nothing when it holds none."""
    decoder.start_utt()
    decoder.process_raw(b"".join(utterance.frames), full_utt=True)
    decoder.end_utt()
    words = [word for word in decoder.seg() or () if is_word(word.word)]
    if not words:
        return
    offset_ms = utterance.start * FRAME_MS
    yield {
        "start_ms": offset_ms + words[0].start_frame * STEP_MS,
        "end_ms": offset_ms + (words[-1].end_frame + 1) * STEP_MS,
        "text": " ".join(plain(word.word) for word in words),
        "confidence": mean_confidence(word.prob for word in words),
    }


def is_word(entry: str) -> bool:
    """Say whether an entry of the dictionary is a word and not a filler: <sil>, [NOISE], ++UH++."""
    return entry[0] not in "<[+"


def plain(entry: str) -> str:
    """Return the word without the mark of its second or third pronunciation: read(2)."""
    return entry.partition("(")[0].lower()


def mean_confidence(probabilities: Iterable[float]) -> float:
    """Return the mean of linear word probabilities, each cut to 0 to 1, to four places."""
    cut = [min(1.0, max(0.0, value)) for value in probabilities]
    return round(sum(cut) / len(cut), 4)
