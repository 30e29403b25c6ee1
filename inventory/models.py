"""Products, prices, stock as a ledger, requirements, production and quality (section 4).

A requirement is a demand without a name of its own: an order line owns one. What is reserved for it is
its finished stock: on the shelf, promised to it, not dispatched.
"""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from django_fsm import FSMField

from core import clock, figures, numbering
from core.transitions import Stateful, gated
from inventory import gates
from inventory.querysets import ProductionOrderQuerySet, ProductQuerySet, RequirementQuerySet, StockQuerySet
from inventory.states import BADGE, MovementKind, ProductionState, Supply

QUANTITY = {"max_digits": 14, "decimal_places": 3}
PRICE = {"max_digits": 14, "decimal_places": 4}
PERSON = settings.AUTH_USER_MODEL


class ProductCategory(models.Model):
    """A product category and the attachments that orders of it must carry (R1.3)."""

    code = models.CharField(_("code"), max_length=20, unique=True)
    name = models.CharField(_("name"), max_length=80)
    demanded_attachments = models.JSONField(_("demanded attachments"), default=list, blank=True)

    class Meta:
        verbose_name = _("product category")
        verbose_name_plural = _("product categories")
        ordering = ["code"]

    def __str__(self):
        return self.name


class Product(models.Model):
    """What is sold, in its unit and that unit's step; prices are in price lists."""

    code = models.CharField(_("code"), max_length=40, unique=True)
    name = models.CharField(_("name"), max_length=120)
    name_en = models.CharField(_("name in English"), max_length=120, blank=True)
    initials = models.CharField(_("pinyin initials"), max_length=120, blank=True, editable=False)
    barcode = models.CharField(_("barcode"), max_length=40, blank=True)
    specification = models.CharField(_("specification"), max_length=200, blank=True)
    category = models.ForeignKey(
        ProductCategory,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="products",
        verbose_name=_("category"),
    )
    unit = models.CharField(_("unit"), max_length=12, default="pcs")
    quantity_step = models.DecimalField(_("smallest step"), default=1, **QUANTITY)
    tax_rate = models.DecimalField(_("tax rate, %"), max_digits=5, decimal_places=2, default=13)
    supply = models.CharField(_("served"), max_length=8, choices=Supply.choices, default=Supply.STOCK)
    cost = models.DecimalField(_("cost"), null=True, blank=True, **PRICE)
    minimum_stock = models.DecimalField(_("minimum stock"), default=0, **QUANTITY)
    active = models.BooleanField(_("sold"), default=True)
    substitutes = models.ManyToManyField(
        "self", symmetrical=False, blank=True, related_name="+", verbose_name=_("substitutes")
    )  # R2.7: what may be offered in its place, as technical keeps it
    version = models.PositiveIntegerField(default=1, editable=False)
    objects = ProductQuerySet.as_manager()

    class Meta:
        verbose_name = _("product")
        verbose_name_plural = _("products")
        constraints = [models.CheckConstraint(condition=Q(quantity_step__gt=0), name="product_step_positive")]
        indexes = [models.Index(fields=["initials"], name="product_initials")]
        permissions = [("view_cost", _("Can see costs and margins"))]

    def __str__(self):
        return f"{self.code} {self.name}"

    def get_absolute_url(self):
        return reverse("inventory:product", args=[self.code])

    @property
    def thread(self) -> str:
        """The audit thread of this product."""
        return f"product:{self.code}"


class PriceList(models.Model):
    """Prices in one currency, in force for a span; tax-included unless it says otherwise."""

    name = models.CharField(_("name"), max_length=80, unique=True)
    currency = models.CharField(_("currency"), max_length=3, default="CNY")
    tax_included = models.BooleanField(_("tax included"), default=True)
    valid_from = models.DateField(_("valid from"))
    valid_until = models.DateField(_("valid until"), null=True, blank=True)

    class Meta:
        verbose_name = _("price list")
        verbose_name_plural = _("price lists")

    def __str__(self):
        return self.name


