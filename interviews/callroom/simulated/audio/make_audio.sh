#!/bin/sh
# Makes the voices of simulated calls again, from the texts that are spoken in them, and index.json.
# Needs flite with its voices rms and slt, ffmpeg with libopus, and Python 3.11 or later.
# The words are the same each time; the bytes depend on the versions of flite and ffmpeg.
set -eu
cd "$(dirname "$0")"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir "$work/rms" "$work/slt"

python3 - "$work" <<'PYTHON'
import hashlib
import json
import pathlib
import re
import sys
import tomllib

WORK = pathlib.Path(sys.argv[1])
CONTENT = pathlib.Path("../../../../scoring/demo/content")
NOT_ENGLISH = {"german"}  # flite would read it with English sounds

# What is filled in at the demo's calls. Other organisations hear tones in these sentences.
JOBS = [job["title"] for job in json.loads((CONTENT / "jobs.json").read_text())["jobs"]]
FILLED = {
    "organisation": "Demo organisation",
    "contact": "hello@demo.example",
    "retention_days": "30",
}


def ours():
    texts = tomllib.loads(pathlib.Path("../../../calls/texts/en.toml").read_text())
    consent = texts["consent"]
    yield consent["recording_question"]
    yield consent["assessment_question"]
    yield from texts["sentences"].values()
    for path in sorted((CONTENT / "guides").glob("*.json")):
        for question in json.loads(path.read_text())["questions"]:
            yield question["text"]
            yield from question["probes"]


def candidates():
    yield "yes"  # what a script says to the question of consent when it has nothing else there
    for path in sorted(pathlib.Path("../scripts").glob("*.toml")):
        if path.stem not in NOT_ENGLISH:
            yield from said(tomllib.loads(path.read_text()))


def said(value):
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, list):
        for one in value:
            yield from said(one)
    elif isinstance(value, str) and (found := re.fullmatch(r"(?:say|interrupt)(?: [\d.]+)?:(.*)", value, re.S)):
        yield found[1]


def write(voice, text, done):
    text = " ".join(text.split())
    name = hashlib.sha256(text.encode()).hexdigest()[:16]
    if text and name not in done:
        done.add(name)
        (WORK / voice / f"{name}.txt").write_text(text, encoding="ascii")


done = set()
for text in ours():
    for sentence in re.split(r"(?<=[.!?])\s+", text):
        for job in JOBS:
            write("slt", sentence.format(job=job, **FILLED), done)
for text in candidates():
    write("rms", text, done)
PYTHON

rm -f ./*.ogg
for voice in rms slt; do
  for text in "$work/$voice"/*.txt; do
    name=$(basename "$text" .txt)
    flite -voice "$voice" -f "$text" -o "$work/speech.wav"
    # Two sentences after each other are heard as two: 0.2 seconds more than flite leaves.
    ffmpeg -nostdin -v error -y -i "$work/speech.wav" -af apad=pad_dur=0.2 -ac 1 -map_metadata -1 \
      -fflags +bitexact -flags:a +bitexact -c:a libopus -b:a 16k -application voip "$name.ogg"
    ffmpeg -nostdin -v error -i "$name.ogg" -f s16le -ac 1 -ar 16000 - | wc -c >"${text%.txt}.bytes"
  done
done

python3 - "$work" <<'PYTHON'
import json
import pathlib
import sys

BYTES_PER_MS = 32
index = {}
for voice in ("rms", "slt"):
    texts = pathlib.Path(sys.argv[1], voice).glob("*.txt")
    index[voice] = {
        path.read_text(): int(path.with_suffix(".bytes").read_text()) // BYTES_PER_MS
        for path in sorted(texts, key=lambda path: path.read_text())
    }
pathlib.Path("index.json").write_text(json.dumps(index, indent=1) + "\n")
PYTHON
