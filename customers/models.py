"""Customers and their credit account (section 3, R5.7).

The credit account is one row a customer: the lock, the five parts of exposure, and an append-only ledger
of entries that name their order. Each stage posts to it in its own transaction.
"""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core import clock
from customers.querysets import CustomerQuerySet

MONEY = {"max_digits": 16, "decimal_places": 2}
PERSON = settings.AUTH_USER_MODEL


class CustomerClass(models.TextChoices):
    A = "A", "A"
    B = "B", "B"
    C = "C", "C"


class PaymentTerms(models.TextChoices):
    PREPAID = "prepaid", _("Prepaid")
    DEPOSIT = "deposit", _("Deposit, balance before shipping")
    ON_DELIVERY = "on_delivery", _("Cash on delivery")
    CREDIT = "credit", _("Credit, days from invoice")
    MONTHLY = "monthly", _("Month-end statement, days after")


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
    tax_id = models.CharField(_("unified social credit code"), max_length=30, blank=True)
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
            ("change_credit", _("Can change class, credit and payment terms")),
            ("block_customer", _("Can block and unblock customers")),
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


class CreditAccount(models.Model):
    """The five parts of exposure, kept under one lock per customer (R5.7, I4)."""

    customer = models.OneToOneField(Customer, models.PROTECT, primary_key=True, related_name="credit")
    ordered = models.DecimalField(_("ordered, not shipped"), default=0, **MONEY)
    released = models.DecimalField(_("of it released for shipment"), default=0, **MONEY)
    shipped = models.DecimalField(_("shipped, not invoiced"), default=0, **MONEY)
    invoiced = models.DecimalField(_("invoiced, not paid"), default=0, **MONEY)
    received = models.DecimalField(_("received, not applied"), default=0, **MONEY)
    last_seq = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = _("credit account")
        verbose_name_plural = _("credit accounts")
        constraints = [
            models.CheckConstraint(
                condition=Q(released__gte=0, shipped__gte=0, invoiced__gte=0, received__gte=0)
                & Q(ordered__gte=F("released")),
                name="credit_parts_not_negative",
            )
        ]

    def __str__(self):
        return str(self.customer_id)

    @property
    def exposure(self):
        """R5.7: what counts at a shipment's release: released + shipped + invoiced − received."""
        return self.released + self.shipped + self.invoiced - self.received

    @property
    def total_exposure(self):
        """R2.6: what counts at an order's approval: all open parts less what was received."""
        return self.ordered + self.shipped + self.invoiced - self.received


class CreditEntry(models.Model):
    """One posting to the account: changes of the parts, for which order, by which document. Append-only.

    `paid` is money received for the order, whether applied to an invoice yet or not; a gate reads its sum.
    """

    account = models.ForeignKey(CreditAccount, models.PROTECT, related_name="entries")
    seq = models.PositiveIntegerField()
    order_number = models.CharField(_("order"), max_length=40, blank=True)
    document = models.CharField(_("document"), max_length=60)
    ordered = models.DecimalField(default=0, **MONEY)
    released = models.DecimalField(default=0, **MONEY)
    shipped = models.DecimalField(default=0, **MONEY)
    invoiced = models.DecimalField(default=0, **MONEY)
    received = models.DecimalField(default=0, **MONEY)
    paid = models.DecimalField(default=0, **MONEY)
    exposure = models.DecimalField(_("exposure after"), **MONEY)
    approval = models.CharField(_("covered by approval"), max_length=60, blank=True)
    actor = models.ForeignKey(PERSON, models.PROTECT, related_name="+")
    at = models.DateTimeField(default=clock.now)

    class Meta:
        verbose_name = _("credit entry")
        verbose_name_plural = _("credit entries")
        constraints = [models.UniqueConstraint(fields=["account", "seq"], name="creditentry_seq")]
        indexes = [models.Index(fields=["order_number"], name="creditentry_order")]

    def __str__(self):
        return f"{self.account_id}#{self.seq}"
