"""The pages of shipments: by role, by team, with and without effect (R5.9, R9.6, R10.2)."""

import re
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.core import signing
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django.utils.translation import override

from accounts.actions import give_delegation
from accounts.inbox import sentence
from accounts.models import Notice
from accounts.panels import REMINDER_SALT
from approvals.stranded import pass_on_stranded
from core.memo import forget_all
from core.models import Event
from core.showing import in_office
from logistics.actions import release_shipment
from logistics.gates import exposure_is_covered
from logistics.models import Shipment
from tests.orders_world import PAPER
from tests.shipping_world import (
    again,
    carrier,
    credit_customer,
    dispatched_shipment,
    invoice_request,
    order_to_ship,
    packed_shipment,
    released_shipment,
    requested_shipment,
    sign,
    signed_shipment,
)

pytestmark = pytest.mark.django_db


def key_of(page):
    return re.findall(r'name="form_key" value="([^"]+)"', page.content.decode())[-1]


def post(client, page, url, **fields):
    return client.post(url, {"form_key": key_of(client.get(page)), **fields})


@pytest.mark.rule("R10.2")
def test_the_other_teams_shipment_does_not_exist(world):
    shipment = requested_shipment(world)
    url = shipment.get_absolute_url()
    missing = world.client("rep2").get("/shipments/SH-19990101-001/")
    foreign = world.client("rep2").get(url)
    assert (foreign.status_code, missing.status_code) == (404, 404)
    assert foreign.content == missing.content
    assert world.client("manager2").get(url).status_code == 404
    for name in ("rep", "manager", "head", "gm", "support", "finance", "warehouse"):
        assert world.client(name).get(url).status_code == 200, name


@pytest.mark.rule("R10.2")
def test_a_customer_sees_its_own_from_the_release_on_and_nothing_of_the_house(world):
    shipment = signed_shipment(world)
    shipment.order.customer.portal_users.add(world.customer)
    client, url = world.client("customer"), shipment.get_absolute_url()
    assert client.get(url).status_code == 404
    release_shipment(shipment, actor=world.support)
    page = client.get(url).content.decode()
    assert shipment.number in page
    assert str(world.finance) not in page
    assert 'id="timeline"' not in page
    assert 'id="sign-offs"' not in page


@pytest.mark.rule("R10.2")
def test_on_its_order_a_customer_reads_of_no_shipment_and_no_invoice_that_is_still_the_houses(world):
    order = order_to_ship(world)
    order.customer.portal_users.add(world.customer)
    asked = requested_shipment(world, order=order, quantities={1: 4})
    gone = dispatched_shipment(world, order=order, quantities={1: 6})
    request = invoice_request(world, gone)
    page = world.client("customer").get(order.get_absolute_url()).content.decode()
    assert gone.number in page
    assert asked.number not in page
    assert request.request_number not in page
    house = world.client("finance").get(order.get_absolute_url()).content.decode()
    assert asked.number in house
    assert request.request_number in house


@pytest.mark.rule("R2.12")
def test_a_substitute_of_another_team_signs_a_shipment_through_the_step(world):
    shipment = requested_shipment(world)
    for kind in ("finance", "support"):
        sign(world, shipment, kind)
    step = again(shipment).case.steps.get(kind="manager")
    sent = {"step_id": step.pk, "digest": again(shipment).case.digest, "decision": "approve"}
    client, url = world.client("manager2"), f"{shipment.get_absolute_url()}decide/"
    assert post(client, "/approvals/", url, next="/approvals/", **sent).status_code == 404
    now = timezone.now()
    give_delegation(
        actor=world.manager,
        substitute=world.manager2,
        starts_at=now - timedelta(hours=1),
        ends_at=now + timedelta(hours=9),
        reason="on leave",
    )
    stale = post(client, "/approvals/", url, next="/approvals/", **sent | {"digest": "0" * 64})
    assert stale.status_code == 409
    assert post(client, "/approvals/", url, next="/approvals/", **sent).status_code == 302
    step.refresh_from_db(fields=["decided_by", "decided_for"])
    assert (step.decided_by, step.decided_for) == (world.manager2, world.manager)
    assert client.get(shipment.get_absolute_url()).status_code == 404


@pytest.mark.rule("R2.12", "R2.11")
def test_a_refusal_by_a_substitute_names_both_on_the_page_and_to_who_asked(world):
    shipment = requested_shipment(world)
    for kind in ("finance", "support"):
        sign(world, shipment, kind)
    now = timezone.now()
    give_delegation(
        actor=world.manager,
        substitute=world.manager2,
        starts_at=now - timedelta(hours=1),
        ends_at=now + timedelta(hours=9),
        reason="on leave",
    )
    sign(world, shipment, "manager", who="manager2", approve=False, reason="No money came.")
    told = Notice.objects.get(person=world.rep, kind="shipment_refused")
    with override("zh-hans"):
        both = in_office(world.manager2, world.manager)
        said = sentence(told)
    assert world.client("rep").get(shipment.get_absolute_url()).content.decode().count(both) >= 3
    assert both in said
    assert "No money came." in said


