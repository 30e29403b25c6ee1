"""Exports of a list: CSV and XLSX with ISO days, plain numbers, and no cell that a spreadsheet would run."""

from __future__ import annotations

import csv
import re
import tempfile
from collections.abc import Callable, Iterable, Iterator
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import openpyxl
from django.http import FileResponse, HttpResponse, StreamingHttpResponse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from openpyxl.cell import WriteOnlyCell

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MOST_ROWS = 50_000
LONGEST_CELL = 32_000
_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_RUNS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
Row = list[Any]


def defused(text: str) -> str:
    """Text that a spreadsheet shows and does not run: before = + - @, tab, line end goes an apostrophe."""
    kept = _ILLEGAL.sub("", text)[:LONGEST_CELL]
    return f"'{kept}" if kept.startswith(_RUNS) else kept


def csv_export(name: str, head: Row, rows: Iterable[Row]) -> StreamingHttpResponse:
    """A CSV file in UTF-8 with BOM (spreadsheets read it right), streamed row by row."""
    response = StreamingHttpResponse(_csv_lines(head, rows), content_type="text/csv; charset=utf-8")
    return _as_download(response, name, "csv")


def xlsx_export(name: str, head: Row, rows: Iterable[Row]) -> FileResponse:
    """An XLSX file, written row by row into a temporary file: numbers and days are cells of their kind."""
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet(re.sub(r"[\[\]:*?/\\]", " ", name)[:31] or "list")
    sheet.freeze_panes = "A2"
    for row in _limited(head, rows):
        sheet.append([_xlsx_cell(sheet, each) for each in row])
    target = tempfile.TemporaryFile()  # noqa: SIM115 - the response closes it
    book.save(target)
    target.seek(0)
    return _as_download(FileResponse(target, content_type=XLSX), name, "xlsx")


EXPORTS: dict[str, Callable[[str, Row, Iterable[Row]], HttpResponse | StreamingHttpResponse]] = {
    "csv": csv_export,
    "xlsx": xlsx_export,
}


class _Line:
    """A file for the csv writer that hands each line over."""

    def write(self, line: str) -> str:
        return line


def _csv_lines(head: Row, rows: Iterable[Row]) -> Iterator[bytes]:
    writer = csv.writer(_Line())
    yield b"\xef\xbb\xbf"
    for row in _limited(head, rows):
        yield writer.writerow([_csv_cell(each) for each in row]).encode()


def _limited(head: Row, rows: Iterable[Row]) -> Iterator[Row]:
    yield head
    for place, row in enumerate(rows):
        if place == MOST_ROWS:
            yield [
                _("Only the first %(count)s rows are here. Filter the list for the rest.")
                % {"count": MOST_ROWS}
            ]
            return
        yield row


def _csv_cell(value: Any) -> str:
    value = _plain(value)
    if isinstance(value, datetime):
        return value.isoformat(timespec="seconds")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return f"{value:f}"
    return defused(value) if isinstance(value, str) else str(value)


def _xlsx_cell(sheet: Any, value: Any) -> Any:
    value = _plain(value)
    if isinstance(value, datetime):
        cell = WriteOnlyCell(sheet, value=value.replace(tzinfo=None))
        cell.number_format = "yyyy-mm-dd hh:mm:ss"
        return cell
    if isinstance(value, date):
        cell = WriteOnlyCell(sheet, value=value)
        cell.number_format = "yyyy-mm-dd"
        return cell
    if isinstance(value, str):
        cell = WriteOnlyCell(sheet, value=defused(value))
        cell.data_type = "s"
        return cell
    return value


def _plain(value: Any) -> Any:
    """A value as text, number, day or moment of the house's time zone."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, datetime):
        return timezone.localtime(value) if timezone.is_aware(value) else value
    if isinstance(value, int | Decimal | date):
        return value
    return str(value) if isinstance(value, Promise) or not isinstance(value, str) else value


def _as_download(response: Any, name: str, extension: str) -> Any:
    file_name = f"{re.sub(r'[^A-Za-z0-9_-]', '-', name)}-{timezone.localdate().isoformat()}.{extension}"
    response["Content-Disposition"] = f'attachment; filename="{file_name}"'
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    return response
