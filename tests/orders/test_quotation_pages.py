"""The pages of quotations: typing, sending, ordering, refusing, comparing (R1.14)."""

import re
import uuid
from datetime import timedelta
from decimal import Decimal

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from core.models import Event
from orders import actions
from orders.models import Quotation, SalesOrder
from orders.views.quotation_forms import read_block
from tests import orders_world as desk

pytestmark = [pytest.mark.django_db, pytest.mark.rule("R1.14")]
THREE = (("BRG-6204", "10"), ("A", "1"), ("B", "2"))


def again(quotation):
    return Quotation.objects.get(pk=quotation.pk)


def post(client, url, **values):
    return client.post(url, {"form_key": str(uuid.uuid4()), **values})


def grid(*rows, **more):
    """The grid as a page without scripts posts it; a row is {cell: text}."""
    posted = {"lines-TOTAL_FORMS": str(len(rows)), "freight_bearer": "customer", **more}
    for index, row in enumerate(rows):
        for cell in ("id", "product", "quantity", "price", "discount", "lead"):
            posted[f"lines-{index}-{cell}"] = row.get(cell, "")
    return posted


def queries(client, url):
    client.get(url)
    with CaptureQueriesContext(connection) as found:
        assert client.get(url).status_code == 200, url
    return len(found)


def test_a_rep_begins_one_types_it_sends_it_and_makes_the_order(world):
    customer, client = desk.customer(world), world.client("rep")
    desk.product(world, "A", price="100")
    begun = post(client, "/quotations/new/", customer=customer.code)
    quotation = Quotation.objects.get()
    page = quotation.get_absolute_url()
    assert begun["Location"] == f"{page}edit/"

    saved = post(
        client,
        f"{page}edit/",
        **grid(
            {"product": "A", "quantity": "3", "discount": "5", "lead": "7"},
            version=quotation.version,
            enquiry="RFQ-9",
            valid_until=(timezone.localdate() + timedelta(days=9)).isoformat(),
        ),
    )

    assert saved["Location"] == page
    quotation = again(quotation)
    assert (quotation.grand_total, quotation.enquiry) == (Decimal("285.00"), "RFQ-9")
    assert quotation.lines.get().lead_days == 7
    sent = post(client, f"{page}send/", language="en", to="a@b.example", version=quotation.version)
    assert sent.status_code == 302
    assert again(quotation).state == "sent"
    ordered = post(client, f"{page}order/")
    order = SalesOrder.objects.get()
    assert ordered["Location"] == order.get_absolute_url()
    assert order.grand_total == Decimal("285.00")
    assert order.number in client.get(page).content.decode()


def test_a_row_saves_itself_and_a_lost_answer_makes_no_second_line(world):
    quotation, client = desk.draft_quotation(world), world.client("rep")
    desk.product(world, "A", price="100")
    url, key = f"{quotation.get_absolute_url()}edit/row/", str(uuid.uuid4())
    row = {"row": "1", "lines-1-id": "", "lines-1-product": "A", "lines-1-quantity": "2", "form_key": key}

    first, second = client.post(url, row), client.post(url, row)

    assert (first.status_code, second.status_code) == (200, 200)
    assert 'id="line-1"' in first.content.decode()
    assert again(quotation).lines.filter(product__code="A").count() == 1
    assert again(quotation).grand_total == Decimal("386.00")


def test_a_cell_that_cannot_be_read_keeps_what_was_typed(world):
    quotation, client = desk.draft_quotation(world), world.client("rep")

    answer = post(
        client,
        f"{quotation.get_absolute_url()}edit/row/",
        **{"row": "0", "lines-0-id": "", "lines-0-product": "A", "lines-0-quantity": "ten"},
    )

    assert answer.status_code == 422
    assert 'value="ten"' in answer.content.decode()
    assert again(quotation).lines.count() == 1


