"""The pages: who sees them, refusals as 409 with their reasons, one effect a form, no lost typing."""

import uuid
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.utils import timezone

from core.audit_triggers import without_triggers
from core.models import Event, FormSubmission
from inventory.models import Requirement
from orders import actions
from orders.models import OrderLine, SalesOrder
from tests import orders_world as desk

pytestmark = pytest.mark.django_db
CHECKED = {"checked": ["codes", "specifications", "terms", "questions"]}


def post(client, url, key=None, **fields):
    return client.post(url, {"form_key": str(key or uuid.uuid4()), **fields})


def verb(order, name):
    return f"{order.get_absolute_url()}{name}/"


def header(order, **changes):
    """The header form as the page would send it back."""
    fields = {
        "version": order.version,
        "contact_name": order.contact_name,
        "contact_phone": order.contact_phone,
        "ship_to": order.ship_to,
        "channel": order.channel,
        "klass": order.klass,
        "payment_terms": order.payment_terms,
        "due_on": order.due_on.isoformat(),
        "deposit_percent": "0",
        "credit_days": "0",
        "freight": "0",
    }
    return fields | changes


def rows(*cells):
    found = {"lines-TOTAL_FORMS": len(cells), "lines-INITIAL_FORMS": 0}
    for place, (pk, product, quantity, price) in enumerate(cells):
        found |= {
            f"lines-{place}-id": pk or "",
            f"lines-{place}-product": product,
            f"lines-{place}-quantity": quantity,
            f"lines-{place}-price": price,
            f"lines-{place}-discount": "",
            f"lines-{place}-due": "2027-01-15",
        }
    return found


@pytest.mark.rule("R10.2")
def test_another_team_does_not_see_what_does_not_exist_for_it(world):
    order = desk.draft_order(world)
    other = world.client("rep2")

    for answer in (
        other.get(order.get_absolute_url()),
        other.get(verb(order, "edit")),
        post(other, verb(order, "submit")),
        post(other, verb(order, "cancel"), reason="x"),
        post(other, verb(order, "edit"), **header(order)),
        other.post(verb(order, "edit/row"), {"row": 0, **rows((None, "X", "1", "1"))}),
        other.get("/orders/HB-20200101-999/"),
    ):
        assert answer.status_code == 404
    assert order.number not in other.get("/orders/").content.decode()
    assert desk.again(order).state == "draft"


@pytest.mark.rule("R10.2")
def test_a_customer_sees_its_own_orders_from_the_approval_on_and_nothing_internal(world):
    order = desk.order_in_review(world, internal_note="秘密备注")
    order.customer.portal_users.add(world.people["customer"])
    theirs = desk.draft_order(world, of=desk.customer(world, "C-2"))
    client = world.client("customer")
    assert client.get(order.get_absolute_url()).status_code == 404

    for who in ("support2", "finance", "manager"):
        desk.decide(world, order, who)
    page = client.get(order.get_absolute_url())

    assert page.status_code == 200
    assert "秘密备注" not in page.content.decode()
    assert 'id="timeline"' not in page.content.decode()
    assert client.get(theirs.get_absolute_url()).status_code == 404
    assert post(client, verb(order, "comment"), comment="x").status_code == 404


def test_an_administrator_has_no_orders(world):
    order = desk.draft_order(world)

    assert world.client("admin").get("/orders/").status_code == 403
    assert world.client("admin").get(order.get_absolute_url()).status_code == 403
    assert not SalesOrder.objects.visible_to(world.admin).exists()


@pytest.mark.rule("R1.1", "R9.6")
def test_a_refused_submission_is_the_page_with_its_reasons(world):
    order = desk.draft_order(world)

    answer = post(world.client("rep"), verb(order, "submit"), version=order.version)

    page = answer.content.decode()
    assert answer.status_code == 409
    assert 'id="refused"' in page
    assert "R1.1" in page
    assert desk.again(order).state == "draft"
    assert not FormSubmission.objects.exists()


