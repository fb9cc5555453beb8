"""What the compiler's linter warns of, by its names. Here each of them is an error."""

import re
from collections.abc import Iterator

from tests.infra.bicep.decorators import base_type
from tests.infra.bicep.scopes import reached, symbol
from tests.infra.bicep.syntax import (
    Call,
    Declaration,
    Deployed,
    File,
    List,
    Literal,
    Member,
    Name,
    Node,
    Param,
    Property,
    Resource,
    Text,
    walk,
)
from tests.infra.bicep.values import Finding

SECRET = re.compile(r"(?i)(password|pwd|secret|account_?key)(?!_?(name|id|uri|url|length))")
PUBLIC_CLOUD = (
    "api.loganalytics.io",
    "azuredatalakestore.net",
    "core.windows.net",
    "database.windows.net",
    "graph.windows.net",
    "login.microsoftonline.com",
    "management.azure.com",
    "trafficmanager.net",
    "vault.azure.net",
)
HOSTS = re.compile(rf"(?:^|[./])({'|'.join(map(re.escape, PUBLIC_CLOUD))})")
IDENTIFIER = re.compile(r"[A-Za-z_]\w*")
Found = Iterator[tuple[int, str, str]]


def check_lint(path: str, file: File) -> Iterator[Finding]:
    for one in file.declarations:
        for line, rule, message in _rules(one, file):
            yield Finding(path, line or one.line, rule, f"{one.name}: {message}")


def _rules(one: Declaration, file: File) -> Found:
    yield from _secret_looking(one, file)
    yield from _interpolation(one)
    yield from _hosts(one)
    yield from _quotes(one)
    if isinstance(one, Deployed):
        yield from _dependencies(one, file)
    if isinstance(one, Resource):
        yield from _location(one)
    if not isinstance(one, Param):
        yield from _location_expression(one)


def _secret_looking(one: Declaration, file: File) -> Found:
    if not isinstance(one, Param) or file.using or one.decorator("secure"):
        return
    if SECRET.search(one.name) and base_type(one.type, file) in {"string", "object"}:
        yield one.line, "secure-secrets-in-params", "it looks like a secret and is not secure"


def _interpolation(one: Declaration) -> Found:
    keys = {id(node.key) for node in walk(one) if isinstance(node, Property)}
    for node in walk(one):
        if (
            isinstance(node, Text)
            and id(node) not in keys
            and len(node.parts) == 3
            and _plain_name(node)
        ):
            yield node.line, "simplify-interpolation", "a name alone needs no interpolation"
        if isinstance(node, Call) and node.name == "concat" and _joins_text(node):
            yield node.line, "prefer-interpolation", "write an interpolated string for concat()"


def _plain_name(text: Text) -> bool:
    first, middle, last = text.parts
    empty = all(isinstance(end, Literal) and not end.value for end in (first, last))
    return empty and isinstance(middle, Name)


def _joins_text(call: Call) -> bool:
    return any(isinstance(one, Text | Literal) for one in call.arguments)


def _hosts(one: Declaration) -> Found:
    for node in walk(one):
        written = node.value if isinstance(node, Literal) else ""
        if found := HOSTS.search(str(written)):
            message = f"{found.group(1)} is environment()'s to say"
            yield node.line, "no-hardcoded-env-urls", message


def _quotes(one: Declaration) -> Found:
    for node in walk(one):
        if not isinstance(node, Property) or not isinstance(node.key, Literal):
            continue
        if node.quoted and IDENTIFIER.fullmatch(str(node.key.value)):
            yield node.line, "prefer-unquoted-property-names", f"{node.name} needs no quotes"


def _dependencies(one: Deployed, file: File) -> Found:
    listed = one.body.get("dependsOn")
    if not isinstance(listed, List):
        return
    others = [item for item in one.body.properties() if item.name != "dependsOn"]
    used = {node.name for item in others for node in reached(item, file) if isinstance(node, Name)}
    for item in listed.items:
        if symbol(item) in used:
            message = f"it waits for {symbol(item)} anyway"
            yield item.line, "no-unnecessary-dependson", message


def _location(one: Resource) -> Found:
    location = one.body.get("location")
    if isinstance(location, Literal) and str(location.value).lower() != "global":
        yield location.line, "no-hardcoded-location", "its location is a parameter's to say"


def _location_expression(one: Declaration) -> Found:
    for node in walk(one):
        if isinstance(node, Member) and node.name == "location" and _is_group(node.object):
            message = "resourceGroup().location may only be a parameter's default"
            yield node.line, "no-loc-expr-outside-params", message


def _is_group(node: Node) -> bool:
    return isinstance(node, Call) and node.name in {"deployment", "resourceGroup"}
