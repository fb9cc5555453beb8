"""Variables of the containers, settings, docs/settings.md and .env.example: the same names."""

from tests.architecture.tree import ROOT
from tests.infra.application import OF_THE_IMAGE
from tests.infra.bicep.apps import containers
from tests.infra.scenarios import SCENARIOS, run
from tests.talenti.settings.test_names import GUIDE, documented_names, example_names, read_names

# Names of the guide that no container gets here, and why.
LEFT_OUT = {
    "AZURE_OPENAI_API_KEY": "managed identity",
    "AZURE_SPEECH_KEY": "managed identity",
    "AZURE_STORAGE_ACCOUNT_KEY": "managed identity; account keys are turned off",
    "OTEL_EXPORTER_OTLP_ENDPOINT": "Application Insights gets everything",
}


def given_names() -> set[str]:
    return {
        entry["name"]
        for scenario in SCENARIOS
        for container in containers(run(scenario.name))
        for entry in container.body["env"]
    }


def test_what_containers_are_given_is_read_documented_and_in_the_example() -> None:
    given = given_names()

    assert given - OF_THE_IMAGE - read_names() == set()
    assert given - OF_THE_IMAGE - set(documented_names()) == set()
    assert given - OF_THE_IMAGE - set(example_names()) == set()
    assert all(name in (ROOT / "infra/image/entrypoint.sh").read_text() for name in OF_THE_IMAGE)


def test_every_name_of_the_guide_is_given_or_left_out_on_purpose() -> None:
    assert set(GUIDE) - given_names() == set(LEFT_OUT)


def test_all_containers_of_a_deployment_share_the_names_that_are_not_their_own() -> None:
    own = {"HEALTH_PORT", "WORKER_MODE"}
    names = {
        container.name: frozenset(entry["name"] for entry in container.body["env"]) - own
        for container in containers(run("prod-serving"))
    }

    assert len(set(names.values())) == 1
    assert len(names) == 5  # api, worker, calls, sweep, migrate
