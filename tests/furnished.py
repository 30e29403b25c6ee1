"""A company with something in every state, and the table of the pages on which the order walks.

`furnish(world, rows)` makes so many of everything, each order with so many lines, all through the actions.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.urls import reverse
from django.utils import timezone

from core.jobs import tick
from customers import actions as papers
from inventory.models import ProductionOrder
from invoicing.models import Invoice, Receipt
from logistics import actions as yard
from logistics.models import Shipment
from orders.models import Memo, Quotation, SalesOrder
from tests import orders_world as desk
from tests import shipping_world as shipping
from tests.world import World


@dataclass
class Things:
    """The first of each kind."""

    draft: SalesOrder
    submitted: SalesOrder
    in_review: SalesOrder
    approved: SalesOrder
    released: SalesOrder
    production: ProductionOrder
    requested: Shipment
    let_go: Shipment
    packed: Shipment
    dispatched: Shipment
    invoice_request: Invoice
    invoice: Invoice
    receipt: Receipt
    memo: Memo
    to_make: SalesOrder
    offer_draft: Quotation
    offer: Quotation
    offer_revised: Quotation
    week: str = ""

    @property
    def customer(self):
        """Whose orders they are."""
        return self.released.customer

    @property
    def change(self):
        """What is asked to change of the customer."""
        return self.customer.changes.get()

    @property
    def product(self):
        """What they are about."""
        return self.released.lines.first().product


def furnish(world: World, rows: int = 1) -> Things:
    """So many of everything; the first of each."""
    customer = shipping.credit_customer(world, 50_000_000, "C-ALL")
    for number in range(1, rows):
        desk.customer(world, f"C-MORE-{number}")
    made = [_one_of_each(world, customer, rows) for _each in range(rows)]
    _agree(world, customer, rows)
    tick()
    return made[0]


def _agree(world: World, customer: Any, rows: int) -> None:
    """So many contracts, agreed prices and part numbers of the customer, and a change that waits."""
    today = timezone.localdate()
    for place in range(rows):
        product = desk.product(world, f"P-{place}")
        papers.add_contract(customer, number=f"HT-{place}", valid_from=today, actor=world.support)
        agreed = {"product": product, "price": Decimal("18.60"), "valid_from": today}
        papers.add_agreements(customer, rows=[agreed], actor=world.support)
        papers.set_part_numbers(customer, rows=[(f"X-{place}", product)], actor=world.rep)
    papers.ask_change(customer, changes={"credit_days": 45}, reason="年度授信", actor=world.rep)


def _one_of_each(world: World, customer: Any, count: int) -> Things:
    lines = tuple((f"P-{place}", "10") for place in range(count))
    to_make = tuple((f"MAKE-{place}", "10") for place in range(count))
    for code, _quantity in lines:
        desk.product(world, code, stock=100_000)
    made_to_order = tuple((f"ORDERED-{place}", "10") for place in range(count))
    for code, _quantity in made_to_order:
        desk.product(world, code, supply="make")
    order = {"of": customer, "lines": lines}
    released = desk.released_order(world, of=customer, lines=to_make)
    dispatched = shipping.dispatched_shipment(world, **order, quantities={1: Decimal(4)})
    asked = shipping.invoice_request(world, dispatched, amount=Decimal(10))
    issued = shipping.issued_invoice(world, dispatched, amount=Decimal(10))
    picked = yard.pick_shipment(shipping.released_shipment(world, **order), actor=world.warehouse)
    money = shipping.receipt(world, 1000, of=customer)
    draft = desk.draft_order(world, **order)
    desk.paper(draft, world.rep)
    approved = desk.approved_order(world, **order)
    return Things(
        draft=draft,
        submitted=desk.submitted_order(world, **order),
        in_review=desk.order_in_review(world, **order),
        approved=approved,
        released=released,
        production=ProductionOrder.objects.get(requirement=released.lines.first().requirement),
        requested=shipping.requested_shipment(world, **order),
        let_go=shipping.released_shipment(world, **order),
        packed=yard.pack_shipment(picked, packages=2, actor=world.warehouse),
        dispatched=dispatched,
        invoice_request=asked,
        invoice=issued,
        receipt=money,
        memo=desk.memo(world, of=customer),
        to_make=desk.order_in_review(world, asked=True, of=customer, lines=made_to_order),
        offer_draft=desk.draft_quotation(world, **order),
        offer=desk.sent_quotation(world, **order),
        offer_revised=desk.actions.revise_quotation(desk.sent_quotation(world, **order), actor=world.rep),
    )


#: URL name, who opens it, the thing that it is about; a list has none.
PAGES: tuple[tuple[str, str, str], ...] = (
    ("accounts:home", "rep", ""),
    ("accounts:home", "support", ""),
    ("accounts:home", "manager", ""),
    ("accounts:home", "gm", ""),
    ("accounts:home", "finance", ""),
    ("accounts:home", "production", ""),
    ("accounts:home", "warehouse", ""),
    ("accounts:inbox", "rep", ""),
    ("accounts:me", "rep", ""),
    ("accounts:search", "rep", ""),
    ("accounts:delegations", "manager", ""),
    ("approvals:inbox", "support2", ""),
    ("approvals:inbox", "finance", ""),
    ("approvals:conditions", "tech", ""),
    ("approvals:questions", "rep", ""),
    ("approvals:authority", "gm", ""),
    ("orders:orders", "rep", ""),
    ("orders:new", "rep", ""),
    ("orders:imports", "rep", ""),
    ("orders:support", "support", ""),
    ("orders:memos", "rep", ""),
    ("orders:new_memo", "rep", ""),
    ("orders:memo", "rep", "memo"),
    ("orders:twins", "rep", "draft"),
    ("orders:technical_queue", "tech", ""),
    ("orders:promise_queue", "production", ""),
    ("orders:technical", "tech", "to_make"),
    ("orders:promise", "production", "to_make"),
    ("orders:edit", "rep", "draft"),
    ("orders:live_check", "rep", "draft"),
    ("orders:order", "rep", "draft"),
    ("orders:order", "support", "submitted"),
    ("orders:standardise", "support", "submitted"),
    ("orders:order", "manager", "in_review"),
    ("orders:order", "support2", "in_review"),
    ("orders:order", "lead", "approved"),
    ("orders:order", "rep", "released"),
    ("orders:order", "gm", "released"),
    ("orders:quotations", "rep", ""),
    ("orders:quotation_new", "rep", ""),
    ("orders:quotation_edit", "rep", "offer_draft"),
    ("orders:quotation", "rep", "offer_draft"),
    ("orders:quotation", "rep", "offer"),
    ("orders:quotation", "finance", "offer"),
    ("orders:quotation_changes", "rep", "offer_revised"),
    ("logistics:request", "rep", "released"),
    ("logistics:shipments", "support", ""),
    ("logistics:shipment", "rep", "requested"),
    ("logistics:shipment", "finance", "requested"),
    ("logistics:shipment", "support", "let_go"),
    ("logistics:shipment", "warehouse", "packed"),
    ("logistics:shipment", "support", "dispatched"),
    ("logistics:warehouse", "warehouse", ""),
    ("inventory:products", "rep", ""),
    ("inventory:product", "rep", "product"),
    ("inventory:product_new", "tech", ""),
    ("inventory:product_edit", "tech", "product"),
    ("inventory:stock", "warehouse", ""),
    ("inventory:receive", "warehouse", ""),
    ("inventory:correct", "warehouse", ""),
    ("inventory:overdue", "rep", ""),
    ("inventory:production", "production", ""),
    ("inventory:production_order", "production", "production"),
    ("inventory:production_order", "quality", "production"),
    ("inventory:quality", "quality", ""),
    ("customers:customers", "rep", ""),
    ("customers:customer", "finance", "customer"),
    ("customers:new", "rep", ""),
    ("customers:edit", "manager", "customer"),
    ("customers:ask", "rep", "customer"),
    ("customers:change", "finance", "change"),
    ("customers:classes", "finance", ""),
    ("customers:transfer", "manager", "customer"),
    ("invoicing:invoices", "finance", ""),
    ("invoicing:invoice", "finance", "invoice_request"),
    ("invoicing:invoice", "rep", "invoice"),
    ("invoicing:receipts", "finance", ""),
    ("invoicing:new_receipt", "finance", ""),
    ("invoicing:receipt", "finance", "receipt"),
    ("invoicing:finance", "finance", ""),
    ("invoicing:uninvoiced", "support", ""),
    ("reports:weekly", "gm", ""),
    ("core:parameters", "admin", ""),
    ("core:rates", "finance", ""),
    ("core:calendar", "admin", ""),
    ("core:audit", "gm", ""),
    ("core:outbox", "admin", ""),
)


def address(name: str, thing: Any = None) -> str:
    """The page's address."""
    if thing is None:
        return reverse(name)
    if name == "customers:change":
        return thing.get_absolute_url()
    if isinstance(thing, Quotation):
        return reverse(name, args=[thing.number, thing.issue])
    key = getattr(thing, "request_number", None) or getattr(thing, "number", None) or thing.code
    return reverse(name, args=[key])
