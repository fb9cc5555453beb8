"""Modules and those who use them: parameters that are wanted and given, outputs that exist."""

from collections.abc import Iterator
from pathlib import Path

from tests.infra.bicep.parser import parse_file
from tests.infra.bicep.scopes import symbol
from tests.infra.bicep.syntax import (
    File,
    Member,
    Module,
    NullableType,
    Object,
    Param,
    Resource,
    Spread,
    walk,
)
from tests.infra.bicep.values import Finding

MODULE_KEYS = {"dependsOn", "identity", "name", "params", "scope"}


def check_contracts(path: str, file: File, folder: Path) -> Iterator[Finding]:
    """Check each module that the file uses, and what it takes from its outputs."""
    for module in file.deployed().values():
        if isinstance(module, Resource) and not module.api_version:
            yield Finding(path, module.line, "BCP029", f"{module.name} has no API version")
        if not isinstance(module, Module):
            continue
        target = folder / module.path
        if not target.is_file():
            message = f"{module.name}: there is no {module.path}"
            yield Finding(path, module.line, "BCP091", message)
            continue
        used = parse_file(target)
        yield from _keys(path, module)
        yield from _parameters(path, module, used)
        yield from _outputs(path, file, module, used)


def _keys(path: str, module: Module) -> Iterator[Finding]:
    for item in module.body.properties():
        if item.name not in MODULE_KEYS:
            message = f"{module.name}: a module has no {item.name}"
            yield Finding(path, item.line, "BCP037", message)


def _parameters(path: str, module: Module, used: File) -> Iterator[Finding]:
    wanted = used.params()
    body = module.body.get("params") or Object(())
    if not isinstance(body, Object) or any(isinstance(item, Spread) for item in body.items):
        message = f"{module.name}: parameters are written one by one, so that they can be checked"
        yield Finding(path, module.line, "BCP183", message)
        return
    given = {item.name: item for item in body.properties()}
    for name, item in given.items():
        if name not in wanted:
            message = f"{module.name}: {module.path} has no parameter {name}"
            yield Finding(path, item.line, "BCP037", message)
    for name, param in wanted.items():
        if name not in given and is_required(param):
            message = f"{module.name}: the parameter {name} of {module.path} is missing"
            yield Finding(path, module.line, "BCP035", message)


def is_required(param: Param) -> bool:
    return param.default is None and not isinstance(param.type, NullableType)


def _outputs(path: str, file: File, module: Module, used: File) -> Iterator[Finding]:
    known = used.outputs()
    for node in walk(file):
        if not isinstance(node, Member) or not isinstance(node.object, Member):
            continue
        of_module = node.object.name == "outputs" and symbol(node.object.object) == module.name
        if of_module and node.name not in known:
            message = f"{module.path} has no output {node.name}"
            yield Finding(path, node.line, "BCP053", message)


def check_parameter_file(path: str, file: File, folder: Path) -> Iterator[Finding]:
    """Check that a .bicepparam file gives what its template wants."""
    target = folder / file.using
    if not file.using or not target.is_file():
        yield Finding(path, 1, "BCP278", f"uses {file.using or 'nothing'}, which does not exist")
        return
    wanted = parse_file(target).params()
    given = file.params()
    for name, param in given.items():
        if name not in wanted:
            yield Finding(path, param.line, "BCP259", f"{file.using} has no parameter {name}")
    for name, param in wanted.items():
        if name not in given and is_required(param):
            yield Finding(path, 1, "BCP258", f"the parameter {name} of {file.using} is missing")
