"""Runs one command with all services around it: python -m tests.services COMMAND [WORD ...].

The command finds TEST_POSTGRES_URL (the server's maintenance database), TEST_REDIS_URL and
TEST_CHROMIUM. Services end with the command, with Ctrl-C, and with this process however it dies.
"""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path

from tests.services.chromium import find_chromium
from tests.services.postgres_server import PostgresServer
from tests.services.processes import bind_to_parent, stop_server
from tests.services.programs import MissingProgram, install_missing
from tests.services.redis_server import RedisServer


def main(command: list[str]) -> int:
    """Return the command's exit code, 128 + n when signal n ended it, 2 when it could not start."""
    if not command:
        return _refuse(str(__doc__))
    try:
        install_missing()
    except MissingProgram as missing:
        return _refuse(str(missing))
    with ExitStack() as stack:
        _end_in_order()
        _keep_together(stack)
        return _run(command, _start_services(stack))


def _refuse(why: str) -> int:
    sys.stderr.write(f"{why}\n")
    return 2


def _end_in_order() -> None:
    """Let SIGTERM and SIGHUP unwind like Ctrl-C, so that nothing is left running or lying about."""
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda received, _frame: sys.exit(128 + received))
    # What a shell starts in the background begins with Ctrl-C ignored, and so would the command.
    signal.signal(signal.SIGINT, signal.default_int_handler)


def _keep_together(stack: ExitStack) -> None:
    """Put every temporary file of the run into one folder, which goes with it."""
    folder = tempfile.mkdtemp(prefix="talenti-tests-")
    stack.callback(shutil.rmtree, folder, ignore_errors=True)
    Path(folder).chmod(0o711)  # PostgreSQL's own user has its data in there
    os.environ["TMPDIR"] = tempfile.tempdir = folder


def _start_services(stack: ExitStack) -> dict[str, str]:
    postgres = stack.enter_context(PostgresServer())
    redis = stack.enter_context(RedisServer())
    return os.environ | {
        "TEST_POSTGRES_URL": postgres.url(),
        "TEST_REDIS_URL": redis.url(),
        "TEST_CHROMIUM": find_chromium(),
    }


def _run(command: list[str], environment: dict[str, str]) -> int:
    process = subprocess.Popen(bind_to_parent(command, death_signal="TERM"), env=environment)
    try:
        code = process.wait()
    except KeyboardInterrupt:
        # Ctrl-C reached the command too, which now reports what it has: wait for that, no more.
        stop_server(process, signal.SIGCONT)
        raise
    except SystemExit:
        stop_server(process)
        raise
    return code if code >= 0 else 128 - code


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except KeyboardInterrupt:
        sys.exit(130)
