"""What a page may not carry: the content security policy would stop it, or worse, half of it."""

import re
from collections.abc import Iterator

COMMENT = re.compile(r"{#.*?#}|{% comment.*?endcomment %}|<!--.*?-->", re.S)
FORBIDDEN = {
    "inline script": re.compile(r"<script(?![^>]*\bsrc=)(?![^>]*\btype=\"application/json\")[^>]*>", re.I),
    "inline style sheet": re.compile(r"<style\b", re.I),
    "style attribute": re.compile(r"\sstyle\s*=", re.I),
    "event attribute": re.compile(r"\son[a-z]+\s*=\s*[\"']", re.I),
    "hx-on": re.compile(r"\b(data-)?hx-on\b", re.I),
    "javascript: or js:": re.compile(r"[\"'\s](javascript|js):", re.I),
    "filter in hx-trigger": re.compile(r"hx-trigger\s*=\s*\"[^\"]*\[", re.I),
    "foreign address": re.compile(r"(src|href|action)\s*=\s*[\"'](https?:)?//", re.I),
    "safe filter": re.compile(r"\|\s*safe\b|{%\s*autoescape\s+off"),
}
HEX = re.compile(r"#(?:[0-9a-fA-F]{8}|[0-9a-fA-F]{6}|[0-9a-fA-F]{3,4})\b(?![\w-])")
ENTITY = re.compile(r"&#\w+;")


def inline(source: str) -> Iterator[str]:
    """What a template carries inline, with its line."""
    source = COMMENT.sub(lambda found: "\n" * found[0].count("\n"), source)
    for name, pattern in FORBIDDEN.items():
        for found in pattern.finditer(source):
            yield f"line {source[: found.start()].count(chr(10)) + 1}: {name}"


def raw_colours(source: str) -> list[str]:
    """Hex colours written by hand instead of a token."""
    return [
        each for each in HEX.findall(ENTITY.sub("", source)) if re.search(r"[0-9]|[a-f]{6}", each[1:], re.I)
    ]
