"""Fixtures of the workflows; what the scripts of infra/ are tested with serves here, too."""

import pytest

from tests.infra_scripts.conftest import deployed, subscription
from tests.stubs.fixtures import Stubs
from tests.workflows.production import CONTEXT, Released
from tests.workflows.runner import run_job

__all__ = ["deployed", "released", "subscription"]


@pytest.fixture
def released(stubs: Stubs) -> Released:
    """Runs the job. Its two commits are made up, so git finds no migration between them."""
    stubs.put("git", "#!/bin/sh\n")
    return lambda: run_job(stubs, "cd-prod", "deploy", CONTEXT)
