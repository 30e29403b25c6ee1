"""Celery's doorbell: the record is in the database, these tasks only look for what is due."""

from celery import shared_task

from core import jobs
from core.outbox import deliver_due


@shared_task(name="core.tasks.tick", ignore_result=True)
def tick() -> None:
    """Each minute: sweep what is due, then deliver the outbox."""
    jobs.tick()


@shared_task(name="core.tasks.deliver_outbox", ignore_result=True)
def deliver_outbox() -> None:
    """Rung after each commit that wrote a side effect."""
    deliver_due()
