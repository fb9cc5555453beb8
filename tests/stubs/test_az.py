"""The stand-in is strict: a call that the real CLI would refuse fails here, too."""

import subprocess

import pytest

from tests.stubs.az_commands import TEXTS, Misused, parse
from tests.stubs.fixtures import Stubs

SHOW = ["acr", "repository", "show", "--name", "acrtalentidev", "--image", "talenti:1"]
REFUSED = {
    "an unknown command": (["containerapp", "deploy", "--name", "x"], "is not a known command"),
    "an unknown flag": ([*SHOW, "--digest", "x"], "unrecognized arguments: --digest"),
    "a missing flag": (["containerapp", "show", "--name", "x"], "required: --resource-group"),
    "a flag without its value": ([*SHOW, "--query"], "argument --query: 0 values"),
    "a value for a flag that has none": (
        ["acr", "login", "--name", "x", "--expose-token", "yes"],
        "argument --expose-token: 1 values",
    ),
    "two values for a flag that has one": ([*SHOW, "talenti:2"], "argument --image: 2 values"),
}


@pytest.mark.parametrize(("words", "why"), REFUSED.values(), ids=REFUSED)
def test_wrong_call_is_refused(words: list[str], why: str) -> None:
    with pytest.raises(Misused, match=why):
        parse(words)


def test_short_flags_and_several_values_are_read() -> None:
    call = parse(
        ["containerapp", "update", "-n", "x", "-g", "rg", "--set-env-vars", "A=1", "B=2", "-o=none"]
    )

    assert (call.command, call.flags) == (
        "containerapp update",
        {
            "--name": ["x"],
            "--resource-group": ["rg"],
            "--set-env-vars": ["A=1", "B=2"],
            "--output": ["none"],
        },
    )


def az(stubs: Stubs, *words: str) -> subprocess.CompletedProcess[str]:
    return stubs.run(["az", *words])


def test_refused_call_ends_the_script_and_is_recorded(stubs: Stubs) -> None:
    outcome = az(stubs, "acr", "shwo")

    assert (outcome.returncode, stubs.calls()) == (2, ["acr shwo"])
    assert outcome.stdout == "ERROR: 'acr shwo' is not a known command\n"


def test_question_without_a_planned_answer_is_an_error(stubs: Stubs) -> None:
    outcome = az(stubs, "group", "show", "--name", "rg")

    assert outcome.returncode == 1
    assert "no answer is planned for: group show" in outcome.stdout


def test_planned_answers_are_cut_by_query_and_used_up(stubs: Stubs) -> None:
    stubs.make(
        answers=[
            {"command": "group exists", "when": {"--name": "rg"}, "out": False, "times": 1},
            {"command": "group exists", "out": True},
            {"command": "acr show", "out": {"id": "/x", "tags": None, "sku": {"name": "Basic"}}},
        ]
    )

    told = [az(stubs, "group", "exists", "--name", "rg", "-o", "tsv").stdout for _ in range(2)]
    query = ["--query", "[id, tags, sku.name]", "--output", "tsv"]
    assert told == ["false\n", "true\n"]
    assert az(stubs, "acr", "show", "--name", "x", *query).stdout == "/x\nNone\nBasic\n"


def test_words_arrive_as_they_were_given(stubs: Stubs) -> None:
    odd = "a b\n'c' \"d\" $e `f` \\ *"
    stubs.make(answers=[{"command": "group show", "when": {"--name": odd}, "out": {"name": odd}}])

    outcome = az(stubs, "group", "show", "--name", odd, "--query", "name", "-o", "tsv")

    assert outcome.stdout == f"{odd}\n"


def test_table_names_each_flag_once() -> None:
    for command, text in TEXTS.items():
        names = [word.rstrip("!?+") for word in text.split()]
        assert len(names) == len(set(names)), command
