"""Signing in and out, by token."""

from typing import Any

from django.contrib.auth import authenticate
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.permissions import BasePermission
from rest_framework.request import Request
from rest_framework.response import Response

from talenti.api import tokens
from talenti.api.authentication import find_user, read_subject, refusal
from talenti.api.docs import describe
from talenti.api.permissions import Anyone, SignedIn
from talenti.api.serializers import (
    MeShown,
    NothingShown,
    RefreshInput,
    SignInInput,
    TokensShown,
    VerifyInput,
)
from talenti.api.throttling import SignInAttempt, client_address
from talenti.api.tokens import TokenPair
from talenti.api.views import ApiView, read_input
from talenti.models import Organisation, User


class OpenView(ApiView):
    """A call that brings its own proof of who asks."""

    authentication_classes = []
    permission_classes: list[type[BasePermission]] = [Anyone]

    def get_authenticate_header(self, request: Request) -> str:
        """Return a challenge, so that a refused proof is a 401 and not a 403."""
        return 'Bearer realm="api"'


def shown(pair: TokenPair) -> dict[str, str]:
    """Return the answer that carries a pair."""
    return {"access": pair.access, "refresh": pair.refresh}


class TokenView(OpenView):
    """`auth/token`."""

    @describe("Sign in", request=SignInInput, response=TokensShown, refusals=(401, 429))
    def post(self, request: Request) -> Response:
        """Return tokens; an unknown name takes as long to refuse as a wrong password."""
        given = read_input(SignInInput, request)
        attempt = SignInAttempt(client_address(request), given["email"])
        attempt.begin()
        user = authenticate(request, email=given["email"], password=given["password"])
        if not isinstance(user, User):
            attempt.fail()
            raise AuthenticationFailed("E-mail address or password is wrong.")
        attempt.succeed()
        return Response(shown(tokens.sign_in(user)))


class RefreshView(OpenView):
    """`auth/token/refresh`."""

    @describe(
        "Exchange a refresh token", request=RefreshInput, response=TokensShown, refusals=(401,)
    )
    def post(self, request: Request) -> Response:
        """Return a new pair; each refresh token works once."""
        return Response(shown(tokens.rotate(read_input(RefreshInput, request)["refresh"])))


class VerifyView(OpenView):
    """`auth/token/verify`."""

    @describe("Check a token", request=VerifyInput, response=NothingShown, refusals=(401,))
    def post(self, request: Request) -> Response:
        """Return 200 for a token that works now, 401 for any other."""
        raw = read_input(VerifyInput, request)["token"]
        if "." in raw:
            find_user(read_subject(raw))
        elif not tokens.works(raw):
            raise refusal()
        return Response({})


class LogoutView(OpenView):
    """`auth/logout`."""

    @describe("Sign out", request=RefreshInput, status=204, refusals=(401,))
    def post(self, request: Request) -> Response:
        """End the sign-in that the token belongs to, also when it has ended already."""
        token = tokens.find_refresh_token(read_input(RefreshInput, request)["refresh"])
        if token is None:
            raise refusal()
        tokens.sign_out(token)
        return Response(status=204)


class MeView(ApiView):
    """`auth/me`."""

    permission_classes = [SignedIn]

    @describe("Who am I?", response=MeShown)
    def get(self, request: Request) -> Response:
        """Return the person with their roles."""
        user: Any = request.user
        names = Organisation.objects.filter(pk__in=list(user.roles)).order_by("name", "id")
        return Response(
            {
                "id": user.pk,
                "email": user.email,
                "full_name": user.full_name,
                "is_staff": user.is_staff,
                "organisations": [
                    {"id": pk, "name": name, "role": user.roles[pk]}
                    for pk, name in names.values_list("id", "name")
                ],
            }
        )
