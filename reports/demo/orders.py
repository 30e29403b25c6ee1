"""The demo's orders: each walks its own way through the house and stops in one of its states."""

from __future__ import annotations

import random
from datetime import datetime, timedelta
from decimal import Decimal

from django.utils import timezone

from accounts.models import User
from approvals.states import JOINT, ROLE_OF, StepKind, StepState
from core.files import store_bytes
from customers.models import Customer, PaymentTerms
from inventory.actions import accept_production, inspect_production, report_production
from inventory.models import Product, ProductionOrder, Requirement
from invoicing.actions import allocate_receipt, confirm_revenue, issue_invoice, record_receipt
from invoicing.models import Invoice
from invoicing.states import InvoiceKind, PaymentMethod
from logistics.actions import (
    decide_shipment,
    deliver_shipment,
    dispatch_shipment,
    pack_shipment,
    pick_shipment,
    release_shipment,
    request_shipment,
)
from logistics.models import Carrier, Shipment
from orders.actions import (
    Promised,
    Stated,
    attach_document,
    cancel_order,
    confirm_promises,
    confirm_technical,
    create_draft,
    decide_order,
    record_mark,
    release_order,
    rule_out_duplicates,
    save_lines,
    standardise_order,
    submit_order,
    take_memo,
)
from orders.actions.confirmation_mail import note_left
from orders.feasible import is_made_to_order
from orders.gates.content import VERBAL
from orders.models import SalesOrder
from orders.states import MarkKind, OrderClass
from orders.terms import asked_before_production
from reports.demo.opinions import OPINIONS
from reports.demo.paper import customers_order
from reports.demo.timeline import Story

People = dict[str, User]
PACE = 1.5  # working hours between two steps


