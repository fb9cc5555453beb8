"""The deployments that are evaluated: every environment, in every state it goes through."""

from dataclasses import dataclass, field
from functools import cache
from typing import Any

from tests.architecture.tree import ROOT
from tests.infra.bicep.deployment import deploy
from tests.infra.bicep.places import Place
from tests.infra.bicep.results import Run

DIGEST = "sha256:" + "5a" * 32
GUID = "11111111-2222-3333-4444-555555555555"
# What the pipeline, or whoever deploys, has in its environment; each secret is another one.
SECRETS = {
    "SECRET_KEY": "K3y-" + "a7" * 24,
    "JWT_SECRET": "J3t-" + "b8" * 24,
    "POSTGRES_PASSWORD": "P0st-" + "c9" * 16,
    "SMTP_PASSWORD": "Sm7p-" + "d1" * 16,
}
MAIL = {
    "SMTP_APPLICATION_ID": GUID,
    "SMTP_PRINCIPAL_ID": GUID,
    "MAIL_DOMAIN": "mail.talenti.app",
    "MAIL_DOMAIN_VERIFIED": "true",
    "EMAIL_FROM": "Talenti <no-reply@mail.talenti.app>",
}
SERVING = {
    "IMAGE_DIGEST": DIGEST,
    "VERSION": "1.2.3",
    "DEPLOY_SHA": "0123abc",
    "BUDGET_START_DATE": "2026-12-01",
    **MAIL,
}
PHONE = {
    "EVENT_GRID_APPLICATION_ID": GUID,
    "EVENT_GRID_SECRET": "Ev9t-" + "e2" * 16,
    "CALLER_NUMBER": "+61255501234",
}
CALLS = {"CALL_HOURS_FROM": 8, "CALL_DAYS": "mon,tue,wed,thu,fri"}
CANARY = {
    "SERVING_REVISION": "ca-api-talenti-prod-aue--old",
    "CANARY_REVISION": "ca-api-talenti-prod-aue--new",
    "CANARY_WEIGHT": "10",
    "CUSTOM_DOMAIN": "api.talenti.app",
    "EVENT_GRID_PREVIOUS_SECRET": "Pr3v-" + "f3" * 16,
    "OPERATOR_IP_RANGES": "203.0.113.7/32,203.0.113.8/32",
    "DEPLOYED_AT": "2026-11-23T04:05:06Z",
}
OWN_SERVERS = {
    "DATABASE_URL": "postgres://talenti:word@db.example:5432/talenti?sslmode=verify-full",
    "EMAIL_URL": "smtp+tls://mailer:word@mail.example:587",
    "CERTIFICATE_ID": f"/subscriptions/{GUID}/certificates/talenti",
}
REPLICA = {
    "POSTGRES_CREATE_MODE": "Replica",
    "POSTGRES_SOURCE_SERVER_ID": f"/subscriptions/{GUID}/flexibleServers/psql-talenti-prod-aue",
}
RESTORED = {
    "POSTGRES_CREATE_MODE": "GeoRestore",
    "POSTGRES_RESTORE_POINT": "2026-11-23T04:05:06Z",
}


@dataclass(frozen=True)
class Scenario:
    name: str
    parameters: str
    variables: dict[str, str] = field(default_factory=dict)
    changed: dict[str, Any] = field(default_factory=dict)

    def __str__(self) -> str:
        return self.name


SCENARIOS = (
    *(Scenario(f"{name}-first", name) for name in ("dev", "staging", "prod", "dr")),
    *(
        Scenario(f"{name}-migrating", name, {"IMAGE_DIGEST": DIGEST, "DEPLOY_APPS": "false"})
        for name in ("dev", "staging", "prod", "dr")
    ),
    *(
        Scenario(f"{name}-serving", name, SERVING | PHONE)
        for name in ("dev", "staging", "prod", "dr")
    ),
    Scenario("dev-asleep", "dev", SERVING, {"minReplicas": 0}),
    Scenario("prod-canary", "prod", SERVING | PHONE | CANARY, {"callSettings": CALLS}),
    Scenario("prod-phone-begins", "prod", SERVING | PHONE | {"SUBSCRIBE_EVENTS": "false"}),
    Scenario("prod-domain-unverified", "prod", SERVING | {"MAIL_DOMAIN_VERIFIED": "false"}),
    Scenario("dr-replica", "dr", SERVING | REPLICA),
    Scenario("dr-restored", "dr", SERVING | REPLICA | RESTORED),
    Scenario("prod-other-servers", "prod", SERVING | CANARY | OWN_SERVERS),
)


@cache
def run(scenario: str) -> Run:
    """Return what the scenario deploys; it is evaluated once."""
    found = next(one for one in SCENARIOS if one.name == scenario)
    place = Place(f"rg-talenti-{found.parameters}", "australiaeast", SECRETS | found.variables)
    path = ROOT / "infra/parameters" / f"{found.parameters}.bicepparam"
    return deploy(ROOT, path, place, **found.changed)
