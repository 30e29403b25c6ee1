"""What people write in a cell, made what a form field reads: 1,200, ５ 件, ¥18.60, 12月5日, 9 %.

Only what can mean one thing is touched; everything else is left for the field to refuse. A unit or currency
is not thrown away: whoever knows product and order asks whether it is theirs (rulebook, decisions: quantity,
currency).
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils import timezone

from core.money import without_sign

AMOUNTS = ("quantity", "price")
SHARES = ("discount_percent", "tax_rate")
_THOUSANDS = re.compile(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?", re.ASCII)
_COUNTED = re.compile(r"([\d.,]*\d)\s*([^\W\d_]{1,12})")
_DAY = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?", re.ASCII)
_DAY_OF_THE_YEAR = re.compile(r"(\d{1,2})月(\d{1,2})[日号]?", re.ASCII)
#: Words for the same unit.
_SAME = (
    {"pcs", "pc", "piece", "pieces", "ea", "each", "件", "个", "個", "只", "隻"},
    {"m", "米", "meter", "meters", "metre", "metres"},
    {"kg", "kgs", "公斤", "千克"},
    {"g", "克"},
    {"t", "吨", "ton", "tons"},
    {"set", "sets", "套"},
    {"box", "boxes", "箱", "盒"},
)


@dataclass(frozen=True)
class Written:
    """A cell's text for its field, the unit written behind a quantity, the currencies a price may be in."""

    text: str
    unit: str = ""
    currencies: frozenset[str] = frozenset()


def as_written(name: str, typed: str, *, today: date | None = None) -> Written:
    """The cell of the line's field `name` as its form field reads it."""
    plain = unicodedata.normalize("NFKC", typed).strip()
    if name in AMOUNTS:
        return _amount(name, plain, typed)
    if name == "due_on":
        return Written(_day(plain, today) or typed)
    if name in SHARES:
        return Written(plain.removesuffix("%").strip() if plain.endswith("%") else plain)
    return Written(typed)


def said_beside(written: Written, typed: str) -> dict[str, Any]:
    """For the row: the unit or currency that was written with a figure, and the cell as it was typed."""
    if written.unit:
        return {"unit_said": written.unit, "quantity_said": typed}
    if written.currencies:
        return {"currencies_said": written.currencies, "price_said": typed}
    return {}


def is_unit_of(said: str, unit: str) -> bool:
    """Whether the word that was written is the product's unit."""
    said, unit = said.casefold().rstrip("."), unit.casefold()
    return said == unit or any(said in words and unit in words for words in _SAME)


def _amount(name: str, plain: str, typed: str) -> Written:
    bare, unit = plain, ""
    said: frozenset[str] = frozenset()
    if name == "price":
        bare, said = without_sign(plain)
        if not said and bare != plain:
            return Written(typed)  # two currencies at once
    if name == "quantity" and (counted := _COUNTED.fullmatch(bare)):
        bare, unit = counted[1], counted[2]
    if _THOUSANDS.fullmatch(bare):
        bare = bare.replace(",", "")
    return Written(bare, unit, said) if re.fullmatch(r"-?[\d.]+", bare, re.ASCII) else Written(typed)


def _day(plain: str, today: date | None) -> str:
    """As YYYY-MM-DD; without a year the next such day. Empty if it is not written so."""
    if found := _DAY.fullmatch(plain):
        return f"{found[1]}-{int(found[2]):02}-{int(found[3]):02}"
    if found := _DAY_OF_THE_YEAR.fullmatch(plain):
        today = today or timezone.localdate()
        month, day = int(found[1]), int(found[2])
        year = today.year + ((month, day) < (today.month, today.day))
        return f"{year}-{month:02}-{day:02}"
    return ""
