"""A cell that cannot be read stops no other; it stays as it was typed, and is mended before submit (R1.3)."""

import re
from datetime import date, timedelta
from decimal import Decimal

import pytest

from core.rules import Blocked
from orders import actions
from orders.as_written import Written, as_written, is_unit_of
from orders.models import OrderLine
from tests import orders_world as desk

pytestmark = [pytest.mark.django_db, pytest.mark.rule("R1.3")]
CELLS = ("product", "quantity", "price", "discount", "due")


def post_row(client, order, index=0, **typed):
    cells = {f"lines-{index}-{name}": typed.get(name, "") for name in CELLS}
    cells |= {f"lines-{index}-{name}": value for name, value in typed.items()}
    return client.post(f"{order.get_absolute_url()}edit/row/", {"row": index, **cells})


def shown(client, order):
    return client.get(f"{order.get_absolute_url()}edit/").content.decode()


def test_a_bad_cell_stops_no_other_and_outlives_the_page(world):
    desk.product(world, "A", price="5")
    order, client = desk.draft_order(world, lines=()), world.client("rep")

    answer = post_row(client, order, product="A", quantity="1o", packaging="木箱")

    line = order.lines.get()
    assert answer.status_code == 422
    assert (line.product.code, line.packaging, line.quantity) == ("A", "木箱", 0)
    assert line.unread == {"quantity": "1o"}
    for page in (answer.content.decode(), shown(client, order)):
        assert re.search(r'name="lines-0-quantity" value="1o"[^>]*aria-invalid="true"', page)
    desk.paper(order, world.rep)
    with pytest.raises(Blocked) as refusal:
        actions.submit_order(desk.again(order), actor=world.rep)
    found = [(each.key, each.next_step) for each in refusal.value.reasons]
    assert ("what_was_typed_is_read", f"/orders/{order.number}/edit/#at-{line.pk}-quantity") in found

    answer = post_row(client, order, id=line.pk, product="A", quantity="10", packaging="木箱")
    assert answer.status_code == 200
    assert (order.lines.get().quantity, order.lines.get().unread) == (10, {})


@pytest.mark.parametrize("cell", ["due", "specification", "packaging", "tolerance", "discount"])
def test_whatever_cell_is_typed_first_is_kept(world, cell):
    order, client = desk.draft_order(world, lines=()), world.client("rep")
    value = {"due": "2027-01-15", "discount": "3"}.get(cell, "木箱")

    assert post_row(client, order, **{cell: value}).status_code == 200

    assert f'value="{value}"' in shown(client, order)
    assert OrderLine.objects.count() == 1


def test_an_empty_row_is_no_line(world):
    order = desk.draft_order(world, lines=())
    assert post_row(world.client("rep"), order, tax="").status_code == 200
    assert not OrderLine.objects.exists()


@pytest.mark.parametrize(
    ("name", "typed", "read"),
    [
        ("quantity", "1,200", Written("1200")),
        ("quantity", "１２００", Written("1200")),
        ("quantity", "5 件", Written("5", "件")),
        ("quantity", "5pcs", Written("5", "pcs")),
        ("quantity", "1o", Written("1", "o")),
        ("quantity", "1e3", Written("1e3")),
        ("quantity", "1,23,4", Written("1,23,4")),
        ("quantity", "1.200,50", Written("1.200,50")),
        ("price", "¥1,018.60", Written("1018.60", currencies=frozenset({"CNY", "JPY"}))),
        ("price", "18.6元", Written("18.6", currencies=frozenset({"CNY"}))),
        ("price", "$18.6元", Written("$18.6元")),
        ("quantity", "¥5", Written("¥5")),
        ("price", "5 件", Written("5 件")),
        ("due_on", "2026/12/5", Written("2026-12-05")),
        ("due_on", "12月5日", Written("2026-12-05")),
        ("due_on", "１月５日", Written("2027-01-05")),
        ("due_on", "5.12.", Written("5.12.")),
        ("tax_rate", "9 %", Written("9")),
        ("specification", "Φ２０", Written("Φ２０")),
    ],
)
def test_a_cell_is_read_as_people_write_it(name, typed, read):
    assert as_written(name, typed, today=date(2026, 11, 28)) == read


def test_words_for_the_same_unit():
    assert is_unit_of("件", "pcs")
    assert is_unit_of("KG", "公斤")
    assert not is_unit_of("箱", "pcs")


def test_a_quantity_in_another_unit_is_not_taken_for_the_products_own(world):
    desk.product(world, "A", price="5")
    order, client = desk.draft_order(world, lines=()), world.client("rep")

    answer = post_row(client, order, product="A", quantity="5 箱")
    assert post_row(client, order, 1, product="A", quantity="5 件").status_code == 200

    boxes, pieces = order.lines.all()
    assert answer.status_code == 422
    assert (boxes.quantity, boxes.unread, pieces.quantity) == (0, {"quantity": "5 箱"}, 5)
    assert "pcs" in re.findall(r"line-row__note--bad.*?</span>", answer.content.decode(), re.DOTALL)[0]


