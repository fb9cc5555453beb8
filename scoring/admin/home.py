"""The home page: what waits for the person who signed in."""

from typing import Any

from django.contrib import admin
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest
from django.urls import reverse

from interviews.models import Guide, Interview, Job
from interviews.states import OPEN, GuideStatus, JobStatus, Stage, Status
from scoring.admin.waiting import WAITING, waiting_for
from talenti.roles import WRITERS
from talenti.work.models import State, WorkItem

SHOWN_EACH = 5
FUNNEL_JOBS = 8


def home_context(request: HttpRequest) -> dict[str, Any]:
    """Return the tasks with their counts, the open jobs, and a new organisation's first step."""
    user: Any = request.user
    if not user.roles:
        return {"is_operator": True, "work": _work_counts(WorkItem.objects.all())}
    tasks = [_task(user, key) for key in WAITING]
    return {
        "tasks": [task for task in tasks if task["count"]],
        "has_tasks": any(task["count"] for task in tasks),
        "jobs": _funnel(user),
        "first_step": _first_step(user),
        "work": _work_counts(
            WorkItem.objects.all() if user.is_staff else WorkItem.objects.for_user(user)
        ),
    }


def _task(user: Any, key: str) -> dict[str, Any]:
    title, icon, _ = WAITING[key]
    rows = waiting_for(user, key)
    latest = list(rows.select_related("candidate", "job").order_by("created_at")[: SHOWN_EACH + 1])
    count = len(latest) if len(latest) <= SHOWN_EACH else rows.count()
    address = reverse("admin:interviews_interview_changelist")
    return {
        "key": key,
        "title": title,
        "icon": icon,
        "count": count,
        "rows": latest[:SHOWN_EACH],
        "more": max(count - SHOWN_EACH, 0),
        "address": f"{address}?waiting={key}",
    }


def _funnel(user: Any) -> QuerySet[Any]:
    """Return the newest open jobs with how many interviews stand where."""

    def counted(**where: Any) -> Count:
        return Count("interviews", filter=Q(**{f"interviews__{k}": v for k, v in where.items()}))

    jobs = Job.objects.for_user(user).filter(status=JobStatus.OPEN)
    return jobs.annotate(
        total=Count("interviews"),
        open_total=counted(status__in=OPEN),
        completed_total=counted(status=Status.COMPLETED),
        decided_total=counted(stage=Stage.DECIDED),
    ).order_by("-created_at")[:FUNNEL_JOBS]


def _work_counts(items: QuerySet[Any]) -> dict[str, int]:
    waiting = (State.QUEUED, State.RUNNING, State.DEAD)
    counted = items.filter(state__in=waiting).values_list("state").annotate(Count("pk"))
    return dict(counted.order_by())


def _first_step(user: Any) -> dict[str, str] | None:
    """Return what a new organisation does next, None once there are interviews."""
    if Interview.objects.for_user(user).exists() or not user.organisations_as(WRITERS):
        return None
    job = Job.objects.for_user(user).order_by("-pk").first()
    if job is None:
        return {
            "title": "Start with a job",
            "text": "Describe the position. Talenti drafts an interview guide from it.",
            "button": "Add a job",
            "address": reverse("admin:interviews_job_add"),
        }
    guides = Guide.objects.for_user(user)
    if not guides.filter(status=GuideStatus.PUBLISHED).exists():
        return {
            "title": "Publish an interview guide",
            "text": "Every candidate of a job is asked the same questions and judged on the same"
            " anchors. Draft the guide, edit it, and publish it.",
            "button": "Open the job",
            "address": reverse("admin:interviews_job_change", args=[job.pk]),
        }
    return {
        "title": "Invite the first candidate",
        "text": "Send a link, or upload a recording that you have already.",
        "button": "New interview",
        "address": reverse("admin:interviews_interview_add"),
    }


admin.site.home = home_context  # type: ignore[attr-defined]
