"""The queries ask for columns of a workspace, and for what the application really sends."""

import re
from pathlib import Path

import pytest

from tests.architecture.tree import HOUSES, ROOT
from tests.docs.reading import DOCUMENTS

QUERIES = sorted((ROOT / "infra/queries").glob("*.kql"))
# Of the tables of Application Insights in a workspace, as their reference has them.
OF_ALL = {"TimeGenerated", "Type", "Properties", "AppRoleName", "AppRoleInstance", "OperationId"}
COLUMNS = {
    "AppRequests": {"Name", "ResultCode", "DurationMs", "Success", "ItemCount"},
    "AppDependencies": {"Name", "ResultCode", "DurationMs", "Success"},
    "AppTraces": {"Message"},
    "AppExceptions": {"OuterMessage"},
    "AppMetrics": {"Name", "Sum", "ItemCount"},
    "AppAvailabilityResults": {"Success"},
    "ContainerAppConsoleLogs_CL": {
        "ContainerAppName_s",
        "ContainerName_s",
        "Log_s",
        "RevisionName_s",
    },
}
# What the exporter itself adds: see tests/talenti/telemetry/test_arrival.py.
OF_THE_EXPORTER = {"logger"}
# What the same is called in the classic component, which the guide asked.
CLASSIC = {"timestamp", "duration", "success", "resultCode", "cloud_RoleName", "customDimensions"}
COMMENT = re.compile(r"^\s*//.*$", re.MULTILINE)
STRING = re.compile(r'@?"[^"]*"')
PROPERTY = re.compile(r'Properties(?:\.(\w+)|\["([\w.]+)"\])')
METRIC = re.compile(r'Name (?:== |in \()((?:"\w+"(?:, )?)+)')


def sources() -> str:
    return "\n".join(
        path.read_text() for house in HOUSES for path in sorted((ROOT / house).rglob("*.py"))
    )


@pytest.mark.parametrize("path", QUERIES, ids=lambda path: path.stem)
def test_tables_and_columns_are_those_of_a_workspace(path: Path) -> None:
    code = STRING.sub("", COMMENT.sub("", path.read_text()))
    words = set(re.findall(r"\b[A-Z]\w+", code))
    tables = words & set(COLUMNS)

    assert tables
    assert set(re.findall(r"\w+", code)) & CLASSIC == set()
    assert words - tables - OF_ALL - set().union(*(COLUMNS[name] for name in tables)) == set()


def test_metrics_and_properties_are_those_the_application_names() -> None:
    text = "\n".join(path.read_text() for path in QUERIES)
    metrics = {name for found in METRIC.findall(text) for name in re.findall(r"\w+", found)}
    properties = {first or second for first, second in PROPERTY.findall(text)}
    written = set(re.findall(r'"([\w.]+)"', sources()))

    assert {"work_dead", "work_oldest_due_seconds", "provider_breaker_open"} <= metrics
    assert {"kind", "provider", "queue", "talenti.request_id"} <= properties
    assert metrics - written == set()
    assert properties - written - OF_THE_EXPORTER == set()


def test_queries_shown_in_documents_are_the_saved_ones() -> None:
    saved = {COMMENT.sub("", path.read_text()).strip() for path in QUERIES}
    shown = [
        block.strip()
        for document in DOCUMENTS
        for block in re.findall(
            r"^```kusto\n(.*?)^```", document.read_text(), re.MULTILINE | re.DOTALL
        )
    ]

    assert shown
    assert [block for block in shown if block not in saved] == []
