"""What the ground floor delivers out of the outbox."""

from core.documents import render_document
from core.models import OutboxMessage
from core.outbox import delivers


@delivers("pdf")
def deliver_pdf(message: OutboxMessage) -> None:
    """Render the document that the message names; rendered once, however often this runs."""
    render_document(message.payload["document"])
