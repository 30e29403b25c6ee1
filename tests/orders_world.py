"""Orders for tests, each brought to its state through the actions."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db.models import F
from django.utils import timezone

from accounts.queries import system_user
from customers.actions import create_customer
from customers.models import Customer
from inventory.actions import create_product, receive_stock, set_price
from inventory.models import PriceList, Product, Warehouse
from invoicing.actions import allocate_receipt, record_receipt
from orders import actions
from orders.actions.confirmation_mail import link_secret
from orders.feasible import lines_to_promise
from orders.models import Quotation, SalesOrder
from orders.terms import asked_before_production
from tests.world import World

PAPER = b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 200]>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"  # noqa: E501


#: Who answers for which department in the joint review of a major or special order.
DEPARTMENTS = {
    "joint_sales": "head",
    "joint_production": "production",
    "joint_logistics": "warehouse",
    "joint_finance": "finance",
    "joint_technical": "tech",
}


def price_list(currency: str = "CNY") -> PriceList:
    """The list price of everything, tax included."""
    return PriceList.objects.get_or_create(
        name=f"Test {currency}", defaults={"currency": currency, "valid_from": date(2020, 1, 1)}
    )[0]


def product(
    world: World, code: str = "BRG-6204", *, price: str = "18.60", stock: int = 0, **fields: Any
) -> Product:
    """A product with its list price, a cost of half of it and so much free stock; the same code again is the
    same product.
    """
    known = Product.objects.filter(code=code).first()
    if known is not None:
        return known
    fields.setdefault("cost", Decimal(price) / 2)
    made = create_product(code=code, name=fields.pop("name", f"轴承 {code}"), actor=world.tech, **fields)
    set_price(made, price_list=price_list(), price=Decimal(price), actor=world.tech)
    if stock:
        warehouse = Warehouse.objects.get_or_create(code="W1", defaults={"name": "成品库"})[0]
        receive_stock(
            product=made,
            warehouse=warehouse,
            quantity=Decimal(stock),
            document="OPENING",
            reason="test",
            actor=world.warehouse,
        )
    return made


def customer(world: World, code: str = "C-1", **fields: Any) -> Customer:
    """A customer of the rep's team with contact and address, prepaid unless fields say otherwise."""
    known = Customer.objects.filter(code=code).first()
    if known is not None:
        return known
    owner = fields.pop("owner", world.rep)
    return create_customer(
        name=fields.pop("name", f"苏州镕鑫精密 {code}"),
        code=code,
        owner=owner,
        team=owner.team,
        email=fields.pop("email", "buyer@customer.example"),
        actor=system_user(),
        contacts=[{"name": "王琳", "phone": "0512-1", "is_default": True}],
        addresses=[{"text": "苏州市星湖街 328 号", "is_default": True}],
        **fields,
    )


def draft_order(
    world: World,
    *,
    of: Customer | None = None,
    lines: tuple[tuple[str, str], ...] = (("BRG-6204", "10"),),
    actor: Any = None,
    **header: Any,
) -> SalesOrder:
    """A complete draft of the rep, still without its source document; lines as (product code, quantity)."""
    order = actions.create_draft(
        customer=of or customer(world),
        actor=actor or world.rep,
        due_on=timezone.localdate() + timedelta(days=14),
        **header,
    )
    for code, _quantity in lines:
        product(world, code)
    rows = [{"product": code, "quantity": Decimal(quantity)} for code, quantity in lines]
    actions.save_lines(order, rows=rows, actor=actor or world.rep)
    return again(order)


