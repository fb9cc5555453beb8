"""What answers look like, for the schema; nothing here runs."""

from typing import Any

from rest_framework import serializers

from interviews.states import CallPermission, Channel, GuideStatus, JobStatus, Stage, Status


class JobShown(serializers.Serializer[Any]):
    """A position."""

    id = serializers.UUIDField()
    organisation = serializers.UUIDField()
    title = serializers.CharField()
    description = serializers.CharField(allow_blank=True)
    status = serializers.ChoiceField(JobStatus.choices)
    created_at = serializers.DateTimeField()
    updated_at = serializers.DateTimeField()


class CompetencyShown(serializers.Serializer[Any]):
    """What is judged."""

    key = serializers.CharField()
    name = serializers.CharField()
    description = serializers.CharField(allow_blank=True)
    weight = serializers.CharField()
    must_have_level = serializers.IntegerField(min_value=1, max_value=5, allow_null=True)
    anchors = serializers.DictField(child=serializers.CharField(allow_blank=True))


class QuestionShown(serializers.Serializer[Any]):
    """What is asked."""

    competency = serializers.CharField()
    text = serializers.CharField()
    probes = serializers.ListField(child=serializers.CharField())
    time_limit_seconds = serializers.IntegerField()


class StoredQuestionShown(QuestionShown):
    """What is asked, with the id by which recordings name it."""

    id = serializers.UUIDField()


class GuideBodyShown(serializers.Serializer[Any]):
    """A guide's content."""

    title = serializers.CharField(allow_blank=True)
    language = serializers.CharField()
    competencies = CompetencyShown(many=True)
    questions = QuestionShown(many=True)


class ListedGuideShown(serializers.Serializer[Any]):
    """One version of a guide, without its content."""

    id = serializers.UUIDField()
    organisation = serializers.UUIDField()
    job = serializers.UUIDField()
    version = serializers.IntegerField()
    title = serializers.CharField(allow_blank=True)
    language = serializers.CharField()
    status = serializers.ChoiceField(GuideStatus.choices)
    origin = serializers.CharField(allow_blank=True)
    override_reason = serializers.CharField(allow_blank=True)
    published_at = serializers.DateTimeField(allow_null=True)
    created_at = serializers.DateTimeField()
    updated_at = serializers.DateTimeField()


class ObjectionShown(serializers.Serializer[Any]):
    """What speaks against publishing."""

    path = serializers.CharField()
    code = serializers.CharField()
    message = serializers.CharField()
    overridable = serializers.BooleanField()


class DraftFailureShown(serializers.Serializer[Any]):
    """Why an author gave up."""

    code = serializers.CharField()
    message = serializers.CharField()


class GuideShown(ListedGuideShown):
    """One version of a guide; while `drafting`, its author is at work on it and it is empty."""

    competencies = CompetencyShown(many=True)
    questions = StoredQuestionShown(many=True)
    objections = ObjectionShown(many=True)
    drafting = serializers.BooleanField()
    draft_failure = DraftFailureShown(allow_null=True)


class DraftShown(GuideBodyShown):
    """A drafted guide that is not stored."""

    label = serializers.CharField()  # type: ignore[assignment]  # the value's own name
    because = serializers.DictField(child=serializers.ListField(child=serializers.CharField()))
    drafting = serializers.BooleanField()


class StoredDraftShown(GuideShown):
    """A drafted guide that is the next version of its job's, or will be when it is drafted."""

    label = serializers.CharField()  # type: ignore[assignment]  # the value's own name
    because = serializers.DictField(child=serializers.ListField(child=serializers.CharField()))


