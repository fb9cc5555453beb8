"""Which engine plays each role, and the short names that the roles' variables take."""

from talenti.settings.azure import speech_engine
from talenti.settings.openai import openai_engine
from talenti.settings.phone import callroom_engine

ENGINES = {
    "transcriber": speech_engine("transcriber"),
    "assessor": openai_engine("assessor"),
    "interviewer": openai_engine("interviewer"),
    "author": openai_engine("author"),
    "voice": speech_engine("voice"),
    "callroom": callroom_engine(),
}
ENGINE_PATHS = {
    "transcriber": {
        "offline": "recordings.transcriber.offline.OfflineTranscriber",
        "azure": "recordings.transcriber.azure.AzureTranscriber",
    },
    "assessor": {
        "offline": "scoring.assessor.offline.OfflineAssessor",
        "azure": "scoring.assessor.azure.AzureAssessor",
    },
    "interviewer": {
        "offline": "interviews.interviewer.offline.OfflineInterviewer",
        "azure": "interviews.interviewer.azure.AzureInterviewer",
    },
    "author": {
        "offline": "interviews.author.offline.OfflineAuthor",
        "azure": "interviews.author.azure.AzureAuthor",
    },
    "voice": {
        "offline": "interviews.voice.offline.OfflineVoice",
        "azure": "interviews.voice.azure.AzureVoice",
    },
    "callroom": {
        "offline": "interviews.callroom.offline.OfflineCallroom",
        "azure": "interviews.callroom.azure.AzureCallroom",
    },
}
