"""What expressions, types and functions of Bicep give: what is evaluated stands on them."""

from pathlib import Path
from typing import Any

import pytest

from tests.infra.bicep.deployment import Template
from tests.infra.bicep.places import Place
from tests.infra.bicep.results import Run
from tests.infra.bicep.values import EvaluationError, is_runtime, is_secure, secured

DECLARED = """
type size = 'small' | 'large'
func twice(text string) string => '${text}${text}'
"""
GIVES: list[tuple[str, Any]] = [
    ("1 + 2 * 3 - 4 % 3", 6),
    ("-2 + 7 / 2", 1),
    ("!(1 > 2) && 'a' != 'b' || false", True),
    ("'A' =~ 'a' && !('A' !~ 'a')", True),
    ("null ?? 'other'", "other"),
    ("true ? 'a' : false ? 'b' : 'c'", "a"),
    (r"'it\'s ${'a'}${1}${true}'", "it's a1true"),
    ("'''\nas ${it} is\n'''", "as ${it} is\n"),
    ("{ a: [1, 2], 'b-c': { d: null } }", {"a": [1, 2], "b-c": {"d": None}}),
    ("{ ...{ a: 1, b: 1 }, b: 2 }", {"a": 1, "b": 2}),
    ("[1, ...[2, 3]]", [1, 2, 3]),
    ("{ a: 1 }.?b ?? 7", 7),
    ("[1][?1] ?? 7", 7),
    ("{ '${'k'}1': 1 }.k1", 1),
    ("[for (x, i) in ['a', 'b']: '${x}${i}']", ["a0", "b1"]),
    ("map([1, 2], x => x * 2)", [2, 4]),
    ("map(['a', 'b'], (x, i) => '${x}${i}')", ["a0", "b1"]),
    ("filter([1, 2, 3], x => x > 1)", [2, 3]),
    ("reduce([1, 2, 3], 0, (sum, x) => sum + x)", 6),
    ("sort([3, 1, 2], (a, b) => a < b)", [1, 2, 3]),
    ("toObject(['a', 'b'], x => x, x => '${x}!')", {"a": "a!", "b": "b!"}),
    ("groupBy(['aa', 'b', 'cc'], x => string(length(x)))", {"2": ["aa", "cc"], "1": ["b"]}),
    ("mapValues({ a: 1 }, x => x + 1)", {"a": 2}),
    ("items({ b: 2, a: 1 })", [{"key": "a", "value": 1}, {"key": "b", "value": 2}]),
    ("union({ a: { x: 1 } }, { a: { y: 2 }, b: 3 })", {"a": {"x": 1, "y": 2}, "b": 3}),
    ("union(['a'], ['a', 'b'])", ["a", "b"]),
    ("concat(['a'], ['b'])", ["a", "b"]),
    ("format('{0}-{1}', 'a', 1)", "a-1"),
    ("join(split('a,b;c', [',', ';']), '/')", "a/b/c"),
    ("replace(toUpper(trim(' a-b ')), '-', '_')", "A_B"),
    ("take('abcd', 2)", "ab"),
    ("skip([1, 2, 3], 1)", [2, 3]),
    ("substring('abcd', 1, 2)", "bc"),
    ("padLeft(7, 3, '0')", "007"),
    ("first([]) == null && last('abc') == 'c'", True),
    ("contains(['a'], 'a') && contains('abc', 'b') && contains({ k: 1 }, 'k')", True),
    ("startsWith('Abc', 'a') && endsWith('abC', 'c')", True),
    ("empty('') && empty([]) && empty({}) && empty(null)", True),
    ("coalesce(null, null, 3)", 3),
    ("int('12') + length('abc') + indexOf('abc', 'c')", 17),
    ("bool('true') && !bool('false')", True),
    ("json('0.5')", 0.5),
    ("string({ a: [1] })", '{"a":[1]}'),
    ("base64ToString(base64('text'))", "text"),
    ("max(1, 3, 2) - min([4, 2])", 1),
    ("flatten([[1], [2, 3]])", [1, 2, 3]),
    ("intersection([1, 2, 3], [2, 3, 4])", [2, 3]),
    ("range(2, 3)", [2, 3, 4]),
    ("objectKeys({ b: 1, a: 1 })", ["a", "b"]),
    ("shallowMerge([{ a: 1 }, { a: 2, b: 3 }])", {"a": 2, "b": 3}),
    ("cidrSubnet('10.0.0.0/16', 24, 2)", "10.0.2.0/24"),
    ("cidrHost('10.0.2.0/24', 3)", "10.0.2.4"),
    ("uriComponent('a b/c')", "a%20b%2Fc"),
    ("length(uniqueString('a'))", 13),
    ("guid('a', 'b') == guid('a', 'b') && guid('a') != guid('b')", True),
    ("environment().suffixes.storage", "core.windows.net"),
    ("resourceGroup().name", "rg-talenti"),
    ("az.subscription().subscriptionId == subscription().subscriptionId", True),
    ("twice('ab')", "abab"),
    (
        "resourceId('Microsoft.A/b/c', 'x', 'y')",
        (
            "/subscriptions/00000000-0000-0000-0000-000000000001/resourceGroups/rg-talenti"
            "/providers/Microsoft.A/b/x/c/y"
        ),
    ),
]
FAILS = [
    "{ a: 1 }.b",
    "[1][1]",
    "int('one')",
    "'a' < 1",
    "1 ? 2 : 3",
    "substring('abc', 2, 2)",
    "fail('no')",
    "concat(['a'], 'b')",
    "length(1)",
    "resourceId('Microsoft.A/b', 'x', 'y')",
]
TYPES: list[tuple[str, str, bool]] = [
    ("string", "'a'", True),
    ("string", "1", False),
    ("int", "true", False),
    ("bool", "true", True),
    ("string?", "null", True),
    ("string[]", "['a']", True),
    ("string[]", "['a', 1]", False),
    ("'a' | 'b'", "'b'", True),
    ("'a' | 'b'", "'c'", False),
    ("{ name: string, size: int? }", "{ name: 'a' }", True),
    ("{ name: string }", "{ name: 'a', more: 1 }", False),
    ("{ *: int }", "{ a: 1, b: 2 }", True),
    ("{ *: int }", "{ a: 'x' }", False),
    ("(1 | 2)[]", "[1, 2, 1]", True),
    ("size", "'small'", True),
    ("size", "'huge'", False),
    ("array", "{}", False),
]


