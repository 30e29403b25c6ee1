"""Money on the page and on paper: rounding in the currency's minor unit, line amounts, capital numerals.

Amounts are Decimal, never float (I18). Rates are fractions (0.13), discounts are per cent (5 = 5 %).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Context, Decimal

#: The rates of value-added tax that an invoice can carry, in per cent.
TAX_RATES = ("13", "9", "6", "3", "0")
#: The currencies in which the house does business (ISO 4217).
CURRENCIES = ("CNY", "USD", "EUR", "HKD", "JPY", "GBP")
#: What people write for them; ¥ and $ stand for more than one.
_WRITTEN = {
    "CNY": "CNY RMB CN¥ 人民币 元 ¥ ￥",
    "USD": "USD US$ 美元 美金 $",
    "EUR": "EUR € 欧元",
    "HKD": "HKD HK$ 港币 港元 $",
    "JPY": "JPY JP¥ 日元 円 ¥ ￥",
    "GBP": "GBP £ 英镑",
}
_SIGNS: dict[str, frozenset[str]] = {}
for _code, _signs in _WRITTEN.items():
    for _sign in _signs.casefold().split():
        _SIGNS[_sign] = _SIGNS.get(_sign, frozenset()) | {_code}
_SIGN = "|".join(re.escape(each) for each in sorted(_SIGNS, key=len, reverse=True))
_BEFORE = re.compile(rf"([-+]?)\s*({_SIGN})\s*", re.IGNORECASE)
_AFTER = re.compile(rf"\s*({_SIGN})$", re.IGNORECASE)
_ON_ITS_OWN = re.compile(rf"(?:^|[\s(（\[【/,，:：-])({_SIGN})[)）\]】]?$", re.IGNORECASE)
_NO_MINOR = frozenset({"BIF", "CLP", "ISK", "JPY", "KRW", "PYG", "UGX", "VND", "XAF", "XOF", "XPF"})
_THREE_PLACES = frozenset({"BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"})
_WIDE = Context(prec=60, rounding=ROUND_HALF_UP)
_DIGITS = "零壹贰叁肆伍陆柒捌玖"
_UNITS = ("", "拾", "佰", "仟")
CAPITAL_LIMIT = Decimal(10) ** 16


@dataclass(frozen=True)
class LineAmounts:
    """What one line comes to (R1.6): goods before discount, the discount, net after it, tax, total with tax.

    With prices that include tax, net and total are the same amount and tax is the part of it.
    """

    goods: Decimal
    discount: Decimal
    net: Decimal
    tax: Decimal
    total: Decimal

    @property
    def without_tax(self) -> Decimal:
        """The total less its tax."""
        return self.total - self.tax


def minor_unit(currency: str) -> Decimal:
    """The smallest amount of a currency (ISO 4217 code): 0.01, 1 or 0.001."""
    if currency in _NO_MINOR:
        return Decimal(1)
    return Decimal("0.001") if currency in _THREE_PLACES else Decimal("0.01")


def round_money(amount: Decimal, currency: str) -> Decimal:
    """The amount in the currency's minor unit, half up (away from zero)."""
    return amount.quantize(minor_unit(currency), context=_WIDE)


def without_sign(text: str) -> tuple[str, frozenset[str]]:
    """A figure's text without the currency before or behind it, and which currencies that may mean."""
    said: list[frozenset[str]] = []
    before = _BEFORE.match(text)
    if before:
        said.append(_SIGNS[before[2].casefold()])
        text = before[1] + text[before.end() :]
    after = _AFTER.search(text)
    if after:
        said.append(_SIGNS[after[1].casefold()])
        text = text[: after.start()]
    return text.strip(), frozenset.intersection(*said) if said else frozenset()


def currencies_named(text: str) -> frozenset[str]:
    """Which currencies the text ends with, on its own or in brackets: Unit price (USD), 单价（元）."""
    found = _ON_ITS_OWN.search(text.strip())
    return _SIGNS[found[1].casefold()] if found else frozenset()


def line_amounts(
    quantity: Decimal,
    price: Decimal,
    discount_percent: Decimal,
    tax_rate: Decimal,
    currency: str,
    tax_included: bool = True,
) -> LineAmounts:
    """The amounts of one line, rounded half up; goods = net + discount, no cent is lost (R1.6)."""
    gross = _WIDE.multiply(quantity, price)
    goods = round_money(gross, currency)
    net = round_money(_WIDE.multiply(gross, 1 - discount_percent / 100), currency)
    if tax_included:
        tax = round_money(net - _WIDE.divide(net, 1 + tax_rate), currency)
        return LineAmounts(goods=goods, discount=goods - net, net=net, tax=tax, total=net)
    tax = round_money(_WIDE.multiply(net, tax_rate), currency)
    return LineAmounts(goods=goods, discount=goods - net, net=net, tax=tax, total=net + tax)


def capital_numerals(amount: Decimal) -> str:
    """An amount of yuan in capital Chinese numerals, 大写金额 (R6.13): 1005.30 is 壹仟零伍元叁角.

    Rounds half up to the fen. Raises ValueError from ten thousand billion (10^16) on.
    """
    if not amount.is_finite() or abs(amount) >= CAPITAL_LIMIT:
        raise ValueError(f"no capital numerals for {amount}")
    cents = int(amount.quantize(Decimal("0.01"), context=_WIDE) * 100)
    yuan, rest = divmod(abs(cents), 100)
    sign = "负" if cents < 0 else ""
    if not rest:
        return f"{sign}{_whole(yuan) or _DIGITS[0]}元整"
    jiao, fen = divmod(rest, 10)
    parts = [f"{_whole(yuan)}元"] if yuan else []
    if jiao:
        parts.append(f"{_DIGITS[jiao]}角")
    elif yuan:
        parts.append(_DIGITS[0])
    if fen:
        parts.append(f"{_DIGITS[fen]}分")
    return sign + "".join(parts)


def _whole(number: int) -> str:
    """A whole number in words, empty for zero: blocks of eight digits (亿), then of four (万)."""
    for block, word in ((10**8, "亿"), (10**4, "万")):
        if number >= block:
            high, low = divmod(number, block)
            return _whole(high) + word + (_DIGITS[0] if 0 < low < block // 10 else "") + _whole(low)
    return _four_digits(number)


def _four_digits(number: int) -> str:
    words = ""
    for place in (3, 2, 1, 0):
        digit = number // 10**place % 10
        if digit:
            words += _DIGITS[digit] + _UNITS[place]
        elif words and number % 10**place and not words.endswith(_DIGITS[0]):
            words += _DIGITS[0]
    return words
