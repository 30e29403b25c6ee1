"""What a workbook's cell says, as text: numbers as the sheet shows them, days in ISO, errors as faults.

A number keeps the fifteen digits that a spreadsheet keeps, the zeros that its format shows (00123), its per
cent sign and its currency. What cannot be read comes back as the sentence that says why.
"""

from __future__ import annotations

import re
from datetime import date, timedelta
from decimal import Context, Decimal, InvalidOperation
from functools import cache
from typing import Any

from django.utils.translation import gettext_lazy as _
from openpyxl.styles.numbers import BUILTIN_FORMATS, is_date_format

from core.money import without_sign

#: Formats 27 to 58 are left to each language; in Chinese these are days.
_CHINESE_DAYS = {27, 28, 29, 30, 31, 36, 50, 51, 52, 53, 54, 57, 58}
#: These show the currency of whoever opens the file: they say nothing of the figure's own.
_READERS_MONEY = {5, 6, 7, 8, 42, 44}
FORMATS: dict[int, str] = (
    dict(BUILTIN_FORMATS)
    | dict.fromkeys(_CHINESE_DAYS, "yyyy-mm-dd")
    | dict.fromkeys(_READERS_MONEY, "#,##0.00")
)
EPOCH, LATER_EPOCH = date(1899, 12, 30), date(1904, 1, 1)
_FIFTEEN = Context(prec=15)
_MOST_DIGITS = 40
_DAYS_KNOWN = Decimal(2_958_466)
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
_UNSTORABLE = re.compile("[\x00-\x08\x0b\x0e-\x1f\x7f\ud800-\udfff]")
_CURRENCY = re.compile(r"\[\$([^\]-]+)")
_WRITTEN = re.compile(r'"([^"]*)"|\\(.)|([$€£¥￥])')
_SPACING = re.compile(r"\[[^\]]*\]|[_*].")
_PLAIN_TEXT = re.compile(r'"[^"]*"|\\.')
Said = tuple[str, Any]


def cell_value(kind: str, raw: str, code: str, *, shared: list[str], epoch: date) -> Said:
    """A cell's text, or why it cannot be read: `kind` and `raw` as stored, `code` its number format."""
    if kind == "s":
        place = int(raw) if raw.isascii() and raw.isdigit() else -1
        known = 0 <= place < len(shared)
        return _storable(shared[place]) if known else ("", _broken() if raw else None)
    if kind in ("str", "inlineStr"):
        return _storable(unescaped(raw))
    if kind == "e":
        return "", _("The cell shows an error.")
    if kind == "b":
        return {"1": "TRUE", "0": "FALSE"}.get(raw, ""), None
    if kind == "d":
        return raw[:10], None
    return _number(raw.strip(), code, epoch) if raw.strip() else ("", None)


def plain(figure: Decimal) -> str:
    """A number without exponent and without trailing zeros."""
    text = f"{figure:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def unescaped(text: str) -> str:
    """The text with the characters that a workbook writes as _x000D_."""
    return _ESCAPED.sub(lambda found: chr(int(found[1], 16)), text) if "_x" in text else text


def _storable(text: str) -> Said:
    """Half a character, or a control character, is in no text that a database keeps."""
    return (
        ("", _("The cell holds a character that cannot be stored."))
        if _UNSTORABLE.search(text)
        else (text, None)
    )


def _number(raw: str, code: str, epoch: date) -> Said:
    try:
        figure = _FIFTEEN.plus(Decimal(raw))
    except InvalidOperation:
        return "", _broken()
    if not figure.is_finite() or abs(figure.adjusted()) > _MOST_DIGITS:
        return "", _broken()
    if is_date_format(code):
        return _day(figure, epoch)
    if "%" in _PLAIN_TEXT.sub("", code):
        return f"{plain(figure * 100)}%", None
    sign = currency_of(code)
    if sign:
        return f"{sign}{plain(figure)}", None
    text = plain(figure)
    zeros = re.fullmatch(r"0{2,30}", code)
    return (text.zfill(len(code)), None) if zeros and text.isdigit() else (text, None)


@cache
def currency_of(code: str) -> str:
    """The currency that a number format shows of its own: US$, €; empty where it shows none."""
    code = code.partition(";")[0]
    named = _CURRENCY.search(code)
    if named:
        return named[1].strip()
    said = "".join("".join(each) for each in _WRITTEN.findall(_SPACING.sub("", code))).strip()
    bare, meant = without_sign(said)
    return said if meant and not bare else ""


def _day(figure: Decimal, epoch: date) -> Said:
    before_march = (
        epoch == EPOCH and 1 <= figure < 61
    )  # a spreadsheet knows a 29 February 1900, which never was
    if figure < 0 or figure >= _DAYS_KNOWN or before_march:
        return "", _("The cell's number is no possible day.")
    whole, part = divmod(figure, 1)
    minutes = int((part * 1440).to_integral_value())
    clock = f"{minutes // 60 % 24:02}:{minutes % 60:02}"
    if not whole:
        return clock, None
    try:
        day = epoch + timedelta(days=int(whole) + minutes // 1440)
    except OverflowError:
        return "", _("The cell's number is no possible day.")
    return (f"{day.isoformat()} {clock}" if part else day.isoformat()), None


def _broken() -> Any:
    return _("The cell's number cannot be read.")
