"""Products and their prices."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from core.audit import record
from core.locks import lock
from core.pinyin import initials_of
from core.rules import Blocked, require
from core.transitions import bump_version
from inventory.gates import actor_may, code_can_stand_in_an_address, substitute_fits
from inventory.models import PriceList, PriceListItem, Product

FIELDS = (
    "name",
    "name_en",
    "barcode",
    "specification",
    "category",
    "unit",
    "quantity_step",
    "tax_rate",
    "supply",
    "cost",
    "minimum_stock",
    "active",
)


@dataclass
class ImportReport:
    """What an import did: codes of new and of changed products, and the bad rows (row, column, why)."""

    created: list[str] = field(default_factory=list)
    updated: list[str] = field(default_factory=list)
    bad: list[tuple[int, str, str]] = field(default_factory=list)


@transaction.atomic
def create_product(*, code: str, name: str, actor: User, **fields: Any) -> Product:
    """Write a new product. Raises Blocked when the actor may not, IntegrityError when the code is taken."""
    require(actor_may, subject="inventory.add_product", actor=actor)
    require(code_can_stand_in_an_address, subject=code)
    product = Product(code=code, name=name, **_known(fields))
    product.initials = initials_of(name)
    product.save(force_insert=True)
    record("product.created", thread=product.thread, actor=actor, subject=str(product))
    return product


@transaction.atomic
def update_product(product: Product, *, version: int, actor: User, **changes: Any) -> Product:
    """Change a product; nothing changes when all is as it was. Raises Stale when the page is old (I12)."""
    require(actor_may, subject="inventory.change_product", actor=actor)
    product = Product.objects.select_for_update(of=("self",)).get(pk=product.pk)
    bump_version(product, expected=version)
    old, new = {}, {}
    for name, value in _known(changes).items():
        if getattr(product, name) != value:
            old[name], new[name] = _shown(getattr(product, name)), _shown(value)
            setattr(product, name, value)
    if new:
        product.initials = initials_of(product.name)
        product.save(update_fields=[*new, "initials"])
        record("product.updated", thread=product.thread, actor=actor, subject=str(product), old=old, new=new)
    return product


@transaction.atomic
def set_substitutes(product: Product, *, codes: Iterable[str], actor: User) -> Product:
    """Say what may be offered in its place where it is short (R2.7); raises Blocked for what cannot."""
    require(actor_may, subject="inventory.change_product", actor=actor)
    product = lock(Product, product.pk)
    wanted = list(dict.fromkeys(codes))
    found = {each.code: each for each in Product.objects.filter(code__in=wanted)}
    broken = [reason for code in wanted for reason in substitute_fits.broken(product, found.get(code), code)]
    if broken:
        raise Blocked(broken)
    before = sorted(product.substitutes.values_list("code", flat=True))
    if before == sorted(wanted):
        return product
    product.substitutes.set([found[code] for code in wanted])
    bump_version(product)
    record(
        "product.substituted",
        thread=product.thread,
        actor=actor,
        subject=str(product),
        old={"substitutes": ", ".join(before)},
        new={"substitutes": ", ".join(sorted(wanted))},
    )
    return product


@transaction.atomic
def set_price(product: Product, *, price_list: PriceList, price: Decimal, actor: User) -> PriceListItem:
    """Set the product's price in a price list (its currency, tax included if the list says so)."""
    require(actor_may, subject="inventory.change_pricelistitem", actor=actor)
    kept = PriceListItem.objects.select_for_update().filter(price_list=price_list, product=product).first()
    was = kept.price if kept else None
    item = kept or PriceListItem(price_list=price_list, product=product)
    item.price = price
    item.save()
    if was != price:
        facts = {"price": str(price), "currency": price_list.currency, "price_list": price_list.name}
        old, new = {"price": _shown(was)}, {"price": str(price)}
        record(
            "product.priced",
            thread=product.thread,
            actor=actor,
            subject=str(product),
            old=old,
            new=new,
            **facts,
        )
    return item


@transaction.atomic
def import_products(
    rows: Iterable[Mapping[str, Any]], *, price_list: PriceList | None = None, actor: User
) -> ImportReport:
    """Take in products by code, each with its price where `price` is given: all rows or, if one is bad, none.

    A row holds `code`, `name` and any of the product's fields, already typed. Taken twice it changes nothing.
    """
    report = ImportReport()
    rows = list(rows)
    known = {each.code: each for each in Product.objects.filter(code__in=[row.get("code") for row in rows])}
    for place, row in enumerate(rows, start=1):
        report.bad += [(place, column, _reason()) for column in ("code", "name") if not row.get(column)]
    if report.bad:
        return report
    for row in rows:
        _take_in(dict(row), known, price_list, actor, report)
    return report


def _take_in(
    row: dict, known: dict[str, Product], price_list: PriceList | None, actor: User, report: ImportReport
) -> None:
    price, code = row.pop("price", None), row.pop("code")
    product = known.get(code)
    if product is None:
        product = known[code] = create_product(code=code, actor=actor, **row)
        report.created.append(code)
    elif any(getattr(product, name) != value for name, value in _known(row).items()):
        known[code] = update_product(product, version=product.version, actor=actor, **row)
        report.updated.append(code)
    if price is not None and price_list is not None:
        set_price(product, price_list=price_list, price=price, actor=actor)


def _reason() -> str:
    return str(_("missing"))


def _known(fields: Mapping[str, Any]) -> dict[str, Any]:
    unknown = set(fields) - set(FIELDS)
    if unknown:
        raise TypeError(f"a product has no {', '.join(sorted(unknown))}")
    return dict(fields)


def _shown(value: Any) -> str | None:
    return None if value is None else str(value)
