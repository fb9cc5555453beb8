"""The addresses of this app, below /api/v1/."""

from django.urls import path

from interviews.views import calls, candidates, guides, interviews, jobs, session

CANDIDATE = "candidates/<uuid:pk>"
INTERVIEW = "interviews/<uuid:pk>"

# Looked through from the first to the last, so what is asked most comes first.
urlpatterns = [
    path("interviews", interviews.InterviewsView.as_view()),
    path(INTERVIEW, interviews.InterviewView.as_view()),
    path("jobs", jobs.JobsView.as_view()),
    path("jobs/<uuid:pk>", jobs.JobView.as_view()),
    path("jobs/<uuid:pk>/guides", guides.GuidesView.as_view()),
    path("guides/draft", guides.DraftView.as_view()),
    path("guides/<uuid:pk>", guides.GuideView.as_view()),
    path("guides/<uuid:pk>/publish", guides.PublicationView.as_view()),
    path("candidates", candidates.CandidatesView.as_view()),
    path(CANDIDATE, candidates.CandidateView.as_view()),
    path(f"{CANDIDATE}/documents", candidates.DocumentsView.as_view()),
    path(f"{CANDIDATE}/documents/<uuid:document_id>", candidates.DocumentView.as_view()),
    path(f"{INTERVIEW}/invite", interviews.InviteView.as_view()),
    path(f"{INTERVIEW}/cancel", interviews.CancelView.as_view()),
    path(f"{INTERVIEW}/complete", interviews.CompleteView.as_view()),
    path(f"{INTERVIEW}/hold", interviews.HoldView.as_view()),
    path(f"{INTERVIEW}/history", interviews.HistoryView.as_view()),
    path(f"{INTERVIEW}/call", calls.CallView.as_view()),
    path(f"{INTERVIEW}/calls", calls.CallsView.as_view()),
    path("calls/<uuid:pk>", calls.OneCallView.as_view()),
    path("calls/<uuid:pk>/stop", calls.StopCallView.as_view()),
    path("session", session.ReadSessionView.as_view()),
    path("session/begin", session.BeginView.as_view()),
    path("session/consent", session.ConsentView.as_view()),
    path("session/refuse", session.RefuseView.as_view()),
    path("session/call", session.ChooseCallView.as_view()),
    path("session/call/refuse", session.RefuseCallView.as_view()),
    path("session/turns/<uuid:pk>/speech", session.SpeechView.as_view()),
    path("session/complete", session.FinishView.as_view()),
]
