"""Names in every environment and region that main.bicep knows, and names that are the world's."""

import pytest

from tests.architecture.tree import ROOT
from tests.infra.bicep.deployment import Template, deploy
from tests.infra.bicep.names import REGIONS, check_names
from tests.infra.bicep.places import Place
from tests.infra.bicep.results import Run
from tests.infra.scenarios import PHONE, SECRETS, SERVING, run

# Their names are addresses, which nobody else in the world may have.
UNIQUE = {
    "Microsoft.Cache/redisEnterprise",
    "Microsoft.CognitiveServices/accounts",
    "Microsoft.Communication/communicationServices",
    "Microsoft.ContainerRegistry/registries",
    "Microsoft.DBforPostgreSQL/flexibleServers",
    "Microsoft.KeyVault/vaults",
    "Microsoft.Storage/storageAccounts",
}
MAIN = ROOT / "infra/main.bicep"


def known_regions() -> list[str]:
    place = Place("rg-talenti", "australiaeast")
    table = Template(Run(ROOT, place), MAIN, {}, place).value_of("shortRegions")
    return sorted(table)


@pytest.mark.parametrize("environment", ["dev", "staging", "prod"])
@pytest.mark.parametrize("region", known_regions())
def test_every_name_fits_in_every_environment_and_region(environment: str, region: str) -> None:
    place = Place("rg-talenti", region, SECRETS | SERVING | PHONE)
    path = ROOT / "infra/parameters" / f"{environment}.bicepparam"

    deployed = deploy(ROOT, path, place, location=region)

    assert [*deployed.findings, *check_names(deployed)] == []
    assert len(deployed.resources) > 50


def test_regions_exist_and_have_short_names_of_their_own() -> None:
    place = Place("rg-talenti", "australiaeast")
    table = Template(Run(ROOT, place), MAIN, {}, place).value_of("shortRegions")

    assert set(table) - REGIONS == set()
    assert len(set(table.values())) == len(table)
    assert (table["australiaeast"], table["southeastasia"]) == ("aue", "sea")


def test_environments_and_the_recovery_region_share_no_name_of_the_world() -> None:
    names = [
        (resource.type, resource.name)
        for scenario in ("dev-serving", "staging-serving", "prod-serving", "dr-serving")
        for resource in run(scenario).resources
        if resource.type in UNIQUE and not resource.existing
    ]

    assert len(names) == len(set(names)) == 4 * 8  # OpenAI and Speech are of one type
