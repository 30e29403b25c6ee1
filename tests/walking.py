"""The walk of one order by its people, each step on the page where it stands, and its figures.

Every step returns the page that answered, so that a test can look at a refusal as well as at a success.
"""

from __future__ import annotations

import uuid
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.apps import apps
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from core.jobs import tick
from customers.models import CreditAccount, Customer
from inventory.models import Product, ProductionOrder, Stock
from invoicing.models import Invoice, Receipt
from logistics.models import Shipment
from orders.models import SalesOrder
from tests import orders_world, shipping_world
from tests.walker import Page, Person
from tests.world import World

PAPER = orders_world.PAPER


def pdf(name: str) -> SimpleUploadedFile:
    """A small paper as somebody scanned it."""
    return SimpleUploadedFile(name, PAPER, content_type="application/pdf")


class Walk:
    """The model company with a customer on credit and two products: one in stock, one to be made."""

    def __init__(self, *, limit: int = 20_000, language: str = "en", stock: int = 60):
        self.world = World()
        self.language = language
        self.bearing: Product = orders_world.product(
            self.world, "BRG-6204", name="深沟球轴承 6204-2RS", name_en="Ball bearing", stock=stock
        )
        self.motor: Product = orders_world.product(
            self.world, "MTR-Y2", name="三相异步电动机", price="1250", specification="Y2-90L-4 1.5kW"
        )
        self.customer: Customer = shipping_world.credit_customer(self.world, limit, "C-WALK")
        self.carrier = shipping_world.carrier()
        self.persons: dict[str, Person] = {}

    def __call__(self, name: str) -> Person:
        """The person, signed in."""
        if name not in self.persons:
            self.persons[name] = Person(name, self.language)
        return self.persons[name]

    # ------------------------------------------------------------------ the order

    def enter(self, rows: list[dict[str, str]], *, who: str = "rep", **header: Any) -> SalesOrder:
        """A draft with these rows, typed one after the other, and the header."""
        page = self(who).open("/orders/new/").send("/orders/new/", customer=self.customer.code)
        self.fill(page, rows, **{"channel": "email", **header})
        return SalesOrder.objects.latest("pk")

    def fill(self, page: Page, rows: list[dict[str, str]], **header: Any) -> Page:
        """The draft's page with the header and these rows, one after the other; a suggestion is taken."""
        due = header.pop("due_on", timezone.localdate() + timedelta(days=14))
        page = page.send("/edit/", due_on=due.isoformat(), add_row="1", **header)
        for place, row in enumerate(rows):
            typed = {f"lines-{place}-{cell}": value for cell, value in row.items()}
            last = place == len(rows) - 1
            page = page.send("/edit/", **typed, **({} if last else {"add_row": "1"}))
            assert page.status == 200, page.text[:900]
            for suggestion in page.form("/edit/").choices.get("suggest", []):
                page = page.send("/edit/", suggest=suggestion)
                break
        return page

    def attach(self, order: SalesOrder, *, who: str = "rep") -> Page:
        """The customer's paper, then its confirmation mark."""
        page = self.page(who, order).send("/attach/", file=pdf("客户订单 PO-8841.pdf"))
        return page.send("/mark/", mark="seal", marked_by="王琳", marked_on=timezone.localdate().isoformat())

    def submit(self, order: SalesOrder, *, who: str = "rep") -> Page:
        return self.page(who, order).send(f"/{order.number}/submit/")

    def standardise(self, order: SalesOrder, *, who: str = "support") -> Page:
        page = self(who).open(f"{order.get_absolute_url()}standardise/")
        return page.send("/standardise/", checked=page.form("/standardise/").choices["checked"])

    def decide(
        self, noun: Any, who: str, *, approve: bool = True, reason: str = "", kind: str = "", **fields: str
    ) -> Page:
        """The person's step on this order or shipment, found in the approval inbox."""
        inbox = self(who).open("/approvals/")
        kind = kind or KINDS[who]
        step = noun.case.steps.filter(round=noun.case.round, state="open", kind=kind).get()
        assert f"step={step.pk}" in inbox.html, f"{who} does not find {noun} in the inbox: {inbox.text[:600]}"
        page = self(who).open(f"/approvals/?step={step.pk}")
        if approve:
            if kind.startswith("joint_"):
                fields.setdefault("opinion", "Nothing stands against it")
            return page.send(f"/{noun.number}/decide/", having={"decision": "approve"}, **fields)
        return page.send(f"/{noun.number}/decide/", having={"decision": "refuse"}, reason=reason)

    def approve(self, order: SalesOrder, *names: str) -> None:
        """One yes after the other; before them technical and production sign on their pages, where asked."""
        self.confirm_making(order)
        for who in names:
            page = self.decide(again(order), who)
            assert page.status == 200, page.text[:900]

    def confirm_making(self, order: SalesOrder) -> None:
        """What technical signs of lines made to order, and production's promise in writing, as offered."""
        waiting = set(again(order).case.steps.filter(state="open").values_list("kind", flat=True))
        if "technical" in waiting:
            page = self("tech").open(f"{order.get_absolute_url()}technical/")
            pks = order.lines.filter(product__supply="make").values_list("pk", flat=True)
            said = {
                f"line-{pk}-{name}": value
                for pk in pks
                for name, value in (("verdict", "yes"), ("materials", "GCr15 轴承钢"))
            }
            page = page.send("/technical/sign/", **said)
            assert page.status == 200, page.text[:900]
        if "production" in waiting:
            page = self("production").open(f"{order.get_absolute_url()}promise/").send("/promise/sign/")
            assert page.status == 200, page.text[:900]

    def confirm(self, order: SalesOrder, language: str = "zh-hans", *, who: str = "support") -> Page:
        return self.page(who, order).send("/confirm/", language=language, to="buyer@customer.example")

    def answer(self, order: SalesOrder, *, who: str = "support", **fields: Any) -> Page:
        """The signed confirmation is back, and business support records it."""
        known = {"answer": "right", "mark": "call", "by": "王琳"}
        return self.page(who, order).send("/record-answer/", **(known | fields))

    def release(self, order: SalesOrder, *, who: str = "lead") -> Page:
        """Released; the customer's answer is recorded first where it is still out."""
        if self.page("support", order).has_form("/record-answer/"):
            self.answer(order)
        return self.page(who, order).send(f"/{order.number}/release/")

    def to_approved(self, rows: list[dict[str, str]], *names: str, **header: Any) -> SalesOrder:
        """Entered, submitted, standardised, and decided by these people."""
        order = self.enter(rows, **header)
        self.attach(order)
        self.submit(order)
        self.standardise(order)
        self.approve(order, *(names or ("support2", "finance", "manager")))
        return again(order)

    # ------------------------------------------------------------------ production

    def make(self, order: ProductionOrder) -> None:
        """Accepted and made by production, passed by quality."""
        url = f"/production/{order.number}/"
        page = self("production").open(url).send("/accept/")
        assert page.status == 200, page.text[:900]
        page = self("production").open(url).send("/report/", quantity=plain(order.quantity))
        assert page.status == 200, page.text[:900]
        checks = dict.fromkeys(("quantity_ok", "appearance_ok", "packaging_ok", "label_ok"), "on")
        page = self("quality").open(url).send("/inspect/", passed=plain(order.quantity), **checks)
        assert page.status == 200, page.text[:900]

    # ------------------------------------------------------------------ the shipment

    def ask(self, order: SalesOrder, quantities: dict[int, str], *, who: str = "rep", **fields: Any) -> Page:
        """A shipment of so much of each line, by position; the other lines stay."""
        page = self(who).open(f"{order.get_absolute_url()}ship/")
        wanted = {
            f"quantity-{line.pk}": quantities.get(line.position, "")
            for line in order.lines.all()
            if f"quantity-{line.pk}" in page.form("/ship/").names
        }
        return page.send("/ship/", **wanted, **fields)

    def sign(self, shipment: Shipment, *names: str) -> None:
        """The sign-offs, in their order."""
        for who in names:
            page = self.decide(shipment_again(shipment), who)
            assert page.status == 200, page.text[:900]

    def let_go(self, shipment: Shipment, *, who: str = "support") -> Page:
        return self.page(who, shipment).send(f"/{shipment.number}/release/")

    def pick(self, shipment: Shipment) -> Page:
        return self("warehouse").open("/warehouse/").send(f"/{shipment.number}/pick/")

    def pack(self, shipment: Shipment, packages: int = 2) -> Page:
        page = self("warehouse").open("/warehouse/")
        return page.send(f"/{shipment.number}/pack/", packages=str(packages))

    def dispatch(self, shipment: Shipment, waybill: str = "SF1234567890") -> Page:
        expected = timezone.localdate() + timedelta(days=2)
        return self.page("warehouse", shipment).send(
            "/dispatch/", carrier=str(self.carrier.pk), waybill=waybill, expected_on=expected.isoformat()
        )

    def deliver(self, shipment: Shipment) -> Page:
        return self.page("warehouse", shipment).send(
            "/deliver/", received_by="王琳", receipt=pdf("到货回单.pdf")
        )

    def to_dispatched(self, order: SalesOrder, quantities: dict[int, str], *signers: str) -> Shipment:
        """Asked for, signed, released, picked, packed and gone."""
        self.ask(order, quantities)
        shipment = Shipment.objects.latest("pk")
        self.sign(shipment, *(signers or ("finance", "support2", "manager", "head")))
        self.let_go(shipment)
        self.pick(shipment)
        self.pack(shipment)
        self.dispatch(shipment)
        return shipment_again(shipment)

    # ------------------------------------------------------------------ the money

    def revenue(self, shipment: Shipment, *, who: str = "support", **fields: str) -> Page:
        return self.page(who, shipment).send(f"/{shipment.number}/invoice/", **fields)

    def issue(self, invoice: Invoice, *, who: str = "finance") -> Page:
        return self.page(who, invoice).send("/issue/")

    def receive(self, amount: str, *, who: str = "finance", **fields: str) -> Page:
        """Money by bank transfer from the customer."""
        known = {"customer": str(self.customer.pk), "method": "transfer", "payer": self.customer.name}
        return self(who).open("/receipts/new/").send("/receipts/new/", amount=amount, **(known | fields))

    def allocate(self, receipt: Receipt, amount: str, *, who: str = "finance", **target: str) -> Page:
        """So much of it for an order or an invoice, by number."""
        return self.page(who, receipt).send("/allocate/", having=target, amount=amount)

    def weekly(self, who: str) -> Page:
        """The weekly exceptions as somebody reads them now."""
        return Person(who, self.language).open("/reports/weekly/")

    def weekly_paper(self, who: str) -> bytes:
        """The same on paper, once it is frozen."""
        page = self.weekly(who)
        if page.has_form("/freeze/"):
            page = page.send("/freeze/")
            tick()
        week = page.url.partition("?week=")[2]
        return page.person.open(f"/reports/weekly/{week}/pdf/").content

    # ------------------------------------------------------------------ reading

    def force(self, who: str, url: str, **content: Any) -> Page:
        """A post that no page offers, with a form key of its own."""
        return self(who).post(url, {"form_key": str(uuid.uuid4()), **content})

    def page(self, who: str, noun: Any) -> Page:
        """The noun's page as this person sees it."""
        return self(who).open(noun.get_absolute_url())

    def stock(self, product: Product) -> tuple[Decimal, Decimal]:
        """On hand and promised, over all warehouses."""
        rows = Stock.objects.filter(product=product)
        return sum((row.on_hand for row in rows), Decimal(0)), sum((row.reserved for row in rows), Decimal(0))

    def credit(self) -> tuple[Decimal, ...]:
        """Ordered, of it released, shipped, invoiced, received: the five parts of the exposure."""
        account = CreditAccount.objects.get(customer=self.customer)
        return account.ordered, account.released, account.shipped, account.invoiced, account.received


