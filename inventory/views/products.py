"""Products: the list, one product with prices, stock and ledger, and its form."""

from __future__ import annotations

from typing import Any

import django_filters
from django.db import IntegrityError, transaction
from django.db.models import DecimalField, F, OuterRef, Q, Subquery, Sum, Value
from django.db.models.functions import Coalesce
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core import figures
from core.access import access
from core.company import CURRENCY
from core.lists import Column, SearchFilter, list_page
from core.timeline import chain_holds, field_labels, timeline
from inventory import actions
from inventory.forms import PriceForm, ProductForm, SubstitutesForm
from inventory.models import PriceListItem, Product, ProductCategory, Stock, StockMovement
from inventory.quantities import plain
from inventory.views.answers import tried

FORM = ("GET", "HEAD", "POST")
LEDGER = 50
QUANTITY = DecimalField(max_digits=14, decimal_places=3)
PRICE = DecimalField(max_digits=14, decimal_places=4)
COLUMNS = (
    Column("code", gettext_lazy("Code"), sort="code"),
    Column("name", gettext_lazy("Name"), sort="name"),
    Column("specification", gettext_lazy("Specification"), optional=True),
    Column("category", gettext_lazy("Category"), value="category.name", optional=True),
    Column(
        "price",
        gettext_lazy("List price"),
        "money",
        value="list_price",
        currency="list_currency",
        permission="inventory.view_pricelistitem",
    ),
    Column(
        "cost",
        gettext_lazy("Cost"),
        "money",
        currency="list_currency",
        permission="inventory.view_cost",
        optional=True,
    ),
    Column("on_hand", gettext_lazy("On hand"), "quantity", value="level", unit="unit", optional=True),
    Column("free", gettext_lazy("Free"), "quantity", unit="unit"),
    Column("supply", gettext_lazy("Served"), value="get_supply_display", optional=True),
    Column("active", gettext_lazy("Sold"), "check"),
)


class ProductFilter(django_filters.FilterSet):
    """By text, category, sold or not, and what lies below its minimum."""

    q = SearchFilter(fields=["code", "name", "name_en", "initials", "barcode", "specification"])
    category = django_filters.ModelChoiceFilter(
        label=gettext_lazy("Category"), queryset=ProductCategory.objects.all(), empty_label=None
    )
    active = django_filters.BooleanFilter(label=gettext_lazy("Sold"))


@access("inventory.view_product", scope=Product.objects.visible_to)
def products(request: HttpRequest) -> HttpResponse:
    """Every product with its list price and what is free of it."""
    context: dict[str, Any] = {"title": _("Products")}
    if request.user.has_perm("inventory.add_product"):
        context["create"] = {"url": reverse("inventory:product_new"), "label": _("New product")}
    return list_page(
        request,
        name="products",
        queryset=_with_levels(Product.objects.visible_to(request.user)),
        columns=COLUMNS,
        filterset=ProductFilter,
        default_order=("code",),
        row_url=lambda product: product.get_absolute_url(),
        empty={
            "icon": "product",
            "title": _("No products yet"),
            "text": _("Products are added here or taken in from a file."),
        },
        context=context,
    )


@access("inventory.view_product", scope=Product.objects.visible_to)
def product(request: HttpRequest, code: str) -> HttpResponse:
    """One product: prices, stock by warehouse, the ledger, history."""
    return _page(request, _find(request, code))


@access("inventory.add_product", methods=FORM)
def product_new(request: HttpRequest) -> HttpResponse:
    """The form of a new product."""
    sees_cost = request.user.has_perm("inventory.view_cost")
    form = ProductForm(request.POST or None, sees_cost=sees_cost)
    if request.method != "POST":
        return _form(request, None, form)

    def create() -> Product:
        return actions.create_product(actor=request.user, **form.cleaned_data)

    try:
        with transaction.atomic():
            return tried(
                request,
                form,
                create,
                lambda *a, **k: _form(request, None, *a, **k),
                done=_("The product was added."),
            )
    except IntegrityError:
        form.add_error("code", _("This code is taken."))
        return _form(request, None, form, status=422)


