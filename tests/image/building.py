"""Builds the Dockerfile with buildah on a stand-in for its base image.

No registry is asked: the stand-in is Debian with its own Python. What is proved is the recipe, not
the bytes of the official base; in CI the same Dockerfile is built by BuildKit on the real one.
"""

import fcntl
import re
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.services.programs import Program, install_missing

ROOT = Path(__file__).resolve().parents[2]
BUILDAH = Program(("buildah",), ("buildah", "crun", "uidmap"))
DEBOOTSTRAP = Program(("debootstrap",), ("debootstrap",))
FROM = re.compile(r"^FROM (?P<name>[\w./:-]+)@sha256:[0-9a-f]{64}", re.MULTILINE)
SECONDS = 900
ARGUMENTS = {
    "BUILD_DATE": "2026-01-02T03:04:05Z",
    "GIT_SHA": "0123456789abcdef0123456789abcdef01234567",
    "VERSION": "1.2.3-test",
}
# The official image has its Python in /usr/local and under the name `python`.
DEBIAN_PYTHON = """
set -e
apt-get -q update
apt-get -q install -y --no-install-recommends python3 python3-venv python3-pip ca-certificates
ln -sf python3 /usr/bin/python
rm -rf /usr/lib/python3*/EXTERNALLY-MANAGED /var/lib/apt/lists/*
"""


@dataclass(frozen=True, slots=True)
class Image:
    """A built image in a store of its own."""

    store: Path
    name: str

    def buildah(self, *words: str) -> str:
        """Return what buildah prints; its failure is ours."""
        return run([*self.command(), *words])

    def command(self) -> list[str]:
        """Return buildah with the options that need neither a daemon nor cgroups."""
        places = [f"--root={self.store}/root", f"--runroot={self.store}/run"]
        return [str(BUILDAH.require()), "--storage-driver=vfs", *places]

    @contextmanager
    def container(self) -> Iterator[str]:
        """Yield a working container of the image, for `words_to_run`."""
        name = self.buildah("from", "--pull-never", self.name).strip()
        try:
            yield name
        finally:
            self.buildah("rm", name)

    def words_to_run(
        self, container: str, words: Sequence[str], variables: dict[str, str]
    ) -> list[str]:
        """Return the command line that runs `words` in the container, as the image's user."""
        settings = [f"--env={name}={value}" for name, value in variables.items()]
        command = [*self.command(), "run", "--isolation=chroot", *settings, container, "--"]
        return [*command, *words]


def build_image(folder: Path) -> Image:
    """Build the Dockerfile into a store in `folder`; takes minutes."""
    install_missing([BUILDAH, DEBOOTSTRAP])
    image = Image(folder, "localhost/talenti:test")
    text = (ROOT / "Dockerfile").read_text()
    _build_base(image, folder, {match["name"] for match in FROM.finditer(text)})
    # A digest names the official bytes, which the stand-in has not.
    recipe = folder / "Dockerfile"
    recipe.write_text(FROM.sub(r"FROM \g<name>", text))
    arguments = [f"--build-arg={name}={value}" for name, value in ARGUMENTS.items()]
    words = ["--isolation=chroot", "--format=docker", "--pull-never", "--layers=false"]
    index = _index_files()
    image.buildah(
        "build", *words, *arguments, *index, f"--file={recipe}", f"--tag={image.name}", str(ROOT)
    )
    return image


def run(command: Sequence[str]) -> str:
    """Return what a command prints; raises RuntimeError with the end of it when it fails."""
    outcome = subprocess.run(
        command,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=SECONDS,
        check=False,
    )
    if outcome.returncode:
        told = f"{outcome.stdout[-3000:]}\n{outcome.stderr[-3000:]}"
        raise RuntimeError(f"{' '.join(command[:4])} ended with {outcome.returncode}:\n{told}")
    return outcome.stdout


def _build_base(image: Image, folder: Path, names: set[str]) -> None:
    base = _debian_with_python()
    context = folder / "base"
    context.mkdir()
    (context / "Dockerfile").write_text(f"FROM scratch\nADD {base.name} /\n")
    tags = [f"--tag=docker.io/library/{name}" for name in sorted(names)]
    (context / base.name).hardlink_to(base)
    image.buildah("build", "--isolation=chroot", *tags, str(context))


def _debian_with_python() -> Path:
    """Return the root file system of the stand-in, made once beside the environment."""
    archive = Path(sys.prefix, "image-base.tar")
    with Path(sys.prefix, "image-base.lock").open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        if not archive.exists():
            _make_debian(archive)
    return archive


def _make_debian(archive: Path) -> None:
    rootfs, fresh = archive.with_suffix(".rootfs"), archive.with_suffix(".new")
    run(["rm", "-rf", str(rootfs)])
    run([str(DEBOOTSTRAP.require()), "--variant=minbase", "bookworm", str(rootfs)])
    run(["chroot", str(rootfs), "sh", "-c", DEBIAN_PYTHON])
    run(["tar", "--create", f"--file={fresh}", f"--directory={rootfs}", "--one-file-system", "."])
    run(["rm", "-rf", str(rootfs)])
    fresh.rename(archive)


def _index_files() -> list[str]:
    """Return the mounts that let the build ask the package index as this machine does."""
    files = [Path("/etc/pip.conf"), Path("/etc/ssl/certs")]
    return [f"--volume={file}:{file}:ro" for file in files if file.exists()]
