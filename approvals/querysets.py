"""Querysets: who sees what, and the one Q behind each definition."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import Case as SqlCase
from django.db.models import F, IntegerField, Q, QuerySet, Value, When
from django.utils import timezone

from accounts.queries import Lending, lendings_on_pages, sees_everything, team_ids
from approvals.states import IN_PLACE, ROLE_OF, ConditionState, StepKind, StepState
from core.company import CURRENCY
from core.transitions import GuardedQuerySet

#: Cases that are about nothing but figures which not every department reads, and the right to read them.
CONFIDENTIAL = {"customer": "customers.view_credit"}


def is_visible_to(user, prefix="") -> Q:
    """One's teams' cases, and those one asked for; everything for those who see everything, of a customer's
    terms for those who see credit (R10.2, R3.2).
    """
    if not sees_everything(user):
        return Q(**{f"{prefix}team__in": team_ids(user)}) | Q(**{f"{prefix}requester": user})
    shut = _shut_kinds(user)
    return ~Q(**{f"{prefix}kind__in": shut}) if shut else Q()


def _shut_kinds(user) -> list[str]:
    """The kinds of cases that somebody who sees every team's does not read."""
    if user.is_system:
        return []
    return [kind for kind, permission in CONFIDENTIAL.items() if not user.has_perm(permission)]


def roles_for(kind: str) -> tuple[str, ...]:
    """The roles that may hold a step of this kind: its own, and those that decide in its place."""
    role = ROLE_OF[StepKind(kind)]
    return (role, *IN_PLACE.get(role, ()))


def kinds_of(roles) -> list[str]:
    """The kinds of steps that holders of these roles may get from a colleague."""
    return [str(kind) for kind in ROLE_OF if not set(roles_for(kind)).isdisjoint(roles)]


class AuthorityQuerySet(QuerySet):
    def in_force(self, on: date | None = None):
        """The rows that count on a day."""
        day = on or timezone.localdate()
        return self.filter(
            Q(effective_until=None) | Q(effective_until__gte=day), effective_from__lte=day, replaced_at=None
        ).order_by("pk")

    def beside(self, row: Any):
        """The rows of the same people, team and category."""
        return self.filter(person=row.person, role=row.role, team=row.team, category=row.category)


class CaseQuerySet(GuardedQuerySet):
    def visible_to(self, user):
        """The cases this person may see (R10.2)."""
        return self.filter(is_visible_to(user))


class StepQuerySet(GuardedQuerySet):
    def visible_to(self, user):
        """The steps of the cases this person may see, and those granted to whom they stand in for."""
        if sees_everything(user) and not _shut_kinds(user):
            return self
        lent = self._held(Lending(user.pk, user.roles)) | self._lent_to(user)
        return self.filter(is_visible_to(user, "case__") | (Q(state=StepState.OPEN) & lent))

    def open(self):
        """To be decided now."""
        return self.filter(state=StepState.OPEN)

    def decidable_by(self, user):
        """Open, granted to the person or to one they stand in for, and not their own (R2.10, R2.12)."""
        return self._not_barred(user, self._held(Lending(user.pk, user.roles)) | self._lent_to(user))

    def lent_to(self, user):
        """What the person can decide only because somebody named them as substitute (R2.12)."""
        own = self._held(Lending(user.pk, user.roles))
        return self._not_barred(user, self._lent_to(user)).exclude(own)

    def lenders(self, user) -> dict[int, int]:
        """By step (pk) that is lent to the person, whose it is (id): for whom they would sign it (R2.12)."""
        whose = sorted(lendings_on_pages(user), key=lambda each: each.giver_id)
        if not whose:
            return {}
        lent = [When(self._lent_by(each), then=Value(each.giver_id)) for each in whose]
        rows = self.lent_to(user).annotate(lender=SqlCase(*lent, output_field=IntegerField()))
        return dict(rows.values_list("pk", "lender"))

    def _not_barred(self, user, held: Q):
        mine = self.open().filter(held).exclude(requester=user)
        return mine.exclude(pk__in=self._barring(user))

    def _lent_to(self, user) -> Q:
        """Each giver lends what is theirs, within the kinds and the ceiling that they named."""
        lent = Q(pk__in=[])
        for each in lendings_on_pages(user):
            lent |= self._lent_by(each)
        return lent

    def _lent_by(self, each: Lending) -> Q:
        barred = self._barring(each.giver_id)
        return self._held(each) & ~Q(requester=each.giver_id) & ~Q(pk__in=barred) & _within(each)

    def _barring(self, person) -> QuerySet:
        """The steps that this person is kept from (R2.10)."""
        step: Any = self.model
        return step.barred.through.objects.filter(user=person).values("step")

    def _held(self, who: Lending) -> Q:
        """Granted to this person now: by role, as the team's manager, or by a colleague."""
        step: Any = self.model
        to_roles = step.stepgrouppermission_set.rel.related_model.objects
        to_people = step.stepuserpermission_set.rel.related_model.objects.filter(user=who.giver_id)
        return Q(pk__in=to_roles.filter(group__user=who.giver_id).values("content_object")) | Q(
            Q(case__team__manager=who.giver_id) | Q(handed_to=who.giver_id),
            kind__in=kinds_of(who.roles),
            pk__in=to_people.values("content_object"),
        )


class ConditionQuerySet(GuardedQuerySet):
    def visible_to(self, user):
        """The conditions of the cases this person may see, and those their role sees to (R10.2)."""
        return self.filter(is_visible_to(user, "case__"))

    def open(self):
        """Not fulfilled yet."""
        return self.filter(state=ConditionState.OPEN)

    def counting(self):
        """Of a yes that counts in the case's present round."""
        return self.filter(step__round=F("case__round"), step__state=StepState.APPROVED)

    def waiting_for(self, user):
        """What this person's roles have to see to (R2.4)."""
        return self.visible_to(user).open().counting().filter(role__in=user.roles)


class QuestionQuerySet(QuerySet):
    def visible_to(self, user):
        """The questions of the cases this person may see, and those asked of them (R10.2)."""
        return self.filter(is_visible_to(user, "step__case__") | Q(asked_of=user) | Q(asked_by=user))

    def open(self):
        """Not answered yet."""
        return self.filter(answered_at=None)


def _within(lending: Lending) -> Q:
    """R2.12: the kinds and the amount up to which a substitute decides."""
    within = Q(kind__in=lending.kinds) if lending.kinds else Q()
    if lending.ceiling is None:
        return within
    known: dict[str, Any] = {"case__amount_company__lte": lending.ceiling}
    ours: dict[str, Any] = {"case__currency": CURRENCY.value(), "case__amount__lte": lending.ceiling}
    return within & (Q(**known) | Q(case__amount_company=None, **ours))
