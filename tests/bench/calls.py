"""Calls of the telephone under load: callbacks, and how soon the next command follows.

Everything is real but the line: PostgreSQL with durable commits, Redis, gunicorn, a worker of the
queue `calls`, a sweeper; the emulator of Communication Services delivers signed events to the doors
and takes the commands of the real SDK. The interviewer asks what the guide planned, so no model is
called. So many calls are under way as bring the wanted number of callbacks each second.
"""

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from tests.bench.data import SECRET, migrate
from tests.bench.goals import Check, at_least, at_most
from tests.bench.phones import Phones
from tests.bench.servers import ROOT, tree_cpu
from tests.emulators.acs import CALLER
from tests.services.postgres_server import PostgresServer, create_database
from tests.services.processes import bind_to_parent, free_port
from tests.services.redis_server import RedisServer
from tests.stack.programs import GUNICORN, MANAGE, Program

CALLBACKS_PER_SECOND = 50.0
SECONDS, QUESTIONS = 300.0, 8
RAMP_SECONDS = 15.0
THREADS = 8  # as in infra/modules/worker-app.bicep
SPEECH = "https://speech-talenti.cognitiveservices.azure.com"


def measure(seconds: float = SECONDS) -> tuple[list[list[str]], list[Check]]:
    """Return the lines of a table of facts, and the checks."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="talenti-bench-")))
        postgres = stack.enter_context(PostgresServer(durable=True))
        redis = stack.enter_context(RedisServer())
        phones = stack.enter_context(Phones(CALLBACKS_PER_SECOND))
        variables = _variables(phones, create_database(postgres.url(), "calls"), redis.url())
        variables |= {"DATA_DIR": str(folder)}
        migrate(variables)
        programs = list(_programs(variables, folder))
        for program in programs:
            stack.callback(program.stop)
            program.start()
        more = stack.enter_context(_callers(variables, phones))
        return _measured(phones, more, programs, seconds)


def _variables(phones: Phones, database_url: str, redis_url: str) -> dict[str, str]:
    port = free_port()
    return {
        "DJANGO_SETTINGS_MODULE": "talenti.settings",
        "PYTHONPATH": str(ROOT),
        "ENVIRONMENT": "test",
        "SECRET_KEY": SECRET,
        "JWT_SECRET": SECRET,
        "DATABASE_URL": database_url,
        "REDIS_URL": redis_url,
        "PORT": str(port),
        "PUBLIC_URL": f"http://127.0.0.1:{port}",
        "CALLROOM": "azure",
        "INTERVIEWER": "offline",
        "TRANSCRIBER": "offline",
        "AZURE_ACS_CONNECTION_STRING": phones.connection_string,
        "AZURE_ACS_RESOURCE_ID": phones.resource_id,
        "AZURE_ACS_CALLER_NUMBER": CALLER,
        "AZURE_EVENTGRID_TENANT_ID": phones.resource_id,
        "AZURE_EVENTGRID_AUDIENCE": phones.resource_id,
        "AZURE_EVENTGRID_SECRET": SECRET,
        "AZURE_SPEECH_ENDPOINT": SPEECH,
        "AZURE_STORAGE_ENDPOINT": "http://127.0.0.1:10000/devstoreaccount1",
    }


def _programs(variables: dict[str, str], folder: Path) -> Iterator[Program]:
    port = int(variables["PORT"])
    commands = {
        "api": [*GUNICORN, "--bind", f"127.0.0.1:{port}", "talenti.wsgi"],
        "worker": [str(MANAGE), "worker", "--queues", "calls", "--threads", str(THREADS)],
        "sweeper": [str(MANAGE), "sweep", "--loop"],
    }
    for name, words in commands.items():
        own = port if name == "api" else free_port()
        yield Program(name, words, own, folder / f"{name}.log", more=variables)


@contextmanager
def _callers(variables: dict[str, str], phones: Phones) -> Iterator[Callable[[int], None]]:
    """Return what plans so many calls, in a process of its own."""
    command = [sys.executable, "-m", "tests.bench.callers", str(QUESTIONS)]
    process = subprocess.Popen(
        bind_to_parent(command),
        cwd=ROOT,
        env=os.environ | variables,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    given, told = process.stdin, process.stdout
    assert given is not None
    assert told is not None

    def say(line: str) -> None:
        given.write(f"{line}\n")
        given.flush()

    say(phones.jwks().decode())
    assert told.readline() == "ready\n"
    try:
        yield lambda number: say(str(number))
    finally:
        process.kill()
        process.communicate()


def _keep_going(phones: Phones, more: Callable[[int], None], seconds: float) -> None:
    """Plan calls for so long that as many as wanted are under way; at first little by little."""
    began, planned = time.monotonic(), 0
    while (passed := time.monotonic() - began) < seconds:
        grown = min(1.0, passed / RAMP_SECONDS) if not phones.is_measuring else 1.0
        missing = round(phones.at_once * grown) - (planned + phones.planned_before - phones.over)
        if missing > 0:
            more(missing)
            planned += missing
        time.sleep(0.1)
    phones.planned_before += planned


def _measured(
    phones: Phones, more: Callable[[int], None], programs: list[Program], seconds: float
) -> tuple[list[list[str]], list[Check]]:
    _keep_going(phones, more, RAMP_SECONDS + 5.0)
    phones.begin()
    before, whole = {it.name: tree_cpu(it.pid) for it in programs}, _machine()
    _keep_going(phones, more, seconds)
    seen = phones.end()
    used = {it.name: tree_cpu(it.pid) - before[it.name] for it in programs}
    busy = [after - at_first for after, at_first in zip(_machine(), whole, strict=True)]
    count = max(seen.callbacks, 1)
    own = sum(used.values()) + seen.own_cpu
    lines = [
        ["callbacks, all / other than 200", f"{count} / {seen.refused}"],
        ["callbacks each second", f"{count / seconds:.1f}"],
        ["calls begun / over", f"{seen.begun} / {seen.over}"],
        ["requests that the service would refuse", str(seen.objections)],
        ["reactions", str(len(seen.reactions))],
        ["reaction p50 / p95 / p99, ms", seen.in_words(seen.reactions)],
        ["of these the door's answer p50 / p95 / p99, ms", seen.in_words(seen.doors)],
        *(
            [f"CPU of {name}, ms a callback", f"{1000 * it / count:.1f}"]
            for name, it in used.items()
        ),
        ["CPU of the emulator, ms a callback", f"{1000 * seen.own_cpu / count:.1f}"],
        ["machine busy, cores", f"{busy[0] / seconds:.2f}"],
        ["of these neighbours and databases", f"{(busy[0] - own) / seconds:.2f}"],
        ["load at the end", f"{os.getloadavg()[0]:.1f}"],
    ]
    checks = [
        at_least("N1", "callbacks each second", count / seconds, CALLBACKS_PER_SECOND),
        at_most("N1", "callbacks that were not answered with 200", seen.refused, 0.5, slack=1.0),
        at_most("N1", "callback to command, p95 ms", seen.share(seen.reactions, 0.95), 300.0),
    ]
    return lines, checks


def _machine() -> list[float]:
    """Return the CPU seconds that the machine's cores have worked so far."""
    ticks = Path("/proc/stat").read_text(encoding="ascii").splitlines()[0].split()[1:]
    idle = int(ticks[3]) + int(ticks[4])
    return [(sum(map(int, ticks[:8])) - idle) / os.sysconf("SC_CLK_TCK")]
