"""Why a file is not taken: each reason has one code, one HTTP status and one sentence."""

REFUSALS: dict[str, tuple[int, str]] = {
    "too_large": (413, "The file is larger than {megabytes} MB."),
    "not_accepted": (
        415,
        "The file is not a WAV, MP3, Ogg, FLAC, WebM, Matroska, MP4 or MOV medium.",
    ),
    "polyglot": (415, "The file holds something besides the medium: before, behind or inside it."),
    "external_reference": (415, "The file points at another file for its sound."),
    "codec_not_accepted": (415, "The sound in the file is encoded in a way that is not accepted."),
    "empty": (422, "The file is empty."),
    "truncated": (422, "The file ends before its own header says it does: the upload was cut."),
    "damaged": (422, "The file is damaged: its parts do not fit together."),
    "undecodable": (422, "The sound in the file cannot be decoded."),
    "no_sound": (422, "The file holds no sound."),
    "too_long": (422, "The recording is longer than {minutes} minutes."),
    "too_many_streams": (422, "The file holds more than {streams} streams."),
    "too_many_channels": (422, "The sound has more than {channels} channels."),
    "too_costly": (422, "The file needs more time or memory to decode than a recording may."),
    "mismatch": (422, "The file is not what it was declared to be."),
}


class Refusal(Exception):
    """Raised for a file that is not taken: `code` is a key of REFUSALS, `values` its numbers."""

    def __init__(self, code: str, **values: int) -> None:
        self.code = code
        self.values = values
        self.status, sentence = REFUSALS[code]
        self.message = sentence.format(**values)
        super().__init__(code)
