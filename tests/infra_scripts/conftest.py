"""An empty subscription, and the scripts run in it."""

from dataclasses import dataclass, field
from typing import Any

import pytest

from tests.infra_scripts.template import Template, make_all, named
from tests.stubs.fixtures import Outcome, Stubs

SHA = "c" * 40
# What there is to build is none of these tests' business; the real archive takes a second.
GIT = f"""#!/bin/bash
case $1 in
  rev-parse) echo {SHA} ;;
  status) ;;
  archive) cd "$(dirname "$0")" && touch Dockerfile && tar --create Dockerfile ;;
  *) exit 2 ;;
esac
"""
# The variables of a deployment are those that the parameters would read.
WATCHED = '#!/bin/bash\n[ "$1" != deployment ] || env -0 >"{folder}/variables"\n'
PROVIDERS = "App Cache CognitiveServices Communication Consumption ContainerRegistry"
PROVIDERS += " ContainerService DBforPostgreSQL EventGrid Insights KeyVault ManagedIdentity"
PROVIDERS += " Network OperationalInsights Storage"
DIGEST = "sha256:" + "d" * 64
SECRETS = {"SECRET_KEY": "key-" + "1" * 60, "JWT_SECRET": "jwt-" + "2" * 60}
SECRETS |= {"POSTGRES_PASSWORD": "word-" + "3" * 59}
CHANGES = (
    *("acr build", "acr import", "cognitiveservices account purge"),
    *("containerapp ingress traffic set", "containerapp job start", "containerapp job update"),
    *("deployment group create", "group create", "group delete", "keyvault recover"),
    *("network dns record-set cname set-record", "postgres flexible-server replica promote"),
    "provider register",
)


@dataclass
class Subscription:
    """The stand-ins, what the template was given, and everything that was printed."""

    stubs: Stubs
    template: Template
    printed: list[str] = field(default_factory=list)

    @property
    def world(self) -> dict[str, Any]:
        return self.stubs.world

    def run(self, script: str, *words: str, **variables: str) -> Outcome:
        """Run a script of infra/scripts."""
        outcome = self.stubs.run([f"infra/scripts/{script}.sh", *words], **variables)
        self.printed.append(outcome.stdout)
        return outcome

    def done(self, script: str, *words: str, **variables: str) -> str:
        """Run a script that has to succeed, and return what it printed."""
        outcome = self.run(script, *words, **variables)
        assert outcome.returncode == 0, outcome.stdout
        return outcome.stdout

    def refused(self, script: str, *words: str, **variables: str) -> str:
        """Run a script that has to fail, other than by a wrong call; return what it printed."""
        outcome = self.run(script, *words, **variables)
        assert outcome.returncode not in (0, 64), outcome.stdout
        return outcome.stdout

    def changes(self) -> list[str]:
        """Return the changing commands that were called, by their names."""
        calls = self.stubs.calls()
        return [name for call in calls for name in CHANGES if call.startswith(f"{name} ")]

    def revisions(self, app: str) -> list[str]:
        """Return the suffixes of an app's revisions, oldest first."""
        return [one["name"].rpartition("--")[2] for one in self.world["apps"][app]["revisions"]]

    def forget(self) -> None:
        """Begin to record anew."""
        self.stubs.recorded.clear()


@pytest.fixture
def subscription(stubs: Stubs) -> Subscription:
    """No group, one provider missing, and the template of infra/ waiting."""

    def variables() -> dict[str, str]:
        text = (stubs.folder / "variables").read_text()
        return dict(line.split("=", 1) for line in text.split("\0") if "=" in line)

    template = Template(variables)
    stubs.make(
        subscription="11111111-2222-3333-4444-555555555555",
        groups=[],
        providers=[f"Microsoft.{name}" for name in PROVIDERS.split()[1:]],
        resources=[],
        deleted_vaults=[],
        deleted_accounts=[],
        vaults={},
        databases={},
    )
    stubs.world["template"] = template
    carrier = (stubs.folder / "bin" / "az").read_text()
    stubs.put("az", carrier.replace("#!/bin/bash\n", WATCHED.format(folder=stubs.folder), 1))
    stubs.put("git", GIT)
    return Subscription(stubs, template)


def make_environment(subscription: Subscription, name: str, **given: str) -> None:
    """Put an environment there that serves the image DIGEST."""
    world, stem = subscription.world, f"talenti-{name}-aue"
    world["groups"].append(f"rg-{stem}")
    world["providers"] = [f"Microsoft.{one}" for one in PROVIDERS.split()]
    world["registries"][f"acrtalenti{name}"] = {f"talenti:sha-{SHA}": DIGEST}
    image = {"IMAGE_DIGEST": DIGEST, "VERSION": "1.2.3", "DEPLOY_SHA": SHA}
    names = named(f"rg-{stem}", f"infra/parameters/{name}.bicepparam")
    make_all(world, names, SECRETS | image | given)


@pytest.fixture
def deployed(subscription: Subscription) -> Subscription:
    """A dev environment that serves."""
    make_environment(subscription, "dev")
    return subscription
