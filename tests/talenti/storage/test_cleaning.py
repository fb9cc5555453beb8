"""The sweeper removes drafts that no upload will end."""

import os
import time
from pathlib import Path

from django.core.files.storage import storages

from talenti.storage.cleaning import ABANDONED_AFTER
from talenti.storage.files import INCOMING
from talenti.work.sweep import reconcile_all


def test_sweep_discards_old_drafts_and_keeps_young_ones(db: None) -> None:
    drafts = Path(storages["recordings"].base_location) / INCOMING
    drafts.mkdir(parents=True, exist_ok=True)
    old, young = drafts / "old", drafts / "young"
    for draft in (old, young):
        draft.write_bytes(b"x")
    past = time.time() - ABANDONED_AFTER.total_seconds() - 60
    os.utime(old, (past, past))
    assert reconcile_all() == []
    assert (old.exists(), young.exists()) == (False, True)
