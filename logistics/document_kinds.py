"""The shipment's paper."""

from django.utils.translation import gettext_lazy as _

from core.documents import document_kind

document_kind("delivery_note", template="documents/delivery_note.html", title=_("Delivery note"))
