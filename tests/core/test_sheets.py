"""Sheets are read as text, as they show themselves; nothing in them is executed or fetched."""

import datetime
import io
import zipfile
from decimal import Decimal

import openpyxl
import pytest
from django.core.exceptions import ValidationError

from core import sheet_rows, workbooks
from core.sheets import letters, read_sheet

pytestmark = [pytest.mark.once, pytest.mark.rule("R1.13")]


def workbook(*rows, change=None):
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(list(row))
    if change:
        change(book)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def read(content, name="a.xlsx"):
    return [row.cells for row in read_sheet(content, name=name).rows]


def formatted(value, code):
    def change(book):
        book.active["A1"].value = value
        book.active["A1"].number_format = code

    return read(workbook([""], change=change))[0][0]


@pytest.mark.parametrize(
    ("value", "code", "text"),
    [
        (123, "00000", "00123"),
        ("00123", "@", "00123"),
        (0.1 + 0.2, "General", "0.3"),
        (18.6, "0", "18.6"),
        (1234567.5, "#,##0", "1234567.5"),
        (1e15, "General", "1000000000000000"),
        (0.05, "0%", "5%"),
        (Decimal("-0.125"), "0.00", "-0.125"),
        (True, "General", "TRUE"),
        (datetime.date(2026, 11, 20), "yyyy-mm-dd", "2026-11-20"),
        (datetime.datetime(2026, 11, 20, 9, 30), "yyyy/m/d h:mm", "2026-11-20 09:30"),  # noqa: DTZ001 - a sheet has none
        (46346, '[$-804]yyyy"年"m"月"d"日"', "2026-11-20"),
        (" 轴承\n二 ", "General", " 轴承\n二 "),
    ],
)
def test_a_cell_reads_as_the_sheet_shows_it(value, code, text):
    assert formatted(value, code) == text


def test_days_may_be_counted_from_1904():
    def change(book):
        book.epoch = openpyxl.utils.datetime.CALENDAR_MAC_1904

    assert read(workbook([datetime.date(2026, 11, 20)], change=change)) == [["2026-11-20"]]


def test_the_first_visible_sheet_is_read_and_empty_rows_are_passed_over():
    def change(book):
        book.active.sheet_state = "hidden"
        second = book.create_sheet("orders")
        second["B3"] = "here"

    sheet = read_sheet(workbook(["hidden"], change=change), name="a.xlsx")
    assert [(row.number, row.cells) for row in sheet.rows] == [(3, ["", "here"])]


def test_a_formula_gives_the_value_saved_with_it_and_without_one_is_a_fault():
    content = workbook([1, 2, "=A1+B1"])
    assert list(read_sheet(content, name="a.xlsx").rows)[0].faults.keys() == {2}

    parts = {}
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    sheet = "xl/worksheets/sheet1.xml"
    parts[sheet] = parts[sheet].replace(b"<v></v>", b"<v>3</v>").replace(b"<v />", b"<v>3</v>")
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, part in parts.items():
            archive.writestr(name, part)
    sheet = read_sheet(out.getvalue(), name="a.xlsx")
    assert [row.cells for row in sheet.rows] == [["1", "2", "3"]]
    assert sheet.tally.formulas == 1


def test_cells_that_a_merged_range_covers_are_faults():
    rows = list(
        read_sheet(
            workbook(["a", "b", "c"], ["d", "e", "f"], change=lambda book: book.active.merge_cells("A1:B2")),
            name="a.xlsx",
        ).rows
    )
    assert [sorted(row.faults) for row in rows] == [[1], [0, 1]]


@pytest.mark.parametrize("sign", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gb18030", "gbk"])
def test_csv_is_read_in_every_usual_writing(sign, encoding):
    text = f'订单号{sign}数量\r\n\r\n"PO{sign}1"{sign}"两\n行"\r\n="00123"{sign}2\r\n'
    rows = [(row.number, row.cells) for row in read_sheet(text.encode(encoding), name="a.csv").rows]
    assert rows == [(1, ["订单号", "数量"]), (3, [f"PO{sign}1", "两\n行"]), (4, ["00123", "2"])]


def test_a_formula_in_csv_is_a_fault_and_its_text_is_not_kept():
    row = list(read_sheet(b"a,=cmd|' /C calc'!A0\r\n", name="a.csv").rows)[0]
    assert (row.cells, list(row.faults)) == (["a", ""], [1])


def test_rows_and_cells_are_counted_while_they_are_read(monkeypatch):
    monkeypatch.setattr(sheet_rows, "MOST_ROWS", 3)
    rows = read_sheet(b"a\r\n" * 5, name="a.csv").rows
    assert [next(rows).number for _each in range(3)] == [1, 2, 3]
    with pytest.raises(ValidationError) as refused:
        next(rows)
    assert refused.value.code == "rows"


def test_a_part_is_never_unpacked_beyond_its_weight_whatever_it_says(monkeypatch):
    content = workbook(*([["x" * 50]] * 2000))
    monkeypatch.setattr(workbooks, "_weigh", lambda _archive: None)
    monkeypatch.setattr(workbooks, "MOST_UNPACKED", 10_000)
    with pytest.raises(ValidationError) as refused:
        list(read_sheet(content, name="a.xlsx").rows)
    assert refused.value.code == "unpacked"


def test_columns_are_called_as_a_spreadsheet_calls_them():
    assert [letters(each) for each in (0, 25, 26, 701, 702)] == ["A", "Z", "AA", "ZZ", "AAA"]


@pytest.mark.parametrize("text", ["Name,City\nMüller,Köln\nJosé,Málaga\n", "a,b\nGrüße,Straße\nMüller,x\n"])
def test_accents_of_an_old_western_file_are_not_read_as_chinese(text):
    with pytest.raises(ValidationError) as refusal:
        list(read_sheet(text.encode("latin-1"), name="a.csv").rows)
    assert refusal.value.code == "encoding"


def test_a_chinese_file_with_a_rare_name_is_still_read():
    text = "客户,城市\n朱镕基,苏州\n镕,Ab\n"
    assert [row.cells for row in read_sheet(text.encode("gb18030"), name="a.csv").rows][2] == ["镕", "Ab"]
