"""The reports' papers."""

from django.utils.translation import gettext_lazy as _

from core.documents import document_kind

document_kind(
    "weekly_exceptions",
    template="documents/weekly_exceptions.html",
    title=_("Weekly exception report"),
)
