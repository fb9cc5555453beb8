"""A PostgreSQL of one's own in a temporary folder: fast rather than durable."""

import os
import pwd
import secrets
import shutil
import signal
import subprocess

import psycopg
from psycopg import sql

from tests.services.processes import OwnServer, bind_to_parent, start_server
from tests.services.programs import POSTGRES, MissingProgram

INITDB_TIMEOUT_SECONDS = 120
SETTINGS = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",  # its path would be too long in a nested temporary folder
    "max_connections": "200",
    "timezone": "UTC",
    "jit": "off",
}
# A lost test database is made again in seconds; waiting for the disk takes minutes.
NOT_DURABLE = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


class PostgresServer(OwnServer):
    """A context manager; `durable` makes it wait for the disk as in production (for benchmarks)."""

    stop_signal = signal.SIGINT  # ends sessions in order; SIGQUIT is the crash of a server

    def __init__(self, *, durable: bool = False) -> None:
        super().__init__("postgres")
        self.durable = durable
        self.user = _server_user()
        self._password = secrets.token_urlsafe(16)

    def url(self, database: str = "postgres") -> str:
        return f"postgres://talenti:{self._password}@127.0.0.1:{self.port}/{database}"

    def start(self) -> None:
        if not (self.folder / "data").exists():
            self._initialise()
        self._process = start_server(
            bind_to_parent(self._command(), user=self.user, death_signal="QUIT"),
            log=self.folder / "postgres.log",
            is_ready=self._is_ready,
        )

    def _initialise(self) -> None:
        data, password = self.folder / "data", self.folder / "password"
        data.mkdir(mode=0o700)
        password.write_text(self._password)
        password.chmod(0o600)
        if self.user:
            self.folder.chmod(0o711)
            for place in (data, password):
                shutil.chown(place, self.user, self.user)
        initdb = [str(POSTGRES.require().with_name("initdb")), "--no-sync", "--encoding=UTF8"]
        words = ["--locale=C.UTF-8", "--auth=scram-sha-256", "--username=talenti"]
        files = [f"--pwfile={password}", f"--pgdata={data}"]
        outcome = subprocess.run(
            bind_to_parent([*initdb, *words, *files], user=self.user),
            cwd=self.folder,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=INITDB_TIMEOUT_SECONDS,
            check=False,
        )
        if outcome.returncode:
            raise RuntimeError(f"initdb failed:\n{outcome.stdout}{outcome.stderr}")

    def _command(self) -> list[str]:
        settings = SETTINGS | {"port": str(self.port)} | ({} if self.durable else NOT_DURABLE)
        words = [f"--{name}={value}" for name, value in settings.items()]
        data = str(self.folder / "data")
        return [str(POSTGRES.require()), "-D", data, *words]

    def _is_ready(self) -> bool:
        try:
            psycopg.connect(self.url(), connect_timeout=2).close()
        except psycopg.OperationalError:
            return False
        return True


def create_database(server_url: str, name: str) -> str:
    """Make an empty database on the server and return its address."""
    _execute(server_url, sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
    return f"{server_url.rpartition('/')[0]}/{name}"


def drop_database(server_url: str, name: str) -> None:
    """Remove a database, also one that somebody is still connected to."""
    statement = sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)")
    _execute(server_url, statement.format(sql.Identifier(name)))


def _execute(server_url: str, statement: sql.Composed) -> None:
    with psycopg.connect(server_url, autocommit=True) as connection:
        connection.execute(statement)


def _server_user() -> str | None:
    """Return the user the server must run as (it refuses root), None for the present one."""
    if os.geteuid() != 0:
        return None
    try:
        return pwd.getpwnam("postgres").pw_name
    except KeyError as error:
        message = "PostgreSQL refuses to run as root, and there is no user postgres"
        raise MissingProgram(message) from error
