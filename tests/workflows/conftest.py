"""What the scripts of infra/ are tested with serves here, too."""

from tests.infra_scripts.conftest import deployed, subscription

__all__ = ["deployed", "subscription"]
