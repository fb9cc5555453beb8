"""Words within what Azure Speech heard: they refine a phrase and never spoil it."""

from recordings.transcriber.azure import checked_segments
from recordings.transcriber.protocol import SpokenSegment, SpokenWord
from talenti.azure.speech_heard import Heard, HeardWord


def test_word_with_impossible_times_is_left_out_and_the_phrase_stays() -> None:
    words = (
        HeardWord("early", 50, 150),
        HeardWord("good", 100, 200, 0.5),
        HeardWord("backwards", 90, 200),
        HeardWord("empty", 300, 300),
        HeardWord(" ", 300, 400),
        HeardWord("surer than sure", 300, 400, 1.5),
        HeardWord("last", 900, 1200),
    )
    [segment] = checked_segments([Heard(100, 1200, "All of it", None, " 1 ", words)], 1000)
    kept = (SpokenWord("good", 100, 200, 0.5), SpokenWord("last", 900, 1000))
    assert segment == SpokenSegment(100, 1000, "All of it", None, "1", kept)
