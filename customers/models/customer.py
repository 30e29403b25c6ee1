"""The customer's master record, its people and its addresses (R3.1)."""

from decimal import Decimal

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core import clock
from core.showing import figure
from customers.models.shapes import MONEY, PERSON
from customers.querysets import CustomerQuerySet
from customers.states import PaymentTerms

#: How much an order and a shipment keep of an address (R3.1).
SHIP_TO_LENGTH = 300


class CustomerClass(models.TextChoices):
    A = "A", "A"
    B = "B", "B"
    C = "C", "C"


class Channel(models.TextChoices):
    PHONE = "phone", _("Phone")
    EMAIL = "email", _("E-mail")
    FAX = "fax", _("Fax")
    VISIT = "visit", _("Visit")
    REP = "rep", _("Sales rep")
    PORTAL = "portal", _("Portal")
    SHOP = "shop", _("E-commerce")
    API = "api", _("API")


class Customer(models.Model):
    """R3.1: whom we sell to, on which terms, whose it is, blocked or not and why."""

    code = models.CharField(_("code"), max_length=20, unique=True)
    name = models.CharField(_("name"), max_length=120)
    name_en = models.CharField(_("name in English"), max_length=120, blank=True)
    initials = models.CharField(_("pinyin initials"), max_length=120, blank=True, editable=False)
    country = models.CharField(_("country"), max_length=2, default="CN")
    tax_id = models.CharField(_("tax identity"), max_length=30, blank=True)
    invoice_address = models.CharField(_("address and phone on invoices"), max_length=200, blank=True)
    invoice_bank = models.CharField(_("bank and account on invoices"), max_length=200, blank=True)
    owner = models.ForeignKey(PERSON, models.PROTECT, related_name="customers", verbose_name=_("sales rep"))
    team = models.ForeignKey(
        "accounts.Team", models.PROTECT, related_name="customers", verbose_name=_("team")
    )
    klass = models.CharField(
        pgettext_lazy("customer", "class"),
        max_length=1,
        choices=CustomerClass.choices,
        default=CustomerClass.C,
    )
    credit_grade = models.CharField(_("credit grade"), max_length=20, blank=True)
    credit_line = models.BooleanField(_("has a credit line"), default=False)
    credit_limit = models.DecimalField(_("credit limit"), default=0, **MONEY)
    currency = models.CharField(_("currency"), max_length=3, default="CNY")
    payment_terms = models.CharField(
        _("payment terms"), max_length=12, choices=PaymentTerms.choices, default=PaymentTerms.PREPAID
    )
    deposit_percent = models.DecimalField(_("deposit, %"), max_digits=5, decimal_places=2, default=0)
    credit_days = models.PositiveIntegerField(_("credit days"), default=0)
    channel = models.CharField(
        _("preferred channel"), max_length=10, choices=Channel.choices, default=Channel.EMAIL
    )
    email = models.EmailField(_("e-mail"), blank=True)
    language = models.CharField(
        _("language"), max_length=10, default="zh-hans", choices=[("zh-hans", "中文"), ("en", "English")]
    )
    customer_since = models.DateField(_("customer since"), null=True, blank=True)
    preferences = models.TextField(_("preferences"), blank=True)  # packaging, delivery windows, what to mind
    blocked_at = models.DateTimeField(_("blocked since"), null=True, blank=True)
    block_reason = models.CharField(_("why blocked"), max_length=200, blank=True)
    external_key = models.CharField(_("key in the source system"), max_length=60, blank=True)
    portal_users = models.ManyToManyField(PERSON, blank=True, related_name="portal_customers")
    version = models.PositiveIntegerField(default=1, editable=False)
    created_at = models.DateTimeField(default=clock.now, editable=False)
    objects = CustomerQuerySet.as_manager()

    class Meta:
        verbose_name = _("customer")
        verbose_name_plural = _("customers")
        constraints = [
            models.CheckConstraint(condition=Q(credit_limit__gte=0), name="customer_limit_not_negative"),
            models.CheckConstraint(
                condition=Q(blocked_at=None) | ~Q(block_reason=""), name="customer_block_has_reason"
            ),
            models.CheckConstraint(
                condition=Q(deposit_percent__gte=0, deposit_percent__lte=100), name="customer_deposit_percent"
            ),
        ]
        indexes = [
            models.Index(fields=["team", "code"], name="customer_team"),
            models.Index(fields=["initials"], name="customer_initials"),
        ]
        permissions = [
            ("view_credit", _("Can see credit limits and exposure")),
            ("ask_change", _("Can ask for changes of class, credit, terms and blocks")),
            ("transfer_customer", _("Can move customers to another team")),
        ]

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        return reverse("customers:customer", args=[self.code])

    @property
    def thread(self) -> str:
        """The audit thread of this customer."""
        return f"customer:{self.code}"

    @property
    def is_blocked(self) -> bool:
        """Whether nothing may be submitted or shipped for it."""
        return self.blocked_at is not None

    def moved_since(self, changes) -> list[tuple[str, str, str]]:
        """Of asked changes ({field: {"old": …}}) those whose old value is no longer there: name, old, now."""
        kept = [(name, each["old"], plain(getattr(self, name))) for name, each in changes.items()]
        return [(name, old, now) for name, old, now in kept if old != now]


def plain(value) -> str:
    """A value of the record as a change keeps it: text, decimals without idle zeros, yes or no."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return figure(value) if isinstance(value, Decimal | int) else str(value)


class Contact(models.Model):
    """A person at the customer."""

    customer = models.ForeignKey(Customer, models.CASCADE, related_name="contacts")
    name = models.CharField(_("name"), max_length=80)
    title = models.CharField(_("title"), max_length=80, blank=True)
    phone = models.CharField(_("phone"), max_length=40, blank=True)
    email = models.EmailField(_("e-mail"), blank=True)
    is_default = models.BooleanField(_("usual contact"), default=False)

    class Meta:
        verbose_name = _("contact")
        verbose_name_plural = _("contacts")

    def __str__(self):
        return self.name


class Address(models.Model):
    """Where goods go; the order keeps a frozen copy."""

    customer = models.ForeignKey(Customer, models.CASCADE, related_name="addresses")
    recipient = models.CharField(_("recipient"), max_length=80, blank=True)
    phone = models.CharField(_("phone"), max_length=40, blank=True)
    text = models.CharField(_("address"), max_length=200)
    is_default = models.BooleanField(_("usual address"), default=False)

    class Meta:
        verbose_name = _("address")
        verbose_name_plural = _("addresses")

    def __str__(self):
        return self.text

    @property
    def for_papers(self) -> str:
        """Where and to whom, as an order keeps it; a part that it has no room for is left out whole."""
        kept = self.text
        for part in (self.recipient, self.phone):
            more = f"{kept} · {part}"
            kept = more if part and len(more) <= SHIP_TO_LENGTH else kept
        return kept
