"""What orders deliver out of the outbox."""

from core.models import OutboxMessage
from core.outbox import delivers
from orders.actions.confirmation_mail import mail_confirmation
from orders.intake.working import work_on


@delivers("confirmation")
def deliver_confirmation(message: OutboxMessage) -> None:
    """Mail an order confirmation with its link (R1.8)."""
    mail_confirmation(message.payload["confirmation"])


@delivers("import", first=True)
def deliver_import(message: OutboxMessage) -> None:
    """Read a file of orders, or take it in; delivered again it finds that it was done (R1.13)."""
    work_on(batch_id=message.payload["batch"], run=message.payload["run"], step=message.payload["step"])
