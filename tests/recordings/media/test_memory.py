"""Decoding holds a few packets at a time: the peak stays, however long the sound is."""

import subprocess
import sys
from pathlib import Path

import pytest

from recordings.media.harness import ROOT
from tests.recordings.media.media_files import write_medium, write_silent_flac

MOST_KIB = 10 * 1024  # above the peak before the first byte was read
MINUTES = 30

PROBE = """
import sys
from recordings.media.verbs import decode, inspect

def peak_kib():
    with open("/proc/self/status") as status:
        return next(int(line.split()[1]) for line in status if line.startswith("VmHWM"))

limits = {"max_bytes": 1 << 30, "max_duration_ms": 4 * 3_600_000}
arguments = {"source": sys.argv[1], "target": None, "buckets": 600, "limits": limits}
start = peak_kib()
duration_ms = inspect(arguments)["duration_ms"]
decoded = decode(arguments)
print(duration_ms, decoded["duration_ms"], len(decoded["peaks"]), peak_kib() - start)
"""


def half_an_hour_of_mp3(folder: Path) -> Path:
    path = write_medium(folder / "a.mp3", "mp3", "libmp3lame", 10_000, write_xing="0", rate=16_000)
    data = path.read_bytes()
    path.write_bytes(data * (MINUTES * 6))
    return path


def three_hours_of_flac(folder: Path) -> Path:
    return write_silent_flac(folder / "a.flac", 3 * 3600, tell_length=True)


@pytest.mark.skipif(sys.platform != "linux", reason="reads the peak from /proc")
@pytest.mark.parametrize(
    ("build", "minutes"), [(half_an_hour_of_mp3, 30), (three_hours_of_flac, 180)]
)
def test_peak_memory_does_not_grow_with_the_sound(tmp_path: Path, build, minutes: int) -> None:
    command = [sys.executable, "-c", PROBE, str(build(tmp_path))]
    told = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    duration_ms, decoded_ms, peaks, grown_kib = map(int, told.stdout.split())
    assert duration_ms == pytest.approx(minutes * 60_000, rel=0.02)
    assert decoded_ms == pytest.approx(duration_ms, rel=0.02)
    assert peaks == 600
    assert grown_kib <= MOST_KIB