def draft_quotation(
    world: World,
    *,
    of: Customer | None = None,
    lines: tuple[tuple[str, str], ...] = (("BRG-6204", "10"),),
    actor: Any = None,
    **header: Any,
) -> Quotation:
    """A complete draft of the rep's quotation; lines as (product code, quantity)."""
    who = actor or world.rep
    quotation = actions.create_quotation(customer=of or customer(world), actor=who, **header)
    for code, _quantity in lines:
        product(world, code)
    rows = [{"product": code, "quantity": Decimal(quantity), "lead_days": 10} for code, quantity in lines]
    actions.save_quotation(quotation, rows=rows, actor=who)
    return Quotation.objects.get(pk=quotation.pk)


def sent_quotation(world: World, **how: Any) -> Quotation:
    """Sent to the customer, in Chinese."""
    quotation = draft_quotation(world, **how)
    who = how.get("actor") or world.rep
    return actions.send_quotation(quotation, to="buyer@customer.example", language="zh-hans", actor=who)


def paper(order: SalesOrder, actor: Any, *, marked: bool = True, purpose: str = "") -> Any:
    """The customer's paper attached, with its confirmation mark."""
    upload = SimpleUploadedFile("客户订单.pdf", PAPER, content_type="application/pdf")
    document = actions.attach_document(order, upload=upload, actor=actor, purpose=purpose)
    if not marked:
        return document
    return actions.record_mark(
        document, mark="seal", marked_by="王琳", marked_on=timezone.localdate(), actor=actor
    )


def submitted_order(world: World, **how: Any) -> SalesOrder:
    """With the rep's paper, handed to business support."""
    order = draft_order(world, **how)
    actor = how.get("actor") or world.rep
    paper(order, actor)
    rule_out(order, actor)
    return actions.submit_order(order, actor=actor)


def rule_out(order: SalesOrder, actor: Any) -> None:
    """Whoever else ordered the same: looked at, and not a duplicate (R1.12)."""
    numbers = [each.number for each in SalesOrder.objects.twins_of(order)]
    if numbers:
        actions.rule_out_duplicates(order, numbers=numbers, reason="Ordered again", actor=actor)


def memo(world: World, *, of: Customer | None = None, actor: Any = None, **noted: Any) -> Any:
    """What a caller said, still to be followed up."""
    said = {"channel": "phone", "caller": "王琳", "phone": "0512-1", "said": "要 20 套轴承，下周到货。"}
    return actions.take_memo(actor=actor or world.rep, **(said | {"customer": of or customer(world)} | noted))


def order_in_review(world: World, *, asked: bool = False, **how: Any) -> SalesOrder:
    """Standardised by `support`; technical and production have answered, unless just `asked`."""
    order = actions.standardise_order(submitted_order(world, **how), actor=world.support)
    return order if asked else confirm_making(world, order)


def confirm_making(world: World, order: SalesOrder) -> SalesOrder:
    """What technical says of lines made to order, and production's written promise (R2.8, R2.9).

    In a major or special order the departments say yes, too (R2.4).
    """
    waiting = {step.kind: step for step in again(order).case.steps.filter(state="open")}
    if "technical" in waiting:
        state_lines(world, order)
    if "production" in waiting:
        promise_lines(world, order)
    for kind, who in DEPARTMENTS.items():
        if kind in waiting:
            order = again(order)
            digest, step = order.case.digest, waiting[kind].pk
            actions.decide_order(
                order,
                step_id=step,
                approve=True,
                digest=digest,
                reason="Nothing stands against it",
                actor=world.people[who],
            )
    return again(order)


def state_lines(world: World, order: SalesOrder, **said: Any) -> SalesOrder:
    """Technical signs every line made to order: makeable, of these materials, unless told otherwise."""
    order = again(order)
    stated = actions.Stated(**{"makeable": True, "materials": "GCr15 轴承钢", **said})
    lines = order.lines.filter(product__supply="make").values_list("pk", flat=True)
    return actions.confirm_technical(
        order, statements=dict.fromkeys(lines, stated), digest=order.case.digest, actor=world.tech
    )


