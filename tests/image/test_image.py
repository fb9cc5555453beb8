"""The image builds, and does each of its commands as a user who may write almost nowhere."""

import fcntl
import json
import os
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.image.building import ARGUMENTS, Image, build_image
from tests.image.running import ENTRY, fetch, started, wait_until_alive
from tests.services.processes import free_port

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(os.geteuid() != 0, reason="buildah needs root to change roots"),
]
IN_APP = (
    "LICENSE __pycache__ infra interviews manage.py recordings requirements.txt scoring"
    " static talenti"
)
ROLES = ("ASSESSOR", "INTERVIEWER", "AUTHOR", "CALLROOM", "VOICE")
WRITABLE = {"/data", "/run/lock", "/tmp", "/var/tmp"}  # the first is ours, the rest is Debian's


@pytest.fixture(scope="session")
def image(tmp_path_factory: pytest.TempPathFactory) -> Image:
    """The image, built once for all parallel processes of a run."""
    folder = tmp_path_factory.getbasetemp() / "image"
    if "PYTEST_XDIST_WORKER" in os.environ:
        folder = tmp_path_factory.getbasetemp().parent / "image"
    folder.mkdir(exist_ok=True)
    stamp = folder / "built"
    with (folder / "lock").open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        if not stamp.exists():
            stamp.write_text(build_image(folder).name)
    return Image(folder, stamp.read_text())


@pytest.fixture(scope="session")
def container(image: Image) -> Iterator[str]:
    """One for all: its files are copied when it is made, and nobody can change them."""
    with image.container() as name:
        yield name


@pytest.fixture
def deployed(postgres_url: str, redis_url: str) -> dict[str, str]:
    """The least that a deployment sets."""
    return {
        "ENVIRONMENT": "prod",
        "SECRET_KEY": "s" * 24 + "0123456789abcdefghijklmn",
        "JWT_SECRET": "j" * 24 + "0123456789abcdefghijklmn",
        "DATABASE_URL": postgres_url,
        "REDIS_URL": redis_url,
        "EMAIL_URL": "smtp+tls://user:password@127.0.0.1:1",
        "EMAIL_FROM": "Talenti <no-reply@talenti.app>",
        "PUBLIC_URL": "https://talenti.app",
        "ALLOWED_HOSTS": "talenti.app,127.0.0.1",
        "WEB_CONCURRENCY": "1",
        "AZURE_SPEECH_KEY": "key",  # the local recogniser is not in the image; nobody is called
    } | dict.fromkeys(ROLES, "offline")


def run_in(image: Image, container: str, *words: str, **variables: str) -> str:
    outcome = subprocess.run(
        image.words_to_run(container, words, variables),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=120,
        check=False,
    )
    assert outcome.returncode == 0, outcome.stdout[-3000:]
    return outcome.stdout


def test_image_says_what_it_is(image: Image) -> None:
    told = json.loads(image.buildah("inspect", "--type=image", image.name))["Docker"]["config"]

    assert {name: told[name] for name in ("User", "Entrypoint", "Cmd", "WorkingDir")} == {
        "User": "10001:10001",
        "Entrypoint": [ENTRY],
        "Cmd": ["api"],
        "WorkingDir": "/app",
    }
    assert told["Healthcheck"]["Test"] == ["CMD", "python", "-m", "talenti.health.probe"]
    labels = {name.rpartition(".")[2]: value for name, value in told["Labels"].items()}
    assert (labels["created"], labels["revision"], labels["licenses"]) == (
        ARGUMENTS["BUILD_DATE"],
        ARGUMENTS["GIT_SHA"],
        "Apache-2.0",
    )
    variables = dict(setting.split("=", 1) for setting in told["Env"])
    assert (variables["VERSION"], variables["DEPLOY_SHA"]) == (
        ARGUMENTS["VERSION"],
        ARGUMENTS["GIT_SHA"],
    )
    assert [name for name in variables if "SECRET" in name or "PASSWORD" in name] == []


def test_user_is_nobody_and_writes_almost_nowhere(image: Image, container: str) -> None:
    found = "find / -xdev -writable -not -type l -not -path '/proc/*' -not -path '/dev/*'"
    script = f"id -u; id -g; {found} 2>/dev/null; touch /app/x || true"
    told = run_in(image, container, "sh", "-c", script)

    user, group, *places = told.splitlines()
    assert (user, group) == ("10001", "10001")
    refused = [line for line in places if line.startswith("touch:")]
    assert "Permission denied" in refused[0]
    assert set(places) - set(refused) <= WRITABLE


def test_image_holds_no_installer_no_tests_and_no_local_recogniser(
    image: Image, container: str
) -> None:
    script = (
        "import importlib.util as u, pathlib\n"
        "print([n for n in ('pip', 'pocketsphinx', 'pytest', 'tests') if u.find_spec(n)])\n"
        "print(*sorted(p.name for p in pathlib.Path('/app').iterdir()))"
    )

    assert run_in(image, container, "python", "-c", script).splitlines() == [
        "[]",
        IN_APP,
    ]


def test_unknown_command_is_refused(image: Image, container: str) -> None:
    outcome = subprocess.run(
        image.words_to_run(container, [ENTRY, "shell"], {}),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )

    assert outcome.returncode == 64
    assert "not shell" in outcome.stderr


def test_api_answers_after_migrate_and_ends_on_sigterm(
    image: Image, container: str, deployed: dict[str, str], tmp_path: Path
) -> None:
    run_in(image, container, ENTRY, "migrate", **deployed)
    port, log = free_port(), tmp_path / "api.log"

    with started(image, container, "api", deployed | {"PORT": str(port)}, log) as api:
        assert json.loads(wait_until_alive(port, log)) == {
            "status": "ok",
            "version": ARGUMENTS["VERSION"],
        }
        status, _, body = fetch(f"http://127.0.0.1:{port}/health/ready")
        assert (status, json.loads(body)["status"]) == (200, "ready")
        check_static_files(port)
        probe = ["python", "-m", "talenti.health.probe"]
        run_in(image, container, *probe, PORT=str(port), HEALTH_PORT="0")

        assert api.stop() == 0


def check_static_files(port: int) -> None:
    """Console and Swagger UI name hashed files, which browsers keep for ever."""
    _, _, login = fetch(f"http://127.0.0.1:{port}/admin/login/")
    names = re.findall(r'(?:href|src)="(/static/[^"]+\.(?:css|js))"', login)
    assert names
    for name in names:
        status, headers, _ = fetch(f"http://127.0.0.1:{port}{name}")
        assert (status, "immutable" in headers["cache-control"]) == (200, True), name
    _, _, docs = fetch(f"http://127.0.0.1:{port}/api/docs/")
    assert re.search(r"/static/drf_spectacular_sidecar/\S+\.[0-9a-f]{12}\.js", docs)


@pytest.mark.parametrize("command", ["worker", "sweep"])
def test_worker_and_sweeper_live_and_end_on_sigterm(
    image: Image, container: str, deployed: dict[str, str], tmp_path: Path, command: str
) -> None:
    run_in(image, container, ENTRY, "migrate", **deployed)
    port, log = free_port(), tmp_path / f"{command}.log"

    with started(image, container, command, deployed | {"HEALTH_PORT": str(port)}, log) as process:
        assert json.loads(wait_until_alive(port, log)) == {"status": "ok"}

        assert process.stop() == 0
