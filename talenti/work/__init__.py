"""Durable work: the database is the queue, the broker is only a doorbell.

A service enqueues a work item in the transaction of its own change; after commit the item's id is
sent to a Dramatiq actor. The actor claims the row, works without a transaction and closes it under
its own fence. The sweeper rings again whenever a message was lost. See docs/work.md.
"""