@access("inventory.change_product", scope=Product.objects.visible_to, methods=FORM)
def product_edit(request: HttpRequest, code: str) -> HttpResponse:
    """The form of a product that is there."""
    product = _find(request, code)
    sees_cost = request.user.has_perm("inventory.view_cost")
    if request.method != "POST":
        shown = {name: getattr(product, name) for name in (*actions.PRODUCT_FIELDS, "version")}
        for name in ("quantity_step", "minimum_stock"):
            shown[name] = plain(shown[name])
        form = ProductForm(initial=shown, product=product, sees_cost=sees_cost)
        return _form(request, product, form)
    form = ProductForm(request.POST, product=product, sees_cost=sees_cost)

    def update() -> Product:
        return actions.update_product(product, actor=request.user, **form.cleaned_data)

    return tried(
        request,
        form,
        update,
        lambda *a, **k: _form(request, product, *a, **k),
        done=_("The product was saved."),
    )


@access("inventory.change_pricelistitem", scope=Product.objects.visible_to, methods=("POST",))
def product_price(request: HttpRequest, code: str) -> HttpResponse:
    """Set the product's price in one price list."""
    product = _find(request, code)
    form = PriceForm(request.POST)

    def set_price() -> None:
        actions.set_price(product, actor=request.user, **form.cleaned_data)

    return tried(
        request,
        form,
        set_price,
        lambda form, **k: _page(request, product, price_form=form, **k),
        done=_("The price was set."),
        target=product,
    )


@access("inventory.change_product", scope=Product.objects.visible_to, methods=("POST",))
def product_substitutes(request: HttpRequest, code: str) -> HttpResponse:
    """Say what may be offered in its place (R2.7)."""
    product = _find(request, code)
    form = SubstitutesForm(request.POST)
    return tried(
        request,
        form,
        lambda: actions.set_substitutes(product, actor=request.user, **form.cleaned_data),
        lambda form, **k: _page(request, product, substitutes_form=form, **k),
        done=_("The substitutes were saved."),
        target=product,
    )


def _find(request: HttpRequest, code: str) -> Product:
    return get_object_or_404(Product.objects.visible_to(request.user).select_related("category"), code=code)


def _with_levels(products: Any) -> Any:
    """The products with what is on hand, what is free, and the list price of today in company currency."""
    today, currency = timezone.localdate(), CURRENCY.value()
    of_product = Stock.objects.filter(product=OuterRef("pk")).order_by().values("product")
    in_force = Q(price_list__valid_until=None) | Q(price_list__valid_until__gte=today)
    prices = PriceListItem.objects.filter(
        in_force,
        product=OuterRef("pk"),
        price_list__currency=currency,
        price_list__valid_from__lte=today,
    ).order_by("-price_list__valid_from", "-price_list_id")
    spare = Sum(figures.quantity(F("on_hand") - F("reserved")))
    zero = Value(0, output_field=QUANTITY)
    return products.select_related("category").annotate(
        level=Coalesce(Subquery(of_product.annotate(sum=Sum("on_hand")).values("sum")), zero),
        free=Coalesce(Subquery(of_product.annotate(sum=spare).values("sum")), zero),
        list_price=Subquery(prices.values("price")[:1], output_field=PRICE),
        list_currency=Value(currency),
    )


def _page(
    request: HttpRequest,
    product: Product,
    *,
    status: int = 200,
    panel: dict | None = None,
    price_form: PriceForm | None = None,
    substitutes_form: SubstitutesForm | None = None,
) -> HttpResponse:
    user = request.user
    substitutes = list(product.substitutes.order_by("code"))
    said = {"codes": ", ".join(each.code for each in substitutes)}
    movements = StockMovement.objects.filter(stock__product=product)
    context = {
        "product": product,
        "panel": panel,
        "stock": Stock.objects.filter(product=product)
        .select_related("warehouse")
        .order_by("warehouse__code"),
        "movements": movements.select_related("stock__warehouse", "actor", "requirement").order_by("-pk")[
            :LEDGER
        ],
        "prices": product.prices.select_related("price_list").order_by("price_list__name"),
        "price_form": (price_form or PriceForm())
        if user.has_perm("inventory.change_pricelistitem")
        else None,
        "substitutes": substitutes,
        "substitutes_form": (substitutes_form or SubstitutesForm(initial=said))
        if user.has_perm("inventory.change_product")
        else None,
        "events": timeline(product.thread, reader=user, labels=field_labels(Product) | {"price": _("price")}),
        "verified": chain_holds(product.thread),
    }
    return render(request, "inventory/product.html", context, status=status)


def _form(
    request: HttpRequest,
    product: Product | None,
    form: ProductForm,
    *,
    status: int = 200,
    panel: dict | None = None,
    diff: list | None = None,
) -> HttpResponse:
    context = {"product": product, "form": form, "panel": panel, "diff": diff}
    return render(request, "inventory/product_form.html", context, status=status)
