"""What a candidate's session looks like, for the schema; nothing here runs."""

from typing import Any

from rest_framework import serializers

from interviews.serializers.calls import OwnCallShown
from interviews.serializers.shown import ConsentShown
from interviews.states import Channel, Status


class SessionInterviewShown(serializers.Serializer[Any]):
    """The interview as its candidate sees it."""

    id = serializers.UUIDField()
    status = serializers.ChoiceField(Status.choices)
    channel = serializers.ChoiceField(Channel.choices)
    language = serializers.CharField()
    extra_time = serializers.IntegerField()
    expires_at = serializers.DateTimeField(allow_null=True)


class AskingShown(serializers.Serializer[Any]):
    """Who asks, and where a person can be reached."""

    name = serializers.CharField()
    contact_email = serializers.CharField(allow_blank=True)


class SessionJobShown(serializers.Serializer[Any]):
    """The position."""

    title = serializers.CharField()


class LinkShown(serializers.Serializer[Any]):
    """How long the link works."""

    expires_at = serializers.DateTimeField()


class PurposeShown(serializers.Serializer[Any]):
    """One thing to agree to."""

    key = serializers.CharField()
    text = serializers.CharField()
    required = serializers.BooleanField()  # type: ignore[assignment]  # the value's own name


class ConsentTextShown(serializers.Serializer[Any]):
    """The text to agree to, and what was agreed to already."""

    version = serializers.CharField()
    language = serializers.CharField()
    text = serializers.CharField()
    purposes = PurposeShown(many=True)
    given = ConsentShown(allow_null=True)


class TurnShown(serializers.Serializer[Any]):
    """A question or probe as it is asked; the limit includes extra time.

    `read_by`: who reads it aloud when asked. audio: `session/turns/{id}/speech` gives an address;
    browser: the client's own speech synthesis; none: nobody speaks this language.
    """

    id = serializers.UUIDField()
    position = serializers.IntegerField()
    kind = serializers.ChoiceField(["question", "probe"])
    text = serializers.CharField()
    time_limit_seconds = serializers.IntegerField()
    asked_at = serializers.DateTimeField()
    read_by = serializers.ChoiceField(["audio", "browser", "none"])


class SpeechShown(serializers.Serializer[Any]):
    """A question as sound. Without an address the browser reads the text itself."""

    read_by = serializers.ChoiceField(["audio", "browser"])
    url = serializers.CharField(allow_null=True)
    expires_at = serializers.DateTimeField(allow_null=True)


class ProgressShown(serializers.Serializer[Any]):
    """Planned questions, and how many of them were asked and answered."""

    questions = serializers.IntegerField()
    asked = serializers.IntegerField()
    answered = serializers.IntegerField()


class SessionShown(serializers.Serializer[Any]):
    """A candidate's session."""

    interview = SessionInterviewShown()
    organisation = AskingShown()
    job = SessionJobShown()
    invitation = LinkShown()
    consent = ConsentTextShown()
    turn = TurnShown(allow_null=True)
    progress = ProgressShown()
    call = OwnCallShown(allow_null=True)
    is_over = serializers.BooleanField()
