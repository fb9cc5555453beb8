"""All rules: those of one file, and those of a whole deployment."""

import contextlib
from collections.abc import Iterator
from pathlib import Path

from tests.infra.bicep.apps import Application, check_apps
from tests.infra.bicep.bodies import check_body
from tests.infra.bicep.contracts import check_contracts, check_parameter_file
from tests.infra.bicep.decorators import check_decorators
from tests.infra.bicep.grammar import check_grammar
from tests.infra.bicep.lint import check_lint
from tests.infra.bicep.names import check_names
from tests.infra.bicep.ordering import check_roles
from tests.infra.bicep.parser import parse
from tests.infra.bicep.placement import check_placement
from tests.infra.bicep.posture import check_posture
from tests.infra.bicep.results import Run
from tests.infra.bicep.secrets import check_flows, check_outputs
from tests.infra.bicep.symbols import check_symbols
from tests.infra.bicep.texts import check_texts
from tests.infra.bicep.tokens import BicepSyntaxError
from tests.infra.bicep.values import Finding


def check_file(root: Path, path: Path) -> list[Finding]:
    """Return what is wrong with the file as it stands, before any parameter has a value."""
    shown, text = path.relative_to(root).as_posix(), path.read_text()
    try:
        file = parse(text)
    except BicepSyntaxError as error:
        return [Finding(shown, error.line, "syntax", str(error))]
    found = [*check_grammar(shown, text), *check_symbols(shown, file)]
    found += [*check_decorators(shown, file), *check_placement(shown, file)]
    found += [*check_outputs(shown, file), *check_lint(shown, file)]
    contracts = check_parameter_file if file.using else check_contracts
    with contextlib.suppress(BicepSyntaxError):  # of another file, which has findings of its own
        found += contracts(shown, file, path.parent)
    return sorted(found)


def check_run(run: Run, application: Application, uncovered: set[str]) -> Iterator[Finding]:
    """Yield what Azure, or the application, would make of what is deployed."""
    bodies = [one for made in run.resources for one in check_body(made, uncovered)]
    yield from [*run.findings, *bodies, *check_names(run)]
    if any(one.rule == "oracle" for one in bodies):
        return  # the rules below look into bodies that have the right shape
    yield from check_posture(run)
    yield from check_texts(run)
    yield from check_flows(run)
    yield from check_roles(run)
    yield from check_apps(run, application)
