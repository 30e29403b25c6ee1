"""Stored files: what people upload and what the system renders, outside the web root."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from core import clock


class StoredFile(models.Model):
    """One file under a random key in PRIVATE_MEDIA_ROOT. Its type is that of its content."""

    name = models.CharField(_("file name"), max_length=200)
    key = models.CharField(max_length=80, unique=True, editable=False)
    content_type = models.CharField(_("type"), max_length=100)
    size = models.PositiveIntegerField(_("size in bytes"))
    sha256 = models.CharField(max_length=64, editable=False)
    pages = models.PositiveIntegerField(_("pages"), null=True, blank=True)
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("who"),
    )
    uploaded_at = models.DateTimeField(_("when"), default=clock.now)

    class Meta:
        verbose_name = _("stored file")
        verbose_name_plural = _("stored files")

    def __str__(self):
        return self.name

    @property
    def is_image(self) -> bool:
        return self.content_type.startswith("image/")

    @property
    def is_previewable(self) -> bool:
        """Whether a browser may show it in place instead of saving it."""
        return self.content_type in ("application/pdf", "image/png", "image/jpeg", "image/webp")
