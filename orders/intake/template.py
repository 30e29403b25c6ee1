"""The standard order format as a workbook to fill in, with a sheet of notes (R1.13)."""

from __future__ import annotations

import io
from typing import Any

import openpyxl
from django.http import HttpResponse
from django.utils.translation import gettext as _
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

from core.exports import XLSX
from core.money import TAX_RATES
from orders.intake.cells import joined
from orders.intake.columns import COLUMNS, ORDER, Column

LEFT_OUT = {"discount_share", "currency"}
EXAMPLES = {
    "customer_order_number": "PO-2026-0815",
    "customer": "C-1001",
    "ordered_on": "2026-11-20",
    "due_on": "2026-12-15",
    "product": "BRG-6204",
    "quantity": "120",
    "price": "18.60",
    "discount_percent": "5",
    "tax_rate": "13",
    "line_due_on": "2026-12-10",
    "freight": "80.00",
}


def template_response() -> HttpResponse:
    """The workbook, in the reader's language, as a download."""
    out = io.BytesIO()
    _workbook().save(out)
    response = HttpResponse(out.getvalue(), content_type=XLSX)
    response["Content-Disposition"] = 'attachment; filename="orders.xlsx"'
    response["X-Content-Type-Options"] = "nosniff"
    return response


def _workbook() -> Any:
    book = openpyxl.Workbook()
    columns = [each for each in COLUMNS if each.name not in LEFT_OUT]
    sheet = book.active
    sheet.title = _("Orders")[:31]
    sheet.append([str(each.label) for each in columns])
    sheet.freeze_panes = "A2"
    for place, each in enumerate(columns, start=1):
        letter = get_column_letter(place)
        sheet.column_dimensions[letter].width = max(12, len(str(each.label)) * 2)
        sheet.column_dimensions[letter].number_format = "@"  # codes keep their zeros
        sheet[f"{letter}1"].font = Font(bold=each.required or each.name == "customer")
    _explain(book.create_sheet(_("Notes")[:31]), columns)
    return book


def _explain(sheet: Any, columns: list[Column]) -> None:
    sheet.append([_("Column"), _("Needed"), _("Belongs to"), _("Example, or what can stand here")])
    for each in columns:
        needed = each.required or each.name == "customer"
        belongs = _("the order: the same in each of its rows") if each.level == ORDER else _("the line")
        shown = EXAMPLES.get(each.name, "") or str(joined(tuple(getattr(each.reader, "offered", ()))))
        sheet.append([str(each.label), _("yes") if needed else "", belongs, shown])
    sheet.append([])
    for text in (
        _("One row is one line of an order. Rows with the same customer and order number are one order."),
        _("A product is found by our code, its barcode, its name, or the customer’s own part number."),
        _("Leave the price empty for the agreed price, or else the list price."),
        _("Tax rates: %(rates)s per cent. Left empty, the product’s own holds.")
        % {"rates": ", ".join(TAX_RATES)},
        _("Prices and freight are in the customer’s currency; a figure in another is refused."),
        _("Write dates as 2026-11-20 and figures without formulas. Do not merge cells."),
    ):
        sheet.append([text])
    for place, width in enumerate((28, 10, 40, 18), start=1):
        sheet.column_dimensions[get_column_letter(place)].width = width
