"""Sheets that people send, CSV or XLSX, read as rows of text: values only, within bounds, nothing executed.

What a file is, is read from its content. A file that cannot be read raises ValidationError with a sentence; a
cell that cannot be read is a fault of its row, named by column. CSV: UTF-8, UTF-16 with its mark or GB18030,
cells between commas, semicolons or tabs. A text that begins with = is a formula and is not taken, except
="00123", which some programs write to keep zeros.
"""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Iterator

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from core.sheet_rows import Row, Sheet, Tally, letters, refused
from core.sniffing import LARGEST
from core.workbooks import read_workbook

__all__ = ["Row", "Sheet", "letters", "read_sheet"]
_OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_SIGNS = (",", ";", "\t")
LOOKED_AT = 15
_ZEROS_KEPT = re.compile(r'="([^"]*)"')
_CJK = re.compile("[\u4e00-\u9fff\u3000-\u303f\uff00-\uffef]+")
_CONTROLS = re.compile("[\x00-\x08\x0b\x0e-\x1f\x7f]")


def read_sheet(content: bytes, *, name: str) -> Sheet:
    """The first visible sheet of the file; ValidationError if it is none, is too large, or could do harm."""
    if not content.strip():
        raise refused(_("The file is empty."), "empty")
    if len(content) > LARGEST:
        raise refused(_("The file is larger than 20 MB."), "size")
    if content.startswith(_OLD_OFFICE):
        raise refused(
            _("This is an old .xls workbook or a locked one. Save it as .xlsx without a password."),
            "old",
        )
    if content.startswith(b"PK\x03\x04"):
        return read_workbook(content)
    if content.startswith((b"%PDF-", b"\x89PNG", b"\xff\xd8\xff", b"PK", b"\x1f\x8b", b"Rar!", b"7z")):
        raise _no_sheet()
    return _read_csv(content, name)


def _read_csv(content: bytes, name: str) -> Sheet:
    if name.lower().endswith((".xlsx", ".xlsm", ".xls")):
        raise refused(_("The file's name says it is a workbook, its content does not."), "mismatch")
    text = _decoded(content)
    if "\0" in text:
        raise _no_sheet()
    if re.match(r"\s*(<!doctype|<html|<\?xml|<table|\{)", text[:200], re.IGNORECASE):
        raise _no_sheet()
    sign, text = _sign_of(text)
    tally = Tally()
    return Sheet("CSV", _rows(text, sign, tally), tally, sign)


def _decoded(content: bytes) -> str:
    """The text; ValidationError if it is none, or if its rows were written in different ways."""
    marked = content.startswith((b"\xff\xfe", b"\xfe\xff"))
    for encoding in ["utf-16"] if marked else ["utf-8-sig", "gb18030"]:
        try:
            text = content.decode(encoding)
        except UnicodeError:
            continue
        if encoding == "gb18030":
            _refuse_mixed(content)
            if _is_western(content):
                break
        return text
    _refuse_mixed(content)
    raise refused(
        _("The characters cannot be read. Save the file as UTF-8 (“CSV UTF-8”) or as a workbook."), "encoding"
    )


def _is_western(content: bytes) -> bool:
    """Chinese is written in pairs of bytes; where single ones stand among letters it is an accent: Müller."""
    single = len(re.findall(rb"(?<![\x80-\xff])[\x80-\xff](?![\x80-\xff])", content))
    return single > len(re.findall(rb"[\x80-\xff]{2,}", content))


def _refuse_mixed(content: bytes) -> None:
    """Not all of it is UTF-8: a row with Chinese that is UTF-8 was pasted in from another file."""
    for number, line in enumerate(content.splitlines(), start=1):
        if line.isascii():
            continue
        try:
            strange = "".join(each for each in line.decode("utf-8-sig") if not each.isascii())
        except UnicodeDecodeError:
            continue
        if len(strange) > 1 and _CJK.fullmatch(strange):
            raise refused(
                _("Row %(row)s is written in UTF-8 and other rows are not. Save the whole file as UTF-8."),
                "mixed",
                row=number,
            )


def _sign_of(text: str) -> tuple[str, str]:
    """What stands between the cells, and the text without a line that only says so."""
    said = re.match(r"sep=([,;\t])\r?\n", text)
    if said:
        return said[1], text[said.end() :]
    lines = re.sub(r'"[^"]*"', "", text[:100_000]).splitlines()
    first = [line for line in lines if line.strip()][:LOOKED_AT]
    return max(_SIGNS, key=lambda sign: _evenness(sign, first)), text


def _evenness(sign: str, lines: list[str]) -> tuple[int, int]:
    """How many of the lines have the sign equally often, and how often: in an address that varies."""
    counts = Counter(line.count(sign) for line in lines)
    del counts[0]
    often = max(counts, key=lambda each: (counts[each], each), default=0)
    return counts[often], often


def _rows(text: str, sign: str, tally: Tally) -> Iterator[Row]:
    csv.field_size_limit(131_072)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=sign, strict=True)
    number = 0
    while True:
        number += 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error:
            raise refused(
                _("Row %(row)s cannot be read: a quotation mark does not close, or a cell never ends."),
                "quotes",
                row=number,
            ) from None
        row = Row(number, cells)
        if not row.is_blank:
            _look_at(row)
            tally.count(row)
            yield row


def _look_at(row: Row) -> None:
    """Cells that begin like a formula, or hold what no text holds."""
    for column, text in enumerate(row.cells):
        if _CONTROLS.search(text):
            row.cells[column] = ""
            row.faults[column] = _("The cell holds a character that cannot be stored.")
        elif text.startswith("="):
            kept = _ZEROS_KEPT.fullmatch(text.strip())
            row.cells[column] = kept[1] if kept else ""
            if not kept:
                row.faults[column] = _("The cell holds a formula. Write its value.")


def _no_sheet() -> ValidationError:
    return refused(_("This is neither a workbook (.xlsx) nor a text file with columns (.csv)."), "kind")