class Walk:
    """One order on its way: each method is one person's step, at the order's own time."""

    def __init__(
        self, people: People, customer: Customer, start: datetime, due_days: int, dice: random.Random
    ):
        self.people, self.customer, self.dice = people, customer, dice
        self.story = Story(start, timezone.now())
        self.rep = customer.owner
        self.due_on = (start + timedelta(days=due_days)).date()
        self.order: SalesOrder

    def draft(self, products: list[Product], *, large: bool = False) -> None:
        """The rep types the order and attaches the customer's paper."""
        urgent = self.dice.random() < 0.12
        with self.story.later(0):
            self.order = create_draft(
                customer=self.customer,
                actor=self.rep,
                channel=self.customer.channel,
                customer_order_number=f"PO-{self.dice.randrange(10000, 99999)}",
                klass=OrderClass.URGENT if urgent else OrderClass.NORMAL,
                class_reason="客户生产线停机待料" if urgent else "",
                due_on=self.due_on,
            )
            if self.order.channel in VERBAL:
                self._note(products)
            save_lines(self.order, rows=self._rows(products, large), actor=self.rep, own=True)

    def _note(self, products: list[Product]) -> None:
        """What was said on the phone or at the visit (R1.2)."""
        take_memo(
            order=self.order,
            actor=self.rep,
            channel=self.order.channel,
            caller=self.order.contact_name,
            phone=self.order.contact_phone,
            said_at=self.story.moment,
            said=f"要订 {products[0].name} 等，{self.due_on:%m-%d} 前到货，书面订单随后传来。",
        )

    def paper(self) -> None:
        """The customer's own order, sealed, is on file (R1.1), with what its products demand."""
        with self.story.later(0.3):
            self.again()
            stored = store_bytes(
                customers_order(self.order), name=f"{self.order.customer_order_number}.pdf", actor=self.rep
            )
            document = attach_document(self.order, actor=self.rep, stored=stored)
            record_mark(
                document,
                mark=MarkKind.SEAL,
                marked_by=self.order.contact_name,
                marked_on=self.story.moment.date(),
                actor=self.rep,
            )
            for purpose in self._demanded():
                plan = store_bytes(customers_order(self.order), name=f"{purpose}.pdf", actor=self.rep)
                attach_document(self.order, actor=self.rep, stored=plan, purpose=purpose)

    def submit(self) -> None:
        """The rep submits."""
        with self.story.later(0.3):
            order = self.again()
            twins = [each.number for each in SalesOrder.objects.twins_of(order)]
            if twins:
                reason = "客户确认为追加订单"
                rule_out_duplicates(order, numbers=twins, reason=reason, actor=self.rep)
            submit_order(order, actor=self.rep)

    def standardise(self) -> None:
        """Business support makes it the standard order."""
        with self.story.later(PACE):
            standardise_order(self.again(), actor=self.people["support"])

    def decide(self, kind: StepKind, *, approve: bool = True, reason: str = "") -> None:
        """The step of this kind is decided by the person whose it is; nothing if it is not open."""
        with self.story.later(PACE):
            case = self.again().case
            step = case.steps.filter(kind=kind, round=case.round, state=StepState.OPEN).first()
            if step is not None:
                decide_order(
                    self.order,
                    step_id=step.pk,
                    approve=approve,
                    reason=reason,
                    digest=case.digest,
                    actor=self._decider(kind),
                )

    def state_lines(self, *, changed: bool = False) -> None:
        """Technical signs every line; where the process changes, a sample is tried first."""
        with self.story.later(PACE):
            case = self.again().case
            lines = self.order.lines.select_related("product")
            trial = "按新配方试制两件，测尺寸与温升" if changed else ""
            said = {
                line.pk: Stated(
                    makeable=True, materials=_materials(line.product), process_changed=changed, trial=trial
                )
                for line in lines
                if is_made_to_order(line)
            }
            confirm_technical(self.order, statements=said, digest=case.digest, actor=self.people["tech"])

    def confirm_making(self) -> None:
        """Technical signs, production promises its dates, the departments look: each where asked."""
        case = self.again().case
        asked = set(case.steps.filter(round=case.round, state="open").values_list("kind", flat=True))
        if StepKind.TECHNICAL in asked:
            self.state_lines()
        if StepKind.PRODUCTION in asked:
            with self.story.later(PACE):
                today, lead = timezone.localdate(), self.people["production"]
                days = {each.pk: Promised(on=max(each.due_on, today)) for each in self.order.lines.all()}
                confirm_promises(self.order, promises=days, digest=case.digest, actor=lead)
        for kind in (each for each in JOINT if each in asked):
            self.decide(kind, reason=OPINIONS[kind])

    def approve(self) -> None:
        """Everybody says yes."""
        self.confirm_making()
        for kind in (StepKind.SUPPORT, StepKind.FINANCE, StepKind.MANAGER, StepKind.GENERAL):
            self.decide(kind)
        with self.story.later(0):
            for sent in self.again().confirmations.filter(left_at=None):
                note_left(sent)  # no mail leaves the demo

    def release(self) -> None:
        """Deposit in where the terms ask for one, then the order is released."""
        if self.customer.payment_terms in (PaymentTerms.DEPOSIT, PaymentTerms.PREPAID):
            self.pay(asked_before_production(self.order))
        with self.story.later(PACE):
            release_order(self.again(), actor=self.people["support"])

    def make(self, *, halfway: bool = False) -> None:
        """Production accepts, makes, quality passes."""
        for made in ProductionOrder.objects.filter(requirement__order_line__order=self.order).order_by("pk"):
            with self.story.later(PACE):
                accept_production(made, promised_on=made.due_on, actor=self.people["production"])
            if halfway:
                continue
            with self.story.days_later(2):
                made = ProductionOrder.objects.get(pk=made.pk)
                report_production(made, quantity=made.quantity, actor=self.people["production"])
            with self.story.later(PACE):
                made = ProductionOrder.objects.get(pk=made.pk)
                inspect_production(
                    made,
                    passed=made.quantity,
                    rejected=Decimal(0),
                    quantity_ok=True,
                    appearance_ok=True,
                    packaging_ok=True,
                    label_ok=True,
                    reason="",
                    actor=self.people["quality"],
                )

    def request(self) -> Shipment:
        """The rep asks for everything that is finished to leave."""
        with self.story.later(PACE):
            ready = Requirement.objects.filter(order_line__order=self.order, finished_on_hand__gt=0)
            quantities = {
                each.order_line.pk: each.finished_on_hand for each in ready.select_related("order_line")
            }
            wanted_on = max(self.due_on, self.story.moment.date())
            return request_shipment(self.again(), quantities=quantities, wanted_on=wanted_on, actor=self.rep)

    def sign(self, shipment: Shipment) -> None:
        """Everybody whose signature the release needs, signs; then it is released."""
        for kind in (StepKind.FINANCE, StepKind.SUPPORT, StepKind.MANAGER, StepKind.HEAD, StepKind.GENERAL):
            with self.story.later(PACE):
                case = Shipment.objects.get(pk=shipment.pk).case
                step = case.steps.filter(kind=kind, round=case.round, state=StepState.OPEN).first()
                if step is not None:
                    decide_shipment(
                        shipment, step_id=step.pk, approve=True, digest=case.digest, actor=self._decider(kind)
                    )
        with self.story.later(PACE):
            release_shipment(Shipment.objects.get(pk=shipment.pk), actor=self.people["support"])

    def pick(self, shipment: Shipment) -> Shipment:
        """The warehouse takes the goods from the shelf."""
        with self.story.later(PACE):
            pick_shipment(Shipment.objects.get(pk=shipment.pk), actor=self.people["warehouse"])
        return shipment

    def pack(self, shipment: Shipment) -> Shipment:
        """Packed and labelled."""
        storeman = self.people["warehouse"]
        self.pick(shipment)
        with self.story.later(PACE):
            pack_shipment(
                Shipment.objects.get(pk=shipment.pk), packages=self.dice.randrange(1, 9), actor=storeman
            )
        return shipment

    def leave(self, shipment: Shipment) -> None:
        """Dispatched, picked and packed before."""
        storeman = self.people["warehouse"]
        self.pack(shipment)
        with self.story.later(PACE):
            dispatch_shipment(
                Shipment.objects.get(pk=shipment.pk),
                carrier=Carrier.objects.order_by("code").first(),
                waybill=f"DPK{self.dice.randrange(10**11, 10**12)}",
                expected_on=self.story.moment.date() + timedelta(days=3),
                actor=storeman,
            )

    def arrive(self, shipment: Shipment) -> None:
        """The signed receipt is back."""
        with self.story.days_later(3):
            receipt = store_bytes(
                customers_order(self.order),
                name=f"{shipment.number}-回单.pdf",
                actor=self.people["warehouse"],
            )
            deliver_shipment(
                Shipment.objects.get(pk=shipment.pk),
                received_by=self.order.contact_name,
                receipt=receipt,
                actor=self.people["warehouse"],
            )

    def ask_for_invoice(self, shipment: Shipment) -> Invoice:
        """Business support confirms the revenue."""
        with self.story.later(PACE):
            return confirm_revenue(
                Shipment.objects.get(pk=shipment.pk), kind=InvoiceKind.SPECIAL, actor=self.people["support"]
            )

    def invoice(self, shipment: Shipment) -> None:
        """Finance issues what business support asked for."""
        asked = self.ask_for_invoice(shipment)
        with self.story.later(PACE):
            issue_invoice(asked, actor=self.people["finance"])

    def pay(self, amount: Decimal) -> None:
        """The customer's money is in, named for the order."""
        with self.story.later(PACE):
            receipt = record_receipt(
                customer=self.customer,
                amount=amount,
                received_on=self.story.moment.date(),
                method=PaymentMethod.TRANSFER,
                payer=self.customer.name,
                reference=f"TT{self.dice.randrange(10**9, 10**10)}",
                actor=self.people["finance"],
            )
            allocate_receipt(receipt, amount=amount, order=self.again(), actor=self.people["finance"])

    def settle(self, shipment: Shipment) -> None:
        """What is still owed for the invoice comes in."""
        invoice = shipment.invoices.get()
        if invoice.open_amount:
            self._pay_invoice(invoice)

    def cancel(self) -> None:
        """The customer thinks again before release."""
        with self.story.later(PACE):
            cancel_order(self.again(), reason="客户项目延期，取消订单", actor=self.rep)

    def _pay_invoice(self, invoice) -> None:
        with self.story.days_later(5):
            receipt = record_receipt(
                customer=self.customer,
                amount=invoice.open_amount,
                received_on=self.story.moment.date(),
                method=PaymentMethod.TRANSFER,
                payer=self.customer.name,
                reference=f"TT{self.dice.randrange(10**9, 10**10)}",
                actor=self.people["finance"],
            )
            allocate_receipt(receipt, amount=receipt.amount, invoice=invoice, actor=self.people["finance"])

    def again(self) -> SalesOrder:
        self.order = SalesOrder.objects.get(pk=self.order.pk)
        return self.order

    def _decider(self, kind: StepKind) -> User:
        if kind == StepKind.MANAGER:
            return self.customer.team.manager
        return self.people[
            {
                "business_support": "support2",
                "finance": "finance",
                "sales_head": "head",
                "general_manager": "gm",
                "technical": "tech",
                "production": "production",
                "warehouse": "warehouse",
            }[ROLE_OF[kind]]
        ]

    def _demanded(self) -> set[str]:
        lines = self.order.lines.select_related("product__category")
        return {each for line in lines for each in line.product.category.demanded_attachments}

    def _rows(self, products: list[Product], large: bool) -> list[dict]:
        rows = []
        for product in self.dice.sample(products, self.dice.randrange(1, 5)):
            price = product.prices.all()[0].price
            wanted = Decimal(150_000 if large else self.dice.randrange(1_500, 9_000)) / max(price, Decimal(1))
            rows.append(
                {
                    "product": product,
                    "quantity": max(Decimal(1), Decimal(int(wanted))),
                    "discount_percent": Decimal(self.dice.choice([0, 0, 0, 3, 5])),
                    "due_on": self.due_on,
                    "customer_words": "" if len(rows) % 2 else f"{product.name}，型号同上批",
                }
            )
        return rows


def _materials(product: Product) -> str:
    """What technical states of a product's raw materials."""
    return f"{product.specification or product.name}：主材按图纸，附材质证明；辅料按现行配方"
