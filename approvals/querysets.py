"""Querysets: who sees what, and the one Q behind each definition."""

from django.db.models import Q

from accounts.queries import givers_on_pages, sees_everything, team_ids
from approvals.states import StepState
from core.transitions import GuardedQuerySet


def is_visible_to(user, prefix="") -> Q:
    """One's teams' cases, and those one asked for; everything for those who see everything (R10.2)."""
    if sees_everything(user):
        return Q()
    return Q(**{f"{prefix}team__in": team_ids(user)}) | Q(**{f"{prefix}requester": user})


class CaseQuerySet(GuardedQuerySet):
    def visible_to(self, user):
        """The cases this person may see (R10.2)."""
        return self.filter(is_visible_to(user))


class StepQuerySet(GuardedQuerySet):
    def visible_to(self, user):
        """The steps of the cases this person may see, and those granted to whom they stand in for."""
        if sees_everything(user):
            return self
        return self.filter(is_visible_to(user, "case__") | Q(pk__in=self._granted(user)))

    def open(self):
        """To be decided now."""
        return self.filter(state=StepState.OPEN)

    def decidable_by(self, user):
        """Open, granted to the person or to one they stand in for, and not their own (R2.10, R2.12)."""
        mine = self.open().filter(pk__in=self._granted(user)).exclude(requester=user)
        return mine.exclude(pk__in=self.model.barred.through.objects.filter(user=user).values("step"))

    def _granted(self, user):
        people = {user.pk, *givers_on_pages(user)}
        held = self.model._base_manager.filter(
            Q(stepuserpermission__user__in=people, case__team__manager__in=people)
            | Q(stepgrouppermission__group__user__in=people)
        )
        return held.filter(state=StepState.OPEN).values("pk")
