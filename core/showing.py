"""Sentences with their figures: one way to fill in what a rule, an event, a trigger or a notice says.

A sentence that names a currency shows its amounts to the cent with separators; elsewhere figures lose their
idle zeros. What is missing shows as a dash, so an old event stays readable under a newer sentence.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from decimal import Decimal
from functools import partial
from typing import Any

from django.utils.translation import get_language, gettext, override, pgettext

_COUNTED = re.compile(
    r"%\((\w+)\)s ((?:new |bad |working )?(?:cell|day|decision|difference|line|order|package|price|row))s\b"
)
_FIGURE = re.compile(r"-?\d+(\.\d+)?")
_MISSING = "–"


def filled(text: Any, facts: Mapping[str, Any]) -> str:
    """The sentence in the reader's language, its facts filled in as people write them."""
    sentence = str(text)
    if not facts and "%(" not in sentence:
        return sentence
    amounts = "%(currency)s" in sentence
    if get_language() == "en":
        sentence = _COUNTED.sub(partial(_one, facts), sentence)
    return sentence % _Shown({name: _shown(value, amounts) for name, value in facts.items()})


def amount(value: Decimal) -> str:
    """An amount to the cent with separators; finer prices keep their places."""
    places = max(2, -int(value.normalize().as_tuple().exponent))
    return f"{value:,.{places}f}"


def figure(value: Decimal | int) -> str:
    """A figure without idle zeros: 100, 2.5."""
    return f"{Decimal(value).normalize():f}" if value else "0"


def listed(words: Iterable[Any]) -> str:
    """Several words in a row, parted as the reader's language parts them."""
    return pgettext("between words in a row", ", ").join(str(each) for each in words)


def in_office(who: Any, giver: Any = None) -> str:
    """R2.12: who did it and for whom, wherever a name is told: "B for A", "B 代 A"."""
    if giver is None:
        return "" if who is None else str(who)
    return gettext("%(actor)s for %(giver)s") % {"actor": who, "giver": giver}


def office_fact(who: Any, giver: Any = None) -> str | dict[str, str]:
    """The same as a fact of an event or a notice, put into words in the language of who reads it."""
    return str(who) if giver is None else {"by": str(who), "for": str(giver)}


def word_fact(word: Any) -> dict[str, str]:
    """A word of ours (the label of a choice) as a fact, put into the language of who reads it."""
    with override(None):
        return {"word": str(word)}


def _one(facts: Mapping[str, Any], counted: re.Match) -> str:
    """Sentences are written for many; of one thing English says "1 line"."""
    name, noun = counted.groups()
    return f"%({name})s {noun}" if str(facts.get(name)) == "1" else counted.group()


class _Shown(dict):
    def __missing__(self, name: str) -> str:
        return _MISSING


def _shown(value: Any, amounts: bool) -> str:
    if value is None:
        return _MISSING
    if isinstance(value, Mapping) and "word" in value:
        return gettext(value["word"])
    if isinstance(value, Mapping):
        return in_office(value.get("by", _MISSING), value.get("for"))
    if isinstance(value, str) and not (amounts or "." in value):
        return value
    if isinstance(value, (Decimal, str)) and _FIGURE.fullmatch(str(value)):
        return amount(Decimal(value)) if amounts else figure(Decimal(value))
    return str(value)
