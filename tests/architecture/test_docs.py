"""What the documents point at is there."""

import re
from pathlib import Path

import pytest

from tests.architecture.tree import HOUSES, ROOT, kept_files, relative

DOCUMENTS = [path for path in kept_files() if path.suffix == ".md"]
FOLDERS = (*HOUSES, "tests", "docs", "infra", ".github", ".ci")
# A path of the repository between backticks; `...` in it stands for any folder.
IN_BACKTICKS = re.compile(rf"`((?:{'|'.join(map(re.escape, FOLDERS))})/(?!\.\.\.)[\w./-]+)`")
LINK = re.compile(r"\]\((?!https?:|mailto:|#)([^)#\s]+)")


def missing(document: Path) -> list[str]:
    """Return the paths of the repository that the document names and that are not there."""
    text = document.read_text()
    named = [ROOT / name for name in IN_BACKTICKS.findall(text)]
    linked = [document.parent / name for name in LINK.findall(text)]
    return sorted({relative(path) for path in (*named, *linked) if not path.exists()})


@pytest.mark.parametrize("document", DOCUMENTS, ids=relative)
def test_document_names_only_files_that_are_there(document: Path) -> None:
    assert missing(document) == []