@pytest.mark.rule("R1.6")
def test_a_price_in_another_currency_is_no_price_of_the_order(world):
    desk.product(world, "A", price="5")
    order, client = desk.draft_order(world, lines=()), world.client("rep")

    answer = post_row(client, order, product="A", quantity="2", price="$18.60")
    assert paste(client, order, "A\t2\tUSD 5\nA\t3\t¥ 6").status_code == 200

    lines = list(order.lines.all())
    assert (answer.status_code, [line.price for line in lines]) == (422, [5, 5, 6])
    assert [line.unread for line in lines] == [{"price": "$18.60"}, {"price": "USD 5"}, {}]
    assert "CNY" in re.findall(r"line-row__note--bad.*?</span>", answer.content.decode(), re.DOTALL)[0]
    desk.paper(order, world.rep)
    with pytest.raises(Blocked) as refusal:
        actions.submit_order(desk.again(order), actor=world.rep)
    assert [each.key for each in refusal.value.reasons] == ["what_was_typed_is_read"] * 2


def test_a_day_before_the_order_is_no_due_date(world):
    order = desk.draft_order(world)
    desk.paper(order, world.rep)
    line, eve = order.lines.get(), order.ordered_on - timedelta(days=1)
    actions.save_line(order, line_id=line.pk, due_on=eve, actor=world.rep)

    with pytest.raises(Blocked) as refusal:
        actions.submit_order(desk.again(order), actor=world.rep)

    (reason,) = refusal.value.reasons
    assert (reason.rule, reason.next_step) == ("R1.3", f"/orders/{order.number}/edit/#at-{line.pk}-due")
    assert str(eve) in reason.sentence
    assert desk.again(order).state == "draft"


def test_a_tax_rate_is_one_that_an_invoice_can_carry(world):
    desk.product(world, "A", price="5")
    order, client = desk.draft_order(world, lines=()), world.client("rep")

    assert post_row(client, order, product="A", quantity="2", tax="17").status_code == 422
    assert paste(client, order, "产品\t数量\t税率\nA\t2\t7%").status_code == 409
    assert post_row(client, order, 1, product="A", quantity="2", tax="6").status_code == 200

    assert [(line.tax_rate, line.unread) for line in order.lines.all()] == [(13, {"tax_rate": "17"}), (6, {})]


@pytest.mark.rule("R1.3")
def test_a_products_own_rate_that_no_invoice_carries_is_named(world):
    desk.product(world, "A", price="5", tax_rate=5)
    order, client = desk.draft_order(world, lines=()), world.client("rep")
    said = "产品的税率 5 % 不在 13, 9, 6, 3, 0 之内"

    first = post_row(client, order, product="A", quantity="2", tax="")
    again = post_row(client, order, product="A", quantity="3", tax="5", id=str(order.lines.get().pk))

    assert [said in each.content.decode() for each in (first, again)] == [True, True]
    assert "line-more--open" in first.content.decode()
    page = client.get(f"{order.get_absolute_url()}edit/").content.decode()
    assert said in page
    assert 'id="draft-state" role="status" data-state="failed"' in page
    with pytest.raises(Blocked) as refusal:
        actions.submit_order(desk.again(order), actor=world.rep)
    assert "税率 5 % 不在 13" in str(refusal.value)
    assert desk.again(order).state == "draft"


def paste(client, order, text, **more):
    return client.post(f"{order.get_absolute_url()}edit/paste/", {"pasted": text, **more})


@pytest.mark.rule("R1.13")
def test_a_block_is_read_as_a_spreadsheet_copies_it(world):
    desk.product(world, "A", price="5")
    order = desk.draft_order(world, lines=())
    text = 'A\t"1,200"\n"A"\t5 件\t\t12月5日\n"大号\n轴承 ""X"""\t３\n6" pipe\t2\n'

    assert paste(world.client("rep"), order, text).status_code == 200

    lines = list(order.lines.all())
    assert [line.quantity for line in lines] == [1200, 5, 3, 2]
    assert [line.typed for line in lines] == ["", "", '大号 轴承 "X"', '6" pipe']
    assert (lines[1].due_on.month, lines[1].due_on.day) == (12, 5)


@pytest.mark.rule("R1.13")
def test_a_column_pasted_into_a_cell_runs_down_from_it(world):
    desk.product(world, "A", price="5")
    order = desk.draft_order(world, lines=(("A", "1"), ("A", "2"), ("A", "3")))
    client, grid = world.client("rep"), {"lines-TOTAL_FORMS": 3, "version": order.version}
    for index, line in enumerate(order.lines.all()):
        grid |= {f"lines-{index}-{name}": "" for name in CELLS}
        grid |= {f"lines-{index}-id": line.pk, f"lines-{index}-product": "A"}
        grid |= {f"lines-{index}-quantity": f"{line.quantity:.0f}", f"lines-{index}-price": "5"}

    bad = paste(client, order, "5\nsix\n7", at="quantity", row="1", **grid)
    assert bad.status_code == 409
    assert [each["sentence"][:12] for each in bad.context["refused"]["reasons"]]
    assert paste(client, order, "a\tb\tc\td\te\tf", at="quantity", row="1", **grid).status_code == 409
    assert [line.quantity for line in order.lines.all()] == [1, 2, 3]

    assert paste(client, order, "5\t4.50\n6\n7\n", at="quantity", row="1", **grid).status_code == 200

    lines = list(order.lines.all())
    assert [(line.product_id is None, line.quantity) for line in lines] == [
        (False, 1),
        (False, 5),
        (False, 6),
        (True, 7),
    ]
    assert lines[1].price == Decimal("4.50")
