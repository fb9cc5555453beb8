"""Runs everything that a deployment has on this machine, and the demo through the Azure engines.

PostgreSQL, Redis and Azurite are real; Azure OpenAI, Azure Speech and the telephone line are
emulators. The api, three workers and a sweeper speak to them by the real SDKs. `--once` ends after
the demo: 0 or 1.
"""

import argparse
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path

from tests.emulators.openai import OpenAiEmulator
from tests.emulators.speech import SpeechEmulator
from tests.emulators.speech_listener import listen
from tests.services.azurite_server import AzuriteServer
from tests.services.npm import NODE, NPM
from tests.services.postgres_server import PostgresServer, create_database
from tests.services.processes import bind_to_parent, free_port, stop_server
from tests.services.programs import POSTGRES, REDIS, MissingProgram, install_missing
from tests.services.redis_server import RedisServer
from tests.stack.programs import MANAGE, Program, programs
from tests.stack.variables import CONTAINERS, Backing, take_over

WATCH_SECONDS = 1.0
SHOWN = (
    "AZURE_STORAGE_ENDPOINT",
    "AZURE_OPENAI_ENDPOINT",
    "AZURE_SPEECH_ENDPOINT",
    "DATABASE_URL",
    "REDIS_URL",
)


def main(*, once: bool) -> int:
    """Return 0, 1 when the demo did not end well, 2 when a service cannot be provided."""
    try:
        install_missing([POSTGRES, REDIS, NODE, NPM])
    except MissingProgram as missing:
        sys.stderr.write(f"{missing}\n")
        return 2
    with ExitStack() as stack:
        for number in (signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, lambda received, _frame: sys.exit(128 + received))
        folder = _keep_together(stack)
        variables = take_over(_back(stack), folder)
        started = _start(stack, folder, variables)
        _tell(variables, started)
        demo = subprocess.Popen(_manage("demo"), start_new_session=True)  # Ctrl-C is for us
        stack.callback(stop_server, demo)
        _supervise(started, while_running=demo)
        if not once:
            _say("Everything runs; Ctrl-C ends it.")
            _supervise(started)
    return 1 if demo.returncode else 0


def _keep_together(stack: ExitStack) -> Path:
    """Put everything that is written into one folder, which goes with the stack."""
    folder = tempfile.mkdtemp(prefix="talenti-stack-")
    stack.callback(shutil.rmtree, folder, ignore_errors=True)
    Path(folder).chmod(0o711)  # PostgreSQL's own user has its data in there
    os.environ["TMPDIR"] = tempfile.tempdir = folder
    return Path(folder)


def _back(stack: ExitStack) -> Backing:
    """Start what a deployment gets from its platform."""
    port = int(os.environ.get("PORT") or free_port())
    postgres = stack.enter_context(PostgresServer())
    redis = stack.enter_context(RedisServer())
    azurite = stack.enter_context(AzuriteServer())
    azurite.prepare(CONTAINERS, [f"http://127.0.0.1:{port}"])
    openai = stack.enter_context(OpenAiEmulator())
    speech = stack.enter_context(SpeechEmulator())
    speech.script.listener = listen
    database = create_database(postgres.url(), "talenti")
    return Backing(port, database, redis.url(), azurite, openai, speech, free_port())


def _start(stack: ExitStack, folder: Path, variables: dict[str, str]) -> list[Program]:
    """Migrate, then start the processes; an error tells the end of the log."""
    subprocess.run(_manage("migrate", "--verbosity", "0"), check=True)
    started = programs(folder, int(variables["PORT"]), int(variables["LINE_PORT"]))
    for program in started:
        program.start()
        stack.callback(program.stop)
    return started


def _manage(*words: str) -> list[str]:
    return bind_to_parent([sys.executable, str(MANAGE), *words], death_signal="TERM")


def _tell(variables: dict[str, str], started: list[Program]) -> None:
    """Say where everything is."""
    lines = [(program.name, program.address) for program in started]
    lines += [(name, variables[name]) for name in SHOWN]
    lines.append(("logs", str(started[0].log.parent)))
    sys.stdout.write("".join(f"{name:<24}{address}\n" for name, address in lines))
    _say("Sign in as alice@demo.example, password talenti-demo.")


def _supervise(
    started: list[Program], *, while_running: "subprocess.Popen[bytes] | None" = None
) -> None:
    """Start again what has ended, as a platform does: for ever, or as long as a command runs."""
    while while_running is None or while_running.poll() is None:
        for program in started:
            if program.has_ended():
                _say(f"{program.name} ended and starts again.")
                program.stop()
                program.start()
        time.sleep(WATCH_SECONDS)


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--once", action="store_true", help="end after the demo")
    try:
        sys.exit(main(once=parser.parse_args().once))
    except KeyboardInterrupt:
        sys.exit(130)
