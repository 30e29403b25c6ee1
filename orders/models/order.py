"""The sales order: what a customer orders, on which terms, where it stands (sections 1, 2)."""

from typing import Any

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django_fsm import FSMField

from core import figures
from core.numbering import fits
from core.transitions import Stateful, gated
from customers.models import Channel, PaymentTerms
from orders import gates
from orders.models.shapes import MONEY, PERSON
from orders.querysets import (
    OrderQuerySet,
    is_asked_for_its_dates,
    is_on_the_clock,
    is_quiet_on_the_clock,
    stands_on_its_quotation,
)
from orders.states import BADGE, COMMITTED, EDITABLE, FreightBearer, OrderClass, OrderState


class SalesOrder(Stateful):
    """What a customer orders. Number from the first save; totals by the system only (R1.4, R1.6)."""

    number = models.CharField(_("number"), max_length=40, unique=True)
    customer = models.ForeignKey(
        "customers.Customer", models.PROTECT, related_name="orders", verbose_name=_("customer")
    )
    contact_name = models.CharField(_("contact"), max_length=80, blank=True)
    contact_phone = models.CharField(_("contact's phone"), max_length=40, blank=True)
    ship_to = models.CharField(_("ship to"), max_length=300, blank=True)  # frozen copy
    ship_from = models.ForeignKey(
        "inventory.Warehouse",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("ship from"),
    )
    freight_bearer = models.CharField(
        _("freight borne by"), max_length=8, choices=FreightBearer.choices, default=FreightBearer.CUSTOMER
    )
    customer_order_number = models.CharField(_("customer's order number"), max_length=60, blank=True)
    their_key = models.CharField(max_length=60, blank=True, editable=False)  # how it is compared (R1.12)
    channel = models.CharField(_("channel"), max_length=10, choices=Channel.choices, blank=True)
    channel_reference = models.CharField(_("channel's reference"), max_length=80, blank=True)
    klass = models.CharField(_("class"), max_length=8, choices=OrderClass.choices, default=OrderClass.NORMAL)
    class_reason = models.CharField(_("why special or urgent"), max_length=200, blank=True)
    payment_terms = models.CharField(
        _("payment terms"), max_length=12, choices=PaymentTerms.choices, blank=True
    )
    deposit_percent = models.DecimalField(_("deposit, %"), max_digits=5, decimal_places=2, default=0)
    credit_days = models.PositiveIntegerField(_("credit days"), default=0)
    currency = models.CharField(_("currency"), max_length=3, default="CNY")
    ordered_on = models.DateField(_("ordered on"))
    due_on = models.DateField(_("due"), null=True, blank=True)
    message = models.TextField(_("message to the customer"), blank=True)
    internal_note = models.TextField(_("internal note"), blank=True)
    unread = models.JSONField(default=dict, blank=True)  # field → what was typed and cannot be read (R1.3)
    owner = models.ForeignKey(PERSON, models.PROTECT, related_name="orders", verbose_name=_("sales rep"))
    team = models.ForeignKey("accounts.Team", models.PROTECT, related_name="orders", verbose_name=_("team"))
    entered_by = models.ForeignKey(PERSON, models.PROTECT, related_name="+", verbose_name=_("entered by"))
    edited_by = models.ForeignKey(PERSON, models.PROTECT, related_name="+", verbose_name=_("last edited by"))
    standardised_by = models.ForeignKey(
        PERSON, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("standardised by")
    )
    submitted_by = models.ForeignKey(
        PERSON, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("submitted by")
    )
    submitted_content = models.JSONField(default=dict, blank=True)  # what the rep handed over (R1.9)
    standard_editors = models.JSONField(default=list, blank=True)  # ids of support's who changed lines (R1.9)
    standardised_digest = models.CharField(max_length=64, blank=True)  # of the content standardised (R2.11)
    checklist = models.JSONField(_("standardisation checklist"), default=dict, blank=True)
    state = FSMField(_("state"), default=OrderState.DRAFT, choices=OrderState.choices, protected=True)
    case = models.OneToOneField("approvals.Case", models.PROTECT, null=True, blank=True, related_name="order")
    acknowledged_at = models.DateTimeField(
        _("acknowledged to the customer at"), null=True, blank=True
    )  # R1.8
    submitted_at = models.DateTimeField(_("submitted at"), null=True, blank=True)
    approved_at = models.DateTimeField(_("approved at"), null=True, blank=True)
    promise_asked_at = models.DateTimeField(
        _("production asked for the dates at"), null=True, blank=True
    )  # R2.9: after its approval, for what stock no longer serves
    released_at = models.DateTimeField(_("released at"), null=True, blank=True)
    settled_at = models.DateTimeField(_("settled at"), null=True, blank=True)
    goods_total = models.DecimalField(_("goods"), default=0, **MONEY)
    discount_total = models.DecimalField(_("discount"), default=0, **MONEY)
    tax_total = models.DecimalField(_("tax"), default=0, **MONEY)
    freight = models.DecimalField(_("freight"), default=0, **MONEY)
    grand_total = models.DecimalField(_("total"), default=0, **MONEY)
    shipped_total = models.DecimalField(_("shipped"), default=0, **MONEY)
    invoiced_total = models.DecimalField(_("invoiced"), default=0, **MONEY)
    paid_total = models.DecimalField(_("paid"), default=0, **MONEY)
    content_key = models.CharField(max_length=64, blank=True)  # products and quantities (R1.12)
    not_duplicates = models.JSONField(default=list, blank=True)  # order numbers (R1.12)
    clock_warns_at = models.DateTimeField(_("warns at"), null=True, blank=True)  # R1.5
    clock_ends_at = models.DateTimeField(_("to be released or refused by"), null=True, blank=True)
    clock_stopped_at = models.DateTimeField(_("clock stopped at"), null=True, blank=True)
    clock_round = models.PositiveIntegerField(default=0, editable=False)  # how often it was started
    clock_told = models.PositiveSmallIntegerField(default=0, editable=False)  # 1: warned, 2: breach told
    confirmed_at = models.DateTimeField(_("confirmed by the customer at"), null=True, blank=True)  # R1.10
    quotation = models.ForeignKey(
        "orders.Quotation",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="orders",
        verbose_name=_("quotation"),
    )
    external_key = models.CharField(
        _("key in the source system"), max_length=80, null=True, blank=True, unique=True
    )
    split: Any  # orders.feasible.Served by line: how it is served at the release that is under way (R4.1)
    objects = OrderQuerySet.as_manager()

    class Meta:
        verbose_name = _("sales order")
        verbose_name_plural = _("sales orders")
        constraints = [
            models.CheckConstraint(
                condition=Q(goods_total__gte=0, discount_total__gte=0, tax_total__gte=0, freight__gte=0),
                name="order_totals_not_negative",
            ),
            models.CheckConstraint(
                condition=Q(grand_total=figures.money(F("goods_total") - F("discount_total") + F("freight"))),
                name="order_total_is_the_sum",
            ),
            models.CheckConstraint(
                condition=Q(shipped_total__gte=0, invoiced_total__gte=0, paid_total__gte=0)
                & Q(shipped_total__lte=F("grand_total"), invoiced_total__lte=F("shipped_total")),
                name="order_invoiced_within_shipped",
            ),
            models.UniqueConstraint(
                fields=["quotation"],
                name="order_one_of_its_quotation",
                condition=stands_on_its_quotation(),
            ),  # R1.14
            fits("number", "order_number_fits"),  # R1.4
        ]
        indexes = [
            models.Index(fields=["-ordered_on", "-id"], name="order_newest"),
            models.Index(fields=["team", "-ordered_on", "-id"], name="order_team_newest"),
            models.Index(fields=["customer", "-ordered_on", "-id"], name="order_customer_newest"),
            models.Index(fields=["state", "-ordered_on", "-id"], name="order_state_newest"),
            models.Index(
                fields=["state_since", "id"], name="order_to_standardise", condition=Q(state="submitted")
            ),
            models.Index(
                fields=["state_since", "id"], name="order_to_release", condition=Q(state="approved")
            ),
            models.Index(
                fields=["state_since", "id"], name="order_promise_asked", condition=is_asked_for_its_dates()
            ),
            models.Index(
                fields=["clock_ends_at", "id"], name="order_clock_runs", condition=is_on_the_clock()
            ),
            models.Index(
                fields=["clock_warns_at", "id"], name="order_clock_warns", condition=is_quiet_on_the_clock()
            ),
            models.Index(fields=["customer", "content_key", "-ordered_on"], name="order_content"),
            models.Index(fields=["customer", "customer_order_number"], name="order_their_number"),
            models.Index(
                fields=["customer", "their_key"], name="order_their_key", condition=~Q(their_key="")
            ),
        ]
        permissions = [
            ("submit_salesorder", _("Can submit orders")),
            ("standardise_salesorder", _("Can standardise orders")),
            ("confirm_salesorder", _("Can send order confirmations")),
            ("release_salesorder", _("Can release orders")),
            ("cancel_salesorder", _("Can cancel orders")),
            ("import_salesorder", _("Can import orders")),
        ]

    def __str__(self):
        return self.number

    def get_absolute_url(self):
        return reverse("orders:order", args=[self.number])

    @property
    def thread(self) -> str:
        """The audit thread of this order and all that follows from it."""
        return f"order:{self.number}"

    @property
    def tone(self) -> str:
        """The status colour of its state."""
        return BADGE[self.state]

    @property
    def is_editable(self) -> bool:
        """Whether the rep may still type."""
        return self.state in EDITABLE

    @property
    def is_released(self) -> bool:
        """Whether it is a command to production and warehouse."""
        return self.state in (OrderState.RELEASED, OrderState.SETTLED)

    @property
    def is_shipped(self) -> bool:
        """Whether all of it has left."""
        return self.is_released and self.shipped_total >= self.grand_total > 0

    @property
    def is_past_due_dates(self) -> bool:
        """Whether its due date warns nobody any more: all of it has left, or none of it will."""
        return self.is_shipped or self.state in (OrderState.SETTLED, OrderState.CANCELLED)

    @property
    def is_committed(self) -> bool:
        """Whether it counts in the credit account."""
        return self.state in COMMITTED

    def memo_of(self):
        """The customer memo that it rests on, if there is one (R1.2)."""
        return getattr(self, "memo", None)

    @gated(state, target=OrderState.SUBMITTED, gate=gates.SUBMIT)
    def submit(self, *, actor, at):
        """The rep hands it over to business support."""
        self.submitted_at, self.submitted_by = at, actor

    @gated(state, target=OrderState.IN_REVIEW, gate=gates.STANDARDISE)
    def standardise(self, *, actor):
        """Business support made it the internal standard order; the steps open (R1.9)."""
        self.standardised_by = actor

    @gated(state, target=OrderState.IN_REVIEW, gate=gates.RESUME)
    def resume(self, *, actor):
        """What was standardised is unchanged; the review goes on without another standardisation (R2.11)."""

    @gated(state, target=OrderState.REFUSED, gate=gates.RETURN)
    def return_to_rep(self, *, actor):
        """Business support sends it back with open questions."""

    @gated(state, target=OrderState.APPROVED, gate=gates.APPROVE)
    def approve(self, *, actor, at):
        """Every step said yes."""
        self.approved_at = at

    @gated(state, target=OrderState.REFUSED, gate=gates.REFUSE)
    def refuse(self, *, actor):
        """A step said no."""

    @gated(state, target=OrderState.DRAFT, gate=gates.WITHDRAW)
    def withdraw(self, *, actor):
        """The rep takes it back before it is approved."""

    @gated(state, target=OrderState.REFUSED, gate=gates.REOPEN)
    def reopen(self, *, actor):
        """What was approved is to be changed before it is released (R2.11)."""

    @gated(state, target=OrderState.IN_REVIEW, gate=gates.WEIGH_AGAIN)
    def weigh_again(self, *, actor):
        """Approved once, but nothing covers the exposure any more: it is put before who may (R2.6)."""

    @gated(state, target=OrderState.RELEASED, gate=gates.RELEASE)
    def release(self, *, actor, at):
        """It becomes a command to production and warehouse."""
        self.released_at = at

    @gated(state, target=OrderState.SETTLED, gate=gates.SETTLE)
    def settle(self, *, actor, at):
        """Shipped, invoiced, paid."""
        self.settled_at = at

    @gated(state, target=OrderState.CANCELLED, gate=gates.CANCEL)
    def cancel(self, *, actor):
        """Free before release (R7.7)."""
