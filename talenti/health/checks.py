"""What this process needs: database, migrations, storages, engines; less strictly, the others."""

import logging
from functools import partial

import dramatiq
from django.conf import settings
from django.core.files.storage import storages
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from talenti.engines import engine
from talenti.health.registry import Check, Trouble, register
from talenti.providers.breakers import down_now
from talenti.providers.names import title_of
from talenti.work.gauges import LATE_WORK, oldest_due_age

logger = logging.getLogger(__name__)


def check_database() -> str:
    """Ask the database for one row."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
            cursor.fetchone()
    except Exception as error:
        raise Trouble("The database does not answer.") from error
    return ""


class MigrationCheck:
    """Looks for unapplied migrations until there are none; while we run, none can appear."""

    def __init__(self) -> None:
        self.done = False

    def __call__(self) -> str:
        """Return at once after the first success."""
        if not self.done:
            executor = MigrationExecutor(connection)
            waiting = executor.migration_plan(executor.loader.graph.leaf_nodes())
            if waiting:
                raise Trouble(f"{len(waiting)} migrations are not applied.")
            self.done = True
        return ""


def check_storage(alias: str) -> str:
    """Prove that a file can be written, where the storage has a way to."""
    probe = getattr(storages[alias], "probe", None)
    if probe is not None:
        try:
            probe()
        except Exception as error:
            raise Trouble("A file cannot be written.") from error
    return ""


def check_engine(role: str) -> str:
    """Ask the engine what its configuration lacks; it asks no network."""
    missing = engine(role).check()
    if missing:
        logger.warning("The %s is not configured: %s", role, " ".join(missing))
        raise Trouble("Its configuration is not complete: see manage.py check.")
    return ""


def check_broker() -> str:
    """Ring Redis; without it work waits in the database."""
    if not settings.REDIS_URL:
        return "in process"
    try:
        dramatiq.get_broker().client.ping()  # type: ignore[attr-defined]
    except Exception as error:
        raise Trouble("The broker does not answer; work waits in the database.") from error
    return ""


def check_work() -> str:
    """Look at the oldest due item: its age says more than a living process does."""
    waited = oldest_due_age()
    if waited > LATE_WORK:
        raise Trouble(f"Due work has waited for {int(waited.total_seconds() // 60)} minutes.")
    return f"oldest due work: {int(waited.total_seconds())} s"


def check_providers() -> str:
    """Name the providers that are left alone because they failed; work waits for them."""
    down = down_now()
    if down:
        told = [f"{title_of(one.name)} since {one.since:%H:%M:%S} UTC" for one in down]
        raise Trouble(f"Down: {', '.join(told)}. Work for them waits.")
    return ""


def configured_checks() -> list[Check]:
    """Return a check for each storage of files and for each engine's role."""
    stores = [
        Check(f"storage:{alias}", partial(check_storage, alias), critical=True)
        for alias in settings.FILE_ALIASES
    ]
    engines = [
        Check(f"engine:{role}", partial(check_engine, role), critical=True)
        for role in settings.ENGINES
    ]
    return stores + engines


register("database", check_database, critical=True)
register("migrations", MigrationCheck(), critical=True)
register("broker", check_broker, critical=False)
register("work", check_work, critical=False)
register("providers", check_providers, critical=False)
