"""A draft open in two windows: the one puts back nothing that the other saved, nothing typed is lost."""

import json
import uuid

import pytest

from orders import actions
from tests import orders_world as desk

pytestmark = [pytest.mark.django_db, pytest.mark.rule("R2.13", "R1.6")]
CELLS = ("product", "quantity", "price", "discount", "due")


@pytest.fixture
def order(world):
    desk.product(world, "A", price="5")
    return desk.draft_order(world, lines=(("A", "5"),))


def shown(line, **typed):
    """A row as line-grid.js posts it: what its page showed, and what was typed over it."""
    was = {"product": "A", "quantity": "5", "price": "5", "discount": "", "due": line.due_on.isoformat()}
    cells = {f"lines-0-{name}": value for name, value in (was | typed).items()}
    return {"row": 0, "lines-0-id": line.pk, "lines-0-was": json.dumps(was)} | cells


def save_row(world, order, line, who="rep", **typed):
    url = f"{order.get_absolute_url()}edit/row/"
    return world.client(who).post(url, {"version": order.version, **shown(line, **typed)})


def test_an_older_window_of_ones_own_puts_no_cell_back(world, order):
    line = order.lines.get()
    assert save_row(world, order, line, quantity="7").status_code == 200

    answer = save_row(world, order, line, price="4.50")  # from the window that still shows 5 pieces

    line = order.lines.get()
    assert (answer.status_code, line.quantity, line.price, line.total) == (200, 7, 4.5, 31.5)
    assert 'value="7"' in answer.content.decode()
    assert desk.again(order).grand_total == 31.5


def test_of_a_cell_typed_in_both_windows_both_values_are_shown(world, order):
    line = order.lines.get()
    save_row(world, order, line, quantity="7")

    answer = save_row(world, order, line, quantity="9", price="4")

    page, saved = answer.content.decode(), order.lines.get()
    assert (answer.status_code, saved.quantity, saved.price) == (409, 7, 4)
    assert 'name="lines-0-quantity" value="9"' in page
    assert "{&quot;quantity&quot;: &quot;7&quot;}" in page
    seen = shown(line, quantity="9") | {"lines-0-was": json.dumps({"quantity": "7"})}
    assert world.client("rep").post(f"{order.get_absolute_url()}edit/row/", seen).status_code == 200
    assert order.lines.get().quantity == 9


def test_what_is_sent_again_because_its_answer_was_lost_is_no_conflict(world, order):
    line = order.lines.get()
    for _turn in range(2):
        assert save_row(world, order, line, quantity="1,200").status_code == 200
    assert order.lines.get().quantity == 1200


@pytest.mark.parametrize("elsewhere", ["changed", "added", "removed"])
def test_the_whole_form_is_not_handed_in_over_what_it_did_not_show(world, order, elsewhere):
    line, client = order.lines.get(), world.client("rep")
    desk.paper(order, world.rep)
    if elsewhere == "changed":
        actions.save_line(order, line_id=line.pk, quantity=7, actor=world.rep)
    elif elsewhere == "added":
        actions.save_line(order, product="A", quantity=1, actor=world.rep)
    else:
        actions.delete_line(order, line_id=line.pk, actor=world.rep)
    kept = list(order.lines.values_list("quantity", flat=True))
    form = shown(line) | {"lines-TOTAL_FORMS": 1, "version": desk.again(order).version, "klass": "normal"}
    before = {name: getattr(order, name) for name in ("contact_name", "ship_to", "payment_terms", "channel")}
    form |= before | {f"was-{name}": value for name, value in before.items()} | {"was-klass": "normal"}

    answer = client.post(
        f"{order.get_absolute_url()}edit/", {**form, "submit_order": "1", "form_key": str(uuid.uuid4())}
    )

    assert answer.status_code == 409
    assert answer.context["differences"]
    assert desk.again(order).state == "draft"
    assert list(order.lines.values_list("quantity", flat=True)) == kept
    assert answer.content.decode().count('data-line="') - 1 == max(len(kept), 1)


def test_a_block_is_not_pasted_over_what_the_grid_did_not_show(world, order):
    line = order.lines.get()
    actions.save_line(order, line_id=line.pk, quantity=7, actor=world.rep)
    form = shown(line, quantity="6") | {"lines-TOTAL_FORMS": 1, "rows": "A\t3", "form_key": str(uuid.uuid4())}

    answer = world.client("rep").post(f"{order.get_absolute_url()}edit/paste/", form)

    assert answer.status_code == 409
    assert [each.quantity for each in order.lines.all()] == [7]


QUOTED = {"product": "BRG-6204", "quantity": "10", "price": "18.6", "discount": "", "lead": "10"}


def quoted_row(line, **typed):
    cells = {f"lines-0-{name}": value for name, value in (QUOTED | typed).items()}
    return {"row": 0, "lines-0-id": line.pk, "lines-0-was": json.dumps(QUOTED)} | cells


@pytest.mark.rule("R1.14")
def test_of_a_quotation_too_no_cell_is_put_back(world):
    quotation, client = desk.draft_quotation(world), world.client("rep")
    line, url = quotation.lines.get(), f"{quotation.get_absolute_url()}edit/"
    assert client.post(f"{url}row/", quoted_row(line, quantity="7")).status_code == 200

    answer = client.post(f"{url}row/", quoted_row(line, quantity="9", lead="5"))

    page, saved = answer.content.decode(), quotation.lines.get()
    assert (answer.status_code, saved.quantity, saved.lead_days) == (409, 7, 5)
    assert 'name="lines-0-quantity" value="9"' in page
    assert "{&quot;quantity&quot;: &quot;7&quot;}" in page
    whole = quoted_row(line, lead="6") | {"lines-TOTAL_FORMS": 1, "freight_bearer": "customer"}
    answer = client.post(url, whole | {"form_key": str(uuid.uuid4())})
    assert (answer.status_code, quotation.lines.get().lead_days) == (409, 5)


@pytest.mark.rule("R1.14")
def test_a_quotations_header_saves_itself_field_by_field(world):
    quotation, client = desk.draft_quotation(world), world.client("rep")
    url = f"{quotation.get_absolute_url()}edit/header/"

    first = client.post(url, {"enquiry": "RFQ-1", "was-enquiry": "", "freight": "12", "was-freight": "0"})
    bad = client.post(url, {"credit_days": "soon", "was-credit_days": "0", "message": "m", "was-message": ""})
    other = client.post(url, {"enquiry": "RFQ-2", "was-enquiry": "", "freight": "13", "was-freight": "12"})

    quotation = type(quotation).objects.get(pk=quotation.pk)
    assert [each.status_code for each in (first, bad, other)] == [200, 422, 409]
    assert (quotation.enquiry, quotation.freight, quotation.message) == ("RFQ-1", 12, "m")
    assert quotation.grand_total == 198
    assert 'value="soon"' in bad.content.decode()
    assert 'data-overtaken="enquiry" value="RFQ-1"' in other.content.decode()
    seen = {"enquiry": "RFQ-2", "was-enquiry": "RFQ-1"}
    assert client.post(url, seen).status_code == 200


@pytest.mark.rule("R1.14")
def test_the_header_of_a_quotation_that_was_sent_is_closed(world):
    quotation = desk.sent_quotation(world)
    url = f"{quotation.get_absolute_url()}edit/header/"

    assert world.client("rep").post(url, {"enquiry": "x", "was-enquiry": ""}).status_code == 409
    assert type(quotation).objects.get(pk=quotation.pk).enquiry == quotation.enquiry
