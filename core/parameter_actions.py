"""The verb on parameters: set a value from a moment on."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.audit import record
from core.models import ParameterValue
from core.parameters import Parameter, parameter, reset_cache
from core.rules import Stale, require, rule


@dataclass(frozen=True)
class Change:
    """What is asked for: the parameter, the raw value, from when, why, by whom."""

    parameter: Parameter
    value: Any
    effective_from: datetime
    reason: str
    asked_at: datetime
    actor: Any


@rule("R10.2", _("Only an administrator changes parameters."), opened_by=("administrator",))
def actor_keeps_the_parameters(change: Change):
    actor = change.actor
    if not (actor.is_active and (actor.is_system or actor.has_perm("core.change_parameter"))):
        return {}
    return None


@rule("R10.1", _("Give the reason for the change."))
def change_has_a_reason(change: Change):
    if not change.reason.strip():
        return {"_field": "reason"}
    return None


@rule("R10.1", _("%(problem)s"))
def value_is_of_its_kind(change: Change):
    try:
        change.parameter.clean(change.value)
    except ValidationError as error:
        return {"problem": " ".join(error.messages), "_field": "value"}
    return None


@rule("R10.1", _("A value cannot begin in the past: %(moment)s is over, and what was decided then stays."))
def change_begins_now_or_later(change: Change):
    if change.effective_from < change.asked_at:
        return {"moment": _clock(change.effective_from), "_field": "effective_from"}
    return None


@rule("R10.1", _("Another value already begins at %(moment)s; choose a later moment."))
def moment_is_free(change: Change):
    taken = ParameterValue.objects.filter(key=change.parameter.key, effective_from=change.effective_from)
    if taken.exists():
        return {"moment": _clock(change.effective_from), "_field": "effective_from"}
    return None


CHANGE = (
    actor_keeps_the_parameters,
    change_has_a_reason,
    value_is_of_its_kind,
    change_begins_now_or_later,
    moment_is_free,
)


@transaction.atomic
def set_parameter(
    *,
    key: str,
    value: Any,
    reason: str,
    actor: Any,
    effective_from: datetime | None = None,
    version: int | None = None,
) -> ParameterValue:
    """Let the value hold from the moment on (at once, if none is given), and record who wanted it and why.

    Raises Blocked with every reason, Stale when another value was set since `version` was read (I12),
    LookupError for an unknown key.
    """
    now = timezone.now()
    declared = parameter(key)
    begins = effective_from or now
    change = Change(declared, value, begins, reason, now, actor)
    require(*CHANGE, subject=change)
    if version is not None and version != latest_version(key):
        raise Stale(declared)

    reset_cache()
    was, becomes = declared.standing(begins).value, declared.clean(value)
    kept = _keep(change, declared.to_json(becomes))
    record(
        "parameter.changed",
        thread=f"parameter:{key}",
        actor=actor,
        subject=key,
        reason=kept.reason,
        old={"value": declared.to_json(was)},
        new={"value": kept.value},
        was=declared.to_json(was),
        becomes=kept.value,
        begins=_clock(begins),
    )
    reset_cache()
    return kept


def latest_version(key: str) -> int:
    """What tells whether a parameter was changed since it was read: its latest value's number, 0 for none."""
    latest = ParameterValue.objects.filter(key=key).order_by("-id").values_list("id", flat=True).first()
    return latest or 0


def _keep(change: Change, value: Any) -> ParameterValue:
    try:
        with transaction.atomic():
            return ParameterValue.objects.create(
                key=change.parameter.key,
                value=value,
                effective_from=change.effective_from,
                reason=change.reason.strip(),
                set_by=change.actor,
            )
    except IntegrityError:
        require(moment_is_free, subject=change)  # another took the moment since it was asked
        raise


def _clock(moment: datetime) -> str:
    return f"{timezone.localtime(moment):%Y-%m-%d %H:%M}"