@pytest.mark.parametrize(("expression", "value"), GIVES, ids=[one for one, _ in GIVES])
def test_expression_gives(expression: str, value: Any, tmp_path: Path) -> None:
    assert evaluated(tmp_path, f"var it = {expression}") == value


@pytest.mark.parametrize("expression", FAILS)
def test_expression_fails_as_a_deployment_would(expression: str, tmp_path: Path) -> None:
    with pytest.raises(EvaluationError):
        evaluated(tmp_path, f"var it = {expression}")


@pytest.mark.parametrize(("kind", "value", "fits"), TYPES)
def test_type_takes_only_its_values(kind: str, value: str, *, fits: bool, tmp_path: Path) -> None:
    text = f"param it {kind} = {value}"

    if fits:
        evaluated(tmp_path, text)
    else:
        with pytest.raises(EvaluationError):
            evaluated(tmp_path, text)


def test_what_is_made_of_a_secret_is_secret(tmp_path: Path) -> None:
    text = "@secure()\nparam key string\nvar it = { a: [toUpper('x-${key}')] }"

    assert is_secure(evaluated(tmp_path, text, key="word"))
    assert not is_secure(evaluated(tmp_path, "param key string\nvar it = key", key="word"))
    assert is_secure(secured({"a": "word"}))


def test_what_azure_answers_is_known_later(tmp_path: Path) -> None:
    text = "resource one 'A/b@1' existing = {\n  name: 'x'\n}\nvar it = '${one.properties.uri}/y'"

    found = evaluated(tmp_path, text)

    assert is_runtime(found)
    assert found.endswith("/providers/A/b/x#properties.uri⟧/y")


def evaluated(folder: Path, text: str, **given: Any) -> Any:
    """Return the value that the text gives to `it`."""
    path = folder / "main.bicep"
    path.write_text(f"{text}\n{DECLARED}")
    place = Place("rg-talenti", "australiaeast")
    return Template(Run(folder, place), path, given, place).value_of("it")
