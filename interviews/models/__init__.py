"""What is asked, of whom, and the conversation."""

from interviews.models.candidates import Candidate, CandidateDocument
from interviews.models.guides import Competency, DraftOrder, Guide, Job, Question
from interviews.models.interviews import Consent, Interview, Invitation, Turn
from interviews.models.speeches import Speech

__all__ = [
    "Candidate",
    "CandidateDocument",
    "Competency",
    "Consent",
    "DraftOrder",
    "Guide",
    "Interview",
    "Invitation",
    "Job",
    "Question",
    "Speech",
    "Turn",
]