@pytest.mark.rule("R2.13")
def test_a_submission_of_an_old_version_is_told_and_does_nothing(world):
    order = desk.draft_order(world)
    desk.paper(order, world.rep)
    old = order.version
    actions.save_header(order, actor=world.manager, version=None, contact_name="另一位")

    answer = post(world.client("rep"), verb(order, "submit"), version=old)

    assert answer.status_code == 409
    assert "R2.13" in answer.content.decode()
    assert desk.again(order).state == "draft"


def test_a_form_sent_twice_has_its_effect_once(world):
    customer = desk.customer(world)
    client, key = world.client("rep"), uuid.uuid4()

    first = post(client, "/orders/new/", key, customer=customer.code)
    second = post(client, "/orders/new/", key, customer=customer.code)

    assert first.status_code == second.status_code == 302
    assert first.url == second.url
    assert SalesOrder.objects.count() == 1


@pytest.mark.rule("R1.1", "R1.2")
def test_a_rep_enters_and_submits_an_order_by_forms(world):
    desk.product(world, "BRG-6204")
    rep = world.client("rep")
    began = post(rep, "/orders/new/", customer=desk.customer(world).code)
    order = SalesOrder.objects.get()
    assert began.url == verb(order, "edit")
    order.due_on = order.ordered_on
    saved = post(rep, verb(order, "edit"), **header(order), **rows((None, "brg-6204", "10", "")))
    assert saved.status_code == 302

    paper = SimpleUploadedFile("po.pdf", desk.PAPER, content_type="application/pdf")
    assert post(rep, verb(order, "attach"), file=paper).status_code == 302
    document = order.source_documents.get()
    mark = {"mark": "seal", "marked_by": "王琳", "marked_on": order.ordered_on.isoformat()}
    assert post(rep, verb(order, f"papers/{document.pk}/mark"), **mark).status_code == 302
    assert rep.get(verb(order, f"papers/{document.pk}")).status_code == 200

    version = desk.again(order).version
    assert post(rep, verb(order, "submit"), version=version).status_code == 302
    assert (desk.again(order).state, desk.again(order).grand_total) == ("submitted", Decimal("186.00"))


@pytest.mark.rule("R1.9", "R2.1")
def test_support_standardises_and_each_person_decides_by_forms(world):
    desk.product(world, "BRG-6204", stock=100)
    order = desk.submitted_order(world)
    support = world.client("support")
    assert order.number in support.get("/support/").content.decode()
    assert post(support, verb(order, "standardise")).status_code == 409
    assert post(support, verb(order, "standardise"), **CHECKED).status_code == 302

    case = desk.again(order).case
    for who in ("support2", "finance", "manager"):
        client = world.client(who)
        shown = client.get(order.get_absolute_url()).content.decode()
        open_steps = case.steps.filter(state="open")
        mine = next(each for each in open_steps if f'name="step_id" value="{each.pk}"' in shown)
        fields = {"decision": "approve", "step_id": mine.pk, "digest": case.digest}
        assert post(client, verb(order, "decide"), **fields).status_code == 302

    assert desk.again(order).state == "approved"


@pytest.mark.rule("R1.8", "R4.1")
def test_support_confirms_and_releases_by_forms(world):
    desk.product(world, "BRG-6204", stock=4)
    order = desk.approved_order(world)
    desk.pay(world, order)
    lead, line = world.client("lead"), order.lines.get()

    sent = post(lead, verb(order, "confirm"), language="en", to="buyer@customer.example")
    assert sent.status_code == 302
    assert lead.get(verb(order, "confirmations/1")).status_code == 302  # still being printed
    assert post(lead, verb(order, "confirm"), language="en", to="nobody").status_code == 422
    assert post(lead, verb(order, "release"), **{f"split-{line.pk}": "4"}).status_code == 409
    back = {"answer": "right", "mark": "call", "by": "王琳", "on": timezone.localdate().isoformat()}
    assert post(lead, verb(order, "record-answer"), **back).status_code == 302

    assert post(lead, verb(order, "release"), **{f"split-{line.pk}": "x"}).status_code == 422
    assert post(lead, verb(order, "release"), **{f"split-{line.pk}": "4"}).status_code == 302
    assert Requirement.objects.get().finished_on_hand == 4


