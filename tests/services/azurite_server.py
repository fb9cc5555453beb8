"""A Blob Storage of one's own: Azurite by npm, on a free port, with everything in memory."""

import os
import secrets
import socket
from collections.abc import Iterable
from pathlib import Path

from azure.storage.blob import CorsRule

from talenti.azure.blob import account_at, service
from tests.services.certificates import write_certificate
from tests.services.npm import NODE, install_package
from tests.services.processes import OwnServer, bind_to_parent, start_server

PACKAGE = Path(__file__).parent / "azurite"
MAIN = "azurite/dist/src/blob/main.js"
ACCOUNT = "talentitests"
SENT_HEADERS = ["content-type", "x-ms-blob-type"]


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
        program = str(install_package(PACKAGE, "azurite") / MAIN)
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
