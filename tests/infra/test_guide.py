"""What the deployment guide requires of infra/, in numbers and names, as it would be deployed."""

import json
from typing import Any

import pytest

from tests.architecture.tree import ROOT
from tests.infra.bicep.apps import Container, containers, variables
from tests.infra.bicep.results import ResourceValue
from tests.infra.scenarios import run

APP = "Microsoft.App/containerApps"
SIZES = {
    "dev-serving": ("0.5", "1Gi", 1, 2, 2),
    "staging-serving": ("0.5", "1Gi", 1, 3, 2),
    "prod-serving": ("1", "2Gi", 2, 10, 5),
    "dr-serving": ("1", "2Gi", 2, 10, 5),
}


def made(scenario: str, kind: str, name: str = "") -> ResourceValue:
    found = [
        one
        for one in run(scenario).resources
        if one.type == kind and name in one.name and not one.existing
    ]
    assert len(found) == 1, [one.name for one in found]
    return found[0]


def properties(scenario: str, kind: str, name: str = "") -> dict[str, Any]:
    found: dict[str, Any] = made(scenario, kind, name).body["properties"]
    return found


def container(scenario: str, command: str) -> Container:
    return next(one for one in containers(run(scenario)) if one.command == command)


@pytest.mark.parametrize("scenario", SIZES)
def test_apps_have_their_sizes_and_numbers_of_replicas(scenario: str) -> None:
    api, worker = (container(scenario, command) for command in ("api", "worker"))
    scale = api.app.body["properties"]["template"]["scale"]
    workers = worker.app.body["properties"]["template"]["scale"]

    assert (
        str(api.body["resources"]["cpu"]),
        api.body["resources"]["memory"],
        scale["minReplicas"],
        scale["maxReplicas"],
        workers["maxReplicas"],
    ) == SIZES[scenario]
    assert worker.body["resources"] == {"cpu": 0.5, "memory": "1Gi"}
    assert workers["minReplicas"] == 1


def test_dev_may_sleep() -> None:
    api = container("dev-asleep", "api").app.body["properties"]

    assert api["template"]["scale"]["minReplicas"] == 0


def test_api_scales_on_requests_cpu_and_memory_and_workers_on_waiting_work() -> None:
    api, worker = (
        container("prod-serving", command).app.body["properties"]["template"]["scale"]["rules"]
        for command in ("api", "worker")
    )

    assert [rule.get("http", rule.get("custom"))["metadata"] for rule in api] == [
        {"concurrentRequests": "100"},
        {"type": "Utilization", "value": "70"},
        {"type": "Utilization", "value": "80"},
    ]
    assert {rule["custom"]["metadata"]["listLength"] for rule in worker} == {"5"}


def test_probes_ask_as_often_as_the_guide_says() -> None:
    probes = {probe["type"]: probe for probe in container("prod-serving", "api").body["probes"]}

    assert [
        (kind, probes[kind]["httpGet"]["path"], *_times(probes[kind]))
        for kind in ("Liveness", "Readiness")
    ] == [("Liveness", "/health", 10, 30), ("Readiness", "/health/ready", 5, 10)]


def _times(probe: dict[str, Any]) -> tuple[int, int]:
    return probe["initialDelaySeconds"], probe["periodSeconds"]


def test_api_is_reached_over_tls_alone_and_keeps_several_revisions() -> None:
    configuration = made("prod-serving", APP, "ca-api-").body["properties"]["configuration"]

    assert configuration["activeRevisionsMode"] == "Multiple"
    assert configuration["ingress"]["targetPort"] == 8000
    assert configuration["ingress"]["allowInsecure"] is False
    assert (
        "ingress" not in made("prod-serving", APP, "ca-worker-").body["properties"]["configuration"]
    )


def test_a_canary_keeps_its_share_when_the_template_is_deployed_again() -> None:
    ingress = made("prod-canary", APP, "ca-api-").body["properties"]["configuration"]["ingress"]

    assert [
        (one["revisionName"].rpartition("--")[2], one["weight"]) for one in ingress["traffic"]
    ] == [
        ("old", 90),
        ("new", 10),
    ]