def promise_lines(world: World, order: SalesOrder, *, days: int = 0) -> SalesOrder:
    """Production promises in writing what it makes: on its due date, or so many days later."""
    order = again(order)
    today = timezone.localdate()
    promises = {
        line.pk: actions.Promised(on=max(line.due_on + timedelta(days=days), today))
        for line in lines_to_promise(order)
    }
    return actions.confirm_promises(
        order, promises=promises, digest=order.case.digest, actor=world.production
    )


def promise_after_all(world: World, order: SalesOrder, *, days: int = 0) -> SalesOrder:
    """After the approval production promises every line: on its due date, or so many days later (R2.9)."""
    order = again(order)
    promises = {
        line.pk: actions.Promised(on=line.due_on + timedelta(days=days)) for line in order.lines.all()
    }
    return actions.promise_dates(order, promises=promises, digest=order.case.digest, actor=world.production)


def decide(
    world: World, order: SalesOrder, who: str, *, approve: bool = True, reason: str = ""
) -> SalesOrder:
    """The open step of this person's role decided by them, after technical and production where asked."""
    kinds = {
        "support2": "support",
        "lead": "support",
        "finance": "finance",
        "manager": "manager",
        "manager2": "manager",
        "gm": "general",
    }
    order = confirm_making(world, order)
    step = order.case.steps.get(round=order.case.round, kind=kinds[who])
    return actions.decide_order(
        order,
        step_id=step.pk,
        approve=approve,
        reason=reason,
        digest=order.case.digest,
        actor=world.people[who],
    )


def approved_order(world: World, **how: Any) -> SalesOrder:
    """Every step of the review said yes, the general manager's too where it was needed."""
    order = order_in_review(world, **how)
    manager = "manager" if order.team_id == world.north.pk else "manager2"
    for who in ("support2", "finance", manager):
        decide(world, order, who)
    if again(order).case.steps.filter(kind="general", state="open").exists():
        decide(world, order, "gm")
    return again(order)


def confirm_back(world: World, order: SalesOrder, **how: Any) -> SalesOrder:
    """The customer's confirmation is back, by a recorded call, as `support` wrote it down (R1.10)."""
    sent = order.confirmations.order_by("-issue").first()
    if sent is None:
        sent = actions.send_confirmation(order, language="en", to="a@customer.example", actor=world.support)
    answer = {"right": True, "by": "王琳", "mark": "call", "actor": world.support} | how
    actions.answer_confirmation(sent, **answer)
    return again(order)


def pay(world: World, order: SalesOrder, amount: Decimal | None = None) -> None:
    """Money received and named for the order: what its terms ask before production, unless told otherwise."""
    amount = asked_before_production(order) if amount is None else amount
    if amount:
        money = record_receipt(
            customer=order.customer,
            amount=amount,
            received_on=timezone.localdate(),
            method="transfer",
            payer=order.customer.name,
            actor=world.finance,
        )
        allocate_receipt(money, amount=amount, order=order, actor=world.finance)


def confirmed_order(world: World, *, paid: bool = True, **how: Any) -> SalesOrder:
    """Approved, confirmed by the customer, and what the terms ask before production is in."""
    order = confirm_back(world, approved_order(world, **how))
    if paid:
        pay(world, order)
    return order


def released_order(world: World, **how: Any) -> SalesOrder:
    """Released by `lead`: stock reserved, the rest in production."""
    return actions.release_order(confirmed_order(world, **how), actor=world.lead)


def link_of(order: SalesOrder, issue: int = 1) -> str:
    """Where the customer answers: the link in the confirmation's mail."""
    return f"/confirm/{link_secret(order, issue)}/"


def went_out(order: SalesOrder) -> SalesOrder:
    """The mails of its confirmations left when they were sent."""
    order.confirmations.update(left_at=F("sent_at"))
    return again(order)


def again(order: SalesOrder) -> SalesOrder:
    """The order read anew."""
    return SalesOrder.objects.select_related("customer", "team", "owner", "case").get(pk=order.pk)
