"""R3.1, R1.7: contracts, prices agreed by quantity and date, the customer's own part numbers."""

import uuid
from datetime import date, timedelta
from decimal import Decimal

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from core.models import Event
from core.rules import Blocked
from customers import actions
from customers.models import Contract, PartNumber, PriceAgreement
from customers.queries import agreed_prices, agreement_steps, products_by_part_number
from tests.orders_world import PAPER, customer, product
from tests.world import World

pytestmark = pytest.mark.django_db
DAY = date(2026, 3, 1)


@pytest.fixture
def world():
    return World()


@pytest.fixture
def known(world):
    return customer(world)


def agree(world, known, *rows, who="support"):
    """Rows as (code, quantity, price, from, until)."""
    made = [
        {
            "product": product(world, code, price="1"),
            "min_quantity": Decimal(quantity),
            "price": Decimal(price),
            "valid_from": since,
            "valid_until": until,
        }
        for code, quantity, price, since, until in rows
    ]
    return actions.add_agreements(known, rows=made, actor=world.people[who]).made


def kept():
    rows = (Contract.objects, PriceAgreement.objects, PartNumber.objects)
    told = Event.objects.filter(thread__startswith="customer:")
    return [list(each.order_by("pk").values()) for each in (*rows, told)]


def refused(verb, *args, **kwargs):
    before = kept()
    with pytest.raises(Blocked) as refusal:
        verb(*args, **kwargs)
    assert kept() == before
    return [reason.rule for reason in refusal.value.reasons]


@pytest.mark.rule("R3.1", "R1.7")
def test_the_highest_step_reached_and_the_newest_agreement_in_force_holds(world, known):
    agree(
        world,
        known,
        ("P-1", "0", "10", date(2026, 1, 1), None),
        ("P-1", "0", "9.5", date(2026, 2, 1), None),
        ("P-1", "100", "8", date(2026, 1, 1), date(2026, 3, 1)),
        ("P-2", "50", "7", date(2026, 1, 1), None),
        ("P-3", "0", "3", date(2026, 3, 2), None),
    )
    pks = {code: product(world, code).pk for code in ("P-1", "P-2", "P-3")}

    def prices(quantities, on=DAY, currency="CNY"):
        wanted = {pks[code]: Decimal(quantity) for code, quantity in quantities.items()}
        found = agreed_prices(known.pk, wanted, currency=currency, on=on)
        return {code: found.get(pk) for code, pk in pks.items()}

    small = {"P-1": "1", "P-2": "49.9", "P-3": "1"}
    assert prices(small) == {"P-1": Decimal("9.5"), "P-2": None, "P-3": None}
    large = {"P-1": "100", "P-2": "50", "P-3": "1"}
    assert prices(large) == {"P-1": 8, "P-2": 7, "P-3": None}
    assert prices(large, on=DAY + timedelta(days=1)) == {"P-1": Decimal("9.5"), "P-2": 7, "P-3": 3}
    assert prices(large, currency="USD") == dict.fromkeys(pks)
    steps = agreement_steps(known.pk, pks.values(), currency="CNY", on=DAY)
    assert [each.price for each in steps[pks["P-1"]]] == [Decimal("9.5"), Decimal(8)]


@pytest.mark.rule("R3.1")
def test_part_numbers_are_found_whatever_their_case_in_one_query(world, known):
    one, two = product(world, "P-1"), product(world, "P-2")
    actions.set_part_numbers(known, rows=[(" AB-9 ", one), ("cd/1", two)], actor=world.rep)
    with CaptureQueriesContext(connection) as asked:
        found = products_by_part_number(known.pk, ["ab-9", "CD/1 ", "none"])
    assert (found, len(asked)) == ({"ab-9": one, "cd/1": two}, 1)

    actions.set_part_numbers(known, rows=[("ab-9", two), ("CD/1", two)], actor=world.rep)
    assert set(products_by_part_number(known.pk, ["AB-9", "CD/1"]).values()) == {two}
    assert PartNumber.objects.count() == 2
    told = Event.objects.filter(verb__startswith="part_number.set").order_by("seq")
    assert [each.verb for each in told] == ["part_number.set_many", "part_number.set"]


@pytest.mark.rule("R3.1", "R10.2")
@pytest.mark.parametrize("who", ["rep", "head", "gm", "tech", "aftersales", "warehouse"])
def test_only_who_may_writes_agreements_and_contracts(world, known, who):
    assert refused(agree, world, known, ("P-1", "0", "1", DAY, None), who=who)[0] == "R10.2"
    fields = {"number": "HT-1", "valid_from": DAY, "actor": world.people[who]}
    assert refused(actions.add_contract, known, **fields) == ["R10.2"]


