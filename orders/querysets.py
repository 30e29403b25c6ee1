"""Querysets: who sees what, and the one Q behind each definition."""

import hashlib
import json
from datetime import datetime, timedelta

from django.db.models import F, Max, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone

from accounts.queries import sees_everything, team_ids
from approvals.states import StepKind, StepState
from core.transitions import GuardedQuerySet
from orders.content import content_key, number_key
from orders.parameters import DUPLICATE_DAYS
from orders.states import (
    ALIVE,
    COMMITTED,
    CONFIRMABLE,
    ConfirmationState,
    ImportState,
    MemoState,
    OrderState,
    QuotationState,
)


def is_unconfirmed() -> Q:
    """R1.8: approved, and no confirmation that counts went to the customer yet."""
    return Q(state__in=CONFIRMABLE) & ~Q(confirmations__state__in=ALIVE)


def is_asked_for_its_dates() -> Q:
    """R2.9: approved, and production was asked for what stock no longer serves."""
    return Q(state=OrderState.APPROVED, promise_asked_at__isnull=False)


def is_on_the_clock() -> Q:
    """R1.5: submitted, neither released nor refused yet: the processing clock runs."""
    running = (OrderState.SUBMITTED, OrderState.IN_REVIEW, OrderState.APPROVED)
    return Q(state__in=running, clock_ends_at__isnull=False, clock_stopped_at__isnull=True)


def is_quiet_on_the_clock() -> Q:
    """R1.5: the clock runs, and nobody was told of it yet."""
    return is_on_the_clock() & Q(clock_told=0)


def is_breached(as_of: datetime) -> Q:
    """R1.5: past its clock at the moment, whether it still runs or ran out before it was stopped."""
    late_stop = Q(clock_stopped_at__gt=F("clock_ends_at"))
    return (is_on_the_clock() & Q(clock_ends_at__lte=as_of)) | late_stop


def is_unanswered() -> Q:
    """R1.10: approved, and the customer's confirmation is not back; also where all else is settled."""
    return Q(state__in=COMMITTED, confirmed_at__isnull=True)


def is_outstanding() -> Q:
    """R1.10: the confirmation went out and no answer is back."""
    return is_unanswered() & Q(confirmations__state=ConfirmationState.SENT)


def is_disputed() -> Q:
    """R1.10: the customer answered that something is not right, and that is not settled."""
    return is_unanswered() & Q(confirmations__state=ConfirmationState.DISPUTED)


def stands_on_its_quotation() -> Q:
    """R1.14: an order that was cancelled before its approval gave its quotation back."""
    return ~Q(state=OrderState.CANCELLED) | Q(approved_at__isnull=False)


