"""A small site whose views fail in every way, behind the real middleware."""

import errno
import os

from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.core.exceptions import ValidationError as ModelError
from django.db import InterfaceError, OperationalError
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import path
from redis.exceptions import ConnectionError as RedisDown
from rest_framework import exceptions, serializers
from rest_framework.authentication import BaseAuthentication
from rest_framework.permissions import AllowAny, IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from talenti import errors

handler400 = "talenti.api.problems.bad_request"
handler403 = "talenti.api.problems.permission_denied"
handler404 = "talenti.api.problems.not_found"
handler500 = "talenti.api.problems.server_error"

FAILURES: dict[str, Exception] = {
    "invalid": errors.Invalid("Two fields disagree.", {"expires_at": ["It is in the past."]}),
    "wrong_state": errors.WrongState("It has ended.", ["invite", "cancel"]),
    "unpublishable": errors.WrongState("Not yet.", errors={"questions": ["None."]}),
    "not_allowed": errors.NotAllowed("Only recruiters decide."),
    "unsuitable": errors.Unsuitable("Not a sound.", code="not_a_medium", status=415),
    "permanent": errors.PermanentFailure("The provider refused.", code="content_filter"),
    "retry": errors.RetryLater("Busy.", after_seconds=2.2),
    "retry_some_time": errors.RetryLater("Busy."),
    "missing": Http404("secret row 17"),
    "denied": PermissionDenied("secret reason"),
    "model": ModelError({"email": ["Not an address."], "__all__": ["Twice."]}),
    "model_text": ModelError("Twice."),
    "throttled": exceptions.Throttled(wait=2.5),
    "throttled_some_time": exceptions.Throttled(),
    "parse": exceptions.ParseError("The body is not valid JSON."),
    "database": OperationalError("password=secret host=db"),
    "interface": InterfaceError("secret"),
    "redis": RedisDown("secret"),
    "full": OSError(errno.ENOSPC, os.strerror(errno.ENOSPC)),
    "quota": OSError(errno.EDQUOT, os.strerror(errno.EDQUOT)),
    "other_disk_error": OSError(errno.EIO, "secret"),
    "bug": ValueError("secret"),
    "suspicious": SuspiciousOperation("secret"),
}


class OpenView(APIView):
    authentication_classes: list = []
    permission_classes = [AllowAny]


class FailView(OpenView):
    def get(self, request: Request, kind: str) -> Response:
        raise FAILURES[kind]


class LevelSerializer(serializers.Serializer):
    level = serializers.IntegerField(max_value=5)


class BodySerializer(serializers.Serializer):
    name = serializers.CharField()
    tags = serializers.ListField(child=serializers.CharField(max_length=3), required=False)
    scores = LevelSerializer(many=True, required=False)

    def validate(self, attrs: dict) -> dict:
        if attrs["name"] == "wrong":
            raise serializers.ValidationError("The whole is wrong.")
        return attrs


class EchoView(OpenView):
    def post(self, request: Request) -> Response:
        return Response(request.data, status=201)


class ValidatedView(OpenView):
    def post(self, request: Request) -> Response:
        serializer = BodySerializer(data=request.data)
        serializer.is_valid(raise_exception=True)
        return Response(serializer.validated_data)


class Bearer(BaseAuthentication):
    def authenticate(self, request: Request) -> None:
        return None

    def authenticate_header(self, request: Request) -> str:
        return 'Bearer realm="api"'


class PrivateView(APIView):
    authentication_classes = [Bearer]
    permission_classes = [IsAuthenticated]

    def get(self, request: Request) -> Response:
        raise AssertionError


def fail(request: HttpRequest, kind: str) -> HttpResponse:
    raise FAILURES[kind]


def show(request: HttpRequest) -> HttpResponse:
    return HttpResponse(f"{request.path} {request.path_info} {request.request_id}")


class BrokenMiddleware:
    """Loses the database before any view."""

    def __init__(self, get_response) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        raise OperationalError("secret")


urlpatterns = [
    path("api/fail/<str:kind>", FailView.as_view()),
    path("api/echo", EchoView.as_view()),
    path("api/validated", ValidatedView.as_view()),
    path("api/private", PrivateView.as_view()),
    path("api/show", show),
    path("api/docs/asset/", show),
    path("admin/fail/<str:kind>", fail),
    path("admin/show/", show),
]
