"""Querysets: who sees what, and the one Q behind each definition."""

from django.db.models import Q

from accounts.queries import sees_everything, team_ids
from core.transitions import GuardedQuerySet
from orders.states import COMMITTED, ImportState, MemoState, OrderState, QuotationState


def is_unconfirmed() -> Q:
    """R1.8: approved, and no confirmation went to the customer yet."""
    return Q(state__in=(OrderState.APPROVED, OrderState.RELEASED), confirmations=None)


def is_on_the_clock() -> Q:
    """R1.5: submitted, neither released nor refused yet: the processing clock runs."""
    running = (OrderState.SUBMITTED, OrderState.IN_REVIEW, OrderState.APPROVED)
    return Q(state__in=running, clock_ends_at__isnull=False, clock_stopped_at__isnull=True)


def is_unanswered() -> Q:
    """R1.10: approved, and the customer's confirmation is not back."""
    return Q(state__in=(OrderState.APPROVED, OrderState.RELEASED), confirmed_at__isnull=True)


def is_open_to_its_customer() -> Q:
    """What the customer sees of its own orders: those that were approved."""
    return Q(state__in=COMMITTED) | Q(state=OrderState.CANCELLED, approved_at__isnull=False)


class OrderQuerySet(GuardedQuerySet):
    def visible_to(self, user):
        """R10.2: everything for the house's departments, one's teams' for sales, its own for a customer."""
        if not user.is_authenticated or not user.is_active:
            return self.none()
        if sees_everything(user):
            return self.all()
        if "customer" in user.roles:
            return self.filter(is_open_to_its_customer(), customer__portal_users=user)
        return self.filter(team__in=team_ids(user))

    def to_standardise(self):
        """Submitted, and not yet made the internal standard order (R1.9)."""
        return self.filter(state=OrderState.SUBMITTED)

    def to_confirm(self):
        """The customer has no confirmation yet (R1.8)."""
        return self.filter(is_unconfirmed())

    def to_release(self):
        """Approved, and no command to production and warehouse yet (R2.1)."""
        return self.filter(state=OrderState.APPROVED)

    def to_mend(self):
        """Returned to the rep, with a reason (R2.11)."""
        return self.filter(state=OrderState.REFUSED)

    def on_the_clock(self):
        """Those whose processing clock runs (R1.5)."""
        return self.filter(is_on_the_clock())

    def unanswered(self):
        """Those whose confirmation the customer has not sent back (R1.10)."""
        return self.filter(is_unanswered())


class MemoQuerySet(GuardedQuerySet):
    def visible_to(self, user):
        """R10.2: everything for the house's departments, one's teams' and one's own for sales."""
        if not user.is_authenticated or not user.is_active or "customer" in user.roles:
            return self.none()
        if sees_everything(user):
            return self.all()
        return self.filter(Q(team__in=team_ids(user)) | Q(taken_by=user))

    def open(self):
        """Still to be followed up."""
        return self.filter(state=MemoState.OPEN)


class QuotationQuerySet(GuardedQuerySet):
    def visible_to(self, user):
        """R10.2: everything for the house's departments, one's teams' for sales, none for customers."""
        if not user.is_authenticated or not user.is_active or "customer" in user.roles:
            return self.none()
        return self.all() if sees_everything(user) else self.filter(team__in=team_ids(user))

    def waiting(self):
        """Sent, and the customer has not answered."""
        return self.filter(state=QuotationState.SENT)


class ImportQuerySet(GuardedQuerySet):
    def visible_to(self, user):
        """R10.2: the files that one brought oneself."""
        if not user.is_authenticated or not user.is_active or "customer" in user.roles:
            return self.none()
        return self.filter(uploaded_by=user)

    def running(self):
        """A worker reads or takes them."""
        return self.filter(state__in=(ImportState.CHECKING, ImportState.TAKING))
