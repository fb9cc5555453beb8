"""What is asked, of whom, and the conversation."""

from interviews.models.calls import Call, CallEntry, CallOperation, DeadLetter, SimulatedCall
from interviews.models.candidates import Candidate, CandidateDocument
from interviews.models.guides import Competency, DraftOrder, Guide, Job, Question
from interviews.models.interviews import Consent, Interview, Invitation, Turn
from interviews.models.speeches import Speech

__all__ = [
    "Call",
    "CallEntry",
    "CallOperation",
    "Candidate",
    "CandidateDocument",
    "Competency",
    "Consent",
    "DeadLetter",
    "DraftOrder",
    "Guide",
    "Interview",
    "Invitation",
    "Job",
    "Question",
    "SimulatedCall",
    "Speech",
    "Turn",
]
