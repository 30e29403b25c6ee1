"""XLSX workbooks, read part by part: the first visible sheet's values, as text, as the sheet shows them.

Before a part is opened the archive is weighed. No part may declare a document type, so nothing outside the
file is ever named; macros, locked and binary workbooks are refused. A formula gives the value that was last
saved with it and is a fault where there is none; so are errors, and the cells that a merged range covers.
"""

from __future__ import annotations

import contextlib
import io
import posixpath
import re
import zipfile
import zlib
from collections.abc import Iterator
from typing import Any
from xml.parsers import expat

from django.utils.translation import gettext_lazy as _

from core.sheet_rows import MOST_COLUMNS, Row, Sheet, Tally, damaged, letters, refused
from core.workbook_cells import EPOCH, FORMATS, LATER_EPOCH, cell_value, unescaped

MOST_ENTRIES = 2_000
MOST_UNPACKED = 120 * 1024 * 1024
#: Text packs to a tenth, an empty sheet to a fiftieth; what swells more than this was made to.
MOST_SWELLING, SMALL = 250, 4 * 1024 * 1024
MOST_MERGED = 5_000
MOST_SHARED = 60_000_000
LAST_ROW, LAST_COLUMN = 1_048_576, 16_384
_CHUNK = 64 * 1024
_REF = re.compile(r"([A-Z]{1,3})([1-9][0-9]{0,6})")


def sheet_names(content: bytes) -> list[str]:
    """The names of the visible sheets; ValidationError as `read_workbook`."""
    with _sound(), zipfile.ZipFile(io.BytesIO(content)) as archive:
        _weigh(archive)
        return [name for name, _path in _sheets(archive)[0]]


def read_workbook(content: bytes, *, place: int = 0) -> Sheet:
    """A visible sheet of a workbook, the first one; ValidationError if it cannot or must not be read."""
    with _sound():
        archive = zipfile.ZipFile(io.BytesIO(content))
        _weigh(archive)
        sheets, later_epoch = _sheets(archive)
        path = sheets[place][1]
        shared = _shared_texts(archive)
        formats = _formats(archive)
        merged = _merged(archive, path)
    tally = Tally()
    reader = _Rows(shared, formats, merged, later_epoch, tally)
    return Sheet("XLSX", _stream(archive, path, reader, tally), tally)


def _stream(archive: zipfile.ZipFile, path: str, reader: _Rows, tally: Tally) -> Iterator[Row]:
    with _sound(), archive:
        for chunk in _chunks(archive, path):
            reader.feed(chunk)
            for row in reader.taken():
                tally.count(row)
                yield row
        reader.feed(b"", last=True)


@contextlib.contextmanager
def _sound() -> Iterator[None]:
    """Whatever breaks while unpacking is one sentence to the person."""
    try:
        yield
    except (zipfile.BadZipFile, zlib.error, expat.ExpatError, EOFError, OSError, KeyError):
        raise damaged() from None
    except (
        NotImplementedError,
        RuntimeError,
        ValueError,
        OverflowError,
    ):  # odd packing, a password, no number
        raise damaged() from None


def _weigh(archive: zipfile.ZipFile) -> None:
    entries = archive.infolist()
    names = [each.filename.lower() for each in entries]
    if any("vbaproject" in each or "macrosheets/" in each for each in names):
        raise refused(_("Files with macros are not taken. Save it without macros."), "macros")
    if any(each.flag_bits & 1 for each in entries):
        raise refused(_("The workbook is locked by a password. Save it without one."), "locked")
    swollen = any(each.file_size > max(SMALL, MOST_SWELLING * each.compress_size) for each in entries)
    unpacked = sum(each.file_size for each in entries)
    if swollen or len(entries) > MOST_ENTRIES or unpacked > MOST_UNPACKED:
        raise refused(_("The file is too large once unpacked."), "unpacked")
    if len(set(names)) != len(names):
        raise damaged()
    if "xl/workbook.xml" not in names or "[content_types].xml" not in names:
        raise refused(_("This is no workbook that can be read. Save it as .xlsx and try again."), "kind")


def _chunks(archive: zipfile.ZipFile, path: str) -> Iterator[bytes]:
    """A part, unpacked piece by piece, never beyond what it may weigh whatever it says of itself."""
    total = 0
    with archive.open(path) as part:
        while chunk := part.read(_CHUNK):
            total += len(chunk)
            if total > MOST_UNPACKED:
                raise refused(_("The file is too large once unpacked."), "unpacked")
            yield chunk


