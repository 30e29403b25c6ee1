"""The ground floor: rules, audit, outbox, parameters, numbers, calendar, access."""

from django.apps import AppConfig
from django.conf import settings
from django.db.models.signals import class_prepared  # noqa: TID251 - to stop listening
from django.utils.module_loading import autodiscover_modules
from django.utils.translation import gettext_lazy as _
from django_fsm import FSMFieldMixin


class CoreConfig(AppConfig):
    name = "core"
    default_auto_field = "django.db.models.BigAutoField"
    verbose_name = _("Foundation")

    def ready(self):
        """Load what the apps declare to the ground floor, and hang up the doorbell."""
        autodiscover_modules("parameters", "events", "deliveries", "document_kinds", "jobs", "invariants")
        from core import access, calendar, company, outbox  # noqa: F401, PLC0415 - models must be loaded first

        _past_models_have_no_transitions()
        if getattr(settings, "OUTBOX_BELL", False):
            outbox.ring_with(_ring)


def _past_models_have_no_transitions() -> None:
    """A migration makes every model anew, many times: none of them listens for the others that follow.

    Each state field listens for every class, so a database was made in twice the time.
    """
    contribute = FSMFieldMixin.contribute_to_class

    def contributed(field, cls, name, **kwargs):
        contribute(field, cls, name, **kwargs)
        if cls.__module__ == "__fake__":
            class_prepared.disconnect(field._collect_transitions)

    FSMFieldMixin.contribute_to_class = contributed


def _ring() -> None:
    """Tell the worker that a message waits; a broker that is away loses nothing, the tick sweeps."""
    from core.tasks import deliver_outbox  # noqa: PLC0415 - tasks need the app registry

    deliver_outbox.apply_async(retry=False, expires=60)
