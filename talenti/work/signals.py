"""What durable work announces. Receivers run in the announcing transaction where there is one."""

from django.dispatch import Signal

work_died = Signal()  # item: WorkItem that became dead; in the transaction that buried it
work_requeued = Signal()  # item: WorkItem that a person put back; in the same transaction
reconcile = Signal()  # now: datetime; every receiver compares rows with the outside world