def test_tax_rate_and_specification_are_typed_and_another_product_brings_its_own(world):
    quotation, client = desk.draft_quotation(world), world.client("rep")
    desk.product(world, "A", specification="DN50")
    line, url = quotation.lines.get(), f"{quotation.get_absolute_url()}edit/row/"
    row = {"row": "0", "lines-0-id": str(line.pk), "lines-0-product": "BRG-6204", "lines-0-quantity": "10"}
    row |= {"lines-0-price": "18.6", "lines-0-tax": "9", "lines-0-specification": "C3 游隙"}

    assert post(client, url, **row).status_code == 200
    line = again(quotation).lines.get()
    assert (line.tax_rate, line.specification) == (9, "C3 游隙")

    assert post(client, url, **(row | {"lines-0-product": "A"})).status_code == 200
    line = again(quotation).lines.get()
    assert (line.product.code, line.tax_rate, line.specification) == ("A", 13, "DN50")


def test_a_pasted_block_is_taken_in_whole_or_not_at_all(world):
    quotation, client = desk.draft_quotation(world), world.client("rep")
    desk.product(world, "A")
    url = f"{quotation.get_absolute_url()}edit/paste/"
    line = quotation.lines.get()
    kept = grid({"id": str(line.pk), "product": "BRG-6204", "quantity": "10", "price": "18.6"})

    bad = post(client, url, **kept, pasted="A\t2\t90\t5\t14\nB\tmany")
    assert bad.status_code == 422
    assert again(quotation).lines.count() == 1

    good = post(client, url, **kept, pasted="A\t2\t90\t5\t14\nUNKNOWN\t1")
    assert good.status_code == 200
    lines = list(again(quotation).lines.all())
    assert [(each.typed or each.product.code) for each in lines] == ["BRG-6204", "A", "UNKNOWN"]
    assert (lines[1].discount_percent, lines[1].lead_days) == (5, 14)


def test_a_block_reads_percent_signs_and_leaves_out_empty_lines():
    rows = read_block("A;2;90;5 %;14\n\nB;1")

    assert [row["product"] for row in rows] == ["A", "B"]
    assert (rows[0]["discount_percent"], rows[1]["quantity"]) == (5, 1)


def test_a_stale_save_shows_both_and_saves_nothing(world):
    quotation, client = desk.draft_quotation(world), world.client("rep")
    actions.save_quotation(quotation, enquiry="theirs", actor=world.manager)
    old = quotation.version

    answer = post(client, f"{quotation.get_absolute_url()}edit/", **grid({}, version=old, enquiry="mine"))

    assert answer.status_code == 409
    assert "<del>theirs</del>" in answer.content.decode()
    assert "<ins>mine</ins>" in answer.content.decode()
    assert again(quotation).enquiry == "theirs"


def test_an_incomplete_one_answers_409_with_links_to_the_fields(world):
    quotation = actions.create_quotation(customer=desk.customer(world), actor=world.rep)
    client = world.client("rep")
    events = Event.objects.count()

    answer = post(client, f"{quotation.get_absolute_url()}send/", language="en", to="a@b.example")

    assert answer.status_code == 409
    assert "edit/#line-0" in answer.content.decode()
    assert again(quotation).state == "draft"
    assert Event.objects.count() == events


def test_an_expired_one_offers_a_new_version_and_no_order(world):
    quotation = desk.sent_quotation(world)
    url = quotation.get_absolute_url()

    with time_machine.travel(timezone.now() + timedelta(days=40)):
        client = world.client("rep")
        refused = post(client, f"{url}order/")
        revised = post(client, f"{url}revise/")

    assert refused.status_code == 409
    assert "R1.14" in refused.content.decode()
    assert SalesOrder.objects.count() == 0
    new = Quotation.objects.get(number=quotation.number, issue=2)
    assert revised["Location"] == new.get_absolute_url()


def test_what_a_version_changed_stands_side_by_side(world):
    old = desk.sent_quotation(world)
    new = actions.revise_quotation(old, actor=world.rep)
    line = new.lines.get()
    actions.save_quotation(new, rows=[{"id": line.pk, "price": Decimal("17.5")}], actor=world.rep)

    page = world.client("rep").get(f"{new.get_absolute_url()}changes/").content.decode()

    assert re.search(r"<del>[^<]*18\.6", page)
    assert re.search(r"<ins>[^<]*17\.5", page)


