"""The page of one shipment: where it is, whose turn it is, what holds it, who can free it (R9.6)."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from accounts.panels import panel
from approvals.doors import DoorForm, homeless
from approvals.queries import open_steps
from core.documents import latest_document
from core.timeline import timeline
from invoicing import gates as billing
from invoicing.states import InvoiceKind
from logistics import gates
from logistics.figures import weigh
from logistics.forms import DeliverForm, DispatchForm, PackForm
from logistics.models import Shipment
from logistics.queries import CONTENT
from logistics.states import PENDING, ShipmentState

FORMS = {
    ShipmentState.PICKED: ("pack", PackForm, gates.PACK),
    ShipmentState.PACKED: ("dispatch", DispatchForm, gates.DISPATCH),
    ShipmentState.DISPATCHED: ("deliver", DeliverForm, gates.DELIVER),
}
#: Reasons that the form itself does away with.
BY_FORM = frozenset(("packages_are_counted", "carriage_is_complete", "receipt_is_signed"))


def shipment_page(
    request: HttpRequest,
    number: str,
    *,
    refused: dict[str, Any] | None = None,
    form: forms.Form | None = None,
    status: int = 200,
    seen: QuerySet[Shipment] | None = None,
    typed: DoorForm | None = None,
) -> HttpResponse:
    """The whole page, read anew through `seen` (what the person may see); a refusal on top, if given."""
    shipment = _read(Shipment.objects.visible_to(request.user) if seen is None else seen, number)
    user = request.user
    inside = "customer" not in user.roles
    context: dict[str, Any] = {
        "shipment": shipment,
        "order": shipment.order,
        "lines": shipment.lines.all(),
        "steps": stepper(shipment),
        "crumbs": _crumbs(shipment),
        "refused": refused,
        "inside": inside,
        "files": _files(shipment),
        "next_form": _next_form(shipment, user, form),
        "may_see_credit": user.has_perm("customers.view_credit"),
    }
    if inside:
        context |= _inside(shipment, user, typed)
    return render(request, "logistics/shipment.html", context, status=status)


def stepper(shipment: Shipment) -> list[dict[str, Any]]:
    """The flow of R5.9, with when each step was reached and how long it took."""
    signed = shipment.case.state_since if shipment.case and shipment.case.state == "approved" else None
    reached = [
        (_("Requested"), shipment.created_at),
        (_("Signed"), signed),
        (pgettext("shipment", "Released"), shipment.released_at),
        (_("Picked"), shipment.picked_at),
        (_("Packed"), shipment.packed_at),
        (_("In transit"), shipment.dispatched_at),
        (_("Delivered"), shipment.delivered_at),
    ]
    halted = shipment.state in (ShipmentState.REFUSED, ShipmentState.CANCELLED)
    steps, before, current = [], None, True
    for label, at in reached:
        if at:
            state = "done"
        elif current:
            state, current = "blocked" if halted else "current", False
        else:
            state = "todo"
        steps.append(
            {"label": label, "state": state, "at": at, "dwell": at - before if at and before else None}
        )
        before = at or before
    return steps


def _read(seen: QuerySet[Shipment], number: str) -> Shipment:
    rows = seen.select_related(
        "order__customer", "order__owner", "order__team", "team", "case__team", "carrier", "requested_by",
        "delivery_note__file", "receipt_file",
    )  # fmt: skip
    return get_object_or_404(rows.prefetch_related(*CONTENT), number=number)


def _inside(shipment: Shipment, user: Any, typed: DoorForm | None) -> dict[str, Any]:
    """What only the house sees: sign-offs, gates, figures, revenue, history."""
    release = None
    if shipment.state == ShipmentState.REQUESTED:
        shipment.weighed = weigh(shipment)
        release = _panel(gates.RELEASE, shipment, user)
    decides = user.has_perm("approvals.decide_step")
    found = open_steps(shipment.case, user, typed=typed) if decides else []
    doors = [each for each in found if each["approve"]["open"]]
    return {
        "sign_offs": gates.sign_offs(shipment),
        "doors": doors,
        "kept": homeless(typed, doors),
        "release": release,
        "figures": getattr(shipment, "weighed", None),
        "actions": _actions(shipment, user, release),
        "dialogs": _dialogs(shipment, user),
        "invoices": shipment.invoices.order_by("pk"),
        "confirm": _confirm(shipment, user),
        "kinds": InvoiceKind.choices,
        "events": timeline(shipment.thread, reader=user, subject=shipment.number),
    }


def _panel(gate: Any, shipment: Shipment, user: Any) -> dict[str, Any]:
    url = reverse(f"logistics:{gate.transition}", args=[shipment.number])
    return panel(gate, shipment, user, team=shipment.team, verb_url=url)


def _actions(shipment: Shipment, user: Any, release: dict[str, Any] | None) -> list[dict[str, Any]]:
    """The steps that are one click, as buttons; a closed one says why."""
    found = []
    for gate, tone, icon in ((gates.RELEASE, "primary", "unlock"), (gates.PICK, "primary", "stock")):
        if gate.applies(shipment) and user.has_perm(gate.permission):
            url = reverse(f"logistics:{gate.transition}", args=[shipment.number])
            found.append(
                {
                    "label": gate.label,
                    "url": url,
                    "tone": tone,
                    "icon": icon,
                    "version": shipment.version,
                    "panel": release or _panel(gate, shipment, user),
                }
            )
    if gates.REQUEST_AGAIN.applies(shipment) and user.has_perm(gates.REQUEST_AGAIN.permission):
        url = reverse("logistics:request_again", args=[shipment.number])
        found.append({"label": gates.REQUEST_AGAIN.label, "url": url, "icon": "refresh", "link": True})
    if gates.CANCEL.applies(shipment) and user.has_perm(gates.CANCEL.permission):
        found.append(
            {"label": gates.CANCEL.label, "tone": "quiet", "icon": "cross", "dialog": "cancel-shipment"}
        )
    return found


def _dialogs(shipment: Shipment, user: Any) -> list[dict[str, Any]]:
    if not (gates.CANCEL.applies(shipment) and user.has_perm(gates.CANCEL.permission)):
        return []
    return [
        {
            "id": "cancel-shipment",
            "title": _("Cancel shipment %(number)s?") % {"number": shipment.number},
            "consequence": _("Its sign-offs end, and its quantities, stock and credit are free for others."),
            "url": reverse("logistics:cancel", args=[shipment.number]),
            "verb_label": _("Cancel the shipment"),
            "tone": "danger",
            "version": shipment.version,
            "reason": "required",
        }
    ]


def _next_form(shipment: Shipment, user: Any, form: forms.Form | None) -> dict[str, Any] | None:
    """The step that asks for something: its form when the gate is open, else why not."""
    if shipment.state not in FORMS:
        return None
    verb, form_class, gate = FORMS[shipment.state]
    if not user.has_perm(gate.permission):
        return None
    own_click = verb == "deliver" and gates.is_of_customer(shipment, user)
    shown = _panel(gate, shipment, user)
    missing = [each for each in gate.reasons(shipment, user) if each.key not in BY_FORM]
    return {
        "verb": verb,
        "label": gate.label,
        "url": reverse(f"logistics:{verb}", args=[shipment.number]),
        "form": None if own_click else form or form_class(),
        "panel": shown,
        "open": not missing,
        "own_click": own_click,
    }


def _confirm(shipment: Shipment, user: Any) -> dict[str, Any] | None:
    """Revenue can be confirmed as soon as the goods have left (R6.1)."""
    if shipment.state in PENDING or not user.has_perm(billing.CONFIRM.permission):
        return None
    if not billing.CONFIRM.applies(shipment):
        return None
    return panel(billing.CONFIRM, shipment, user, team=shipment.team)


def _files(shipment: Shipment) -> list[dict[str, Any]]:
    found = []
    note = shipment.delivery_note
    if note is None and shipment.delivery_note_number:
        note = latest_document("delivery_note", number=shipment.delivery_note_number)
    if note is not None and note.is_rendered:
        found.append(
            {
                "name": note.file.name,
                "kind": _("Delivery note"),
                "size": note.file.size,
                "at": note.rendered_at,
                "url": reverse("logistics:delivery_note", args=[shipment.number]),
            }
        )
    receipt = shipment.receipt_file
    if receipt is not None:
        found.append(
            {
                "name": receipt.name,
                "kind": _("Signed receipt"),
                "size": receipt.size,
                "at": receipt.uploaded_at,
                "url": reverse("logistics:receipt", args=[shipment.number]),
            }
        )
    return found


def _crumbs(shipment: Shipment) -> list[dict[str, Any]]:
    return [
        {"label": _("Shipments"), "url": reverse("logistics:shipments")},
        {"label": shipment.order.number, "url": shipment.order.get_absolute_url()},
    ]