class PriceListItem(models.Model):
    """One product's price in a price list."""

    price_list = models.ForeignKey(PriceList, models.CASCADE, related_name="items")
    product = models.ForeignKey(Product, models.PROTECT, related_name="prices", verbose_name=_("product"))
    price = models.DecimalField(_("price"), **PRICE)

    class Meta:
        verbose_name = _("price")
        verbose_name_plural = _("prices")
        constraints = [
            models.UniqueConstraint(fields=["price_list", "product"], name="price_once"),
            models.CheckConstraint(condition=Q(price__gte=0), name="price_not_negative"),
        ]

    def __str__(self):
        return f"{self.product_id}: {self.price}"


class Warehouse(models.Model):
    """A place where stock lies."""

    code = models.CharField(_("code"), max_length=20, unique=True)
    name = models.CharField(_("name"), max_length=80)

    class Meta:
        verbose_name = _("warehouse")
        verbose_name_plural = _("warehouses")
        ordering = ["code"]

    def __str__(self):
        return self.name


class Stock(models.Model):
    """One product in one warehouse: levels are the ledger's sum, never negative, never over-promised (I1)."""

    product = models.ForeignKey(Product, models.PROTECT, related_name="stock", verbose_name=_("product"))
    warehouse = models.ForeignKey(
        Warehouse, models.PROTECT, related_name="stock", verbose_name=_("warehouse")
    )
    on_hand = models.DecimalField(_("on hand"), default=0, **QUANTITY)
    reserved = models.DecimalField(_("reserved"), default=0, **QUANTITY)
    last_seq = models.PositiveIntegerField(default=0)
    objects = StockQuerySet.as_manager()

    class Meta:
        verbose_name = _("stock")
        verbose_name_plural = _("stock")
        constraints = [
            models.UniqueConstraint(fields=["product", "warehouse"], name="stock_once"),
            models.CheckConstraint(condition=Q(reserved__gte=0), name="stock_reserved_not_negative"),
            models.CheckConstraint(condition=Q(on_hand__gte=F("reserved")), name="stock_reserved_is_on_hand"),
        ]

    def __str__(self):
        return f"{self.product_id}@{self.warehouse_id}"

    @property
    def free(self):
        """On hand and promised to nobody."""
        return self.on_hand - self.reserved


class Requirement(models.Model):
    """A demand for goods by a date: what is finished for it, shipped, cancelled, open."""

    product = models.ForeignKey(
        Product, models.PROTECT, related_name="requirements", verbose_name=_("product")
    )
    quantity = models.DecimalField(_("quantity"), **QUANTITY)
    finished_on_hand = models.DecimalField(_("finished, not dispatched"), default=0, **QUANTITY)
    shipped = models.DecimalField(_("shipped"), default=0, **QUANTITY)
    cancelled = models.DecimalField(_("cancelled"), default=0, **QUANTITY)
    due_on = models.DateField(_("due"))
    owner = models.ForeignKey(PERSON, models.PROTECT, related_name="+", verbose_name=_("sales rep"))
    team = models.ForeignKey("accounts.Team", models.PROTECT, related_name="+", verbose_name=_("team"))
    thread = models.CharField(max_length=120)
    reference = models.CharField(pgettext_lazy("requirement", "for"), max_length=60)
    link = models.CharField(max_length=300)
    unit_value = models.DecimalField(_("value per unit"), default=0, **PRICE)
    currency = models.CharField(max_length=3, default="CNY")
    lying_since = models.DateTimeField(_("finished since"), null=True, blank=True)
    lying_cycle = models.PositiveIntegerField(default=0)  # rises each time goods begin to lie again (R4.11)
    overdue_level = models.PositiveSmallIntegerField(default=0)  # highest level told in this cycle
    created_at = models.DateTimeField(default=clock.now)
    objects = RequirementQuerySet.as_manager()

    class Meta:
        verbose_name = _("requirement")
        verbose_name_plural = _("requirements")
        constraints = [
            models.CheckConstraint(
                condition=Q(quantity__gt=0, finished_on_hand__gte=0, shipped__gte=0, cancelled__gte=0),
                name="requirement_not_negative",
            ),
            models.CheckConstraint(
                condition=Q(
                    quantity__gte=figures.quantity(F("finished_on_hand") + F("shipped") + F("cancelled"))
                ),
                name="requirement_not_overserved",
            ),
        ]
        indexes = [
            models.Index(
                fields=["due_on", "id"], name="requirement_lying", condition=Q(finished_on_hand__gt=0)
            )
        ]

    def __str__(self):
        return self.reference

    @property
    def open_quantity(self):
        """What is still to be shipped."""
        return self.quantity - self.shipped - self.cancelled

    @property
    def missing(self):
        """What is neither finished nor shipped nor cancelled: still to be found or made."""
        return self.open_quantity - self.finished_on_hand


