"""Start Talenti on one machine: lock, migrate, demo, then one server that does everything."""

import socket
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connections

from talenti import env
from talenti.data_dir import DataDirTaken, hold_data_dir
from talenti.models import Organisation


class Command(BaseCommand):
    """`manage.py serve`, behind `make run`."""

    help = "Migrate, load the demo on the first start of a development installation, and serve."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        """Add --host and --port."""
        parser.add_argument("--host", default=env.text("HOST", "127.0.0.1"))
        parser.add_argument(
            "--port", type=int, default=env.number("PORT", 8000, least=1, most=65535)
        )

    def handle(self, *, host: str, port: int, **_: Any) -> None:
        """Run until a signal ends it."""
        try:
            lock = hold_data_dir()
        except DataDirTaken as taken:
            raise CommandError(str(taken)) from taken
        self._check_port(host, port)
        settings.STATIC_ROOT.mkdir(exist_ok=True)  # empty here: finders serve what the apps bring
        call_command("migrate", verbosity=0, interactive=False)
        call_command("check", fail_level="ERROR")
        demo = self._load_demo()
        connections.close_all()
        self._greet(f"http://{host}:{port}", demo=demo)
        from talenti.server import Server  # noqa: PLC0415 - gunicorn is needed by nobody else

        try:
            Server(f"{host}:{port}").run()
        finally:
            lock.close()

    def _check_port(self, host: str, port: int) -> None:
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((host, port))
            except OSError as error:
                message = (
                    f"Port {port} is taken. Choose another one, for example: PORT=8080 make run"
                )
                raise CommandError(message) from error

    def _load_demo(self) -> bool:
        if settings.ENVIRONMENT != "dev":
            return False
        demo = Organisation.objects.filter(name="Demo organisation").exists()
        if demo or not Organisation.objects.exists():
            call_command("demo", load_only=True, stdout=self.stdout)  # goes on where it was killed
            return True
        return False

    def _greet(self, address: str, *, demo: bool) -> None:
        lines = ["", f"Talenti is at   {address}/admin/", f"API             {address}/api/docs/"]
        if demo:
            lines += [
                "Demo logins     alice@demo.example (recruiter), bob@demo.example (reviewer),",
                "                ops@demo.example (staff), charlie@other.example (another",
                "                organisation); password: talenti-demo",
                "The demo's recordings are transcribed and scored now; watch them in the console.",
            ]
        self.stdout.write("\n".join([*lines, "Ctrl-C ends it.", ""]))
        self.stdout.flush()
