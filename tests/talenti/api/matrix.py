"""Rows of every kind, so that every path can be filled in."""

import re

from django.core.files.base import ContentFile

from interviews.services.documents import examine_document, store_document
from recordings.services.uploads import UploadPlan, announce_upload
from talenti.models import Membership, Organisation
from tests.interviews.call_rows import make_call
from tests.rows import actor_of, make_candidate, make_interview

Ids = dict[str, str]


def make_rows(organisation: Organisation) -> Ids:
    """Return ids of rows of every kind in the organisation, by the first word of their paths."""
    candidate = make_candidate(organisation)
    interview = make_interview(organisation, candidate=candidate, channel="upload")
    file = ContentFile(b"%PDF-1", name="cv.pdf")
    facts = examine_document(file, "cv.pdf")
    document = store_document(candidate, file, "cv.pdf", facts, actor_of(organisation))
    plan = UploadPlan("answer.wav", "audio/wav", 1000)
    recording, _ = announce_upload(interview, plan, actor_of(organisation))
    ids = {
        "organisations": organisation.pk,
        "member_id": Membership.objects.filter(organisation=organisation).latest("pk").pk,
        "jobs": interview.job_id,
        "guides": interview.guide_id,
        "candidates": candidate.pk,
        "document_id": document.pk,
        "interviews": interview.pk,
        "recordings": recording.pk,
        "calls": make_call(interview).pk,
    }
    return {name: str(pk) for name, pk in ids.items()}


def address(path: str, ids: Ids) -> str:
    area = path.partition("/")[0]
    return "/api/v1/" + re.sub(
        r"<uuid:(\w+)>", lambda found: ids[area if found[1] == "pk" else found[1]], path
    )
