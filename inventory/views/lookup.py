"""What the line grid's product cell offers: by code, name, initials, barcode, customer's part number."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Case, Q, When
from django.http import HttpRequest, JsonResponse
from django.utils import timezone

from core.access import access
from core.company import CURRENCY
from core.fields import Number, QueryParameters
from customers.models import Customer
from customers.queries import agreed_prices, products_numbered_like
from inventory.models import Product
from inventory.quantities import plain
from inventory.queries import available, listed_prices

FOUND = 12
THEIRS = 4


@access("inventory.view_product", scope=Product.objects.visible_to)
def lookup(request: HttpRequest) -> JsonResponse:
    """Code, name, unit, specification, what it costs this customer, what is free (R1.3, R1.7)."""
    query = QueryParameters(request.GET)
    text = query.text("q", max_length=60)
    if not text:
        return JsonResponse({"results": []})
    customer = _customer(request, query.text("customer", max_length=40))
    found = _found(request, customer, text)
    currency = customer.currency if customer else CURRENCY.value()
    free = available([each.pk for each in found])
    priced = _priced(request, customer, found, currency, _quantity(query.text("quantity", max_length=20)))
    results = [
        {
            "code": each.code,
            "name": each.name,
            "unit": each.unit,
            "specification": each.specification,
            "price": plain(priced[each.pk]) if each.pk in priced else "",
            "currency": currency,
            "available": plain(free[each.pk]),
        }
        for each in found
    ]
    return JsonResponse({"results": results})


def _found(request: HttpRequest, customer: Customer | None, text: str) -> list[Product]:
    """What is sold and may be meant: the customer's own number first, our code, what holds the text."""
    exact = Case(When(Q(code__iexact=text) | Q(barcode=text), then=0), default=1)
    sold = Product.objects.visible_to(request.user).sold()
    theirs = products_numbered_like(customer.pk, text, most=THEIRS) if customer else []
    offered = [each for each in sold.found_by(text).order_by(exact, "code")[:FOUND] if each not in theirs]
    return [*theirs, *offered][:FOUND]


def _priced(
    request: HttpRequest,
    customer: Customer | None,
    found: Collection[Product],
    currency: str,
    quantity: Decimal,
) -> dict[int, Decimal]:
    """R1.7: the price per unit, tax included: what was agreed for so much, else the list price in force."""
    today: date = timezone.localdate()
    user: Any = request.user
    priced: dict[int, Decimal] = {}
    if user.has_perm("inventory.view_pricelistitem"):
        priced |= listed_prices(found, currency=currency, on=today)
    if customer and user.has_perm("customers.view_priceagreement"):
        wanted = {each.pk: quantity for each in found}
        priced |= agreed_prices(customer.pk, wanted, currency=currency, on=today)
    return priced


def _customer(request: HttpRequest, named: str) -> Customer | None:
    """The customer named by code or key, if the person sees it."""
    if not named:
        return None
    by_key = Q(pk=int(named)) if named.isascii() and named.isdigit() and len(named) < 16 else Q()
    return Customer.objects.visible_to(request.user).filter(Q(code=named) | by_key).first()


def _quantity(typed: str) -> Decimal:
    """So much is asked for; a step of the agreement may hang on it."""
    try:
        return Number(required=False, min_value=0, max_value=10**9, decimal_places=3).clean(typed) or Decimal(
            1
        )
    except ValidationError:
        return Decimal(1)