@pytest.mark.rule("R2.10", "R2.11")
def test_a_refused_decision_is_409_with_the_rule(world):
    order = desk.order_in_review(world)
    step = order.case.steps.get(kind="support")
    fields = {"step_id": step.pk, "digest": order.case.digest}
    events = Event.objects.count()

    own = post(world.client("support"), verb(order, "decide"), decision="approve", **fields)
    bare = post(world.client("support2"), verb(order, "decide"), decision="refuse", **fields)
    stale = post(
        world.client("support2"), verb(order, "decide"), decision="approve", step_id=step.pk, digest="0" * 64
    )

    assert [own.status_code, bare.status_code, stale.status_code] == [409, 409, 409]
    assert "R1.9" in own.content.decode()
    assert "R2.11" in bare.content.decode()
    assert "R2.13" in stale.content.decode()
    assert Event.objects.count() == events


def test_a_row_saves_itself_and_answers_row_totals_and_version(world):
    order = desk.draft_order(world, lines=())
    desk.product(world, "A", price="5")
    client = world.client("rep")
    url = verb(order, "edit/row")

    answer = client.post(url, {"row": 3, "version": order.version, **_row(3, "a", "4")})

    page = answer.content.decode()
    line = OrderLine.objects.get()
    assert answer.status_code == 200
    assert 'id="line-3"' in page
    assert f'name="lines-3-id" value="{line.pk}"' in page
    assert f'name="version" value="{desk.again(order).version}"' in page
    assert line.total == 20

    bad = client.post(url, {"row": 3, "version": order.version, **_row(3, "A", "1o", pk=line.pk)})
    assert bad.status_code == 422
    assert OrderLine.objects.get().total == 20

    gone = _row(3, "", "", pk=line.pk) | {"lines-3-DELETE": "on"}
    assert client.post(url, {"row": 3, "version": order.version, **gone}).status_code == 200
    assert not OrderLine.objects.exists()


def _row(index, product, quantity, pk=""):
    return {
        f"lines-{index}-id": pk,
        f"lines-{index}-product": product,
        f"lines-{index}-quantity": quantity,
        f"lines-{index}-price": "",
        f"lines-{index}-discount": "",
        f"lines-{index}-due": "",
    }


@pytest.mark.rule("R2.13")
def test_saving_an_old_version_keeps_what_was_typed_and_shows_both(world):
    order = desk.draft_order(world)
    line = order.lines.get()
    actions.save_header(order, actor=world.manager, version=None, contact_name="经理写的")
    typed = header(order, contact_name="我写的") | rows((line.pk, "BRG-6204", "25", "18.60"))

    answer = post(world.client("rep"), verb(order, "edit"), **typed)

    page = answer.content.decode()
    assert answer.status_code == 409
    assert "我写的" in page
    assert "经理写的" in page
    assert 'value="25"' in page
    assert desk.again(order).contact_name == "经理写的"
    assert order.lines.get().quantity == 10
    row = {"row": 0, "version": order.version, **_row(0, "BRG-6204", "25", pk=line.pk)}
    assert world.client("rep").post(verb(order, "edit/row"), row).status_code == 409
    assert order.lines.get().quantity == 10


def test_what_cannot_be_read_is_shown_again_and_nothing_is_saved(world):
    order = desk.draft_order(world)
    typed = header(order, freight="-3") | rows((order.lines.get().pk, "BRG-6204", "１０", "1e3"))

    answer = post(world.client("rep"), verb(order, "edit"), **typed)

    assert answer.status_code == 422
    assert 'value="１０"' in answer.content.decode()
    assert desk.again(order).version == order.version


