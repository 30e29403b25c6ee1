"""The verb on the outbox: give a parked message another round."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from core.audit import record
from core.models import OutboxMessage, OutboxState
from core.outbox import requeue
from core.rules import require, rule


@rule("R10.2", _("Only an administrator sends parked messages again."), opened_by=("administrator",))
def actor_keeps_the_outbox(message: OutboxMessage, actor: Any):
    if not (actor.is_active and (actor.is_system or actor.has_perm("core.requeue_message"))):
        return {}
    return None


@rule("R10.3", _("The message is not parked: it is “%(state)s”."))
def message_is_parked(message: OutboxMessage, actor: Any):
    if message.state != OutboxState.PARKED:
        return {"state": message.get_state_display()}
    return None


@transaction.atomic
def requeue_message(*, message: OutboxMessage, actor: Any) -> OutboxMessage:
    """Let a parked message try again from its first attempt; raises Blocked if it is not parked."""
    message = OutboxMessage.objects.select_for_update().get(pk=message.pk)
    require(actor_keeps_the_outbox, message_is_parked, subject=message, actor=actor)
    requeue(message)
    record(
        "outbox.requeued",
        thread="outbox",
        actor=actor,
        subject=message.key,
        kind=message.kind,
        last_error=message.last_error,
    )
    return OutboxMessage.objects.get(pk=message.pk)