class Reservation(models.Model):
    """So much of this stock is promised to this requirement (R4.1)."""

    requirement = models.ForeignKey(Requirement, models.PROTECT, related_name="reservations")
    stock = models.ForeignKey(Stock, models.PROTECT, related_name="reservations")
    quantity = models.DecimalField(_("quantity"), default=0, **QUANTITY)

    class Meta:
        verbose_name = _("reservation")
        verbose_name_plural = _("reservations")
        constraints = [
            models.UniqueConstraint(fields=["requirement", "stock"], name="reservation_once"),
            models.CheckConstraint(condition=Q(quantity__gte=0), name="reservation_not_negative"),
        ]

    def __str__(self):
        return f"{self.requirement_id}: {self.quantity}"


class StockMovement(models.Model):
    """One entry of the stock ledger: who, when, why, by which document. Append-only (R4.5)."""

    stock = models.ForeignKey(Stock, models.PROTECT, related_name="movements")
    seq = models.PositiveIntegerField()
    kind = models.CharField(_("kind"), max_length=12, choices=MovementKind.choices)
    quantity = models.DecimalField(_("quantity"), **QUANTITY)
    balance = models.DecimalField(_("balance"), **QUANTITY)
    requirement = models.ForeignKey(Requirement, models.PROTECT, null=True, related_name="movements")
    document = models.CharField(_("document"), max_length=60)
    reason = models.CharField(_("why"), max_length=200, blank=True)
    actor = models.ForeignKey(PERSON, models.PROTECT, related_name="+", verbose_name=_("who"))
    at = models.DateTimeField(_("when"), default=clock.now)

    class Meta:
        verbose_name = _("stock movement")
        verbose_name_plural = _("stock movements")
        constraints = [
            models.UniqueConstraint(fields=["stock", "seq"], name="movement_seq"),
            models.CheckConstraint(condition=Q(balance__gte=0), name="movement_balance_not_negative"),
            models.CheckConstraint(condition=~Q(quantity=0), name="movement_moves_something"),
        ]

    def __str__(self):
        return f"{self.document}: {self.quantity}"


