"""Documents: what the house sends out on paper, rendered once out of a frozen snapshot."""

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core import clock
from core.models.files import StoredFile


class Document(models.Model):
    """One paper of a noun (order, shipment, invoice) in one language and version.

    `context` is the snapshot it is rendered from; `unprintable` names characters that the print font lacks.
    """

    kind = models.CharField(_("kind"), max_length=40)
    number = models.CharField(_("number"), max_length=60)
    thread = models.CharField(_("thread"), max_length=120, db_index=True)
    language = models.CharField(_("language"), max_length=10)
    version = models.PositiveIntegerField(_("version"), default=1)
    context = models.JSONField(encoder=DjangoJSONEncoder)
    file = models.ForeignKey(
        StoredFile, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("file")
    )
    requested_at = models.DateTimeField(_("requested at"), default=clock.now)
    rendered_at = models.DateTimeField(_("rendered at"), null=True, blank=True)
    unprintable = models.CharField(_("characters without a print form"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("document")
        verbose_name_plural = _("documents")
        constraints = [
            models.UniqueConstraint(fields=["kind", "number", "language", "version"], name="document_once"),
            models.CheckConstraint(
                condition=Q(file=None, rendered_at=None) | Q(file__isnull=False, rendered_at__isnull=False),
                name="document_rendered_has_file",
            ),
        ]

    def __str__(self):
        return f"{self.kind} {self.number} {self.language} v{self.version}"

    @property
    def file_name(self) -> str:
        """The name it is saved under: order_confirmation-SO-20261121-001-v1-zh-hans.pdf."""
        return f"{self.kind}-{self.number}-v{self.version}-{self.language}.pdf".replace("/", "-")

    @property
    def is_rendered(self) -> bool:
        return self.file_id is not None
