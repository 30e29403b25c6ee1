"""PDF: pages printed by WeasyPrint, with the house's own fonts and files and nothing from anywhere else.

Import it only where a document is rendered (a worker): it loads Pango.
"""

from __future__ import annotations

import functools
import html
import os
import re
from pathlib import Path
from typing import Any, NoReturn

import structlog
from django.template.loader import render_to_string
from django.utils import translation
from fontTools.ttLib import TTFont
from weasyprint import CSS, HTML
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import FatalURLFetchingError, URLFetcher, URLFetcherResponse

from core import tokens

log = structlog.get_logger(__name__)
FONTS = Path(__file__).resolve().parent / "fonts"
PRINT = Path(__file__).resolve().parent / "print"
#: Stands in print for a character that the fonts lack, as in Chinese typesetting.
MISSING = "〓"
_BASE = "orderway:///"
_OWN_FILES = {f"{_BASE}document.css": (PRINT / "document.css", "text/css")}

# Read by fontconfig when the first page is laid out: only these fonts exist, on every machine alike.
os.environ["FONTCONFIG_FILE"] = str(FONTS / "fonts.conf")


class Denied(FatalURLFetchingError):
    """A document asked for something that is not the house's own file."""


class OwnFiles(URLFetcher):
    """Knows the package's print files by name and refuses every other address."""

    def __init__(self) -> None:
        super().__init__(allowed_protocols=("orderway",), allow_redirects=False, fail_on_errors=True)
        self.refused: list[str] = []

    def fetch(self, url: str, headers: dict[str, str] | None = None) -> URLFetcherResponse:
        if url not in _OWN_FILES:
            self._refuse(url)
        path, content_type = _OWN_FILES[url]
        return URLFetcherResponse(url, path.read_bytes(), {"Content-Type": content_type})

    def _refuse(self, url: str) -> NoReturn:
        self.refused.append(url[:200])
        log.warning("pdf.denied", url=url[:200])
        raise Denied(f"{url[:200]} is not part of the house's paper")


def render_pdf(template: str, context: dict[str, Any], language: str) -> bytes:
    """A template as a PDF in one language. A character without a print form becomes 〓 (see `unprintable`).

    Raises Denied if the page asks for any file that is not the house's own.
    """
    with translation.override(language):
        page: str = render_to_string(template, {**context, "language": language})
    for each in unprintable(page):
        page = page.replace(each, MISSING)
    fonts, own = FontConfiguration(), OwnFiles()
    sheets = [
        CSS(string=_token_block(), font_config=fonts, url_fetcher=own),
        CSS(url=f"{_BASE}document.css", font_config=fonts, url_fetcher=own),
    ]
    printed = HTML(string=page, base_url=_BASE, url_fetcher=own).write_pdf(
        stylesheets=sheets, font_config=fonts
    )
    if own.refused:  # a picture inside a picture fails in silence
        raise Denied(f"{own.refused[0]} is not part of the house's paper")
    return printed


def unprintable(text: str) -> str:
    """The characters of a text that the fonts lack, each once, in order."""
    known = _printable()
    shown = html.unescape(text) if "&" in text else text
    return "".join(dict.fromkeys(each for each in shown if each not in known and not each.isspace()))


@functools.cache
def _printable() -> frozenset[str]:
    found = [TTFont(each, lazy=True).getBestCmap() for each in sorted(FONTS.glob("*.ttf"))]
    return frozenset(map(chr, set.intersection(*map(set, found))))


@functools.cache
def _token_block() -> str:
    """The light colours as custom properties, out of the one token table."""
    names = re.findall(r"--([a-z0-9-]+):\s*#", tokens.css())
    lines = "".join(f"--{name}:{tokens.colour(name)};" for name in dict.fromkeys(names))
    return f":root{{{lines}}}"
