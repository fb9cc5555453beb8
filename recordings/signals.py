"""What recordings announce, each in the transaction of its own change."""

from django.dispatch import Signal

recording_stored = Signal()  # recording, actor
words_settled = Signal()  # interview: every transcript of a completed interview may be scored
