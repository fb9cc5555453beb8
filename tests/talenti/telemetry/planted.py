"""Secrets and personal data that somebody might log by mistake; none of them may leave."""

KEY = "Zm9vYmFyYmF6cXV4cXV1eGNvcmdlZ3JhdWx0Z2FycGx5d2FsZG8="
TOKEN = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJwbGFudGVkIn0.c2lnbmF0dXJlLXBsYW50ZWQ"
OWN = "planted-own-secret-0123456789abcdef0123456789"
# What is logged, and the part of it that nobody may find anywhere.
PLANTED = [
    ("GET /files/planted-file-token-1/", "planted-file-token-1"),
    ("GET /interview/planted-link-token-2", "planted-link-token-2"),
    ("GET /password/planted-uid-3.token-3/", "planted-uid-3.token-3"),
    ("GET /admin/?q=planted.query.4", "planted.query.4"),
    ("https://a.blob.core.windows.net/c/b.webm?sv=1&sig=plantedsig5", "plantedsig5"),
    ("Authorization: Bearer planted-bearer-token-6", "planted-bearer-token-6"),
    ("Authorization: Invitation planted-invitation-7", "planted-invitation-7"),
    ("Authorization: Basic cGxhbnRlZC1iYXNpYy04", "cGxhbnRlZC1iYXNpYy04"),
    (f"got {TOKEN} from a header", "eyJzdWIiOiJwbGFudGVkIn0"),
    ("postgres://app:planted-pass-10@db/talenti", "planted-pass-10"),
    ("redis://:planted-pass-11@cache:6379/0", "planted-pass-11"),
    (f"DefaultEndpointsProtocol=https;AccountKey={KEY};x=y", KEY),
    ("endpoint=https://acs.example/;accesskey=planted-access-13", "planted-access-13"),
    ("api-key: planted-api-key-14", "planted-api-key-14"),
    ("Ocp-Apim-Subscription-Key: planted-speech-15", "planted-speech-15"),
    ('{"password": "planted-word-16"}', "planted-word-16"),
    ("{'client_secret': 'planted-secret-17'}", "planted-secret-17"),
    ("refresh_token=planted-refresh-18", "planted-refresh-18"),
    ("Cookie: sessionid=plantedsession19; a=b", "plantedsession19"),
    ("csrftoken=plantedcsrf20", "plantedcsrf20"),
    ("mail to planted.dana21@candidate.example failed", "planted.dana21@candidate.example"),
    ("call to +49 151 2345 6722 failed", "2345 6722"),
    ("call to +14155550123 failed", "4155550123"),
    (f"SECRET_KEY was {OWN}", OWN),
]
# What an exception says is somebody's words: only its kind and place leave.
SAID = ("Failing row contains (Dana Planted, I worked at Acme for five years).", "Dana Planted")
