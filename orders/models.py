"""The sales order, its lines, the customer's paper, and the confirmations sent out (sections 1, 2)."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django_fsm import FSMField

from core import figures
from core.transitions import Stateful, gated
from customers.models import Channel, PaymentTerms
from orders import gates
from orders.querysets import OrderQuerySet
from orders.states import BADGE, COMMITTED, EDITABLE, MarkKind, OrderClass, OrderState

MONEY = {"max_digits": 16, "decimal_places": 2}
QUANTITY = {"max_digits": 14, "decimal_places": 3}
PRICE = {"max_digits": 14, "decimal_places": 4}
PERSON = settings.AUTH_USER_MODEL


class SalesOrder(Stateful):
    """What a customer orders. Number from the first save; totals by the system only (R1.4, R1.6)."""

    number = models.CharField(_("number"), max_length=40, unique=True)
    customer = models.ForeignKey(
        "customers.Customer", models.PROTECT, related_name="orders", verbose_name=_("customer")
    )
    contact_name = models.CharField(_("contact"), max_length=80, blank=True)
    contact_phone = models.CharField(_("contact's phone"), max_length=40, blank=True)
    ship_to = models.CharField(_("ship to"), max_length=300, blank=True)  # frozen copy
    customer_order_number = models.CharField(_("customer's order number"), max_length=60, blank=True)
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
    checklist = models.JSONField(_("standardisation checklist"), default=dict, blank=True)
    state = FSMField(_("state"), default=OrderState.DRAFT, choices=OrderState.choices, protected=True)
    case = models.OneToOneField("approvals.Case", models.PROTECT, null=True, blank=True, related_name="order")
    submitted_at = models.DateTimeField(_("submitted at"), null=True, blank=True)
    approved_at = models.DateTimeField(_("approved at"), null=True, blank=True)
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
    external_key = models.CharField(
        _("key in the source system"), max_length=80, null=True, blank=True, unique=True
    )
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
    def is_committed(self) -> bool:
        """Whether it counts in the credit account."""
        return self.state in COMMITTED

    @gated(state, target=OrderState.SUBMITTED, gate=gates.SUBMIT)
    def submit(self, *, actor, at):
        """The rep hands it over to business support."""
        self.submitted_at, self.submitted_by = at, actor

    @gated(state, target=OrderState.IN_REVIEW, gate=gates.STANDARDISE)
    def standardise(self, *, actor):
        """Business support made it the internal standard order; the steps open (R1.9)."""
        self.standardised_by = actor

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


class OrderLine(models.Model):
    """One product, quantity, price, due date. ordered = shipped + open + cancelled (R5.14, I3)."""

    order = models.ForeignKey(SalesOrder, models.CASCADE, related_name="lines")
    position = models.PositiveIntegerField(_("position"))
    product = models.ForeignKey(
        "inventory.Product",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("product"),
    )
    typed = models.CharField(
        _("as typed"), max_length=120, blank=True
    )  # a product nobody found yet: a red row
    specification = models.CharField(_("specification"), max_length=200, blank=True)
    quantity = models.DecimalField(_("quantity"), default=0, **QUANTITY)
    unit = models.CharField(_("unit"), max_length=12, blank=True)
    price = models.DecimalField(_("price"), null=True, blank=True, **PRICE)
    list_price = models.DecimalField(_("list price"), null=True, blank=True, **PRICE)
    price_source = models.CharField(_("price from"), max_length=12, blank=True)  # list, agreement, typed
    discount_percent = models.DecimalField(_("discount, %"), max_digits=5, decimal_places=2, default=0)
    tax_rate = models.DecimalField(_("tax rate, %"), max_digits=5, decimal_places=2, default=13)
    due_on = models.DateField(_("due"), null=True, blank=True)
    promised_on = models.DateField(_("promised finish"), null=True, blank=True)
    goods = models.DecimalField(_("goods"), default=0, **MONEY)
    discount = models.DecimalField(_("discount"), default=0, **MONEY)
    tax = models.DecimalField(_("tax"), default=0, **MONEY)
    total = models.DecimalField(_("total"), default=0, **MONEY)
    requirement = models.OneToOneField(
        "inventory.Requirement", models.PROTECT, null=True, blank=True, related_name="order_line"
    )
    shipped = models.DecimalField(_("shipped"), default=0, **QUANTITY)
    cancelled = models.DecimalField(_("cancelled"), default=0, **QUANTITY)

    class Meta:
        verbose_name = _("order line")
        verbose_name_plural = _("order lines")
        ordering = ["order_id", "position"]
        constraints = [
            models.UniqueConstraint(
                fields=["order", "position"],
                name="orderline_position",
            ),
            models.CheckConstraint(
                condition=Q(quantity__gte=0, shipped__gte=0, cancelled__gte=0)
                & Q(quantity__gte=figures.quantity(F("shipped") + F("cancelled"))),
                name="orderline_shipped_within_ordered",
            ),
            models.CheckConstraint(
                condition=Q(discount_percent__gte=0, discount_percent__lte=100)
                & (Q(price=None) | Q(price__gte=0)),
                name="orderline_price_sane",
            ),
            models.CheckConstraint(
                condition=Q(total=figures.money(F("goods") - F("discount"))),
                name="orderline_total_is_the_sum",
            ),
        ]

    def __str__(self):
        return f"{self.order_id}/{self.position}"

    @property
    def open_quantity(self):
        """Ordered, not shipped, not cancelled."""
        return self.quantity - self.shipped - self.cancelled


class SourceDocument(models.Model):
    """R1.1: the customer's own paper, with the mark that makes it theirs."""

    order = models.ForeignKey(SalesOrder, models.CASCADE, related_name="source_documents")
    file = models.ForeignKey("core.StoredFile", models.PROTECT, related_name="+")
    purpose = models.CharField(
        _("serves as"), max_length=80, blank=True
    )  # empty: the customer's order or contract; else the demanded attachment it is (R1.3)
    mark = models.CharField(_("confirmation mark"), max_length=10, choices=MarkKind.choices, blank=True)
    marked_by = models.CharField(_("confirmed by"), max_length=80, blank=True)
    marked_on = models.DateField(_("confirmed on"), null=True, blank=True)
    added_by = models.ForeignKey(PERSON, models.PROTECT, related_name="+")
    added_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("source document")
        verbose_name_plural = _("source documents")

    def __str__(self):
        return str(self.file)

    @property
    def is_confirmed(self) -> bool:
        """Whether kind, by whom and when are all recorded."""
        return bool(self.mark and self.marked_by and self.marked_on)


class OrderConfirmation(models.Model):
    """R1.8: our order confirmation as it went to the customer, one row a version."""

    order = models.ForeignKey(SalesOrder, models.CASCADE, related_name="confirmations")
    version = models.PositiveIntegerField(_("version"))
    language = models.CharField(max_length=10, default="zh-hans")
    document = models.ForeignKey("core.Document", models.PROTECT, related_name="+")
    sent_to = models.EmailField(_("sent to"))
    sent_by = models.ForeignKey(PERSON, models.PROTECT, related_name="+")
    sent_at = models.DateTimeField(_("sent at"))

    class Meta:
        verbose_name = _("order confirmation")
        verbose_name_plural = _("order confirmations")
        constraints = [models.UniqueConstraint(fields=["order", "version"], name="confirmation_version")]

    def __str__(self):
        return f"{self.order_id} v{self.version}"


class Comment(models.Model):
    """What people say about an order, shown in its timeline."""

    order = models.ForeignKey(SalesOrder, models.CASCADE, related_name="comments")
    text = models.TextField(_("comment"))
    author = models.ForeignKey(PERSON, models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("comment")
        verbose_name_plural = _("comments")

    def __str__(self):
        return self.text[:60]
