"""Tax identities: China's unified social credit code (GB 32100) checked, others taken as they are (R3.1)."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

#: The characters of GB 32100 in the order of their values: no I, O, S, V, Z.
CHARACTERS = "0123456789ABCDEFGHJKLMNPQRTUWXY"
LENGTH = 18
HOME = "CN"


def what_is_wrong(country: str, text: str) -> Any:
    """What is wrong with a tax identity, in a sentence; nothing for an empty or a foreign one."""
    if country != HOME or not text:
        return ""
    if len(text) != LENGTH:
        return _("A unified social credit code has 18 characters; count them again.")
    if any(each not in CHARACTERS for each in text):
        return _("A unified social credit code has figures and capital letters, but no I, O, S, V or Z.")
    if text[-1] != check_character(text[:-1]):
        return _("The unified social credit code does not check: one of its characters is mistyped.")
    return ""


def check_character(first: str) -> str:
    """The 18th character that goes with the first 17."""
    total = sum(CHARACTERS.index(each) * pow(3, place, 31) for place, each in enumerate(first))
    return CHARACTERS[-total % 31]
