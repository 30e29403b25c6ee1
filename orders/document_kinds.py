"""The papers of an order."""

from django.utils.translation import gettext_lazy as _

from core.documents import document_kind

document_kind(
    "order_confirmation", template="documents/order_confirmation.html", title=_("Order confirmation")
)
document_kind("quotation", template="documents/quotation.html", title=_("Quotation"))
