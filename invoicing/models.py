"""Revenue confirmed, invoices, money received and what it is applied to (section 6)."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from django_fsm import FSMField

from core import clock
from core.numbering import fits
from core.transitions import Stateful, gated
from invoicing import gates
from invoicing.querysets import InvoiceQuerySet, ReceiptQuerySet
from invoicing.states import BADGE, InvoiceKind, InvoiceState, PaymentMethod

MONEY = {"max_digits": 16, "decimal_places": 2}
PERSON = settings.AUTH_USER_MODEL


class Invoice(Stateful):
    """Revenue of one shipment, confirmed by business support, invoiced by finance (R6.1, R6.2, R6.12)."""

    request_number = models.CharField(pgettext_lazy("invoice", "request"), max_length=40, unique=True)
    number = models.CharField(_("invoice number"), max_length=40, null=True, blank=True, unique=True)
    kind = models.CharField(_("kind"), max_length=10, choices=InvoiceKind.choices)
    order = models.ForeignKey(
        "orders.SalesOrder", models.PROTECT, related_name="invoices", verbose_name=_("order")
    )
    shipment = models.ForeignKey(
        "logistics.Shipment", models.PROTECT, related_name="invoices", verbose_name=_("shipment")
    )
    customer = models.ForeignKey("customers.Customer", models.PROTECT, related_name="invoices")
    currency = models.CharField(_("currency"), max_length=3, default="CNY")
    amount = models.DecimalField(_("amount, tax included"), **MONEY)
    tax = models.DecimalField(_("tax"), default=0, **MONEY)
    paid = models.DecimalField(_("paid"), default=0, **MONEY)
    buyer_name = models.CharField(_("invoice recipient"), max_length=120)
    buyer_tax_id = models.CharField(_("recipient's tax identity"), max_length=30, blank=True)
    note = models.CharField(_("note"), max_length=200, blank=True)
    state = FSMField(_("state"), default=InvoiceState.REQUESTED, choices=InvoiceState.choices, protected=True)
    confirmed_by = models.ForeignKey(
        PERSON, models.PROTECT, related_name="+", verbose_name=_("revenue confirmed by")
    )
    issued_by = models.ForeignKey(
        PERSON, models.PROTECT, null=True, related_name="+", verbose_name=_("issued by")
    )
    issued_on = models.DateField(_("issued on"), null=True, blank=True)
    due_on = models.DateField(_("payment due"), null=True, blank=True)
    document = models.ForeignKey("core.Document", models.PROTECT, null=True, blank=True, related_name="+")
    objects = InvoiceQuerySet.as_manager()

    class Meta:
        verbose_name = _("invoice")
        verbose_name_plural = _("invoices")
        constraints = [
            models.CheckConstraint(
                condition=Q(amount__gt=0, tax__gte=0, paid__gte=0) & Q(paid__lte=F("amount")),
                name="invoice_paid_within_amount",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["requested", "withdrawn"], number__isnull=True)
                | Q(state__in=["issued", "paid"], number__isnull=False, issued_on__isnull=False),
                name="invoice_numbered_when_issued",
            ),
            fits("request_number", "invoice_request_number_fits"),
            fits("number", "invoice_number_fits"),
        ]
        indexes = [
            models.Index(
                fields=["state_since", "id"], name="invoice_to_issue", condition=Q(state="requested")
            ),
            models.Index(fields=["due_on", "id"], name="invoice_open", condition=Q(state="issued")),
            models.Index(fields=["-id"], name="invoice_newest"),
        ]
        permissions = [
            ("confirm_revenue", _("Can confirm revenue and ask for invoices")),
            ("issue_invoice", _("Can issue invoices")),
        ]

    def __str__(self):
        return self.number or self.request_number

    def get_absolute_url(self):
        return reverse("invoicing:invoice", args=[self.request_number])

    @property
    def tone(self) -> str:
        """Its badge's tone."""
        return BADGE[self.state]

    @property
    def open_amount(self):
        """Issued and not paid."""
        return self.amount - self.paid

    @gated(state, target=InvoiceState.ISSUED, gate=gates.ISSUE)
    def issue(self, *, actor, on, number):
        """Posted under its gapless number."""
        self.issued_by, self.issued_on, self.number = actor, on, number

    @gated(state, target=InvoiceState.PAID, gate=gates.PAY)
    def pay_off(self, *, actor):
        """Every cent of it is in."""

    @gated(state, target=InvoiceState.WITHDRAWN, gate=gates.WITHDRAW)
    def withdraw(self, *, actor):
        """The request is taken back before issue."""


