"""Which product somebody means: our code, the customer's part number, barcode, name, initials (R1.3)."""

from __future__ import annotations

import difflib
import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from django.db.models import Q

from customers.queries import products_by_part_number
from inventory.models import Product
from orders.queries import products_by_text

SUGGESTED = 3
MOST_UNKNOWN = 60
CANDIDATES = 600
ALIKE = 0.5


@dataclass(frozen=True)
class Meant:
    """The product, and whether the text is the customer's way of saying it rather than our code."""

    product: Product
    is_theirs: bool


def products_meant(customer_id: int, texts: Collection[str]) -> dict[str, Meant]:
    """The products meant by these texts; what is not certain is left out. At most three queries.

    Our code wins, then the customer's own part number, barcode, whole name, initials that only one has.
    """
    wanted = {each for each in texts if each.strip()}
    if not wanted:
        return {}
    ours = products_by_text(wanted)
    theirs = products_by_part_number(customer_id, wanted)
    found: dict[str, Meant] = {}
    for text in wanted:
        key = text.strip().lower()
        product = ours.get(text)
        if product is not None and key == product.code.lower():
            found[text] = Meant(product, is_theirs=False)
        elif key in theirs:
            found[text] = Meant(theirs[key], is_theirs=True)
        elif product is not None:
            found[text] = Meant(product, is_theirs=key != product.barcode.lower())
    return found | _by_initials(wanted - found.keys())


def suggestions_for(texts: Iterable[str]) -> dict[str, list[Product]]:
    """Up to three products that each unknown text may have meant, the likest first; one query for all."""
    wanted = list(dict.fromkeys(each.strip() for each in texts if each.strip()))[:MOST_UNKNOWN]
    if not wanted:
        return {}
    near = Q()
    for text in wanted:
        near |= _near(text)
    candidates = list(Product.objects.sold().filter(near).order_by("code")[:CANDIDATES])
    return {text: _likest(text, candidates) for text in wanted}


def _by_initials(texts: Collection[str]) -> dict[str, Meant]:
    wanted: dict[str, list[str]] = {}
    for each in texts:
        if re.fullmatch(r"[A-Za-z0-9]{3,}", each.strip()):
            wanted.setdefault(each.strip().lower(), []).append(each)
    if not wanted:
        return {}
    rows: dict[str, list[Product]] = {}
    for product in Product.objects.sold().filter(initials__in=wanted):
        rows.setdefault(product.initials, []).append(product)
    only = {key: Meant(each[0], is_theirs=True) for key, each in rows.items() if len(each) == 1}
    return {text: meant for key, meant in only.items() for text in wanted[key]}


def _near(text: str) -> Q:
    """Products that begin like the text, or hold one of its words."""
    head = text[:3]
    near = Q(code__istartswith=head) | Q(name__istartswith=text[:2]) | Q(initials__startswith=head.lower())
    for word in re.findall(r"\w{2,}", text)[:4]:
        near |= Q(code__icontains=word) | Q(name__icontains=word) | Q(name_en__icontains=word)
    return near


def _likest(text: str, candidates: Iterable[Product]) -> list[Product]:
    typed = text.lower()
    scored = [(_likeness(typed, each), each.code, each) for each in candidates]
    kept = sorted((each for each in scored if each[0] >= ALIKE), key=lambda each: (-each[0], each[1]))
    return [product for _score, _code, product in kept[:SUGGESTED]]


def _likeness(typed: str, product: Product) -> float:
    told = (product.code.lower(), product.name.lower(), product.name_en.lower(), product.initials)
    return max(
        1.0 if typed in each else difflib.SequenceMatcher(None, typed, each).ratio() for each in told if each
    )