def test_lost_needs_its_reason(world):
    quotation, client = desk.sent_quotation(world), world.client("rep")
    url = f"{quotation.get_absolute_url()}lose/"

    assert post(client, url, reason=" ").status_code == 422
    assert again(quotation).state == "sent"
    assert post(client, url, reason="too dear").status_code == 302
    assert again(quotation).lost_reason == "too dear"


def test_its_paper_is_printed_and_read_by_those_who_may(world):
    quotation = desk.sent_quotation(world)
    url = f"{quotation.get_absolute_url()}paper/"

    assert world.client("rep").get(url).status_code == 302  # still being printed
    assert world.client("rep2").get(url).status_code == 404
    assert world.client("customer").get(url).status_code == 403


@pytest.mark.rule("R10.2")
def test_another_teams_quotation_does_not_exist(world):
    quotation = desk.draft_quotation(world)
    client = world.client("rep2")
    url = quotation.get_absolute_url()

    for page in (url, f"{url}edit/", f"{url}changes/"):
        assert client.get(page).status_code == 404
    assert post(client, f"{url}send/", language="en", to="a@b.example").status_code == 404
    assert quotation.number not in client.get("/quotations/").content.decode()
    assert again(quotation).state == "draft"


def test_the_list_is_filtered_by_state_customer_span_text_and_expiry(world):
    draft = desk.draft_quotation(world)
    soon = desk.sent_quotation(world, of=desk.customer(world, "C-2"))
    with time_machine.travel(timezone.now() + timedelta(days=28)):
        client = world.client("rep")
        today = timezone.localdate().isoformat()

        def numbers(query):
            page = client.get(f"/quotations/?{query}").content.decode()
            return {each.number for each in (draft, soon) if f"{each.number}/" in page}

        assert numbers("") == {draft.number, soon.number}
        assert numbers("state=draft") == {draft.number}
        assert numbers("customer=C-2") == {soon.number}
        assert numbers("expiring=true") == {soon.number}
        assert numbers(f"quoted_from={today}") == set()
        assert numbers(f"q={draft.number}") == {draft.number}


@pytest.mark.parametrize("page", ["", "edit/"])
@pytest.mark.parametrize("build", ["draft_quotation", "sent_quotation"])
def test_a_quotation_costs_the_same_with_one_line_and_with_three(world, build, page):
    if page and build == "sent_quotation":
        page = "changes/"
    one, three = getattr(desk, build)(world), getattr(desk, build)(world, lines=THREE)
    client = world.client("rep")

    cost = queries(client, one.get_absolute_url() + page)

    assert queries(client, three.get_absolute_url() + page) == cost
    assert cost <= 27, cost


def test_the_list_costs_the_same_with_one_quotation_and_with_three(world):
    desk.draft_quotation(world)
    client = world.client("rep")
    one = queries(client, "/quotations/")
    desk.draft_quotation(world)
    desk.sent_quotation(world, of=desk.customer(world, "C-2"))

    assert queries(client, "/quotations/") == one
    assert one <= 25, one


def verb_costs(world, lines):
    costs = {}
    quotation = desk.draft_quotation(world, lines=lines)
    person = world.again("rep")
    person.has_perm("orders.view_quotation")

    def cost(name, verb):
        with CaptureQueriesContext(connection) as found:
            done = verb()
        costs[name] = len(found)
        return done

    sent = cost(
        "send",
        lambda: actions.send_quotation(quotation, to="a@b.example", language="en", actor=person),
    )
    new = cost("revise", lambda: actions.revise_quotation(sent, actor=person))
    sent = actions.send_quotation(new, to="a@b.example", language="en", actor=person)
    cost("order", lambda: actions.order_quotation(sent, actor=person))
    return costs


def test_verbs_cost_the_same_with_one_line_and_with_three(world):
    verb_costs(world, THREE)  # everything that is remembered is remembered

    assert verb_costs(world, THREE) == verb_costs(world, THREE[:1])