def has_open_question(prefix: str = "questions__") -> Q:
    """R1.9: business support asked something that is neither answered nor taken back."""
    return Q(**{f"{prefix}pk__isnull": False, f"{prefix}answered_at": None, f"{prefix}withdrawn_at": None})


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

    def waiting_for(self, kind):
        """Under review, and this step of it waits for its decision (R2.8, R2.9)."""
        return self.filter(
            state=OrderState.IN_REVIEW,
            case__steps__kind=kind,
            case__steps__state=StepState.OPEN,
            case__steps__round=F("case__round"),
        )

    def to_promise(self):
        """Production's written promise is missing: in the review, or asked for after the approval (R2.9)."""
        asked = self.model.objects.filter(is_asked_for_its_dates())
        reviewed = self.model.objects.waiting_for(StepKind.PRODUCTION)
        return self.filter(pk__in=reviewed.values("pk").union(asked.values("pk"), all=True))

    def to_mend(self):
        """Returned to the rep, with a reason (R2.11)."""
        return self.filter(state=OrderState.REFUSED)

    def on_the_clock(self):
        """Those whose processing clock runs (R1.5)."""
        return self.filter(is_on_the_clock())

    def clock_due(self, *, as_of):
        """Those of which a warning or a breach is to be told, each level once (R1.5)."""
        warned = is_quiet_on_the_clock() & Q(clock_warns_at__lte=as_of)
        return self.filter(warned | is_on_the_clock() & Q(clock_told__lt=2, clock_ends_at__lte=as_of))

    def breached(self, *, as_of):
        """Those past their clock at the moment (R1.5)."""
        return self.filter(is_breached(as_of))

    def with_due(self):
        """With `due`: the header's date, else the earliest of its lines."""
        lines = self.model._meta.get_field("lines").related_model
        first = lines.objects.filter(order=OuterRef("pk")).order_by("due_on").values("due_on")[:1]
        return self.annotate(due=Coalesce("due_on", Subquery(first)))

    def with_promise(self):
        """With `promised` and `first_promised`: the last of its lines' promised dates, now and at first."""
        lines = self.model._meta.get_field("lines").related_model.objects.filter(order=OuterRef("pk"))
        at_first = Coalesce("first_promised_on", "promised_on")
        last = lines.order_by().values("order")
        return self.annotate(
            promised=Subquery(last.annotate(day=Max("promised_on")).values("day")),
            first_promised=Subquery(last.annotate(day=Max(at_first)).values("day")),
        )

    def standing_on_quotations(self):
        """Those for whose sake their quotation counts as ordered (R1.14)."""
        return self.filter(stands_on_its_quotation())

    def twins_of(self, order):
        """R1.12: likely duplicates, newest first: the customer's other living orders under the same number
        of theirs, or of the same products and quantities within so many days."""
        key = content_key((line.product_id, line.quantity) for line in order.lines.all())
        number = number_key(order.customer_order_number)
        if not (key or number):
            return self.none()
        days = timedelta(days=DUPLICATE_DAYS.value())
        near = (order.ordered_on - days, order.ordered_on + days)
        same = Q(their_key=number) if number else Q()
        if key:
            same |= Q(content_key=key, ordered_on__range=near)
        others = self.filter(same, customer=order.customer_id).exclude(pk=order.pk)
        return others.exclude(state=OrderState.CANCELLED).order_by("-ordered_on", "-pk")

    def open_twins_of(self, order):
        """R1.12: those likely duplicates that nobody ruled out yet."""
        return self.twins_of(order).exclude(number__in=order.not_duplicates)

    def outstanding(self):
        """Those whose confirmation went out and is not back; of one order one is alive (R1.10)."""
        return self.filter(is_outstanding())

    def outstanding_at(self, as_of):
        """Those whose confirmation had gone out at the moment, and was not back then (R1.10)."""
        out = self.model._meta.get_field("confirmations").related_model.objects.filter(sent_at__lte=as_of)
        waits = Q(state=ConfirmationState.SENT) | Q(answered_at__gt=as_of)
        living = Q(state__in=COMMITTED) & (Q(confirmed_at=None) | Q(confirmed_at__gt=as_of))
        return self.filter(living, pk__in=out.filter(waits).values("order"))

    def with_confirmation(self):
        """With what is out: `out_at`, `out_to`, what was called not right, and the days slipped so far."""
        sent = self.model._meta.get_field("confirmations").related_model.objects
        alive = sent.filter(order=OuterRef("pk")).exclude(state=ConfirmationState.SUPERSEDED)
        slips = self.model._meta.get_field("slips").related_model.objects.filter(order=OuterRef("pk"))
        standing = slips.filter(taken_back_at=None).order_by().values("order")
        return self.annotate(
            out_at=Subquery(alive.values("sent_at")[:1]),
            out_to=Subquery(alive.values("sent_to")[:1]),
            disputed_at=Subquery(alive.values("disputed_at")[:1]),
            words=Subquery(alive.values("answer")[:1]),
            slipped=Subquery(standing.annotate(days=Max("days")).values("days")),
        )

    def disputed(self):
        """Those that the customer called not right (R1.10)."""
        return self.filter(is_disputed())

    def questioned(self):
        """Those about which business support's question waits for its answer (R1.9)."""
        return self.filter(has_open_question()).distinct()


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

    def valid(self, *, on):
        """R1.14: sent or ordered, its prices held on that day."""
        return self.filter(state__in=(QuotationState.SENT, QuotationState.ORDERED), valid_until__gte=on)

    def expiring(self, *, on, days):
        """R1.14: sent, and its validity ends within so many days, or is over."""
        return self.waiting().filter(valid_until__lte=on + timedelta(days=days))


class ImportQuerySet(GuardedQuerySet):
    def visible_to(self, user):
        """R10.2: the files that one brought oneself."""
        if not user.is_authenticated or not user.is_active or "customer" in user.roles:
            return self.none()
        return self.filter(uploaded_by=user)

    def running(self):
        """A worker reads or takes them."""
        return self.filter(state__in=(ImportState.CHECKING, ImportState.TAKING))


class MappingQuerySet(QuerySet):
    def remember(self, *, customer, headings, named):
        """What the headings mean, for the next file of this customer, or headed alike."""
        columns = {heading: name for heading, name in zip(headings, named, strict=True) if heading}
        self.update_or_create(
            customer=customer,
            layout=layout_of(headings),
            defaults={"columns": columns, "named_at": timezone.now()},
        )

    def recall(self, *, customer, headings):
        """Heading → column: of this customer's files, one headed alike first; else of any headed alike."""
        layout = layout_of(headings)
        ours = Q(customer=customer) if customer is not None else Q(pk__in=[])
        known: dict[str, str] = {}
        rows = self.filter(ours | Q(customer=None, layout=layout))
        for each in sorted(
            rows, key=lambda row: (row.customer_id is not None, row.layout == layout, row.named_at)
        ):
            known |= each.columns
        return known


def layout_of(headings) -> str:
    """One name for a set of headings, whatever their order."""
    return hashlib.sha256(json.dumps(sorted(set(headings))).encode()).hexdigest()
