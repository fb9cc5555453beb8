"""What the codes of a line mean: in words, for the outcome of a call, and for ringing again."""

from dataclasses import dataclass

from interviews.calls.state import Fault, Outcome

NO_WORDS = "no_words"  # the recogniser ended well and had understood nothing
CANCELLED_CODE = "8508"
DO_NOT_CALL = "do_not_call"  # our own: the candidate said so in the call
ALREADY_RECORDING = frozenset({"8553", "8559", "8571", "already_recording"})
# A person was there and nothing usable was heard: it counts like silence.
SILENCE = frozenset({NO_WORDS, "8509", "8510", "8532", "8534", "8547", "8563"})


@dataclass(frozen=True, slots=True)
class Meaning:
    """What one code means for a call that it ended, or that it kept from being connected.

    `again` says whether ringing once more may help when it was the end of the call.
    """

    words: str
    outcome: Outcome = Outcome.FAILED
    fault: Fault = Fault.PROVIDER
    again: bool = True


def _ours(words: str) -> Meaning:
    return Meaning(words, Outcome.FAILED, Fault.OURS, again=False)


def _network(words: str) -> Meaning:
    return Meaning(words, Outcome.FAILED, Fault.NETWORK)


_NO_ANSWER = Meaning("Nobody answered.", Outcome.NO_ANSWER, Fault.NONE)
_BUSY = Meaning("The number was busy.", Outcome.BUSY, Fault.NONE)
_DECLINED = Meaning("The call was declined.", Outcome.DECLINED, Fault.NONE, again=False)
_CANCELLED = Meaning(
    "The call was given up before anybody answered.", Outcome.NO_ANSWER, Fault.NONE
)
_NO_SUCH_NUMBER = Meaning("There is no such number.", Outcome.WRONG_NUMBER, Fault.NONE, again=False)
_BAD_NUMBER = Meaning(
    "The number is incomplete or not valid.", Outcome.WRONG_NUMBER, Fault.NONE, again=False
)
_FORBIDDEN = Meaning(
    "The telephone network does not allow calls to this number.",
    Outcome.FAILED,
    Fault.NETWORK,
    again=False,
)
_ENDED = Meaning("The call ended normally.", Outcome.HUNG_UP_EARLY, Fault.NONE)
_ROUTE = _network("The telephone network could not put the call through.")
_TIMEOUT = _network("The telephone network did not answer in time.")

# Answers of the telephone network (SIP): alone, or as the end of 560xxx (called) and 540xxx.
SIP = {
    0: _ENDED,
    400: _network("The telephone network did not understand the request."),
    401: _ours("The telephone network asked for a sign-in that is not set up."),
    403: _FORBIDDEN,
    404: _NO_SUCH_NUMBER,
    405: _ROUTE,
    406: _ROUTE,
    408: _TIMEOUT,
    410: Meaning("The number is no longer in use.", Outcome.WRONG_NUMBER, Fault.NONE, again=False),
    480: _NO_ANSWER,
    481: _network("The telephone network no longer knew the call."),
    484: _BAD_NUMBER,
    485: _BAD_NUMBER,
    486: _BUSY,
    487: _CANCELLED,
    488: _ROUTE,
    491: _network("The telephone network was busy with this call."),
    500: _network("The telephone network had a fault."),
    501: _ROUTE,
    502: _network("The telephone network had a fault on the way to the number."),
    503: _network("The telephone network is out of order or overloaded."),
    504: _TIMEOUT,
    600: _BUSY,
    603: _DECLINED,
    604: _NO_SUCH_NUMBER,
    606: _ROUTE,
    607: _DECLINED,
}

# Ends of calls that the calling service gave by itself.
SERVICE_ENDS = {
    "0": _ENDED,
    "5001": _ENDED,
    "7000": _ENDED,
    "510403": _ours("The calling service refused the number that the call comes from."),
    "511404": _ours("The calling service does not know the number that the call comes from."),
    "511532": _ours("The calling service has no connection to the telephone network."),
    "500001": _network("The called side did not answer in time."),
    "531004": _network("No path for sound could be found."),
}

