"""The ground floor's tables, one module per concern."""

from core.models.audit import Event, Thread
from core.models.calendar import CalendarDay, DaySource
from core.models.documents import Document
from core.models.escalation import Escalation
from core.models.files import StoredFile
from core.models.idempotency import FormSubmission
from core.models.numbering import NumberSeries
from core.models.outbox import OutboxMessage, OutboxState
from core.models.parameters import ParameterValue
from core.models.rates import ExchangeRate
from core.models.views import SavedView, Shared

__all__ = [
    "CalendarDay",
    "DaySource",
    "Document",
    "Escalation",
    "Event",
    "ExchangeRate",
    "FormSubmission",
    "NumberSeries",
    "OutboxMessage",
    "OutboxState",
    "ParameterValue",
    "SavedView",
    "Shared",
    "StoredFile",
    "Thread",
]
