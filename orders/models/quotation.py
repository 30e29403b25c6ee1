"""The quotation that may precede an order: numbered, versioned, valid for a span (R1.14)."""

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django_fsm import FSMField

from core import figures
from core.numbering import fits
from core.transitions import Stateful, gated
from customers.models import PaymentTerms
from orders import gates
from orders.models.shapes import MONEY, PERCENT, PERSON, PRICE, QUANTITY
from orders.querysets import QuotationQuerySet
from orders.states import QUOTATION_BADGE, FreightBearer, QuotationState


class Quotation(Stateful):
    """What we offer, one row an issue; of one number one is offered, and beside it one may be drafted."""

    number = models.CharField(_("number"), max_length=40)
    issue = models.PositiveIntegerField(_("version"), default=1)  # the paper's; `version` is the row's own
    customer = models.ForeignKey(
        "customers.Customer", models.PROTECT, related_name="quotations", verbose_name=_("customer")
    )
    memo = models.ForeignKey("orders.Memo", models.PROTECT, null=True, blank=True, related_name="quotations")
    contact_name = models.CharField(_("contact"), max_length=80, blank=True)
    enquiry = models.CharField(_("the customer's enquiry"), max_length=120, blank=True)
    currency = models.CharField(_("currency"), max_length=3, default="CNY")
    payment_terms = models.CharField(
        _("payment terms"), max_length=12, choices=PaymentTerms.choices, blank=True
    )
    deposit_percent = models.DecimalField(_("deposit, %"), default=0, **PERCENT)
    credit_days = models.PositiveIntegerField(_("credit days"), default=0)
    freight = models.DecimalField(_("freight"), default=0, **MONEY)
    freight_bearer = models.CharField(
        _("freight borne by"), max_length=8, choices=FreightBearer.choices, default=FreightBearer.CUSTOMER
    )
    valid_until = models.DateField(_("valid until"), null=True, blank=True)
    message = models.TextField(_("message to the customer"), blank=True)
    owner = models.ForeignKey(PERSON, models.PROTECT, related_name="quotations", verbose_name=_("sales rep"))
    team = models.ForeignKey("accounts.Team", models.PROTECT, related_name="+", verbose_name=_("team"))
    entered_by = models.ForeignKey(PERSON, models.PROTECT, related_name="+", verbose_name=_("entered by"))
    edited_by = models.ForeignKey(
        PERSON, models.PROTECT, null=True, related_name="+", verbose_name=_("last edited by")
    )
    quoted_on = models.DateField(_("quoted on"))
    state = FSMField(_("state"), default=QuotationState.DRAFT, choices=QuotationState.choices, protected=True)
    sent_at = models.DateTimeField(_("sent at"), null=True, blank=True)
    sent_to = models.EmailField(_("sent to"), blank=True)
    language = models.CharField(max_length=10, default="zh-hans")
    document = models.ForeignKey("core.Document", models.PROTECT, null=True, blank=True, related_name="+")
    lost_reason = models.CharField(_("why lost"), max_length=200, blank=True)
    goods_total = models.DecimalField(_("goods"), default=0, **MONEY)
    discount_total = models.DecimalField(_("discount"), default=0, **MONEY)
    tax_total = models.DecimalField(_("tax"), default=0, **MONEY)
    grand_total = models.DecimalField(_("total"), default=0, **MONEY)
    objects = QuotationQuerySet.as_manager()

    class Meta:
        verbose_name = _("quotation")
        verbose_name_plural = _("quotations")
        constraints = [
            models.UniqueConstraint(fields=["number", "issue"], name="quotation_issue"),
            fits("number", "quotation_number_fits"),
            models.UniqueConstraint(
                fields=["number"],
                condition=Q(state__in=("sent", "ordered")),
                name="quotation_one_offered",
            ),
            models.UniqueConstraint(
                fields=["number"], condition=Q(state="draft"), name="quotation_one_draft"
            ),
            models.CheckConstraint(
                condition=Q(grand_total=figures.money(F("goods_total") - F("discount_total") + F("freight"))),
                name="quotation_total_is_the_sum",
            ),
            models.CheckConstraint(
                condition=~Q(state="sent") | Q(valid_until__isnull=False), name="quotation_sent_has_validity"
            ),
            models.CheckConstraint(
                condition=~Q(state="lost") | ~Q(lost_reason=""), name="quotation_lost_has_reason"
            ),
        ]
        indexes = [
            models.Index(fields=["-quoted_on", "-id"], name="quotation_newest"),
            models.Index(fields=["team", "-quoted_on", "-id"], name="quotation_team_newest"),
            models.Index(fields=["customer", "-quoted_on"], name="quotation_customer"),
            models.Index(fields=["valid_until"], name="quotation_open", condition=Q(state="sent")),
        ]
        permissions = [("send_quotation", _("Can send quotations"))]

    def __str__(self):
        return f"{self.number}/{self.issue}"

    def get_absolute_url(self):
        return reverse("orders:quotation", args=[self.number, self.issue])

    @property
    def thread(self) -> str:
        """The audit thread of this quotation, all its issues together."""
        return f"quotation:{self.number}"

    @property
    def tone(self) -> str:
        """The status colour of its state."""
        return QUOTATION_BADGE[QuotationState(self.state)]

    def others(self):
        """The other issues of its number, newest first."""
        return list(type(self).objects.filter(number=self.number).exclude(pk=self.pk).order_by("-issue"))

    @property
    def is_valid(self) -> bool:
        """Whether its prices are held today (company time)."""
        return bool(self.valid_until and self.valid_until >= timezone.localdate())

    @gated(state, target=QuotationState.SENT, gate=gates.SEND_QUOTATION)
    def send(self, *, actor, at):
        """It went to the customer; from here on it is revised by a new issue only."""
        self.sent_at = at

    @gated(state, target=QuotationState.REPLACED, gate=gates.REPLACE_QUOTATION)
    def replace(self, *, actor):
        """A newer issue went out in its place."""

    @gated(state, target=QuotationState.ORDERED, gate=gates.ORDER_QUOTATION)
    def order(self, *, actor):
        """The customer ordered by it."""

    @gated(state, target=QuotationState.SENT, gate=gates.GIVE_BACK_QUOTATION)
    def give_back(self, *, actor):
        """The order that was begun by it was cancelled before its approval."""

    @gated(state, target=QuotationState.LOST, gate=gates.LOSE_QUOTATION)
    def lose(self, *, actor, reason):
        """Nothing came of it."""
        self.lost_reason = reason


