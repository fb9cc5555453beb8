"""How the console looks and what its sidebar holds (the setting UNFOLD)."""

from typing import Any

from django.http import HttpRequest
from django.templatetags.static import static
from django.urls import reverse_lazy

from talenti.roles import OWNERS


def is_member(request: HttpRequest) -> bool:
    """Return whether the user belongs to an organisation: tenant content is for members."""
    return bool(getattr(request.user, "roles", {}))


def may_see_organisations(request: HttpRequest) -> bool:
    """Return whether organisations and people are this user's business."""
    user: Any = request.user
    return bool(user.is_staff or user.organisations_as(OWNERS))


def is_operator(request: HttpRequest) -> bool:
    """Return whether the user keeps the installation running."""
    return bool(getattr(request.user, "is_staff", False))


def _page(title: str, icon: str, model: str, permission: Any = is_member) -> dict[str, Any]:
    link = reverse_lazy(f"admin:{model}_changelist")
    return {"title": title, "icon": icon, "link": link, "permission": permission}


def _always(_request: HttpRequest) -> bool:
    return True


UNFOLD: dict[str, Any] = {
    "SITE_TITLE": "Talenti",
    "SITE_HEADER": "Talenti",
    "SITE_SUBHEADER": "Structured interviews",
    "SITE_SYMBOL": "graphic_eq",
    "SITE_URL": None,
    "SITE_FAVICONS": [
        {
            "rel": "icon",
            "type": "image/svg+xml",
            "href": lambda _request: static("talenti/favicon.svg"),
        }
    ],
    "SHOW_HISTORY": True,
    "SHOW_VIEW_ON_SITE": False,
    "SHOW_BACK_BUTTON": False,
    "BORDER_RADIUS": "8px",
    "LOGIN": {"form": "talenti.admin.sign_in.SignInForm"},
    "STYLES": [lambda _request: static("talenti/console.css")],
    "COLORS": {
        "primary": {
            "50": "oklch(97.5% .014 190)",
            "100": "oklch(94.5% .03 190)",
            "200": "oklch(89.5% .055 190)",
            "300": "oklch(82% .085 190)",
            "400": "oklch(70% .1 192)",
            "500": "oklch(58% .095 194)",
            "600": "oklch(48% .082 196)",
            "700": "oklch(42% .072 198)",
            "800": "oklch(36% .06 200)",
            "900": "oklch(30% .05 202)",
            "950": "oklch(22% .04 205)",
        },
        "font": {"subtle-light": "var(--color-base-600)", "default-light": "var(--color-base-700)"},
    },
    "SIDEBAR": {
        "show_search": False,
        "navigation": [
            {
                "items": [
                    {
                        "title": "Home",
                        "icon": "home",
                        "link": reverse_lazy("admin:index"),
                        "permission": _always,
                    },
                    _page("Interviews", "record_voice_over", "interviews_interview"),
                    _page("Candidates", "group", "interviews_candidate"),
                    _page("Jobs", "work", "interviews_job"),
                    _page("Interview guides", "menu_book", "interviews_guide"),
                ],
            },
            {
                "title": "Records",
                "collapsible": True,
                "items": [
                    _page("Invitations", "mail", "interviews_invitation"),
                    _page("Consents", "verified_user", "interviews_consent"),
                    _page("Calls", "call", "interviews_call"),
                    _page("Recordings", "mic", "recordings_recording"),
                    _page("Transcripts", "notes", "recordings_transcript"),
                    _page("Scorecards", "fact_check", "scoring_scorecard"),
                    _page("Decisions", "gavel", "scoring_decision"),
                    _page("Quality checks", "rule", "scoring_qualitycheck"),
                    _page("History", "history", "talenti_historyentry"),
                ],
            },
            {
                "title": "Administration",
                "items": [
                    _page("Work", "pending_actions", "work_workitem", _always),
                    _page("Providers", "cloud", "talenti_breaker", is_operator),
                    _page("Dead letters", "mail_off", "interviews_deadletter", is_operator),
                    _page("Members", "badge", "talenti_membership", may_see_organisations),
                    _page("Organisations", "domain", "talenti_organisation", may_see_organisations),
                    _page("Users", "person", "talenti_user", may_see_organisations),
                ],
            },
        ],
    },
}