class InvoiceLine(models.Model):
    """What is invoiced, at order prices."""

    invoice = models.ForeignKey(Invoice, models.CASCADE, related_name="lines")
    shipment_line = models.ForeignKey("logistics.ShipmentLine", models.PROTECT, null=True, related_name="+")
    name = models.CharField(_("goods"), max_length=120)
    specification = models.CharField(_("specification"), max_length=200, blank=True)
    unit = models.CharField(_("unit"), max_length=12, blank=True)
    quantity = models.DecimalField(_("quantity"), max_digits=14, decimal_places=3)
    tax_rate = models.DecimalField(_("tax rate, %"), max_digits=5, decimal_places=2)
    total = models.DecimalField(_("total"), **MONEY)
    tax = models.DecimalField(_("tax"), **MONEY)

    class Meta:
        verbose_name = _("invoice line")
        verbose_name_plural = _("invoice lines")
        ordering = ["invoice_id", "id"]

    def __str__(self):
        return self.name


class Receipt(models.Model):
    """R6.7: money received, by whom, how; what is not applied remains visible."""

    number = models.CharField(_("number"), max_length=40, unique=True)
    customer = models.ForeignKey(
        "customers.Customer", models.PROTECT, related_name="receipts", verbose_name=_("customer")
    )
    currency = models.CharField(_("currency"), max_length=3, default="CNY")
    amount = models.DecimalField(_("amount"), **MONEY)
    allocated = models.DecimalField(_("allocated"), default=0, **MONEY)
    received_on = models.DateField(_("received on"))
    method = models.CharField(_("method"), max_length=10, choices=PaymentMethod.choices)
    payer = models.CharField(_("payer"), max_length=120)
    reference = models.CharField(_("reference"), max_length=80, blank=True)
    note = models.CharField(_("note"), max_length=200, blank=True)
    entered_by = models.ForeignKey(PERSON, models.PROTECT, related_name="+", verbose_name=_("entered by"))
    entered_at = models.DateTimeField(default=clock.now)
    objects = ReceiptQuerySet.as_manager()

    class Meta:
        verbose_name = _("receipt of money")
        verbose_name_plural = _("receipts of money")
        constraints = [
            models.CheckConstraint(
                condition=Q(amount__gt=0, allocated__gte=0) & Q(allocated__lte=F("amount")),
                name="receipt_allocated_within_amount",
            ),
            fits("number", "receipt_number_fits"),
            models.UniqueConstraint(
                fields=["customer", "method", "reference"],
                condition=~Q(reference=""),
                name="receipt_reference_once",
            ),
        ]
        indexes = [
            models.Index(fields=["-id"], name="receipt_newest"),
            models.Index(
                fields=["customer"], name="receipt_unapplied", condition=Q(allocated__lt=F("amount"))
            ),
        ]
        permissions = [("record_receipt", _("Can record and allocate money received"))]

    def __str__(self):
        return self.number

    def get_absolute_url(self):
        return reverse("invoicing:receipt", args=[self.number])

    @property
    def thread(self) -> str:
        """Its audit thread; what it is named for is told in the order's as well."""
        return f"receipt:{self.number}"

    @property
    def unallocated(self):
        """Received and named for nothing yet."""
        return self.amount - self.allocated


class Allocation(models.Model):
    """Money of one receipt named for an order (deposit, prepayment) and, once it is there, an invoice."""

    receipt = models.ForeignKey(Receipt, models.PROTECT, related_name="allocations")
    order = models.ForeignKey("orders.SalesOrder", models.PROTECT, related_name="allocations")
    invoice = models.ForeignKey(Invoice, models.PROTECT, null=True, blank=True, related_name="allocations")
    amount = models.DecimalField(_("amount"), **MONEY)
    allocated_by = models.ForeignKey(PERSON, models.PROTECT, related_name="+")
    allocated_at = models.DateTimeField(default=clock.now)

    class Meta:
        verbose_name = _("allocation")
        verbose_name_plural = _("allocations")
        constraints = [models.CheckConstraint(condition=Q(amount__gte=0), name="allocation_not_negative")]

    def __str__(self):
        return f"{self.receipt_id}: {self.amount}"