class _Part:
    """A part of the workbook as a stream of elements; a document type, and with it any entity, is refused."""

    def __init__(self) -> None:
        parser = expat.ParserCreate()
        parser.buffer_text = True
        parser.StartDoctypeDeclHandler = self._refuse_type
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self.text
        self._parser = parser

    def feed(self, chunk: bytes, *, last: bool = False) -> None:
        """Read on."""
        self._parser.Parse(chunk, last)

    def whole(self, archive: zipfile.ZipFile, path: str) -> Any:
        """Read all of a part."""
        for chunk in _chunks(archive, path):
            self.feed(chunk)
        self.feed(b"", last=True)
        return self

    def start(self, tag: str, given: dict[str, str]) -> None:
        """An element begins."""

    def end(self, tag: str) -> None:
        """An element ends."""

    def text(self, text: str) -> None:
        """Text inside it."""

    def _start(self, name: str, given: dict[str, str]) -> None:
        self.start(name.rpartition(":")[2], given)

    def _end(self, name: str) -> None:
        self.end(name.rpartition(":")[2])

    def _refuse_type(self, *_args: Any) -> None:
        raise refused(_("The workbook declares a document type. Such files are not taken."), "entities")


class _Elements(_Part):
    """The elements of a small part: name and attributes."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str]]] = []

    def start(self, tag: str, given: dict[str, str]) -> None:
        self.found.append((tag, {name.rpartition(":")[2]: value for name, value in given.items()}))
        if len(self.found) > 200_000:
            raise damaged()


def _elements(archive: zipfile.ZipFile, path: str) -> list[tuple[str, dict[str, str]]]:
    return _Elements().whole(archive, path).found


def _sheets(archive: zipfile.ZipFile) -> tuple[list[tuple[str, str]], bool]:
    """The visible sheets, as name and where it lies, and whether days are counted from 1904."""
    relations = {
        given["Id"]: given
        for tag, given in _elements(archive, "xl/_rels/workbook.xml.rels")
        if tag == "Relationship" and given.get("Type", "").endswith("/worksheet")
    }
    later_epoch, found = False, []
    for tag, given in _elements(archive, "xl/workbook.xml"):
        if tag == "workbookPr":
            later_epoch = given.get("date1904") in ("1", "true")
        if tag == "sheet" and given.get("state", "visible") == "visible":
            found.append((given.get("name", ""), relations.get(given.get("id", ""))))
    if not found or any(each is None or each.get("TargetMode") == "External" for _name, each in found[:1]):
        raise refused(_("The workbook has no visible sheet."), "sheets")
    inside = [(name, each["Target"]) for name, each in found if each and each.get("TargetMode") != "External"]
    return [
        (name, posixpath.normpath(posixpath.join("/xl", to)).lstrip("/")) for name, to in inside
    ], later_epoch


class _Shared(_Part):
    """The texts that cells share; how characters are spoken (rPh) is not part of them."""

    def __init__(self) -> None:
        super().__init__()
        self.texts: list[str] = []
        self._pieces: list[str] = []
        self._reads = self._spoken = False
        self._size = 0

    def start(self, tag: str, given: dict[str, str]) -> None:
        if tag == "si":
            self._pieces = []
        elif tag == "rPh":
            self._spoken = True
        self._reads = tag == "t" and not self._spoken

    def end(self, tag: str) -> None:
        self._reads = False
        if tag == "rPh":
            self._spoken = False
        elif tag == "si":
            self.texts.append(unescaped("".join(self._pieces)))

    def text(self, text: str) -> None:
        if self._reads:
            self._pieces.append(text)
            self._size += len(text)
            if self._size > MOST_SHARED:
                raise refused(_("The file is too large once unpacked."), "unpacked")


def _shared_texts(archive: zipfile.ZipFile) -> list[str]:
    there = "xl/sharedStrings.xml" in archive.namelist()
    return _Shared().whole(archive, "xl/sharedStrings.xml").texts if there else []


def _formats(archive: zipfile.ZipFile) -> list[str]:
    """The number format of each cell style; a day of any language reads as one."""
    if "xl/styles.xml" not in archive.namelist():
        return []
    codes = dict(FORMATS)
    styles, inside = [], False
    for tag, given in _elements(archive, "xl/styles.xml"):
        if tag == "numFmt":
            codes[int(given["numFmtId"])] = given.get("formatCode", "")
        inside = inside and tag not in ("cellStyles", "dxfs") or tag == "cellXfs"
        if inside and tag == "xf":
            styles.append(int(given.get("numFmtId", "0")))
    return [codes.get(each, "") for each in styles]


class _Merged(_Part):
    """The merged ranges of a sheet."""

    def __init__(self) -> None:
        super().__init__()
        self.ranges: list[tuple[int, int, int, int]] = []

    def start(self, tag: str, given: dict[str, str]) -> None:
        if tag == "mergeCell":
            first, _colon, last = given["ref"].partition(":")
            (top, left), (bottom, right) = _place(first), _place(last or first)
            self.ranges.append((top, left, bottom, right))
            if len(self.ranges) > MOST_MERGED:
                raise refused(_("The sheet has too many merged cells."), "merged")


def _merged(archive: zipfile.ZipFile, path: str) -> list[tuple[int, int, int, int]]:
    return _Merged().whole(archive, path).ranges


def _place(ref: str) -> tuple[int, int]:
    """Row from 1 and column from 0 of a reference such as B7."""
    found = _REF.fullmatch(ref.replace("$", ""))
    if found is None:
        raise damaged()
    column = 0
    for each in found[1]:
        column = column * 26 + ord(each) - 64
    if column > LAST_COLUMN or int(found[2]) > LAST_ROW:
        raise damaged()
    return int(found[2]), column - 1


class _Rows(_Part):
    """The rows of a sheet while its part is read."""

    def __init__(
        self,
        shared: list[str],
        formats: list[str],
        merged: list[tuple[int, int, int, int]],
        later_epoch: bool,
        tally: Tally,
    ) -> None:
        super().__init__()
        self.shared, self.formats, self.merged, self.tally = shared, formats, merged, tally
        self.epoch = LATER_EPOCH if later_epoch else EPOCH
        self._ready: list[Row] = []
        self._row = Row(0, [])
        self._column = -1
        self._cell: dict[str, str] = {}
        self._pieces: dict[str, list[str]] = {}
        self._into = ""
        self._spoken = False

    def taken(self) -> list[Row]:
        """The rows that ended since the last call."""
        ready, self._ready = self._ready, []
        return ready

    def start(self, tag: str, given: dict[str, str]) -> None:
        if tag == "c":
            self._begin_cell(given)
        elif tag == "row":
            self._begin_row(given)
        elif tag == "rPh":
            self._spoken = True
        elif tag in ("v", "f", "t") and not self._spoken:
            self._into = tag
            self._pieces.setdefault(tag, [])

    def text(self, text: str) -> None:
        if self._into:
            self._pieces[self._into].append(text)

    def end(self, tag: str) -> None:
        self._into = ""
        if tag == "c":
            self._end_cell()
        elif tag == "rPh":
            self._spoken = False
        elif tag == "row":
            self._end_row()

    def _begin_row(self, given: dict[str, str]) -> None:
        number = int(given.get("r", self._row.number + 1))
        if not self._row.number < number <= LAST_ROW:
            raise damaged()
        self.tally.hidden += given.get("hidden") in ("1", "true")
        self._row, self._column = Row(number, []), -1

    def _begin_cell(self, given: dict[str, str]) -> None:
        column = _place(given["r"])[1] if "r" in given else self._column + 1
        if column <= self._column or column >= LAST_COLUMN:
            raise damaged()
        self._column, self._cell, self._pieces = column, given, {}

    def _end_cell(self) -> None:
        raw = "".join(self._pieces.get("v", self._pieces.get("t", [])))
        style = self._cell.get("s", "")
        code = self.formats[int(style)] if style.isdigit() and int(style) < len(self.formats) else ""
        text, fault = cell_value(self._cell.get("t", "n"), raw, code, shared=self.shared, epoch=self.epoch)
        if "f" in self._pieces:
            self.tally.formulas += 1
            if not raw and fault is None:
                fault = _("The formula was saved without its value. Write the value.")
        if not text and fault is None:
            return
        if self._column >= MOST_COLUMNS:
            row, column = self._row.number, letters(self._column)
            raise refused(
                _("Row %(row)s, column %(column)s: the sheet is wider than can be read."),
                "columns",
                row=row,
                column=column,
            )
        self._row.cells += [""] * (self._column + 1 - len(self._row.cells))
        self._row.cells[self._column] = text
        if fault is not None:
            self._row.faults[self._column] = fault

    def _end_row(self) -> None:
        number = self._row.number
        for top, left, bottom, right in self.merged:
            if top <= number <= bottom:
                self._cover(number, (top, left), min(right, MOST_COLUMNS - 1))
        if not self._row.is_blank:
            self._ready.append(self._row)

    def _cover(self, number: int, corner: tuple[int, int], right: int) -> None:
        """What a merged range covers says nothing of its own: a fault, in rows that say something."""
        if not any(self._row.cells):
            return
        for column in range(corner[1], right + 1):
            if (number, column) != corner:
                self._row.faults[column] = _("The cell is part of merged cells. Write the value in each row.")
