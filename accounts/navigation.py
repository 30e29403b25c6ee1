"""The sidebar: groups by permission; a count is a duty whose list stands behind the item."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext_lazy as _

from accounts.duties import CAP, DUTY, Counted, count_together, duties_of
from accounts.models import Notice

#: group → (label, URL name, permissions of which one opens it, icon)
ITEMS: tuple[tuple[Any, tuple[tuple[Any, str, tuple[str, ...], str], ...]], ...] = (
    ("", ((_("My work"), "accounts:home", (), "home"),)),
    (
        _("Sales"),
        (
            (_("Orders"), "orders:orders", ("orders.view_salesorder",), "order"),
            (_("Import orders"), "orders:imports", ("orders.import_salesorder",), "upload"),
            (_("Customer memos"), "orders:memos", ("orders.view_memo",), "chat"),
            (_("Quotations"), "orders:quotations", ("orders.view_quotation",), "report"),
            (_("Customers"), "customers:customers", ("customers.view_customer",), "customer"),
            (_("Business support"), "orders:support", ("orders.standardise_salesorder",), "check-circle"),
        ),
    ),
    (
        _("Management"),
        (
            (_("Approvals"), "approvals:inbox", ("approvals.decide_step",), "check-circle"),
            (_("Substitutes"), "accounts:delegations", ("accounts.add_delegation",), "swap"),
        ),
    ),
    (
        _("Operations"),
        (
            (_("Products"), "inventory:products", ("inventory.view_product",), "product"),
            (_("Stock"), "inventory:stock", ("inventory.view_stock",), "stock"),
            (_("Technical"), "orders:technical_queue", ("orders.judge_sample",), "check"),
            (_("Promises"), "orders:promise_queue", ("inventory.accept_productionorder",), "calendar"),
            (_("Production"), "inventory:production", ("inventory.view_productionorder",), "production"),
            (_("Quality"), "inventory:quality", ("inventory.inspect_productionorder",), "quality"),
            (_("Shipments"), "logistics:shipments", ("logistics.view_shipment",), "truck"),
            (_("Warehouse"), "logistics:warehouse", ("logistics.pick_shipment",), "scan"),
        ),
    ),
    (
        _("Finance"),
        (
            (
                _("Finance desk"),
                "invoicing:finance",
                ("invoicing.issue_invoice", "invoicing.record_receipt"),
                "money",
            ),
            (_("Invoices"), "invoicing:invoices", ("invoicing.view_invoice",), "invoice"),
            (_("Receipts"), "invoicing:receipts", ("invoicing.view_receipt",), "money"),
        ),
    ),
    (_("Reports"), ((_("Weekly exceptions"), "reports:weekly", ("reports.view_weekly",), "report"),)),
    (
        _("Settings"),
        (
            (
                _("Authority"),
                "approvals:authority",
                ("approvals.view_authoritylimit", "approvals.change_authoritylimit"),
                "key",
            ),
            (
                _("Parameters"),
                "core:parameters",
                ("core.read_parameter", "core.change_parameter"),
                "settings",
            ),
            (
                _("Exchange rates"),
                "core:rates",
                ("core.view_exchangerate", "core.change_exchangerate"),
                "money",
            ),
            (_("People and lists"), "admin:index", ("accounts.change_user",), "team"),
            (_("Calendar"), "core:calendar", ("core.edit_calendar",), "calendar"),
            (_("Audit"), "core:audit", ("core.read_audit",), "history"),
            (_("Outbox"), "core:outbox", ("core.read_outbox", "core.requeue_message"), "send"),
        ),
    ),
)


class Desk:
    """What waits for the person of this request, counted once, in one query."""

    def __init__(self, request: HttpRequest):
        self.user: Any = request.user
        mine = duties_of(self.user)
        unread = Notice.objects.filter(person=self.user, read_at=None)
        found = count_together([*((each.rows(self.user), each.since) for each in mine), (unread, "")])
        self.unread = found.pop()[0]
        self.counted = [Counted(each, *answer) for each, answer in zip(mine, found, strict=True)]

    def of(self, kind: str) -> list[Counted]:
        """The counted duties of one kind, most urgent first."""
        return [each for each in self.counted if each.duty.kind == kind]


def desk(request: HttpRequest) -> Desk:
    """The desk of this request."""
    if not hasattr(request, "_desk"):
        request._desk = Desk(request)  # type: ignore[attr-defined]
    return request._desk  # type: ignore[attr-defined]


def navigation(request: HttpRequest) -> list[dict[str, Any]]:
    """The groups with at least one page the person may open."""
    counts: dict[str, int] = {}
    for each in desk(request).of(DUTY):
        path = urlsplit(str(each.duty.url)).path
        counts[path] = counts.get(path, 0) + each.count
    groups = [{"label": label, "items": _items(request, items, counts)} for label, items in ITEMS]
    _mark_active(request.path, [item for group in groups for item in group["items"]])
    return [group for group in groups if group["items"]]


def _items(request: HttpRequest, items: Any, counts: dict[str, int]) -> list[dict[str, Any]]:
    found = []
    for label, name, permissions, icon in items:
        if permissions and not any(request.user.has_perm(each) for each in permissions):
            continue
        try:
            url = reverse(name)
        except NoReverseMatch:
            continue
        count = counts.get(url, 0)
        shown = f"{CAP}+" if count > CAP else count
        found.append({"label": label, "url": url, "icon": icon, "count": shown, "active": False})
    return found


def _mark_active(path: str, items: list[dict[str, Any]]) -> None:
    """The item whose address is the longest beginning of this page's."""
    fits = [
        item for item in items if path == item["url"] or (item["url"] != "/" and path.startswith(item["url"]))
    ]
    if fits:
        max(fits, key=lambda item: len(item["url"]))["active"] = True
