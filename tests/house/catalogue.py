"""The Chinese catalogue: complete, certain, and as fresh as the sources."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

QUOTED = re.compile(r'"((?:[^"\\]|\\.)*)"')
FORMAT = re.compile(r"%\(\w+\)[sd]")


@dataclass
class Entry:
    """One message of a .po file."""

    texts: dict[str, str] = field(default_factory=dict)
    fuzzy: bool = False

    @property
    def key(self) -> tuple[str, str]:
        """What makes the message itself: context and source text."""
        return self.texts.get("msgctxt", ""), self.texts.get("msgid", "")

    @property
    def translations(self) -> list[str]:
        """The Chinese, of every plural form."""
        return [text for name, text in self.texts.items() if name.startswith("msgstr")]


def entries(catalogue: str) -> Iterator[Entry]:
    """The live messages of a .po file; its header and what is obsolete left out."""
    for block in re.split(r"\n\s*\n", catalogue):
        entry, name = Entry(), ""
        for line in block.splitlines():
            if line.startswith("#"):
                entry.fuzzy |= line.startswith("#,") and "fuzzy" in line
                continue
            keyword = re.match(r"(msg\w+(?:\[\d+\])?)\s", line)
            if keyword:
                name = keyword[1]
            found = QUOTED.search(line)
            if name and found:
                entry.texts[name] = entry.texts.get(name, "") + found[1]
        if entry.texts.get("msgid"):
            yield entry


def faults(catalogue: str) -> Iterator[str]:
    """Messages that are missing, uncertain, or lost a figure on the way."""
    for entry in entries(catalogue):
        source = entry.texts["msgid"]
        if entry.fuzzy:
            yield f"fuzzy: {source}"
        if not entry.translations or not all(entry.translations):
            yield f"untranslated: {source}"
            continue
        known = set(FORMAT.findall(source + entry.texts.get("msgid_plural", "")))
        if any(set(FORMAT.findall(each)) - known for each in entry.translations):
            yield f"unknown figure: {source}"


def missing(fresh: str, committed: str) -> set[str]:
    """Source texts that a fresh extraction finds and the committed catalogue lacks."""
    have = {entry.key for entry in entries(committed)}
    return {entry.texts["msgid"] for entry in entries(fresh) if entry.key not in have}
