"""System checks: what is set wrongly is said before the first request, with a hint."""

from talenti.checks.deployment import check_deployable, check_deployed
from talenti.checks.engines import check_engines
from talenti.checks.phone import check_phone
from talenti.checks.variables import check_variables

__all__ = ["check_deployable", "check_deployed", "check_engines", "check_phone", "check_variables"]
