#!/bin/sh
# Makes the demo's spoken answers again from the texts in ../interviews.json.
# Needs flite with its voice rms, ffmpeg with libopus and libmp3lame, and Python 3.
# The words are the same each time; the bytes depend on the versions of flite and ffmpeg.
set -eu
cd "$(dirname "$0")"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

python3 - "$work" <<'PYTHON'
import json
import pathlib
import sys

# flite knows no umlauts.
PLAIN = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss"})
interviews = json.loads(pathlib.Path("../interviews.json").read_text(encoding="utf-8"))
for interview in interviews["interviews"]:
    for answer in interview["answers"]:
        if answer["audio"]:
            name = pathlib.PurePosixPath(answer["audio"]).name
            text = answer["text"].translate(PLAIN)
            pathlib.Path(sys.argv[1], name + ".txt").write_text(text, encoding="ascii")
PYTHON

# Nobody stops a recording within their last word: 0.4 seconds of silence follow it.
for text in "$work"/*.txt; do
  name=$(basename "$text" .txt)
  flite -voice rms -f "$text" -o "$work/speech.wav"
  case $name in
    *.webm | *.ogg) codec="-c:a libopus -b:a 24k -application voip" ;;
    *.mp3) codec="-c:a libmp3lame -b:a 40k" ;;
    *.m4a) codec="-c:a aac -b:a 40k" ;;
  esac
  # shellcheck disable=SC2086
  ffmpeg -nostdin -v error -y -i "$work/speech.wav" -af apad=pad_dur=0.4 -ac 1 -map_metadata -1 \
    -fflags +bitexact -flags:a +bitexact $codec "$name"
done