# The service did not accept a request of ours: rights, configuration, limits.
API = {
    "7500": _ours("The calling service does not know who asks."),
    "7501": _ours("The calling service refused the token."),
    "7502": _ours("Access to the calling service is not enabled."),
    "7504": _ours("The calling service says that a right is missing."),
    "7505": _ours("The calling service belongs to another tenant."),
    "7506": _ours("The calling service does not trust the certificate."),
    "7507": _ours("The number that the call comes from belongs to another resource."),
    "7508": _ours("The calling service does not support this identity."),
    "7509": _ours("The calling service refused the signature."),
    "7510": _ours("The calling service refused the managed identity."),
    "7600": _ours("The resource of the calling service is not enabled."),
    "7601": _ours("The calling service does not know the caller's identity."),
    "7602": _ours("The calling service does not know the called identity."),
    "7603": _ours("The calling service does not know an identity."),
    "7606": _ours("The calling service may not use the speech service."),
    "8516": Meaning("The calling service has too many calls at once."),
    "8517": _ours("The calling service belongs to another tenant."),
    "8518": Meaning("The calling service had a fault."),
    "8519": Meaning("Two requests of ours came at the same time."),
    "8520": _ours("The calling service cannot do this."),
    "8521": _network("The call was passed on too often."),
    "8522": Meaning("The calling service does not know this call any more."),
    "8523": _ours("The calling service did not understand the request."),
    "8529": _ours("The calling service has reached its limit for this month."),
    "8530": Meaning("The calling service has reached its limit of calls at once."),
    "8546": _network("The called side sent something that was not understood."),
    "8583": Meaning("Something else was still running on the call."),
    "8585": Meaning("The call was not in a state for this."),
    "9001": Meaning("A service behind the calling service had a fault."),
    "9002": Meaning("A service behind the calling service did not answer in time."),
    "9003": Meaning("The calling service gave the request up."),
    "9998": Meaning("The calling service had a serious fault."),
    "9999": Meaning("The calling service had a fault that it did not name."),
}

# What the service says of the called side in its own numbers.
CALLEE = {
    "8538": _DECLINED,
    "8539": _BUSY,
    "8540": _BUSY,
    "8541": _NO_ANSWER,
    "8542": _CANCELLED,
    "8543": Meaning("The call was over already.", Outcome.HUNG_UP_EARLY, Fault.NONE),
    "8544": _NO_ANSWER,
    "8587": _NO_ANSWER,
}

# Speaking, listening and recording. None of these is the end of a call by itself.
MEDIA = {
    "8500": Meaning("Something was still being said or listened to."),
    "8501": Meaning("The call was not connected."),
    "8502": Meaning("The candidate's side of the call was not ready."),
    "8503": Meaning("There was no sound on the call."),
    "8504": Meaning("There was no sound on the call."),
    "8508": Meaning("Speaking or listening was broken off.", fault=Fault.NONE),
    "8509": Meaning("It stayed silent.", fault=Fault.NONE),
    "8510": Meaning("Nobody said anything.", fault=Fault.NONE),
    "8511": Meaning("The sentence could not be played."),
    "8512": Meaning("The tone could not be played."),
    "8513": Meaning("No sound came from the candidate's side.", fault=Fault.NETWORK),
    "8514": Meaning("The last key was pressed.", fault=Fault.NONE),
    "8515": Meaning("The recording is as long as it may be.", fault=Fault.NONE),
    "8528": Meaning("The call was over already.", fault=Fault.NONE),
    "8531": Meaning("The expected key was pressed.", fault=Fault.NONE),
    "8532": Meaning("No further key was pressed.", fault=Fault.NONE),
    "8533": Meaning("One of the offered keys was pressed.", fault=Fault.NONE),
    "8534": Meaning("Another key than the offered ones was pressed.", fault=Fault.NONE),
    "8535": Meaning("The sound file could not be read."),
    "8536": Meaning("The sound file could not be fetched."),
    "8537": Meaning("The connection to the calling service was lost.", fault=Fault.NETWORK),
    "8545": Meaning("One of the offered words was said.", fault=Fault.NONE),
    "8547": Meaning("What was said was none of the offered words.", fault=Fault.NONE),
    "8553": Meaning("The call was being recorded already.", fault=Fault.NONE),
    "8558": Meaning("The candidate was no longer on the call.", fault=Fault.NONE),
    "8559": Meaning("The call was being recorded already.", fault=Fault.NONE),
    "8563": Meaning("There was sound, and no words in it.", fault=Fault.NONE),
    "8564": Meaning("The calling service could not reach the speech service."),
    "8565": Meaning("The speech service had a fault."),
    "8567": _ours("The calling service is not connected with the speech service."),
    "8568": _ours("The calling service may not use the speech service."),
    "8569": Meaning("Speech was understood.", fault=Fault.NONE),
    "8570": Meaning("The speech service could not listen."),
    "8571": Meaning("The call was being recorded already.", fault=Fault.NONE),
    "8572": Meaning("The service that speaks was shut down."),
    "8581": _ours("The address for the sound is not valid."),
    "8582": _ours("There was nothing to say."),
    "8588": Meaning("The recording ended because no sound came."),
    "8589": Meaning("Too many recordings were begun at once."),
    "8608": Meaning("The recording could not join the call."),
}

