"""The addresses of the candidate's page, below /interview/."""

from django.urls import path

from recordings.candidate import calling, hearing, takes, views

app_name = "candidate"
urlpatterns = [
    path("", views.show_page, name="page"),
    path("agree/", views.agree, name="agree"),
    path("decline/", views.decline, name="decline"),
    path("begin/", views.begin_interview, name="begin"),
    path("call/", calling.choose, name="call"),
    path("call/cancel/", calling.take_back, name="cancel_call"),
    path("call/refuse/", calling.refuse, name="refuse_calls"),
    path("turns/<uuid:turn_id>/write/", views.write_answer, name="write"),
    path("turns/<uuid:turn_id>/skip/", views.skip, name="skip"),
    path("turns/<uuid:turn_id>/speech/", hearing.listen, name="listen"),
    path("turns/<uuid:turn_id>/takes/", takes.announce, name="announce"),
    path("takes/<uuid:recording_id>/complete/", takes.complete, name="complete"),
    # Last: anything else may be somebody's secret.
    path("<str:token>/", views.open_link, name="open"),
    path("<str:token>", views.open_link),
]