@pytest.mark.parametrize(
    ("scenario", "days", "tier", "storage"),
    [
        ("dev-serving", 30, "Basic", "Standard_LRS"),
        ("staging-serving", 30, "Basic", "Standard_LRS"),
        ("prod-serving", 90, "Premium", "Standard_RAGZRS"),
    ],
)
def test_logs_registry_and_storage_are_of_their_tier(
    scenario: str, days: int, tier: str, storage: str
) -> None:
    logs = properties(scenario, "Microsoft.OperationalInsights/workspaces")
    registry = made(scenario, "Microsoft.ContainerRegistry/registries")

    assert logs["retentionInDays"] == days
    assert registry.body["sku"] == {"name": tier}
    assert registry.body["properties"]["adminUserEnabled"] is False
    assert made(scenario, "Microsoft.Storage/storageAccounts").body["sku"] == {"name": storage}


def test_blobs_can_be_brought_back_for_30_days_and_containers_for_7() -> None:
    blobs = properties("prod-serving", "Microsoft.Storage/storageAccounts/blobServices")
    names = {
        one.name.rpartition("/")[2]
        for one in run("prod-serving").resources
        if one.type == "Microsoft.Storage/storageAccounts/blobServices/containers"
    }

    assert blobs["deleteRetentionPolicy"] == {"enabled": True, "days": 30}
    assert blobs["containerDeleteRetentionPolicy"] == {"enabled": True, "days": 7}
    assert names >= {"candidate-documents", "exports", "interview-recordings"}


def test_lifecycle_is_a_backstop_behind_the_longest_retention_of_the_application() -> None:
    policy = properties("prod-serving", "Microsoft.Storage/storageAccounts/managementPolicies")
    rules = {rule["name"]: rule["definition"] for rule in policy["policy"]["rules"]}
    ends = [
        definition["actions"]["baseBlob"]["delete"]["daysAfterModificationGreaterThan"]
        for definition in rules.values()
        if definition["filters"]["prefixMatch"] == ["interview-recordings/"]
    ]

    assert ends != []
    assert min(ends) > 3650  # RECORDING_RETENTION_DAYS at most
    assert "90" in json.dumps([d for d in rules.values() if "exports/" in str(d["filters"])])


def test_vault_keeps_what_is_deleted_for_90_days() -> None:
    vault = properties("prod-serving", "Microsoft.KeyVault/vaults")

    assert vault["softDeleteRetentionInDays"] == 90
    assert vault["enablePurgeProtection"] is True
    assert vault["enableRbacAuthorization"] is True


def test_network_has_the_ranges_of_the_guide() -> None:
    network = properties("prod-serving", "Microsoft.Network/virtualNetworks")

    assert network["addressSpace"] == {"addressPrefixes": ["10.0.0.0/16"]}
    assert {one["name"]: one["properties"]["addressPrefix"] for one in network["subnets"]} == {
        "snet-container-apps": "10.0.0.0/23",
        "snet-private-endpoints": "10.0.2.0/24",
    }


@pytest.mark.parametrize(
    ("scenario", "private"),
    [("dev-serving", False), ("staging-serving", True), ("prod-serving", True)],
)
def test_staging_and_prod_reach_their_services_over_private_addresses(
    scenario: str, *, private: bool
) -> None:
    closed = "Disabled" if private else "Enabled"
    endpoints = {
        one.name.split("-")[1]
        for one in run(scenario).resources
        if one.type == "Microsoft.Network/privateEndpoints"
    }

    assert properties(scenario, "Microsoft.Cache/redisEnterprise")["publicNetworkAccess"] == closed
    server = properties(scenario, "Microsoft.DBforPostgreSQL/flexibleServers")
    assert server["network"]["publicNetworkAccess"] == closed
    wanted = {"vault", "blob", "redis", "openai", "postgres"}
    assert endpoints >= wanted if private else endpoints == set()


