"""The console: Django's admin, open to members."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.template.response import TemplateResponse
from unfold.sites import UnfoldAdminSite

from talenti.admin.sign_in import SignInForm, may_enter

# Alpine, which the pages are built with, evaluates its attributes: hence unsafe-eval. Audio may
# come from a storage account, so media may be loaded over https.
SECURITY_POLICY = (
    "default-src 'self'; script-src 'self' 'unsafe-eval'; style-src 'self' 'unsafe-inline';"
    " img-src 'self' data:; media-src 'self' https: blob:; connect-src 'self' https:;"
    " object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)


class ConsoleSite(UnfoldAdminSite):
    """Lets members in and shows them what waits for them; rows are cut by each page."""

    login_form = SignInForm
    login_template = "console/login.html"
    index_template = "console/home.html"
    index_title = "What waits for you"
    enable_nav_sidebar = True

    # Set by the house that knows what a person's work is.
    home: Callable[[HttpRequest], dict[str, Any]] | None = None

    def has_permission(self, request: HttpRequest) -> bool:
        """Return whether this user may see any page."""
        return may_enter(request.user)

    def index(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> TemplateResponse:
        """Return the home page."""
        waiting = self.home(request) if self.home else {}
        return super().index(request, {**waiting, **(extra_context or {})})

    def admin_view(
        self,
        view: Callable[..., HttpResponseBase],
        cacheable: bool = False,  # noqa: FBT001, FBT002
    ) -> Callable[..., HttpResponseBase]:
        """Wrap a page as Django does, and give its answer the console's security policy."""
        inner = super().admin_view(view, cacheable)

        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            response = inner(request, *args, **kwargs)
            response.headers.setdefault("Content-Security-Policy", SECURITY_POLICY)
            return response

        guarded.__dict__.update(inner.__dict__)
        return guarded

    def login(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Return the sign-in page with the same security policy."""
        response = super().login(request, extra_context)
        response.headers.setdefault("Content-Security-Policy", SECURITY_POLICY)
        return response
