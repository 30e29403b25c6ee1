"""What the demo's people ask and answer: support's question, the customer's yes and "not right"."""

from __future__ import annotations

from django.core.files.uploadedfile import SimpleUploadedFile

from accounts.queries import system_user
from orders.actions import answer_confirmation, ask_question
from orders.states import MarkKind
from reports.demo.orders import PACE, Walk
from reports.demo.paper import page


def question(trip: Walk) -> None:
    """Business support asks the rep what the customer's words leave open."""
    with trip.story.later(PACE):
        order = trip.again()
        text = "客户写的是“两面胶盖”，是 2RS 还是 2RZ？"
        ask_question(order, text=text, line=order.lines.first(), actor=trip.people["support"])


def confirm(trip: Walk) -> None:
    """The customer's answer to the order confirmation is back, signed."""
    with trip.story.later(PACE):
        sent = trip.again().confirmations.get()
        answer_confirmation(
            sent,
            right=True,
            by=trip.order.contact_name,
            mark=MarkKind.SIGNATURE,
            upload=SimpleUploadedFile("确认书签回.pdf", page([f"CONFIRMED {trip.order.number}"])),
            actor=trip.people["support"],
        )


def dispute(trip: Walk) -> None:
    """The customer answers by the link that something is not right."""
    with trip.story.later(PACE):
        sent = trip.again().confirmations.get()
        answer_confirmation(
            sent,
            right=False,
            by=trip.order.contact_name,
            words="第一行的交期请提前一周，合同写的是月初。",
            actor=system_user(),
        )