class ProductionOrder(Stateful):
    """R4.2: the command to make a requirement's quantity by a date."""

    number = models.CharField(_("number"), max_length=40, unique=True)
    requirement = models.ForeignKey(Requirement, models.PROTECT, related_name="production_orders")
    product = models.ForeignKey(Product, models.PROTECT, related_name="+", verbose_name=_("product"))
    quantity = models.DecimalField(_("quantity"), **QUANTITY)
    made = models.DecimalField(_("made"), default=0, **QUANTITY)
    passed = models.DecimalField(_("passed"), default=0, **QUANTITY)
    rejected = models.DecimalField(_("rejected"), default=0, **QUANTITY)
    due_on = models.DateField(_("due"))
    promised_on = models.DateField(_("promised finish"), null=True, blank=True)
    tolerance = models.CharField(_("tolerance"), max_length=80, blank=True)
    packaging = models.CharField(_("packaging"), max_length=80, blank=True)
    special_rules = models.TextField(_("special rules"), blank=True)
    state = FSMField(
        _("state"), default=ProductionState.ISSUED, choices=ProductionState.choices, protected=True
    )
    accepted_by = models.ForeignKey(
        PERSON, models.PROTECT, null=True, related_name="+", verbose_name=_("accepted by")
    )
    reported_by = models.ForeignKey(
        PERSON, models.PROTECT, null=True, related_name="+", verbose_name=_("last reported by")
    )
    issued_by = models.ForeignKey(PERSON, models.PROTECT, related_name="+", verbose_name=_("issued by"))
    objects = ProductionOrderQuerySet.as_manager()

    class Meta:
        verbose_name = _("production order")
        verbose_name_plural = _("production orders")
        constraints = [
            models.CheckConstraint(
                condition=Q(quantity__gt=0, made__gte=0, passed__gte=0, rejected__gte=0),
                name="production_not_negative",
            ),
            models.CheckConstraint(
                condition=Q(made__gte=figures.quantity(F("passed") + F("rejected"))),
                name="production_made_first",
            ),
            numbering.fits("number", "production_number_fits"),
        ]
        indexes = [
            models.Index(
                fields=["state", "due_on", "id"],
                name="production_live",
                condition=Q(state__in=["issued", "accepted", "made"]),
            )
        ]
        permissions = [
            ("accept_productionorder", _("Can accept production orders")),
            ("report_productionorder", _("Can report production")),
            ("inspect_productionorder", _("Can inspect finished goods")),
        ]

    def __str__(self):
        return self.number

    def get_absolute_url(self):
        return reverse("inventory:production_order", args=[self.number])

    @property
    def tone(self) -> str:
        """Its badge's tone."""
        return BADGE[self.state]

    @property
    def uninspected(self):
        """Made and not yet inspected."""
        return self.made - self.passed - self.rejected

    @property
    def still_to_make(self):
        """What production owes: asked for, less what passed and what waits for quality."""
        return self.quantity - self.passed - self.uninspected

    @gated(state, target=ProductionState.ACCEPTED, gate=gates.ACCEPT)
    def accept(self, *, actor, promised_on):
        """The production lead accepts the order by name and promises a date (R2.9, R4.2)."""
        self.accepted_by = actor
        self.promised_on = promised_on

    @gated(state, target=ProductionState.MADE, gate=gates.FINISH)
    def finish(self, *, actor, quantity):
        """Production hands a quantity over to quality."""
        self.made += quantity
        self.reported_by = actor

    @gated(state, target=ProductionState.CLOSED, gate=gates.PASS)
    def close(self, *, actor):
        """Quality passed all that was asked for."""

    @gated(state, target=ProductionState.ACCEPTED, gate=gates.SEND_BACK)
    def send_back(self, *, actor):
        """Quality passed less than was asked for: production owes the rest (R4.4)."""


class Inspection(models.Model):
    """R4.4: one inspection by quality, against the standard, by name."""

    production_order = models.ForeignKey(ProductionOrder, models.PROTECT, related_name="inspections")
    passed = models.DecimalField(_("passed"), default=0, **QUANTITY)
    rejected = models.DecimalField(_("rejected"), default=0, **QUANTITY)
    quantity_ok = models.BooleanField(_("quantity meets the standard"))
    appearance_ok = models.BooleanField(_("appearance meets the standard"))
    packaging_ok = models.BooleanField(_("packaging meets the standard"))
    label_ok = models.BooleanField(_("label meets the standard"))
    reason = models.CharField(_("reason"), max_length=300, blank=True)
    inspector = models.ForeignKey(PERSON, models.PROTECT, related_name="+", verbose_name=_("inspector"))
    at = models.DateTimeField(_("when"), default=clock.now)

    class Meta:
        verbose_name = _("inspection")
        verbose_name_plural = _("inspections")
        constraints = [
            models.CheckConstraint(
                condition=Q(passed__gte=0, rejected__gte=0), name="inspection_not_negative"
            ),
            models.CheckConstraint(
                condition=Q(rejected=0) | ~Q(reason=""), name="inspection_rejection_has_reason"
            ),
        ]

    def __str__(self):
        return f"{self.production_order}: {self.passed}"