class QuotationLine(models.Model):
    """One product at its offered price, tax included."""

    quotation = models.ForeignKey(Quotation, models.CASCADE, related_name="lines")
    position = models.PositiveIntegerField(_("position"))
    product = models.ForeignKey(
        "inventory.Product",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("product"),
    )
    typed = models.CharField(_("as typed"), max_length=120, blank=True)
    specification = models.CharField(_("specification"), max_length=200, blank=True)
    quantity = models.DecimalField(_("quantity"), default=0, **QUANTITY)
    unit = models.CharField(_("unit"), max_length=12, blank=True)
    price = models.DecimalField(_("price"), null=True, blank=True, **PRICE)
    list_price = models.DecimalField(_("list price"), null=True, blank=True, **PRICE)
    agreed_price = models.DecimalField(_("agreed price"), null=True, blank=True, **PRICE)
    discount_percent = models.DecimalField(_("discount, %"), default=0, **PERCENT)
    tax_rate = models.DecimalField(_("tax rate, %"), default=13, **PERCENT)
    lead_days = models.PositiveIntegerField(_("delivery, working days"), null=True, blank=True)
    goods = models.DecimalField(_("goods"), default=0, **MONEY)
    discount = models.DecimalField(_("discount"), default=0, **MONEY)
    tax = models.DecimalField(_("tax"), default=0, **MONEY)
    total = models.DecimalField(_("total"), default=0, **MONEY)

    class Meta:
        verbose_name = _("quotation line")
        verbose_name_plural = _("quotation lines")
        ordering = ["quotation_id", "position"]
        constraints = [
            models.UniqueConstraint(fields=["quotation", "position"], name="quotationline_position"),
            models.CheckConstraint(
                condition=Q(quantity__gte=0, discount_percent__gte=0, discount_percent__lte=100)
                & (Q(price=None) | Q(price__gte=0)),
                name="quotationline_sane",
            ),
            models.CheckConstraint(
                condition=Q(total=figures.money(F("goods") - F("discount"))),
                name="quotationline_total_is_the_sum",
            ),
        ]

    def __str__(self):
        return f"{self.quotation_id}/{self.position}"
