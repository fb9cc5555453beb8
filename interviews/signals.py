"""What interviews announce, each in the transaction of its own change."""

from django.dispatch import Signal

interview_completed = Signal()  # interview, actor
interview_ended = Signal()  # interview, actor; cancelled, expired or refused
call_ended = Signal()  # call
call_file_ready = Signal()  # call, fact; the line has written a recording
line_event = Signal()  # connection_id, body: bytes, delay_seconds: float; of the offline line