@pytest.mark.parametrize("total", ["-1", "99999999", "x"])
def test_an_impossible_number_of_rows_is_refused(world, total):
    order = desk.draft_order(world)

    answer = post(world.client("rep"), verb(order, "edit"), **(header(order) | {"lines-TOTAL_FORMS": total}))

    assert answer.status_code == 422
    assert desk.again(order).version == order.version


def test_save_and_submit_without_scripts_is_all_or_nothing(world):
    order = desk.draft_order(world)
    pk = order.lines.get().pk
    typed = header(order) | rows((pk, "BRG-6204", "20", "18.60")) | {"submit_order": "1"}

    refused = post(world.client("rep"), verb(order, "edit"), **typed)
    assert refused.status_code == 409
    assert order.lines.get().quantity == 10

    desk.paper(order, world.rep)
    assert post(world.client("rep"), verb(order, "edit"), **typed).status_code == 302
    assert (desk.again(order).state, order.lines.get().quantity) == ("submitted", 20)


def test_the_list_filters_by_its_url_and_exports_what_one_may_see(world):
    mine = desk.draft_order(world)
    east = desk.draft_order(world, of=desk.customer(world, "C-E", owner=world.rep2), actor=world.rep2)
    client = world.client("rep")

    assert mine.number in client.get("/orders/?state=draft&customer=c-1").content.decode()
    assert mine.number not in client.get("/orders/?state=released").content.decode()
    assert mine.number in client.get(f"/orders/?q={mine.number}").content.decode()
    exported = b"".join(client.get("/orders/?export=csv").streaming_content).decode()
    assert mine.number in exported
    assert east.number not in exported
    assert client.get("/orders/?export=xlsx").status_code == 200


def test_a_comment_stands_in_the_timeline(world):
    order = desk.draft_order(world)

    assert post(world.client("rep"), verb(order, "comment"), comment="客户很急").status_code == 302

    assert "客户很急" in world.client("manager").get(order.get_absolute_url()).content.decode()


@pytest.mark.rule("R9.6")
def test_everybody_who_may_see_it_sees_whose_turn_it_is_and_who_can_free_it(world):
    order = desk.submitted_order(world)

    page = world.client("rep").get(order.get_absolute_url()).content.decode()

    assert 'id="why"' in page
    assert str(world.support) in page
    assert "R10.2" in page


@pytest.mark.rule("R9.6")
def test_the_review_names_who_is_missing(world):
    order = desk.order_in_review(world)
    desk.decide(world, order, "finance")

    page = world.client("rep").get(order.get_absolute_url()).content.decode()

    assert 'id="review"' in page
    assert str(world.finance) in page
    assert str(world.support2) in page
    assert str(world.manager) in page


@pytest.mark.rule("R10.1")
def test_the_timeline_says_whether_its_chain_holds(world):
    order = desk.draft_order(world)
    client = world.client("rep")
    assert client.get(order.get_absolute_url()).context["verified"] is True

    with without_triggers(connection):
        Event.objects.filter(thread=order.thread, seq=1).update(reason="never said")

    assert client.get(order.get_absolute_url()).context["verified"] is False


@pytest.mark.rule("R2.11")
def test_a_returned_order_says_who_sent_it_back_why_and_what_comes_next(world):
    order = desk.submitted_order(world)
    assert 'id="sent-back"' not in world.client("rep").get(order.get_absolute_url()).content.decode()
    actions.return_order(order, reason="图纸版本不对", actor=world.support)

    told = {}
    for who in ("rep", "finance"):
        page = world.client(who).get(order.get_absolute_url()).content.decode()
        told[who] = page.partition('id="sent-back"')[2].partition("</div>")[0]
    assert all(str(world.support) in each and "图纸版本不对" in each for each in told.values())
    assert verb(order, "edit") in told["rep"]
    assert verb(order, "edit") not in told["finance"]
    assert str(world.rep) in told["finance"]
