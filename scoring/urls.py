"""The addresses of this app, below /api/v1/."""

from django.urls import path

from scoring import views

urlpatterns = [
    path("interviews/<uuid:pk>/score", views.ScoreView.as_view()),
    path("interviews/<uuid:pk>/scorecards", views.ScorecardsView.as_view()),
    path("interviews/<uuid:pk>/report", views.ReportView.as_view()),
    path("interviews/<uuid:pk>/reviews", views.ReviewsView.as_view()),
    path("interviews/<uuid:pk>/decision", views.DecisionView.as_view()),
]
