"""A whole deployment: every resource that a template and its modules make, with its values."""

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from tests.infra.bicep.evaluation import Evaluator
from tests.infra.bicep.places import Place, answer, resource_id
from tests.infra.bicep.results import ModuleValue, ResourceValue, Run
from tests.infra.bicep.syntax import (
    Call,
    Declaration,
    Deployed,
    For,
    Function,
    Module,
    Object,
    Output,
    Param,
    Resource,
    Ternary,
    Var,
)
from tests.infra.bicep.types import mismatch
from tests.infra.bicep.values import EvaluationError, Finding, secured

META = {"dependsOn", "name", "parent", "scope"}


class Template:
    """One file, deployed with its parameters; each name is evaluated when it is asked for."""

    def __init__(
        self,
        run: Run,
        path: Path,
        given: dict[str, Any],
        place: Place,
        chain: "tuple[tuple[Template, str], ...]" = (),
    ) -> None:
        self.run, self.path, self.given, self.place, self.chain = run, path, given, place, chain
        self.file = run.read(path)
        self.names = self.file.named()
        self.known: dict[str, Any] = {}
        self.under_way: set[str] = set()
        run.templates.append(self)

    @property
    def shown(self) -> str:
        return self.path.relative_to(self.run.root).as_posix()

    def deploy(self) -> None:
        """Evaluate everything that is declared, with modules and all they declare."""
        for name, one in self.names.items():
            if isinstance(one, Var | Param | Deployed):
                self.attempt(one, partial(self.value_of, name))
        for name, output in self.file.outputs().items():
            self.attempt(output, partial(self.output, name))

    def attempt(self, declaration: Declaration, act: Callable[[], Any]) -> None:
        """Evaluate, and note what fails."""
        try:
            act()
        except EvaluationError as error:
            message = f"{declaration.name}: {error}"
            finding = Finding(self.shown, declaration.line, "evaluation", message)
            if finding not in self.run.findings:
                self.run.findings.append(finding)

    # --- the scope of expressions -----------------------------------------------------------
    def value_of(self, name: str) -> Any:
        if name in self.known:
            return self.known[name]
        declaration = self.names.get(name)
        if declaration is None:
            raise EvaluationError(f"unknown symbol {name}")
        if name in self.under_way:
            raise EvaluationError(f"{name} refers to itself")
        self.under_way.add(name)
        try:
            self.known[name] = self._made(declaration)
        finally:
            self.under_way.discard(name)
        return self.known[name]

    def call(self, call: Call, owner: Any, arguments: list[Any]) -> Any:
        function = self.names.get(call.name)
        if owner is None and isinstance(function, Function):
            names = [name for name, _ in function.parameters]
            local = dict(zip(names, arguments, strict=True))
            return Evaluator(self, local).evaluate(function.body)
        if owner is not None:
            if not isinstance(owner, ResourceValue):
                raise EvaluationError(f"{call.name}() belongs to resources")
            arguments = [owner.id, *arguments]
        return answer(call.name, arguments, self.place, self.path.parent)

    def went(self, choice: Ternary | For, *, yes: bool) -> None:
        self.run.branches.add((self.shown, choice.line, choice.column, yes))

    # --- what declarations give -------------------------------------------------------------
    def _made(self, declaration: Any) -> Any:
        if isinstance(declaration, Param):
            return self._param(declaration)
        if isinstance(declaration, Var):
            return Evaluator(self).evaluate(declaration.value)
        if isinstance(declaration, Deployed):
            return self._deployed(declaration)
        raise EvaluationError(f"{declaration.name} is no value")

    def _param(self, param: Param) -> Any:
        given = param.name in self.given and self.given[param.name] is not None
        if given:
            value = self.given[param.name]
        elif param.default is not None:
            value = Evaluator(self).evaluate(param.default)
        else:
            value = None
        if problem := self._unfit(param, value):
            raise EvaluationError(problem)
        return secured(value) if param.decorator("secure") else value

    def _unfit(self, param: Param, value: Any) -> str:
        if problem := mismatch(value, param.type, self.names, param.name):
            return problem
        for name, fits in LIMITS.items():
            if (call := param.decorator(name)) and value is not None:
                limit = Evaluator(self).evaluate(call.arguments[0])
                if not fits(value, limit):
                    return f"{param.name} is {value!r}, against @{name}({limit})"
        return ""

    def output(self, name: str) -> Any:
        key = f"output {name}"
        if key not in self.known:
            output = self.file.outputs().get(name)
            if output is None:
                raise EvaluationError(f"{self.shown} has no output {name}")
            self.known[key] = self._output(output)
        return self.known[key]

    def _output(self, output: Output) -> Any:
        value = Evaluator(self).evaluate(output.value)
        if problem := mismatch(value, output.type, self.names, f"output {output.name}"):
            raise EvaluationError(problem)
        return secured(value) if output.decorator("secure") else value

    def _deployed(self, one: Deployed) -> Any:
        if one.loop is None:
            return self._one(one, Evaluator(self))
        return [self._one(one, inner) for inner in Evaluator(self).rounds(one.loop)]

    def _one(self, one: Deployed, evaluator: Evaluator) -> Any:
        wanted = one.condition is None or evaluator.evaluate(one.condition) is True
        if wanted:
            self.run.used.add((self.shown, one.name))
        if isinstance(one, Resource):
            return self._resource(one, evaluator, wanted=wanted)
        assert isinstance(one, Module)
        return self._module(one, evaluator, wanted=wanted)

    def _resource(self, one: Resource, evaluator: Evaluator, *, wanted: bool) -> ResourceValue:
        found = ResourceValue(self, one, deployed=wanted)
        body = one.body
        name = evaluator.evaluate(_required(body, "name"))
        parent, scope = body.get("parent"), body.get("scope")
        owner = evaluator.evaluate(parent) if parent else None
        found.name = f"{owner.name}/{name}" if owner else name
        base = self._base(evaluator.evaluate(scope)) if scope else self.place.group_id
        if owner:
            found.id = f"{owner.id}/{one.type.rpartition('/')[2]}/{name}"
        else:
            found.id = resource_id(base, one.type, *found.name.split("/"))
        if wanted:
            rest = Object(tuple(p for p in body.items if getattr(p, "name", "") not in META))
            found.body = evaluator.evaluate(rest)
            self.run.resources.append(found)
        return found

    def _base(self, scope: Any) -> str:
        return str(scope.id if isinstance(scope, ResourceValue) else scope["id"])

    def _module(self, one: Module, evaluator: Evaluator, *, wanted: bool) -> ModuleValue:
        name = one.body.get("name")
        shown = str(evaluator.evaluate(name)) if name else one.name
        if not wanted:
            return ModuleValue(self, one, shown, None)
        params = one.body.get("params")
        given = evaluator.evaluate(params) if params else {}
        path = (self.path.parent / one.path).resolve()
        if not path.is_file():
            raise EvaluationError(f"there is no module {one.path}")
        place = self._module_place(one, evaluator)
        child = Template(self.run, path, given, place, (*self.chain, (self, one.name)))
        child.deploy()
        module = ModuleValue(self, one, shown, child)
        self.run.modules.append(module)
        return module

    def _module_place(self, one: Module, evaluator: Evaluator) -> Place:
        scope = one.body.get("scope")
        if scope is None:
            return self.place
        group = evaluator.evaluate(scope).get("name", "")
        return Place(group, self.place.location, self.place.variables)


def _required(body: Object, name: str) -> Any:
    found = body.get(name)
    if found is None:
        raise EvaluationError(f"it has no {name}")
    return found


def _size(value: Any) -> int:
    return value if isinstance(value, int) else len(value)


LIMITS = {
    "allowed": lambda value, allowed: value in allowed,
    "maxLength": lambda value, limit: _size(value) <= limit,
    "maxValue": lambda value, limit: _size(value) <= limit,
    "minLength": lambda value, limit: _size(value) >= limit,
    "minValue": lambda value, limit: _size(value) >= limit,
}


def deploy(root: Path, parameters: Path, place: Place, **changed: Any) -> Run:
    """Deploy what a .bicepparam file uses, with its parameters and those that are changed."""
    run = Run(root, place)
    sheet = Template(run, parameters, {}, place)
    using = (parameters.parent / sheet.file.using).resolve()
    sheet.deploy()
    given = {name: sheet.known.get(name) for name in sheet.file.params()} | changed
    if not run.findings:
        Template(run, using, given, place).deploy()
    return run
