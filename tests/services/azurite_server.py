"""A Blob Storage of one's own: Azurite by npm, on a free port, with everything in memory."""

import fcntl
import json
import os
import secrets
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

from azure.storage.blob import CorsRule

from talenti.azure.blob import account_at, service
from tests.services.certificates import write_certificate
from tests.services.processes import OwnServer, bind_to_parent, start_server
from tests.services.programs import MissingProgram, Program, install_missing

NODE = Program(("node", "nodejs"), ("nodejs",))
NPM = Program(("npm",), ("npm",))
PACKAGE = Path(__file__).parent / "azurite"
INSTALL_TIMEOUT_SECONDS = 600
MAIN = "node_modules/azurite/dist/src/blob/main.js"
ACCOUNT = "talentitests"
SENT_HEADERS = ["content-type", "x-ms-blob-type"]


def install_azurite() -> Path:
    """Return the program, installed once per lock file below .venv; raises MissingProgram."""
    lock = (PACKAGE / "package-lock.json").read_text()
    version = json.loads(lock)["packages"]["node_modules/azurite"]["version"]
    folder = Path(sys.prefix, f"azurite-{version}")
    folder.mkdir(exist_ok=True)
    stamp = folder / "installed.json"
    with (folder / "lock").open("w") as held:  # parallel test processes install it once
        fcntl.flock(held, fcntl.LOCK_EX)
        install_missing([NODE, NPM])
        if not stamp.exists() or stamp.read_text() != lock:
            _npm_ci(folder)
            stamp.write_text(lock)
    return folder / MAIN


def _npm_ci(folder: Path) -> None:
    for name in (".npmrc", "package.json", "package-lock.json"):
        shutil.copyfile(PACKAGE / name, folder / name)
    outcome = subprocess.run(
        [str(NPM.require()), "ci", "--ignore-scripts", "--no-audit", "--no-fund"],
        cwd=folder,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=INSTALL_TIMEOUT_SECONDS,
        check=False,
    )
    if outcome.returncode:
        raise MissingProgram(f"npm ci of Azurite failed:\n{outcome.stdout[-2000:]}")


class AzuriteServer(OwnServer):
    """A context manager; with `tls` it speaks https and lets identities in by token.

    Its account and key are made for this run.
    """

    def __init__(self, *, tls: bool = False) -> None:
        super().__init__("azurite")
        self.tls = tls
        self.account = ACCOUNT
        self.key = secrets.token_bytes(64).hex()  # hex is base64 too
        self.certificate = self.folder / "certificate.pem"

    @property
    def endpoint(self) -> str:
        """Return the account's address, as AZURE_STORAGE_ENDPOINT takes it."""
        return f"{'https' if self.tls else 'http'}://127.0.0.1:{self.port}/{self.account}"

    def prepare(self, containers: Iterable[str], origins: Iterable[str]) -> None:
        """Make the containers, and let browsers send files from these origins."""
        client = service(account_at(self.account, self.endpoint, key=self.key), os.getpid())
        for name in containers:
            client.create_container(name)
        rule = CorsRule(list(origins), ["PUT"], allowed_headers=SENT_HEADERS, max_age_in_seconds=60)
        client.set_service_properties(cors=[rule])

    def start(self) -> None:
        command = self._command()
        os.environ["AZURITE_ACCOUNTS"] = f"{self.account}:{self.key}"
        try:
            self._process = start_server(
                bind_to_parent(command), log=self.folder / "azurite.log", is_ready=self._is_ready
            )
        finally:
            del os.environ["AZURITE_ACCOUNTS"]

    def _command(self) -> list[str]:
        program = str(install_azurite())
        listen = ["--blobHost", "127.0.0.1", "--blobPort", str(self.port)]
        # The SDK's protocol is newer than this release knows, and means the same here.
        quiet = ["--silent", "--disableTelemetry", "--skipApiVersionCheck"]
        memory = ["--inMemoryPersistence"]
        return [str(NODE.require()), program, *listen, *quiet, *memory, *self._tls_options()]

    def _tls_options(self) -> list[str]:
        if not self.tls:
            return []
        key = self.folder / "key.pem"
        write_certificate(self.certificate, key)
        return ["--oauth", "basic", "--cert", str(self.certificate), "--key", str(key)]

    def _is_ready(self) -> bool:
        try:
            socket.create_connection(("127.0.0.1", self.port), 1).close()
        except OSError:
            return False
        return True