@pytest.mark.parametrize("scenario", ["staging-serving", "prod-serving"])
def test_every_resource_that_takes_tags_is_tagged(scenario: str) -> None:
    tags = {
        json.dumps({k: v for k, v in one.body["tags"].items() if not k.startswith("hidden-link")})
        for one in run(scenario).resources
        if "tags" in one.body
    }

    assert len(tags) == 1
    assert json.loads(tags.pop()) == {
        "project": "talenti",
        "environment": scenario.partition("-")[0],
        "managedBy": "bicep",
    }


def test_only_the_sites_of_prod_may_call_from_browsers() -> None:
    api = variables(container("prod-serving", "api"), run("prod-serving"))

    assert api["ALLOWED_ORIGINS"] == "https://talenti.app,https://www.talenti.app"
    assert (api["ENVIRONMENT"], api["LOG_LEVEL"]) == ("prod", "INFO")
    assert (api["JWT_ISSUER"], api["JWT_AUDIENCE"]) == ("talenti", "talenti-users")
    assert (api["AZURE_STORAGE_SAS_TTL_MINUTES"], api["RECORDING_RETENTION_DAYS"]) == ("15", "30")
    assert (api["RATE_LIMIT_REQUESTS"], api["RATE_LIMIT_WINDOW_SECONDS"]) == ("100", "60")


def test_alerts_and_budget_are_those_of_the_guide() -> None:
    rules = {
        one.body["properties"]["displayName"]: one.body["properties"]
        for one in run("prod-serving").resources
        if one.type == "Microsoft.Insights/scheduledQueryRules"
    }
    watched = {
        name: (rules[name]["severity"], rules[name]["criteria"]["allOf"][0]["threshold"])
        for name in ("error-rate", "latency")
    }

    assert watched == {"error-rate": (2, 10), "latency": (3, 5000)}
    assert rules["error-rate"]["windowSize"] == rules["latency"]["windowSize"] == "PT5M"
    receivers = properties("prod-serving", "Microsoft.Insights/actionGroups")["emailReceivers"]
    assert [one["emailAddress"] for one in receivers] == ["ops@talenti.app"]
    assert properties("prod-serving", "Microsoft.Consumption/budgets")["amount"] == 2000


def test_nothing_is_deployed_before_its_image_is() -> None:
    first, migrating = (
        {one.type for one in run(f"prod-{state}").resources} for state in ("first", "migrating")
    )

    assert {"Microsoft.App/jobs", APP} & first == set()
    assert {"Microsoft.App/jobs", APP} & migrating == {"Microsoft.App/jobs"}


def test_guides_folder_has_its_lifecycle_policy_and_linter_settings() -> None:
    assert json.loads((ROOT / "infra/storage-lifecycle-policy.json").read_text())["rules"]
    assert json.loads((ROOT / "infra/bicepconfig.json").read_text())["analyzers"]["core"]["enabled"]


# Connections that Azure allows people on a server of each size.
MOST_CONNECTIONS = {"Standard_B2s": 414, "Standard_D2ds_v5": 844}


@pytest.mark.parametrize("scenario", ["dev-serving", "prod-serving", "dr-serving"])
def test_database_and_redis_are_watched_before_they_are_full(scenario: str) -> None:
    size = made(scenario, "Microsoft.DBforPostgreSQL/flexibleServers").body["sku"]["name"]
    limits = {
        rule["metricName"]: rule["threshold"]
        for one in run(scenario).resources
        if one.type == "Microsoft.Insights/metricAlerts"
        for rule in one.body["properties"]["criteria"]["allOf"]
    }

    connections = limits.pop("active_connections")
    assert 0.75 < connections / MOST_CONNECTIONS[size] < 0.85
    assert limits == {
        "DeadLetteredCount": 0,
        "cpu_percent": 85,
        "memory_percent": 90,
        "storage_percent": 90,
        "usedmemorypercentage": 80,
    }


def test_server_of_somebody_else_is_not_watched() -> None:
    names = [
        one.name
        for one in run("prod-other-servers").resources
        if one.type == "Microsoft.Insights/metricAlerts"
    ]

    assert names == ["alert-redis-memory-talenti-prod-aue"]
