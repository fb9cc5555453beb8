"""The addresses of this app, below /api/v1/."""

from django.urls import path

from recordings import views

urlpatterns = [
    path("recordings", views.RecordingsView.as_view()),
    path("recordings/<uuid:pk>", views.RecordingView.as_view()),
    path("recordings/<uuid:pk>/complete", views.CompletionView.as_view()),
    path("recordings/<uuid:pk>/url", views.PlaybackView.as_view()),
    path("interviews/<uuid:pk>/transcript", views.TranscriptView.as_view()),
    path("interviews/<uuid:pk>/transcript/confirm", views.ConfirmationView.as_view()),
    path("session/turns/<uuid:pk>/answer", views.AnswerView.as_view()),
]
