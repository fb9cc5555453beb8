"""Sign-in, organisations and members."""

from django.urls import path

from talenti.api import organisations, sign_in

urlpatterns = [
    path("auth/token", sign_in.TokenView.as_view()),
    path("auth/token/refresh", sign_in.RefreshView.as_view()),
    path("auth/token/verify", sign_in.VerifyView.as_view()),
    path("auth/logout", sign_in.LogoutView.as_view()),
    path("auth/me", sign_in.MeView.as_view()),
    path("organisations", organisations.OrganisationsView.as_view()),
    path("organisations/<uuid:pk>", organisations.OrganisationView.as_view()),
    path("organisations/<uuid:pk>/members", organisations.MembersView.as_view()),
    path(
        "organisations/<uuid:pk>/members/<uuid:member_id>",
        organisations.MemberView.as_view(),
    ),
]