@pytest.mark.rule("R3.1")
def test_a_block_of_prices_is_taken_whole_or_not_at_all(world, known):
    agree(world, known, ("P-1", "0", "10", DAY, None))
    rows = (
        ("P-2", "0", "5", DAY, None),
        ("P-1", "0", "11", DAY, None),
        ("P-2", "10", "4", DAY, DAY - timedelta(days=1)),
    )
    assert refused(agree, world, known, *rows) == ["R3.1", "R3.1"]
    other = customer(world, "C-2")
    foreign = actions.add_contract(other, number="HT-9", valid_from=DAY, actor=world.support)
    row = {"product": product(world, "P-2"), "price": Decimal(1), "valid_from": DAY, "contract": foreign}
    assert refused(actions.add_agreements, known, rows=[row], actor=world.support) == ["R3.1"]


@pytest.mark.rule("R3.1")
def test_what_was_in_force_is_ended_and_not_removed(world, known):
    today = timezone.localdate()
    with time_machine.travel(timezone.now() - timedelta(days=40)):
        old = agree(world, known, ("P-1", "0", "10", today - timedelta(days=30), None))[0]
        contract = actions.add_contract(
            known, number="HT-1", valid_from=today - timedelta(days=30), actor=world.finance
        )
    assert refused(actions.remove_agreement, old, actor=world.support) == ["R3.1"]
    assert refused(actions.remove_contract, contract, actor=world.support) == ["R3.1"]
    for thing, verb in ((old, actions.end_agreement), (contract, actions.end_contract)):
        assert refused(verb, thing, on=today - timedelta(days=1), actor=world.support) == ["R3.1"]

    actions.end_agreement(old, on=today, actor=world.support)
    actions.end_contract(contract, on=today, actor=world.finance)
    for thing, verb in ((old, actions.end_agreement), (contract, actions.end_contract)):
        assert refused(verb, thing, on=today + timedelta(days=900), actor=world.support) == ["R3.1"]
    wanted = {old.product_id: Decimal(1)}
    assert agreed_prices(known.pk, wanted, currency="CNY", on=today) == {old.product_id: 10}
    assert agreed_prices(known.pk, wanted, currency="CNY", on=today + timedelta(days=1)) == {}
    mistyped = agree(world, known, ("P-2", "0", "10", today, None))[0]
    actions.remove_agreement(mistyped, actor=world.support)
    assert Event.objects.get(verb="agreement.removed").facts["old"] == {"price": "10 CNY"}


@pytest.mark.rule("R3.1")
def test_a_contract_keeps_its_paper_and_goes_only_when_nothing_names_it(world, known):
    upload = SimpleUploadedFile("年度合同.pdf", PAPER, content_type="application/pdf")
    contract = actions.add_contract(
        known, number="HT-1", valid_from=timezone.localdate(), upload=upload, actor=world.support
    )
    assert refused(actions.add_contract, known, number="HT-1", valid_from=DAY, actor=world.support) == [
        "R3.1"
    ]
    row = {
        "product": product(world, "P-1", price="1"),
        "price": Decimal(1),
        "valid_from": DAY,
        "contract": contract,
    }
    actions.add_agreements(known, rows=[row], actor=world.support)
    assert refused(actions.remove_contract, contract, actor=world.support) == ["R3.1"]
    url = reverse("customers:contract_file", args=[known.code, contract.pk])
    assert world.client("rep").get(url).status_code == 200
    assert world.client("rep2").get(url).status_code == 404
    assert world.client("aftersales").get(url).status_code == 403


def post(client, name, *args, **fields):
    return client.post(reverse(f"customers:{name}", args=args), {"form_key": uuid.uuid4(), **fields})


