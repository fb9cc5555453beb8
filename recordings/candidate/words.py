"""What the page's scripts say, so that every word a candidate reads is translated in one way."""

from django.utils.translation import gettext as _


def of_microphone() -> dict[str, str]:
    """Return the words about the microphone."""
    return {
        "asking": _("Your browser asks whether this page may use the microphone. Please allow it."),
        "denied": _(
            "The microphone is blocked. Allow it in your browser's settings for this page, or "
            "write your answer."
        ),
        "missing": _("No microphone was found. Connect one, or write your answer."),
        "failed": _(
            "The microphone did not start. Perhaps another program uses it. Please try again, or "
            "write your answer."
        ),
    }


def of_check() -> dict[str, str]:
    """Return the words of the microphone's test."""
    return of_microphone() | {
        "listening": _("Say a few words: the bar should move."),
        "heard": _("We hear you. Your microphone works."),
        "unsupported": _("This browser cannot record. You can write every answer instead."),
        "stop": _("Stop the test"),
        "start": _("Test the microphone"),
        "stopped": _("The microphone is off."),
    }


def of_listening() -> dict[str, str]:
    """Return the words of the button that reads the question aloud."""
    return {
        "start": _("Listen to the question"),
        "stop": _("Stop reading"),
        "preparing": _("One moment, please."),
        "press_play": _("Press Play to hear the question."),
        "no_voice": _(
            "This browser has no voice of its own for this language. Please read the question."
        ),
        "failed": _("The question could not be played. Please read it on the screen."),
        "trouble": _("The question could not be played. Please read it on the screen."),
        "closed": _(
            "Your visit has timed out. Open the link of your invitation again to hear the question."
        ),
    }


def of_recorder() -> dict[str, str]:
    """Return the words of recording and sending."""
    return of_microphone() | {
        "idle": _("Press Record when you are ready."),
        "recording": _("Recording. Press Stop when you have finished."),
        "past_limit": _("The suggested time is over. You can finish your thought."),
        "longest": _("This is the longest recording we can take, so it was stopped."),
        "interrupted": _("The microphone stopped. What you said until then is kept."),
        "review": _("Recorded. Listen to it, then send it or record it again."),
        "silent": _("We heard hardly anything. Please listen to it before you send it."),
        "nothing": _("Nothing was recorded. Please try again."),
        "sending": _("Sending your answer. Please keep this page open."),
        "sent": _("Your answer has arrived."),
        "send_again": _("Send again"),
        "offline": _(
            "Your answer could not be sent: the connection failed. The recording is still here. "
            "Please check your connection and send it again."
        ),
        "closed": _(
            "Your visit has timed out. The recording is still here: keep this page, open the link "
            "of your invitation in another tab, then come back and send again."
        ),
        "trouble": _(
            "Our side did not take the answer just now. The recording is still here. Please send "
            "it again in a moment."
        ),
    }
