"""Gated transitions: django-fsm edges that cannot be taken without asking their gate.

`@gated(field, target=…, gate=GATE)` is the only way a state changes. The method demands an `actor`,
asks the gate (all reasons, Blocked), then django-fsm moves the state; so a call from the page, the
shell or the admin meets the same door. `Stateful` refuses a first save in any but the initial state,
and `GuardedQuerySet` refuses `update(state=…)`.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

from django.core.exceptions import SuspiciousOperation
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django_fsm import FSMField, transition

from core import clock
from core.rules import Gate, Stale


def gated(state: FSMField, *, target: Any, gate: Gate) -> Callable:
    """Make a method a transition of `state` to `target` from the gate's states, behind `gate`."""

    def wrap(method: Callable) -> Callable:
        @functools.wraps(method)
        def body(self, *, actor, **kwargs):
            self.state_since = timezone.now()
            return method(self, actor=actor, **kwargs)

        moved = transition(
            field=state,
            source=list(gate.states),
            target=target,
            permission=gate.permits,
            custom={"gate": gate},
        )(body)

        @functools.wraps(moved)
        def asked(self, *, actor, **kwargs):
            gate.require(self, actor)
            return moved(self, actor=actor, **kwargs)

        asked.gate = gate  # type: ignore[attr-defined]  # the page and the house rules read it there
        return asked

    return wrap


class GuardedQuerySet(models.QuerySet):
    """A queryset through which no state can be set past its gate."""

    def update(self, **values):
        _refuse_state(self.model, values)
        return super().update(**values)

    def bulk_update(self, objs, fields, **kwargs):
        _refuse_state(self.model, dict.fromkeys(fields))
        return super().bulk_update(objs, fields, **kwargs)

    def bulk_create(self, objs, *args, **kwargs):
        objs = list(objs)
        for each in objs:
            _refuse_born_late(each)
        return super().bulk_create(objs, *args, **kwargs)


class Stateful(models.Model):
    """A business object with a gated state, an optimistic version and the moment its state began."""

    version = models.PositiveIntegerField(_("version"), default=1, editable=False)
    state_since = models.DateTimeField(_("in this state since"), default=clock.now, editable=False)
    created_at = models.DateTimeField(_("created at"), default=clock.now, editable=False)

    objects = GuardedQuerySet.as_manager()

    class Meta:
        abstract = True

    def save(self, *args, **kwargs):
        if self._state.adding:
            _refuse_born_late(self)
        super().save(*args, **kwargs)


def bump_version(subject: Any, *, expected: int | None = None) -> None:
    """Raise the object's version by one, only if it still is what the page showed (I12).

    Raises Stale with the object as it is now when somebody else was first.
    """
    model = type(subject)
    wanted = subject.version if expected is None else expected
    changed = model._base_manager.filter(pk=subject.pk, version=wanted).update(version=wanted + 1)
    if not changed:
        raise Stale(model._base_manager.get(pk=subject.pk))
    subject.version = wanted + 1


def fsm_fields(model: type[models.Model]) -> list[FSMField]:
    """The state fields of a model."""
    return [each for each in model._meta.get_fields() if isinstance(each, FSMField)]


def _refuse_state(model: type[models.Model], values: dict) -> None:
    for each in fsm_fields(model):
        if each.name in values:
            raise SuspiciousOperation(f"{model.__name__}.{each.name} changes through its transitions only")


def _refuse_born_late(instance: models.Model) -> None:
    for each in fsm_fields(type(instance)):
        if getattr(instance, each.name) != each.get_default():
            raise SuspiciousOperation(f"{type(instance).__name__} begins in its initial state")