#: Whose step is of which kind.
KINDS = {
    "support": "support",
    "support2": "support",
    "lead": "support",
    "finance": "finance",
    "manager": "manager",
    "head": "head",
    "gm": "general",
}


def money(*amounts: str) -> tuple[Decimal, ...]:
    """The credit account's parts as they should be."""
    return tuple(Decimal(amount) for amount in amounts)


def plain(quantity: Decimal) -> str:
    """As a person types it."""
    return f"{quantity.normalize():f}"


def again(order: SalesOrder) -> SalesOrder:
    """The order read anew."""
    return orders_world.again(order)


def shipment_again(shipment: Shipment) -> Shipment:
    """The shipment read anew."""
    return shipping_world.again(shipment)


def lines_of(order: SalesOrder) -> list[tuple[str, Decimal, Decimal | None]]:
    """Product, quantity and price of each line."""
    return [(line.product.code, line.quantity, line.price) for line in order.lines.order_by("position")]


def open_quantities(order: SalesOrder) -> list[Decimal]:
    """What is neither shipped nor cancelled, line by line."""
    return [line.open_quantity for line in order.lines.order_by("position")]


def everything() -> dict[str, list[tuple]]:
    """Every row of the house's own tables: equal before and after, when nothing was changed."""
    apps_of_the_house = (
        "accounts",
        "approvals",
        "inventory",
        "customers",
        "orders",
        "logistics",
        "invoicing",
    )
    models = [
        model for name in (*apps_of_the_house, "core") for model in apps.get_app_config(name).get_models()
    ]
    passing = {"last_login", "language"}  # signing in for the test sets both
    return {
        model._meta.label: list(
            model._base_manager.order_by("pk").values_list(
                *(each.attname for each in model._meta.concrete_fields if each.name not in passing)
            )
        )
        for model in models
    }


def in_days(days: int) -> date:
    """So many days from today."""
    return timezone.localdate() + timedelta(days=days)