@pytest.mark.rule("R10.2", "R5.7")
def test_a_reminder_carries_no_figure_that_the_page_does_not_show(world):
    shipment = requested_shipment(world, of=credit_customer(world, limit=100))
    url = shipment.get_absolute_url()
    carried = {
        name: [
            signing.loads(each, salt=REMINDER_SALT)["about"]
            for each in re.findall(
                r'name="reminder" value="([^"]+)"', world.client(name).get(url).content.decode()
            )
        ]
        for name in ("rep", "manager")
    }
    with override(world.rep.language):
        masked = str(exposure_is_covered.masked)
    assert masked in carried["rep"]
    assert masked not in carried["manager"]
    assert not any("100.00" in each for each in carried["rep"])
    assert any("100.00" in each for each in carried["manager"])


@pytest.mark.rule("R5.9", "R9.6")
def test_the_closed_release_says_why_and_who_can_open_it(world):
    shipment = requested_shipment(world)
    page = world.client("support").get(shipment.get_absolute_url()).content.decode()
    for said in ("R5.9", "R5.4", "R5.5", str(world.head), str(world.manager), str(world.finance)):
        assert said in page


@pytest.mark.rule("R9.6", "R2.10")
def test_the_closed_release_names_those_in_the_managers_place(world):
    shipment = requested_shipment(world)
    world.manager.groups.clear()
    pass_on_stranded()
    forget_all()
    reasons = world.client("support").get(shipment.get_absolute_url()).context["release"]["reasons"]
    (managers,) = [each["openers"] for each in reasons if each["rule"] == "R5.4"]
    assert {each["name"] for each in managers} == {str(world.head), str(world.gm)}


@pytest.mark.rule("R5.9")
def test_a_refused_release_answers_409_with_the_panel_and_changes_nothing(world):
    shipment = requested_shipment(world)
    client = world.client("support")
    url = shipment.get_absolute_url()
    answer = post(client, url, f"{url}release/", version=again(shipment).version)
    assert answer.status_code == 409
    assert 'id="refused"' in answer.content.decode()
    assert again(shipment).state == "requested"
    assert not Event.objects.filter(verb="shipment.released").exists()


@pytest.mark.rule("R5.1")
def test_the_rep_asks_on_the_orders_page_with_open_and_finished_quantities(world):
    order = order_to_ship(world)
    client, url = world.client("rep"), f"/orders/{order.number}/ship/"
    line = order.lines.get()
    today = timezone.localdate().isoformat()
    answer = post(client, url, url, **{f"quantity-{line.pk}": "11", "wanted_on": today})
    assert answer.status_code == 409
    assert "R5.14" in answer.content.decode()
    assert not Shipment.objects.exists()
    answer = post(client, url, url, **{f"quantity-{line.pk}": "4", "wanted_on": today})
    assert answer.status_code == 302
    assert Shipment.objects.get().lines.get().quantity == 4
    assert world.client("rep2").get(url).status_code == 404


@pytest.mark.rule("R5.9")
def test_a_double_click_asks_once(world):
    order = order_to_ship(world)
    client, url = world.client("rep"), f"/orders/{order.number}/ship/"
    form = {
        "form_key": key_of(client.get(url)),
        f"quantity-{order.lines.get().pk}": "4",
        "wanted_on": timezone.localdate().isoformat(),
    }
    first, second = client.post(url, form), client.post(url, form)
    assert (first.status_code, second.status_code) == (302, 302)
    assert first.url == second.url
    assert Shipment.objects.count() == 1


@pytest.mark.rule("R5.2", "R5.4")
def test_a_step_is_decided_from_the_page(world):
    shipment = requested_shipment(world)
    client, url = world.client("finance"), shipment.get_absolute_url()
    step = shipment.case.steps.get(kind="finance")
    sent = {"step_id": step.pk, "digest": shipment.case.digest}
    assert post(client, url, f"{url}decide/", decision="maybe", **sent).status_code == 422
    refused = post(client, url, f"{url}decide/", decision="refuse", **sent)
    assert refused.status_code == 409  # a refusal says why
    assert again(shipment).state == "requested"
    assert post(client, url, f"{url}decide/", decision="approve", **sent).status_code == 302
    assert again(shipment).case.steps.get(kind="finance").decided_by == world.finance


@pytest.mark.rule("R2.13")
def test_an_old_page_is_told_and_changes_nothing(world):
    shipment = released_shipment(world)
    client, url = world.client("warehouse"), shipment.get_absolute_url()
    answer = post(client, url, f"{url}pick/", version=shipment.version - 1)
    assert answer.status_code == 409
    assert again(shipment).state == "released"


