"""Files that mean harm, or only do it: each made in memory, with what is said of it."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from typing import Any

import openpyxl
from openpyxl.styles import numbers

from tests.orders.importing import HEAD, as_csv, as_xlsx, line

Parts = dict[str, bytes]
SHEET = "xl/worksheets/sheet1.xml"
MAIN = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'


def repacked(change: Callable[[Parts], None], rows: Any = None) -> bytes:
    """A good workbook whose parts were tampered with."""
    parts: Parts = {}
    with zipfile.ZipFile(io.BytesIO(as_xlsx(rows or [HEAD, line()]))) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    change(parts)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return out.getvalue()


def with_part(name: str, content: bytes) -> bytes:
    """A good workbook with one part more, or another in its place."""
    return repacked(lambda parts: parts.update({name: content}))


def with_cell(xml: str) -> bytes:
    """A workbook whose quantity in row 2 is this element."""
    cells = "".join(
        f'<c r="{letter}2" t="inlineStr"><is><t>{text}</t></is></c>' if letter != "F" else xml
        for letter, text in zip("ABCDEF", line(), strict=False)
    )
    head = "".join(
        f'<c r="{letter}1" t="inlineStr"><is><t>{text}</t></is></c>'
        for letter, text in zip("ABCDEF", HEAD, strict=False)
    )
    rows = f'<row r="1">{head}</row><row r="2">{cells}</row>'
    return with_part(SHEET, f"<worksheet {MAIN}><sheetData>{rows}</sheetData></worksheet>".encode())


def merged(ranges: str) -> bytes:
    """A workbook in which these cells are one."""
    book = openpyxl.Workbook()
    for row in (HEAD, line("PO-1"), line("PO-1")):
        book.active.append(row)
    book.active.merge_cells(ranges)
    return saved(book)


def dated(figure: float) -> bytes:
    """A workbook whose order date is this serial number, formatted as a day."""
    book = openpyxl.Workbook()
    for row in (HEAD, line()):
        book.active.append(row)
    book.active["C2"].value = figure
    book.active["C2"].number_format = numbers.FORMAT_DATE_YYYYMMDD2
    return saved(book)


def hidden() -> bytes:
    """A workbook without a visible sheet."""
    state = b'state="hidden"'
    return repacked(
        lambda parts: parts.update(
            {"xl/workbook.xml": parts["xl/workbook.xml"].replace(b'state="visible"', state)}
        )
    )


def saved(book: Any) -> bytes:
    """The workbook as bytes."""
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def locked_entry() -> bytes:
    """A workbook whose entries say that they are encrypted."""
    content = bytearray(as_xlsx([HEAD, line()]))
    place = content.find(b"PK\x01\x02")
    while place >= 0:
        content[place + 8] |= 1
        place = content.find(b"PK\x01\x02", place + 4)
    return bytes(content)


def bomb() -> bytes:
    """A part that unpacks to 60 MB out of 60 KB."""
    return with_part("xl/media/zeros.bin", b"\0" * 60_000_000)


def wide() -> bytes:
    """A row of a million cells."""
    row = '<row r="1">' + "<c/>" * 1_000_000 + "</row>"
    return with_part(SHEET, f"<worksheet {MAIN}><sheetData>{row}</sheetData></worksheet>".encode())


def doctype(entity: str) -> bytes:
    """A sheet that declares a document type."""
    return repacked(
        lambda parts: parts.update(
            {SHEET: f"<!DOCTYPE x [{entity}]>".encode() + parts[SHEET].split(b"?>", 1)[-1]}
        )
    )


def one(**cells: Any) -> bytes:
    """A CSV file whose one row has these cells."""
    return as_csv([HEAD, line(**cells)])


def mixed() -> bytes:
    """Rows in two encodings."""
    first = as_csv([HEAD, line(note="第一行备注")], encoding="utf-8")
    return first + as_csv([line("PO-2", note="第二行备注")], encoding="gb18030")


LAUGHS = '<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;"><!ENTITY c "&b;&b;&b;">'
#: What it is → (content, name, code of the refusal).
REFUSED: dict[str, tuple[bytes, str, str]] = {
    "empty": (b"", "a.csv", "empty"),
    "blank": (b" \r\n \r\n", "a.csv", "empty"),
    "only headings": (as_csv([HEAD]), "a.csv", "rows"),
    "only headings in a workbook": (as_xlsx([HEAD]), "a.xlsx", "rows"),
    "old workbook or locked": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "a.xlsx", "old"),
    "a picture as a workbook": (b"\x89PNG\r\n\x1a\n" + b"\0" * 50, "a.xlsx", "kind"),
    "a PDF as CSV": (b"%PDF-1.7\n%%EOF", "a.csv", "kind"),
    "a page as CSV": (b"<html><table><tr><td>1</td></tr></table></html>", "a.csv", "kind"),
    "a program as CSV": (b"MZ\x90\x00\x03" + bytes(range(256)), "a.csv", "encoding"),
    "text as a workbook": (as_csv([HEAD, line()]), "a.xlsx", "mismatch"),
    "not an archive": (b"PK\x03\x04 and nothing", "a.xlsx", "damaged"),
    "cut short": (as_xlsx([HEAD, line()])[:-400], "a.xlsx", "damaged"),
    "a sheet cut short": (
        repacked(lambda parts: parts.update({SHEET: parts[SHEET][:-60]})),
        "a.xlsx",
        "damaged",
    ),
    "a workbook of nothing": (
        repacked(lambda parts: parts.pop("xl/workbook.xml") and None),
        "a.xlsx",
        "kind",
    ),
    "no visible sheet": (hidden(), "a.xlsx", "sheets"),
    "macros": (with_part("xl/vbaProject.bin", b"x"), "a.xlsx", "macros"),
    "macros under another name": (with_part("xl/vbaProject.bin", b"x"), "a.xlsm", "macros"),
    "encrypted entries": (locked_entry(), "a.xlsx", "locked"),
    "a bomb": (bomb(), "a.xlsx", "unpacked"),
    "many entries": (
        repacked(lambda parts: parts.update({f"x/{number}": b"" for number in range(2_001)})),
        "a.xlsx",
        "unpacked",
    ),
    "external entity": (doctype('<!ENTITY x SYSTEM "file:///etc/passwd">'), "a.xlsx", "entities"),
    "a billion laughs": (doctype(LAUGHS), "a.xlsx", "entities"),
    "entities in shared texts": (
        with_part("xl/sharedStrings.xml", b'<!DOCTYPE x SYSTEM "http://x/"><sst/>'),
        "a.xlsx",
        "entities",
    ),
    "a million columns": (wide(), "a.xlsx", "damaged"),
    "columns without end in CSV": (as_csv([["x"] * 300, ["1"] * 300]), "a.csv", "columns"),
    "a cell far out": (
        with_cell('<c r="F2"><v>1</v></c><c r="XFD2"><v>1</v></c>'),
        "a.xlsx",
        "columns",
    ),
    "cells that go backwards": (with_cell('<c r="B2"><v>1</v></c>'), "a.xlsx", "damaged"),
    "merged headings": (merged("A1:B1"), "a.xlsx", "headings"),
    "a heading twice": (as_csv([[*HEAD, "数量"], [*line(), "1"]]), "a.csv", "headings"),
    "mixed encodings": (mixed(), "a.csv", "mixed"),
    "no encoding": (b"\xff\x00\xff\xff\x80" * 9, "a.csv", "encoding"),
    "a lone surrogate": (b"\xff\xfe" + "订单\n1\n".encode("utf-16-le") + b"\x00\xd8", "a.csv", "encoding"),
    "NUL": (as_csv([HEAD, line(note="a\0b")]), "a.csv", "kind"),
    "a control character": (as_csv([HEAD, line(note="a\x07b")]), "a.csv", "kind"),
    "an open quotation mark": (as_csv([HEAD]) + b'"PO-1,C-1\n', "a.csv", "quotes"),
}
#: What it is → (content, name, row and column of the bad cell).
BAD_CELL: dict[str, tuple[bytes, str, tuple[int, str]]] = {
    "a command in CSV": (one(note="=cmd|' /C calc'!A0"), "a.csv", (2, "internal_note")),
    "a formula in CSV": (one(quantity="=1+1"), "a.csv", (2, "quantity")),
    "a formula without value": (
        with_cell("<c r=\"F2\"><f>cmd|'/C calc'!A0</f></c>"),
        "a.xlsx",
        (2, "quantity"),
    ),
    "an error value": (with_cell('<c r="F2" t="e"><v>#REF!</v></c>'), "a.xlsx", (2, "quantity")),
    "NaN": (with_cell('<c r="F2"><v>NaN</v></c>'), "a.xlsx", (2, "quantity")),
    "infinity": (with_cell('<c r="F2"><v>INF</v></c>'), "a.xlsx", (2, "quantity")),
    "1e309": (with_cell('<c r="F2"><v>1E309</v></c>'), "a.xlsx", (2, "quantity")),
    "1e309 as text": (one(quantity="1e309"), "a.csv", (2, "quantity")),
    "a shared text that is not there": (
        with_cell('<c r="F2" t="s"><v>999</v></c>'),
        "a.xlsx",
        (2, "quantity"),
    ),
    "an escaped surrogate": (
        as_xlsx([HEAD, line(note="_xD800_")]),
        "a.xlsx",
        (2, "internal_note"),
    ),
    "merged rows": (merged("E2:E3"), "a.xlsx", (3, "product")),
    "full-width digits": (one(quantity="１２"), "a.csv", (2, "quantity")),
    "negative": (one(quantity="-3"), "a.csv", (2, "quantity")),
    "minus zero": (one(price="-0"), "a.csv", (2, "price")),
    "nothing": (one(quantity="0"), "a.csv", (2, "quantity")),
    "separators out of place": (one(quantity="1,23,4"), "a.csv", (2, "quantity")),
    "a price with five decimals": (one(price="1.23456"), "a.csv", (2, "price")),
    "an amount beyond storing": (one(quantity="900000000", price="900000000"), "a.csv", (2, "price")),
    "a discount of 101 %": (one(discount="101%"), "a.csv", (2, "discount_percent")),
    "31 February": (one(ordered="2026-02-31"), "a.csv", (2, "ordered_on")),
    "1899": (one(ordered="1899-12-31"), "a.csv", (2, "ordered_on")),
    "2100": (one(due="2100-01-01"), "a.csv", (2, "due_on")),
    "day and month in doubt": (one(ordered="03/04/2026"), "a.csv", (2, "ordered_on")),
    "29 February 1900": (dated(60), "a.xlsx", (2, "ordered_on")),
    "a day beyond the calendar": (dated(99_999_999), "a.xlsx", (2, "ordered_on")),
    "due before it was ordered": (one(due="2026-11-01"), "a.csv", (2, "due_on")),
    "20,000 characters": (one(note="x" * 20_000), "a.csv", (2, "internal_note")),
    "turned writing": (one(note="a\u202eb"), "a.csv", (2, "internal_note")),
    "unknown product": (one(product="NO-SUCH"), "a.csv", (2, "product")),
    "inactive product": (one(product="OLD-1"), "a.csv", (2, "product")),
    "foreign customer": (one(customer="C-EAST"), "a.csv", (2, "customer")),
    "blocked customer": (one(customer="C-BLOCKED"), "a.csv", (2, "customer")),
    "no customer": (one(customer=""), "a.csv", (2, "customer")),
}
