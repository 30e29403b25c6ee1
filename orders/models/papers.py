"""The customer's papers, and what people say about an order."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from orders.models.order import SalesOrder
from orders.models.shapes import PERSON
from orders.states import MarkKind


class SourceDocument(models.Model):
    """R1.1: the customer's own paper, with the mark that makes it theirs."""

    order = models.ForeignKey(SalesOrder, models.CASCADE, related_name="source_documents")
    file = models.ForeignKey("core.StoredFile", models.PROTECT, related_name="+")
    purpose = models.CharField(
        _("serves as"), max_length=80, blank=True
    )  # empty: the customer's order or contract; else the demanded attachment it is (R1.3)
    mark = models.CharField(_("confirmation mark"), max_length=10, choices=MarkKind.choices, blank=True)
    marked_by = models.CharField(_("confirmed by"), max_length=80, blank=True)
    marked_on = models.DateField(_("confirmed on"), null=True, blank=True)
    marked_page = models.CharField(_("on page"), max_length=20, blank=True)
    added_by = models.ForeignKey(PERSON, models.PROTECT, related_name="+")
    added_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("source document")
        verbose_name_plural = _("source documents")

    def __str__(self):
        return str(self.file)

    @property
    def is_confirmed(self) -> bool:
        """Whether kind, by whom and when are all recorded."""
        return bool(self.mark and self.marked_by and self.marked_on)


class Comment(models.Model):
    """What people say about an order, shown in its timeline."""

    order = models.ForeignKey(SalesOrder, models.CASCADE, related_name="comments")
    text = models.TextField(_("comment"))
    author = models.ForeignKey(PERSON, models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("comment")
        verbose_name_plural = _("comments")

    def __str__(self):
        return self.text[:60]
