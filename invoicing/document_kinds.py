"""The invoice's paper."""

from django.utils.translation import gettext_lazy as _

from core.documents import document_kind

document_kind("invoice", template="documents/invoice.html", title=_("Invoice"))
