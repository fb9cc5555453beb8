"""What a deployment makes: resources and modules with their values, and what was met on the way."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tests.infra.bicep.parser import parse_file
from tests.infra.bicep.places import Place
from tests.infra.bicep.syntax import File, Module, Resource
from tests.infra.bicep.values import EvaluationError, Finding, runtime_value

if TYPE_CHECKING:
    from tests.infra.bicep.deployment import Template


@dataclass(eq=False)
class ResourceValue:
    """One resource of a deployment, or one that exists already."""

    template: "Template"
    declaration: Resource
    name: str = ""
    id: str = ""
    body: dict[str, Any] = field(default_factory=dict)
    deployed: bool = True

    @property
    def type(self) -> str:
        return self.declaration.type

    @property
    def existing(self) -> bool:
        return self.declaration.existing

    def member(self, name: str) -> Any:
        known = {"id": self.id, "name": self.name, "type": self.type}
        if name in known:
            return known[name]
        if not self.deployed:
            raise EvaluationError(f"{self.declaration.name} is not deployed: it has no {name}")
        return runtime_value(f"{self.id}#{name}")

    def finding(self, rule: str, message: str) -> Finding:
        shown = f"{self.type} {self.name}: {message}"
        return Finding(self.template.shown, self.declaration.line, rule, shown)


@dataclass(eq=False)
class ModuleValue:
    template: "Template"
    declaration: Module
    name: str
    child: "Template | None"

    @property
    def deployed(self) -> bool:
        return self.child is not None

    def member(self, name: str) -> Any:
        if name == "name":
            return self.name
        if self.child is None:
            raise EvaluationError(f"{self.declaration.name} is not deployed: it has no {name}")
        if name != "outputs":
            raise EvaluationError(f"a module has no {name}")
        return Outputs(self.child)


@dataclass(frozen=True)
class Outputs:
    template: "Template"
    deployed = True

    def member(self, name: str) -> Any:
        return self.template.output(name)


@dataclass
class Run:
    """What one deployment made and met."""

    root: Path
    place: Place
    resources: list[ResourceValue] = field(default_factory=list)
    modules: list[ModuleValue] = field(default_factory=list)
    templates: "list[Template]" = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    branches: set[tuple[str, int, int, bool]] = field(default_factory=set)
    used: set[tuple[str, str]] = field(default_factory=set)
    files: dict[Path, File] = field(default_factory=dict)

    def read(self, path: Path) -> File:
        if path not in self.files:
            self.files[path] = parse_file(path)
        return self.files[path]
