"""The page of an interview by phone: when to be called, by the clock of where the candidate is."""

import zoneinfo
from collections import defaultdict
from datetime import UTC, datetime
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.formats import date_format

from interviews.models import Call, Interview
from interviews.reading.calls import proposals_for
from interviews.services.call_choices import may_choose
from interviews.states import LIVE_CALLS
from recordings.candidate.forms import TimeForm

DAY, CLOCK = "l j F", "H:i"
REGIONS = (
    "Africa",
    "America",
    "Antarctica",
    "Asia",
    "Atlantic",
    "Australia",
    "Europe",
    "Indian",
    "Pacific",
)
DIGITS_SHOWN = 3  # of the number that is called, to know it by


def call_page(
    request: HttpRequest,
    interview: Interview,
    form: TimeForm | None = None,
    *,
    status: int = 200,
    wants_another: bool = False,
    problem: Any = "",
) -> HttpResponse:
    """Return the planned call, or the times to choose from.

    `wants_another` shows the times although one is planned or calls were refused.
    """
    call = interview.calls.open().first()
    zone = _zone(request, interview)
    is_live = call is not None and call.status in LIVE_CALLS
    chooses = not is_live and (
        wants_another or (call is None and not interview.candidate.do_not_call)
    )
    context = {
        **_parties(interview),
        "planned": None if call is None or is_live else _shown(call, zone),
        "is_live": is_live,
        "is_refused": interview.candidate.do_not_call,
        "chooses": chooses,
        "may_choose": may_choose(interview),
        "zone": zone,
        "zones": _zones(),
        "groups": _proposals(interview, zone) if chooses and zone else [],
        "earliest": _local(timezone.now(), zone) if zone else "",
        "form": form or TimeForm(),
        "problem": problem or _first_error(form),
        "has_begun": interview.turns.exists(),
        "has_consent": interview.consented_at is not None,
    }
    return render(request, "candidate/phone.html", context, status=status)


def _parties(interview: Interview) -> dict[str, Any]:
    candidate = interview.candidate
    return {
        "interview": interview,
        "organisation": interview.organisation,
        "caller": settings.AZURE_ACS_CALLER_NUMBER,
        "number_ending": candidate.phone[-DIGITS_SHOWN:],
        "has_number": bool(candidate.phone),
    }


def _zone(request: HttpRequest, interview: Interview) -> str:
    """Return where the candidate is: as they just said, or as is stored; empty: not known."""
    asked = request.POST.get("time_zone") or request.GET.get("time_zone") or ""
    return asked if asked in zoneinfo.available_timezones() else interview.candidate.time_zone


def _shown(call: Call, zone: str) -> dict[str, Any]:
    local = call.scheduled_at.astimezone(ZoneInfo(zone) if zone else UTC)
    return {
        "at": call.scheduled_at,
        "day": date_format(local, DAY),
        "clock": date_format(local, CLOCK),
        "is_due": call.scheduled_at <= timezone.now(),
    }


def _proposals(interview: Interview, zone: str) -> list[dict[str, Any]]:
    """Return good times, day by day, as the clock there shows them."""
    by_day: dict[str, list[dict[str, str]]] = defaultdict(list)
    for moment in proposals_for(interview, ZoneInfo(zone)):
        local = moment.astimezone(ZoneInfo(zone))
        time = {"value": moment.isoformat(), "clock": date_format(local, CLOCK)}
        by_day[date_format(local, DAY)].append(time)
    return [{"day": day, "times": times} for day, times in by_day.items()]


def _local(moment: datetime, zone: str) -> str:
    """Return the moment as a field for day and time writes it."""
    return f"{moment.astimezone(ZoneInfo(zone)):%Y-%m-%dT%H:%M}"


def _first_error(form: TimeForm | None) -> str:
    found = [str(error) for errors in form.errors.values() for error in errors] if form else []
    return found[0] if found else ""


@cache
def _zones() -> list[tuple[str, list[tuple[str, str]]]]:
    """Return every time zone by region, with the name of its place."""
    by_region: dict[str, list[tuple[str, str]]] = {region: [] for region in REGIONS}
    for name in sorted(zoneinfo.available_timezones()):
        region, _, place = name.partition("/")
        if region in by_region:
            by_region[region].append((name, place.replace("_", " ")))
    return list(by_region.items())