@pytest.mark.rule("R5.11", "R5.13")
def test_the_warehouse_takes_it_all_the_way(world):
    shipment = released_shipment(world)
    client, url = world.client("warehouse"), shipment.get_absolute_url()
    queue = client.get("/warehouse/").content.decode()
    assert shipment.number in queue
    assert post(client, url, f"{url}pick/", version=again(shipment).version).status_code == 302
    answer = post(client, url, f"{url}pack/", packages="0")
    assert answer.status_code == 422
    answer = post(client, url, f"{url}pack/", packages="2", next="/warehouse/")
    assert answer.url == "/warehouse/"
    assert post(client, url, f"{url}dispatch/", waybill="", carrier="", expected_on="").status_code == 422
    sent = {
        "carrier": carrier().pk,
        "waybill": "SF9",
        "expected_on": timezone.localdate().isoformat(),
    }
    assert post(client, url, f"{url}dispatch/", **sent).status_code == 302
    assert again(shipment).state == "dispatched"
    assert post(client, url, f"{url}deliver/", received_by="王琳").status_code == 422
    receipt = SimpleUploadedFile("回单.pdf", PAPER, content_type="application/pdf")
    assert post(client, url, f"{url}deliver/", received_by="王琳", receipt=receipt).status_code == 302
    assert again(shipment).state == "delivered"
    assert client.get(f"{url}receipt/").status_code == 200


@pytest.mark.rule("R5.13")
def test_a_forged_receipt_is_refused_at_its_field(world):
    shipment = dispatched_shipment(world)
    client, url = world.client("warehouse"), shipment.get_absolute_url()
    forged = SimpleUploadedFile("receipt.pdf", b"MZ\x90\x00 not a paper", content_type="application/pdf")
    answer = post(client, url, f"{url}deliver/", received_by="王琳", receipt=forged)
    assert answer.status_code == 422
    assert again(shipment).state == "dispatched"


@pytest.mark.rule("R5.15")
def test_a_scanned_number_opens_its_shipment(world):
    shipment = packed_shipment(world)
    client = world.client("warehouse")
    for number in (shipment.number, shipment.number.lower(), shipment.order.number):
        assert client.get("/warehouse/", {"scan": number}).url == shipment.get_absolute_url()
    assert client.get("/warehouse/", {"scan": "SH-1"}).status_code == 200
    assert client.get("/warehouse/", {"scan": "\x00"}).status_code == 200


def test_a_list_asks_as_much_for_one_row_as_for_three(world):
    buyer = credit_customer(world)
    counts = []
    for rows in (1, 2):
        for _each in range(rows):
            released_shipment(world, of=buyer)
        client = world.client("warehouse")
        for url in ("/shipments/", "/warehouse/"):
            client.get(url)
            with CaptureQueriesContext(connection) as asked:
                assert client.get(url).status_code == 200
            counts.append(len(asked))
    assert counts[:2] == counts[2:]
    assert max(counts) <= 25


def test_the_shipments_page_stays_within_its_queries(world):
    shipment = requested_shipment(world)
    sign(world, shipment, "finance")
    client = world.client("support")
    client.get(shipment.get_absolute_url())
    with CaptureQueriesContext(connection) as asked:
        client.get(shipment.get_absolute_url())
    assert len(asked) <= 25, "\n".join(each["sql"][:160] for each in asked.captured_queries)


@pytest.mark.rule("R10.2")
def test_who_may_not_see_credit_reads_no_limit_in_the_panel(world):
    shipment = requested_shipment(world, of=credit_customer(world, 123))
    url = shipment.get_absolute_url()
    seen = world.client("finance").get(url).content.decode()
    assert "123.00" in seen
    hidden = world.client("rep").get(url).content.decode()
    assert "R5.7" in hidden
    assert "123.00" not in hidden


@pytest.mark.rule("R5.9")
def test_the_duties_open_the_lists_behind_them(world):
    signed, waiting = signed_shipment(world), requested_shipment(world)
    gone = dispatched_shipment(world)
    client = world.client("support")
    for query, shown, hidden in (
        ("signed=true", signed, waiting),
        ("signed=false", waiting, signed),
        ("unconfirmed=true", gone, signed),
        ("state=dispatched", gone, signed),
    ):
        page = client.get(f"/shipments/?{query}").content.decode()
        assert shown.get_absolute_url() in page
        assert hidden.get_absolute_url() not in page


@pytest.mark.rule("R5.14")
def test_what_has_left_is_not_shown_as_late(world):
    order = order_to_ship(world)
    late = order.lines.get().due_on + timedelta(days=9)
    page = order.get_absolute_url()
    with time_machine.travel(datetime(late.year, late.month, late.day, 4, tzinfo=UTC), tick=False):
        assert "tone-blocked" in lines_of(world.client("rep").get(page))
        order.lines.update(shipped=4)
        assert "tone-blocked" in lines_of(world.client("rep").get(page))
        order.lines.update(shipped=10)
        assert "tone-blocked" not in lines_of(world.client("rep").get(page))


def lines_of(answer):
    return answer.content.decode().partition('id="lines"')[2].partition("</table>")[0]