@pytest.mark.rule("R3.1")
def test_agreements_are_typed_pasted_ended_and_removed_on_the_page(world, known):
    one = product(world, "P-1", price="4")
    product(world, "P-2", price="4")
    support = world.client("support")
    today = f"{timezone.localdate():%Y-%m-%d}"
    typed = {"product": "P-1", "min_quantity": "0", "price": "10.5", "valid_from": today}
    assert post(support, "add_agreement", "C-1", **typed | {"product": "P-9"}).status_code == 422
    assert post(support, "add_agreement", "C-1", **typed).status_code == 302
    assert post(support, "add_agreement", "C-1", **typed).status_code == 409
    bad = post(
        support,
        "paste_agreements",
        "C-1",
        pasted=f"P-2\t0\t5\t{today}\nP-8\t0\t5\t{today}\nP-2\t1\tx\t{today}",
    )
    assert bad.status_code == 422
    assert "P-8" in bad.content.decode()
    assert PriceAgreement.objects.count() == 1
    assert (
        post(
            support, "paste_agreements", "C-1", pasted=f"P-2\t0\t5\t{today}\nP-2\t100\t4\t{today}"
        ).status_code
        == 302
    )
    assert PriceAgreement.objects.count() == 3
    first = PriceAgreement.objects.get(product=one)
    assert post(support, "end_agreement", "C-1", first.pk, on="soon").status_code == 422
    assert post(support, "end_agreement", "C-1", first.pk, on=today).status_code == 302
    assert post(support, "remove_agreement", "C-1", first.pk).status_code == 302
    assert not PriceAgreement.objects.filter(product=one).exists()

    rep = world.client("rep")
    assert post(rep, "add_agreement", "C-1", **typed).status_code == 403
    assert post(rep, "paste_part_numbers", "C-1", pasted="AB-9\tP-1\nCD-1").status_code == 422
    assert post(rep, "paste_part_numbers", "C-1", pasted="AB-9\tP-1").status_code == 302
    part = PartNumber.objects.get()
    assert post(world.client("rep2"), "remove_part_number", "C-1", part.pk).status_code == 404
    assert post(rep, "remove_part_number", "C-1", part.pk).status_code == 302


@pytest.mark.rule("R3.1", "R1.7")
def test_of_prices_whose_days_overlap_the_page_says_which_one_holds(world, known):
    today = timezone.localdate()
    agree(
        world,
        known,
        ("P-1", "0", "10", today - timedelta(days=60), None),
        ("P-1", "0", "9.5", today - timedelta(days=30), None),
        ("P-1", "0", "9", today + timedelta(days=30), None),
        ("P-1", "100", "8", today - timedelta(days=60), today - timedelta(days=1)),
    )

    page = world.client("support").get("/customers/C-1/?tab=agreements").content.decode()

    for word in ("另有较新的协议价生效", "今日执行", "尚未开始", "已终止"):
        assert page.count(word) == 1, word
    assert page.index("尚未开始") < page.index("今日执行") < page.index("另有较新的协议价生效")


@pytest.mark.rule("R3.1")
def test_contracts_are_added_ended_and_removed_on_the_page(world, known):
    support, today = world.client("support"), f"{timezone.localdate():%Y-%m-%d}"
    upload = SimpleUploadedFile("合同.exe", b"MZ\x90\x00", content_type="application/pdf")
    contract = {"number": "HT-1", "valid_from": today}
    assert post(support, "add_contract", "C-1", **contract, upload=upload).status_code == 422
    assert post(support, "add_contract", "C-1", **contract).status_code == 302
    made = Contract.objects.get()
    assert post(support, "end_contract", "C-1", made.pk, on=today).status_code == 302
    assert post(support, "remove_contract", "C-1", made.pk).status_code == 302


@pytest.mark.rule("R10.2")
def test_agreed_prices_are_there_for_nobody_without_the_right(world, known):
    agree(world, known, ("P-1", "0", "1234.56", DAY, None))
    for who, sees in (("rep", True), ("finance", True), ("tech", False), ("aftersales", False)):
        client = world.client(who)
        pages = [
            client.get(f"/customers/C-1/?tab={tab}").content.decode()
            for tab in ("agreements", "changes", "overview")
        ]
        assert any("1,234.56" in page or "1234.56" in page for page in pages) is sees, who


@pytest.mark.rule("R3.4")
def test_many_agreements_take_no_more_queries(world, known):
    client, counts = world.client("support"), []
    for codes in (("P-1",), ("P-2", "P-3")):
        for code in codes:
            agree(world, known, (code, "0", "1", DAY, None))
            actions.set_part_numbers(known, rows=[(code, product(world, code))], actor=world.rep)
        client.get("/customers/C-1/?tab=agreements")
        with CaptureQueriesContext(connection) as asked:
            assert client.get("/customers/C-1/?tab=agreements").status_code == 200
        counts.append(len(asked))
    assert counts[0] == counts[1] <= 25