# Our own words, where no provider gave a number.
OWN = {
    NO_WORDS: Meaning("Nothing was understood.", fault=Fault.NONE),
    "already_recording": MEDIA["8553"],
    DO_NOT_CALL: Meaning(
        "The candidate said not to call again; only their own word changes that.",
        Outcome.HUNG_UP_EARLY,
        Fault.NONE,
    ),
    "not_dialled": Meaning(
        "Something spoke against the call before it was dialled.", fault=Fault.OURS
    ),
    "error": Meaning("A fault in our own work.", fault=Fault.OURS),
    "worker_lost": Meaning("Our own work broke off.", fault=Fault.OURS),
    "line_busy": Meaning("Something else was running on the call for too long."),
    "retry_later": Meaning("The calling service was away for too long."),
    "call_ceiling": Meaning("The call lasted as long as a call may.", fault=Fault.OURS),
    "call_gone": Meaning("The call was over already.", Outcome.HUNG_UP_EARLY, Fault.NONE),
    "gone": Meaning("The call is over; the line did not say why.", fault=Fault.UNKNOWN),
    "interview_over": Meaning("The interview was over.", Outcome.STOPPED, Fault.NONE),
    "language_not_supported": _ours("The line does not speak this language."),
    "no_recording": Meaning("The recording did not begin."),
    "no_telephone": _ours("No telephone is set up here: only simulated candidates can be called."),
    "nothing_to_say": _ours("There was nothing to say."),
    "provider_not_found": Meaning("The calling service does not know what was asked for."),
    "provider_refused_request": _ours("The calling service did not accept the request."),
    "provider_unauthorised": _ours("The calling service refuses our key or identity."),
}

_KNOWN = {**SERVICE_ENDS, **API, **CALLEE, **MEDIA, **OWN}
_UNKNOWN = Meaning("An unknown code.", Outcome.FAILED, Fault.UNKNOWN)
_NEVER_AGAIN = frozenset(
    {
        Outcome.COMPLETED,
        Outcome.DECLINED,
        Outcome.WRONG_NUMBER,
        Outcome.CONSENT_REFUSED,
    }
)


def meaning(code: str) -> Meaning:
    """Return what a code means; one that nobody knows is a failure of unknown fault."""
    return _KNOWN.get(code) or _sip(code) or _UNKNOWN


def is_known(code: str) -> bool:
    """Tell whether there are words for this code."""
    return meaning(code) is not _UNKNOWN


def explain(code: str) -> str:
    """Return a code in words, for people who do not know the provider's numbers."""
    if not code:
        return ""
    if not is_known(code):
        return f"Code {code}: nothing is known of it."
    return meaning(code).words


def may_redial(outcome: Outcome | str, code: str) -> bool:
    """Tell whether ringing this candidate again can make sense after such a call.

    Never after an end that the candidate wanted, or where the number or our set-up is wrong.
    """
    if outcome in _NEVER_AGAIN:
        return False
    return outcome != Outcome.FAILED or not code or meaning(code).again


def end_of_unanswered(code: str) -> tuple[Outcome, Fault]:
    """Return outcome and fault of a call that never was connected."""
    found = meaning(code)
    if found.outcome is Outcome.HUNG_UP_EARLY:  # a normal end of a call that never began
        return Outcome.FAILED, Fault.UNKNOWN
    return found.outcome, found.fault


def fault_of_break(code: str) -> Fault:
    """Return whose fault the end of a connected call is: nobody's when somebody hung up."""
    fault = meaning(code).fault
    return Fault.NONE if fault is Fault.UNKNOWN else fault


def _sip(code: str) -> Meaning | None:
    plain = code[3:] if len(code) == 6 and code[:3] in ("560", "540") else code
    if len(plain) != 3 or not (plain.isascii() and plain.isdigit()):
        return None
    number = int(plain)
    return SIP.get(number) or (
        _network("The telephone network had a fault.") if 500 <= number < 600 else None
    )
