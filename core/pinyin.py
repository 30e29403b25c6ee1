"""Pinyin initials: what a person types to find a Chinese name (产品 is cp)."""

from pypinyin import Style, lazy_pinyin

LONGEST = 120


def initials_of(*names: str) -> str:
    """The initials of the names in lower case, letters and figures only: 'M6 内六角螺钉' is m6nljld."""
    letters = "".join(lazy_pinyin(" ".join(names), style=Style.FIRST_LETTER)).lower()
    return "".join(each for each in letters if each.isascii() and each.isalnum())[:LONGEST]
