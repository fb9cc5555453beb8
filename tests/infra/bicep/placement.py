"""What may stand where: functions, loops, and what has to be known before anything is deployed."""

from collections.abc import Iterator

from tests.infra.bicep.scopes import answered_later, free_names, symbol
from tests.infra.bicep.syntax import (
    Call,
    Declaration,
    Deployed,
    File,
    For,
    If,
    Index,
    Lambda,
    List,
    Literal,
    Module,
    Name,
    Node,
    Object,
    Output,
    Param,
    Property,
    Resource,
    Var,
    children,
    walk,
)
from tests.infra.bicep.values import Finding

ONLY_DEFAULTS = {"newGuid", "utcNow"}
ONLY_PARAMETER_FILES = {"readEnvironmentVariable"}


def check_placement(path: str, file: File) -> Iterator[Finding]:
    for one in file.declarations:
        yield from _functions(path, one, file)
        yield from _collections(path, one, file)
        yield from _loops(path, one)
        yield from _known_at_start(path, one, file)
        if isinstance(one, Deployed):
            yield from _depends_on(path, one, file)


def _functions(path: str, one: Declaration, file: File) -> Iterator[Finding]:
    in_default = isinstance(one, Param) and not file.using
    for node in walk(one):
        if not isinstance(node, Call):
            continue
        if node.name in ONLY_DEFAULTS and not in_default:
            message = f"{one.name}: {node.name}() may only be a parameter's default"
            yield Finding(path, node.line, "BCP065", message)
        if node.name in ONLY_PARAMETER_FILES and not file.using:
            message = f"{one.name}: {node.name}() may only stand in a .bicepparam file"
            yield Finding(path, node.line, "BCP338", message)
        if node.name.startswith("load") and not isinstance(node.arguments[0], Literal):
            message = f"{one.name}: {node.name}() wants the path as it is, not computed"
            yield Finding(path, node.line, "BCP032", message)
    yield from _get_secret(path, one, file)


def _get_secret(path: str, one: Declaration, file: File) -> Iterator[Finding]:
    """getSecret() is no expression: it is handed to a module's parameter, or assigned to one."""
    if file.using:
        return
    params = one.body.get("params") if isinstance(one, Module) else None
    given = params.properties() if isinstance(params, Object) else ()
    right = {id(item.value) for item in given}
    for node in walk(one):
        if isinstance(node, Call) and node.name == "getSecret" and id(node) not in right:
            message = f"{one.name}: getSecret() may only be given to a module's parameter"
            yield Finding(path, node.line, "BCP180", message)


def _collections(path: str, one: Declaration, file: File) -> Iterator[Finding]:
    """What a loop deploys is used one by one, by an index that no lambda gives."""
    looped = {name for name, other in file.deployed().items() if other.loop is not None}
    indexed = [node for node in walk(one) if isinstance(node, Index) and symbol(node) in looped]
    right = {id(node.object) for node in indexed}
    if isinstance(one, Deployed) and isinstance(listed := one.body.get("dependsOn"), List):
        right |= {id(item) for item in listed.items}
    for name in free_names(one):
        if name.name in looped and id(name) not in right:
            message = f"{one.name}: all of {name.name} cannot be used at once, only by an index"
            yield Finding(path, name.line, "BCP144", message)
    for function in (node for node in walk(one) if isinstance(node, Lambda)):
        for node in walk(function.body):
            if node in indexed and any(n.name in function.names for n in _names(node)):
                message = f"{one.name}: the index of {symbol(node)} comes from a lambda"
                yield Finding(path, node.line, "BCP247", message)


def _names(node: Node) -> Iterator[Name]:
    return (one for one in walk(node) if isinstance(one, Name))


def _loops(path: str, one: Declaration) -> Iterator[Finding]:
    right = {id(node) for node in _places_of_loops(one)}
    for node in walk(one):
        if isinstance(node, For) and id(node) not in right:
            message = f"{one.name}: a loop cannot stand here, only as a value or a property's value"
            yield Finding(path, node.line, "BCP138", message)


def _places_of_loops(one: Declaration) -> Iterator[Node]:
    if isinstance(one, Var | Output | Deployed):
        yield one.value
    if isinstance(one, Deployed):
        yield from _property_loops(one.body)


def _property_loops(node: Node) -> Iterator[Node]:
    """Yield loops that are values of properties; within such a loop there is no other one."""
    for child in children(node):
        if isinstance(child, Property) and isinstance(child.value, For):
            yield child.value
        elif isinstance(child, Object | List | Property | If):
            yield from _property_loops(child)


def _known_at_start(path: str, one: Declaration, file: File) -> Iterator[Finding]:
    for code, what, node in _wanted_at_start(one):
        if later := answered_later(node, file):
            message = f"{one.name}: its {what} needs {later}, which only the deployment knows"
            yield Finding(path, node.line or one.line, code, message)


def _wanted_at_start(one: Declaration) -> Iterator[tuple[str, str, Node]]:
    if isinstance(one, Var) and isinstance(one.value, For):
        yield "BCP182", "loop", one.value
    if isinstance(one, Output) and isinstance(one.value, For):
        yield "BCP178", "loop", one.value.source
    if isinstance(one, Deployed):
        yield from _wanted_of_deployed(one)


def _wanted_of_deployed(one: Deployed) -> Iterator[tuple[str, str, Node]]:
    if one.condition is not None:
        yield "BCP177", "condition", one.condition
    for loop in (node for node in walk(one) if isinstance(node, For)):
        yield "BCP178", "loop", loop.source
    for key in ("name", "scope"):
        if (value := one.body.get(key)) is not None:
            yield "BCP120", key, value


def _depends_on(path: str, one: Deployed, file: File) -> Iterator[Finding]:
    listed = one.body.get("dependsOn")
    items = listed.items if isinstance(listed, List) else ()
    for item in items:
        if symbol(item) not in file.deployed():
            message = f"{one.name}: dependsOn holds what is no resource and no module"
            yield Finding(path, item.line, "BCP034", message)
    parent = one.body.get("parent")
    if isinstance(one, Resource) and parent is not None:
        yield from _parent(path, one, symbol(parent), file)


def _parent(path: str, one: Resource, name: str, file: File) -> Iterator[Finding]:
    parent = file.deployed().get(name)
    wanted = one.type.rpartition("/")[0]
    if not isinstance(parent, Resource) or parent.type != wanted:
        message = f"{one.name}: its parent has to be a resource of the type {wanted}"
        yield Finding(path, one.line, "BCP036", message)
