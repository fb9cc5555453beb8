"""The addresses of the doors, below /webhooks/; each works with and without a last slash."""

from django.urls import path

from interviews.webhooks.acs import call_events_view
from interviews.webhooks.eventgrid import event_grid_view

urlpatterns = [
    path("acs/<uuid:call_id>/<str:secret>", call_events_view, name="call_events"),
    path("acs/<uuid:call_id>/<str:secret>/", call_events_view),
    path("eventgrid", event_grid_view, name="event_grid"),
    path("eventgrid/", event_grid_view),
]
