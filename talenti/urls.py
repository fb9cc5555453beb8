"""Every address."""

from django.contrib import admin
from django.urls import include, path
from django.views.generic import RedirectView

from talenti.api.schema_views import docs_view, schema_view

handler400 = "talenti.api.problems.bad_request"
handler403 = "talenti.api.problems.permission_denied"
handler404 = "talenti.api.problems.not_found"
handler500 = "talenti.api.problems.server_error"

# Looked through from the first to the last, so what is asked most comes first.
api = [
    path("", include("interviews.urls")),
    path("", include("talenti.api.urls")),
    path("", include("recordings.urls")),
    path("", include("scoring.urls")),
]
urlpatterns = [
    path("api/v1/", include(api)),
    path("", RedirectView.as_view(pattern_name="admin:index"), name="home"),
    path("admin/", admin.site.urls),
    path("api/schema", schema_view, name="schema"),
    path("api/docs", docs_view, name="docs"),
    path("api/docs/", docs_view),
    path("webhooks/", include("interviews.webhooks.urls")),
    path("interview/", include("recordings.candidate.urls")),
    path("", include("talenti.storage.urls")),
    path("", include("talenti.accounts.urls")),
]
