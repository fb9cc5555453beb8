"""The keys that tokens are verified with: the last known good ones, in memory and in a row.

Known keys cost nothing. An unknown one costs at most one request in REFRESH_SECONDS in all
processes together, however many tokens name it. While the issuer cannot be reached, what was read
in the last TRUSTED_SECONDS counts; then nothing can be said of any token, neither good nor bad.
"""

import logging
import os
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from django.utils import timezone

from talenti.connections import release_connections
from talenti.errors import ProviderAway, RetryLater
from talenti.models import SigningKeys
from talenti.webhooks import key_rows
from talenti.webhooks.fetching import SECONDS, fetch_keys
from talenti.webhooks.jwks import Numbers, make_key
from talenti.webhooks.key_rows import REFRESH_SECONDS

logger = logging.getLogger(__name__)
FRESH_SECONDS = 3600  # after which they are read again, so that a withdrawn key ends
TRUSTED_SECONDS = 24 * 3600
LOOK_SECONDS = 1.0  # between two looks of one process at the row
WAIT_SECONDS = SECONDS + 1  # for another thread or process that reads
POLL_SECONDS = 0.1


class UnknownKey(Exception):
    """The issuer has no such key, as of a moment ago."""


class KeysAway(RetryLater):
    """Nobody can say now whether the issuer has such a key."""

    code = "keys_away"

    def __init__(self) -> None:
        super().__init__("Tokens cannot be verified now.", after_seconds=REFRESH_SECONDS)


@dataclass(frozen=True, slots=True)
class KnownKeys:
    """Keys by their ids, and when they were read."""

    by_id: Mapping[str, RSAPublicKey] = field(default_factory=dict)
    fetched_at: datetime | None = None

    def is_younger_than(self, seconds: float) -> bool:
        """Return whether they were read within so many seconds."""
        if self.fetched_at is None:
            return False
        return timezone.now() - self.fetched_at < timedelta(seconds=seconds)


class KeySource:
    """One address of keys as this process sees it."""

    def __init__(self, vendor: str, address: str) -> None:
        self.vendor, self.address = vendor, address
        self._known = KnownKeys()
        self._look_again_at = float("-inf")
        self._lock = threading.Lock()

    def find(self, kid: str) -> RSAPublicKey:
        """Return the key of that id; raises UnknownKey or KeysAway."""
        if not self._is_settled(kid):
            self._look(kid)
        known = self._known
        if kid in known.by_id and known.is_younger_than(TRUSTED_SECONDS):
            return known.by_id[kid]
        if known.is_younger_than(REFRESH_SECONDS):
            raise UnknownKey
        raise KeysAway

    def _is_settled(self, kid: str) -> bool:
        """Return whether what is known answers the question: it is there, or just now was not."""
        seconds = FRESH_SECONDS if kid in self._known.by_id else REFRESH_SECONDS
        return self._known.is_younger_than(seconds)

    def _look(self, kid: str) -> None:
        """Let one thread look; the others wait for it only where they cannot do without."""
        wait = 0 if kid in self._known.by_id else WAIT_SECONDS
        if time.monotonic() < self._look_again_at or not self._lock.acquire(timeout=wait):
            return
        try:
            if time.monotonic() >= self._look_again_at and not self._is_settled(kid):
                self._learn_in_turn(kid)
        finally:
            self._lock.release()

    def _learn_in_turn(self, kid: str) -> None:
        try:
            self._learn(kid)
        finally:
            self._look_again_at = time.monotonic() + LOOK_SECONDS

    def _learn(self, kid: str) -> None:
        row = key_rows.read_row(self.address)
        self._take_row(row)
        if self._is_settled(kid):
            return
        if key_rows.take_turn(self.address):
            self._fetch()
        elif key_rows.is_being_read(row):
            self._await_others(kid)

    def _fetch(self) -> None:
        try:
            numbers = fetch_keys(self.vendor, self.address)
        except RetryLater as error:
            fault = error.fault if isinstance(error, ProviderAway) else error.code
            logger.warning("signing keys not read source=%s fault=%s", self.vendor, fault)
            key_rows.note_fault(self.address, fault)
            return
        self._take(numbers, key_rows.keep_keys(self.address, numbers))

    def _await_others(self, kid: str) -> None:
        until = time.monotonic() + WAIT_SECONDS
        while not self._is_settled(kid) and time.monotonic() < until:
            release_connections()
            time.sleep(POLL_SECONDS)
            row = key_rows.read_row(self.address)
            self._take_row(row)
            if not key_rows.is_being_read(row):
                return

    def _take_row(self, row: SigningKeys) -> None:
        if row.fetched_at is not None and row.fetched_at != self._known.fetched_at:
            self._take(row.keys, row.fetched_at)

    def _take(self, numbers: Numbers, fetched_at: datetime) -> None:
        made = ((kid, make_key(pair)) for kid, pair in numbers.items())
        self._known = KnownKeys({kid: key for kid, key in made if key}, fetched_at)


_sources: dict[str, KeySource] = {}


def source_of(vendor: str, address: str) -> KeySource:
    """Return this process's view of an address; there is one of each."""
    return _sources.get(address) or _sources.setdefault(address, KeySource(vendor, address))


def forget_everything() -> None:
    """Begin anew: in a forked process, whose locks are others, and in a test."""
    _sources.clear()


os.register_at_fork(after_in_child=forget_everything)
