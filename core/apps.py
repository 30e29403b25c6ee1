"""The ground floor: rules, audit, outbox, parameters, numbers, calendar, access."""

from django.apps import AppConfig
from django.conf import settings
from django.utils.module_loading import autodiscover_modules
from django.utils.translation import gettext_lazy as _


class CoreConfig(AppConfig):
    name = "core"
    default_auto_field = "django.db.models.BigAutoField"
    verbose_name = _("Foundation")

    def ready(self):
        """Load what the apps declare to the ground floor, and hang up the doorbell."""
        autodiscover_modules("parameters", "events", "deliveries", "document_kinds", "jobs", "invariants")
        from core import access, calendar, company, outbox  # noqa: F401, PLC0415 - models must be loaded first

        if getattr(settings, "OUTBOX_BELL", False):
            outbox.ring_with(_ring)


def _ring() -> None:
    """Tell the worker that a message waits; a broker that is away loses nothing, the tick sweeps."""
    from core.tasks import deliver_outbox  # noqa: PLC0415 - tasks need the app registry

    deliver_outbox.apply_async(retry=False, expires=60)