class CandidateShown(serializers.Serializer[Any]):
    """A candidate; an empty time zone is not known, an empty permission was not asked for."""

    id = serializers.UUIDField()
    organisation = serializers.UUIDField()
    name = serializers.CharField()
    email = serializers.CharField(allow_blank=True)
    phone = serializers.CharField(allow_blank=True)
    locale = serializers.CharField()
    time_zone = serializers.CharField(allow_blank=True)
    do_not_call = serializers.BooleanField()
    call_permission = serializers.ChoiceField(CallPermission.choices, allow_blank=True)
    call_permission_at = serializers.DateTimeField(allow_null=True)
    created_at = serializers.DateTimeField()
    updated_at = serializers.DateTimeField()


class ListedDocumentShown(serializers.Serializer[Any]):
    """A document about a candidate."""

    id = serializers.UUIDField()
    candidate = serializers.UUIDField()
    filename = serializers.CharField()
    media_type = serializers.CharField()
    size = serializers.IntegerField()
    sha256 = serializers.CharField()
    created_at = serializers.DateTimeField()


class DocumentShown(ListedDocumentShown):
    """A document with the short-lived address that saves it."""

    url = serializers.CharField()
    expires_at = serializers.DateTimeField()


class DocumentFile(serializers.Serializer[Any]):
    """A file."""

    file = serializers.FileField()


class TitledShown(serializers.Serializer[Any]):
    """A position, by name."""

    id = serializers.UUIDField()
    title = serializers.CharField()


class NamedShown(serializers.Serializer[Any]):
    """Somebody, by name."""

    id = serializers.UUIDField()
    name = serializers.CharField()


class VersionShown(serializers.Serializer[Any]):
    """A guide, by version."""

    id = serializers.UUIDField()
    version = serializers.IntegerField()


class ListedInterviewShown(serializers.Serializer[Any]):
    """An interview."""

    id = serializers.UUIDField()
    organisation = serializers.UUIDField()
    job = TitledShown()
    candidate = NamedShown()
    guide = VersionShown()
    channel = serializers.ChoiceField(Channel.choices)
    status = serializers.ChoiceField(Status.choices)
    stage = serializers.ChoiceField(Stage.choices)
    language = serializers.CharField()
    extra_time = serializers.IntegerField()
    expires_at = serializers.DateTimeField(allow_null=True)
    legal_hold = serializers.BooleanField()
    failure = serializers.CharField(allow_blank=True)
    invited_at = serializers.DateTimeField(allow_null=True)
    consented_at = serializers.DateTimeField(allow_null=True)
    completed_at = serializers.DateTimeField(allow_null=True)
    ended_at = serializers.DateTimeField(allow_null=True)
    created_at = serializers.DateTimeField()


class InvitationShown(serializers.Serializer[Any]):
    """An open invitation; its secret is in the e-mail alone."""

    id = serializers.UUIDField()
    expires_at = serializers.DateTimeField()
    sent_at = serializers.DateTimeField(allow_null=True)
    opened_at = serializers.DateTimeField(allow_null=True)
    created_at = serializers.DateTimeField()


class ConsentShown(serializers.Serializer[Any]):
    """What was agreed to."""

    version = serializers.CharField()
    language = serializers.CharField()
    purposes = serializers.ListField(child=serializers.CharField())
    source = serializers.ChoiceField(["candidate", "declared"])  # type: ignore[assignment]  # the value's own name
    created_at = serializers.DateTimeField()


class InterviewShown(ListedInterviewShown):
    """An interview with its open invitation and last consent."""

    invitation = InvitationShown(allow_null=True)
    consent = ConsentShown(allow_null=True)


class EntryShown(serializers.Serializer[Any]):
    """One move or act."""

    id = serializers.UUIDField()
    subject = serializers.CharField()
    subject_id = serializers.UUIDField()
    verb = serializers.CharField()
    from_state = serializers.CharField(allow_blank=True)
    to_state = serializers.CharField(allow_blank=True)
    actor_kind = serializers.ChoiceField(["person", "candidate", "system", "engine"])
    actor = NamedShown(allow_null=True)
    reason = serializers.CharField(allow_blank=True)
    data = serializers.DictField()  # type: ignore[assignment]  # the value's own name
    created_at = serializers.DateTimeField()
