"""The commands that the documents tell people to type are there, with the flags they are given."""

import re
from pathlib import Path

import pytest
from django.core.management import get_commands

from tests.architecture.tree import ROOT, relative
from tests.docs.az_by_hand import BY_HAND
from tests.docs.reading import DOCUMENTS, commands, named
from tests.stubs import az_commands

SCRIPT = re.compile(r"(?:\./)?((?:infra/scripts|scripts|\.github/scripts)/\w[\w-]*\.sh)")
MANAGE = re.compile(r"manage\.py ([a-z_]+)")


@pytest.fixture
def table(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(az_commands, "TEXTS", az_commands.TEXTS | BY_HAND)


@pytest.mark.parametrize("document", DOCUMENTS, ids=relative)
def test_every_az_command_is_one_of_the_reference(document: Path, table: None) -> None:
    refused = []
    for words in commands(document):
        try:
            if words[0] == "az":
                az_commands.parse(words[1:])
        except az_commands.Misused as error:
            refused.append(str(error))

    assert refused == []


@pytest.mark.parametrize("document", DOCUMENTS, ids=relative)
def test_commands_that_the_prose_names_are_there(document: Path, table: None) -> None:
    assert named(document) - set(az_commands.TEXTS) == set()


@pytest.mark.parametrize(
    "text",
    ["az containerapp restart", "echo $(az group show)", "az group show \\\n  --nmae x | jq"],
)
def test_a_command_that_is_none_is_found(text: str, tmp_path: Path, table: None) -> None:
    document = tmp_path / "document.md"
    document.write_text(f"```bash\n{text}\n```\n")

    found = [words[1:] for words in commands(document) if words[0] == "az"]

    assert found
    with pytest.raises(az_commands.Misused):
        az_commands.parse(found[0])


def test_by_hand_and_scripted_commands_are_listed_once() -> None:
    assert set(BY_HAND) & set(az_commands.TEXTS) == set()


def test_documents_tell_of_az_at_all() -> None:
    counted = sum(words[0] == "az" for document in DOCUMENTS for words in commands(document))

    assert counted > 40


def test_every_command_of_manage_py_is_there() -> None:
    named = {name for document in DOCUMENTS for name in MANAGE.findall(document.read_text())}

    assert named - set(get_commands()) == set()
    assert {"bootstrap", "check_providers", "verify_recordings"} <= named


def test_scripts_take_the_options_they_are_given() -> None:
    shared = (ROOT / "infra/scripts/environment.sh").read_text()
    unknown = []
    for document in DOCUMENTS:
        for words in commands(document):
            found = next(filter(None, map(SCRIPT.fullmatch, words)), None)
            if found:
                known = (ROOT / found[1]).read_text() + shared
                if found[1] == "scripts/deploy.sh":
                    known += (ROOT / "infra/scripts/deploy.sh").read_text()
                given = [word.partition("=")[0] for word in words if word.startswith("--")]
                unknown += [(found[1], option) for option in given if option not in known]

    assert unknown == []


def test_every_make_target_is_there() -> None:
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    named = {
        name
        for document in DOCUMENTS
        for name in re.findall(r"`make ([a-z-]+)", document.read_text())
    }

    assert named - targets == set()
