"""Who may open what: the fifteen roles and their permissions, in one place (R10.2).

A permission opens a page or a verb. Which orders, shipments and approvals are theirs is decided object by
object: team, customer, grant of a step, delegation. `manage.py sync_roles` makes the groups match this table.
"""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

ROLES = {
    "sales_rep": _("Sales rep"),
    "sales_manager": _("Sales manager"),
    "sales_head": _("Sales head"),
    "general_manager": _("General manager"),
    "business_support": _("Business support"),
    "support_lead": _("Support lead"),
    "technical": pgettext_lazy("role", "Technical"),
    "production": pgettext_lazy("role", "Production"),
    "quality": pgettext_lazy("role", "Quality"),
    "warehouse": pgettext_lazy("role", "Warehouse"),
    "purchasing": pgettext_lazy("role", "Purchasing"),
    "finance": pgettext_lazy("role", "Finance"),
    "after_sales": pgettext_lazy("role", "After-sales"),
    "customer": _("Customer"),
    "administrator": _("Administrator"),
}
#: Roles that see every team's objects; the others see their own team's or their own customers'.
COMPANY_WIDE = frozenset(ROLES) - {"sales_rep", "sales_manager", "customer", "administrator"}

_GOODS = (
    "inventory.view_product",
    "inventory.view_stock",
    "inventory.view_requirement",
    "inventory.view_productionorder",
)
_FOLLOWS = (
    "customers.view_customer",
    "inventory.view_product",
    "orders.view_salesorder",
    "logistics.view_shipment",
)
_MEMOS = ("orders.view_memo", "orders.add_memo", "orders.change_memo")
_PRICES = ("inventory.view_pricelist", "inventory.view_pricelistitem")
_AGREED = ("customers.view_contract", "customers.view_priceagreement")
_AGREES = ("customers.change_contract", "customers.change_priceagreement", "customers.change_partnumber")
_BILLS = ("invoicing.view_invoice", "invoicing.view_receipt")
_RATES = ("core.view_exchangerate", "core.change_exchangerate")
_KEPT_BY_HAND = tuple(
    f"{app}.{verb}_{name}"
    for app, name in (
        ("inventory", "warehouse"),
        ("inventory", "productcategory"),
        ("inventory", "pricelist"),
        ("logistics", "carrier"),
    )
    for verb in ("view", "add", "change")
)
_DECIDES = (
    "approvals.decide_step",
    "approvals.view_case",
    "approvals.view_step",
    "approvals.close_condition",
    "accounts.view_delegation",
    "accounts.add_delegation",
)
_QUOTES = (
    "orders.view_quotation",
    "orders.add_quotation",
    "orders.change_quotation",
    "orders.send_quotation",
)
_ENTERS = (
    *_MEMOS,
    *_QUOTES,
    "orders.add_salesorder",
    "orders.change_salesorder",
    "orders.submit_salesorder",
    "orders.cancel_salesorder",
    "orders.import_salesorder",
    "approvals.open_case",
    "logistics.request_shipment",
    "customers.add_customer",
    "customers.change_customer",
    "customers.ask_change",
    "customers.change_partnumber",
    *_AGREED,
)
_SUPPORTS = (
    *_MEMOS,
    *_FOLLOWS,
    *_GOODS,
    *_PRICES,
    *_BILLS,
    *_DECIDES,
    *_QUOTES,
    "approvals.open_case",
    "customers.add_customer",
    "customers.change_customer",
    "customers.view_credit",
    "customers.ask_change",
    *_AGREED,
    *_AGREES,
    "orders.add_salesorder",
    "orders.change_salesorder",
    "orders.submit_salesorder",
    "orders.standardise_salesorder",
    "orders.confirm_salesorder",
    "orders.answer_confirmation",
    "orders.release_salesorder",
    "orders.import_salesorder",
    "inventory.add_productionorder",
    "logistics.request_shipment",
    "logistics.release_shipment",
    "logistics.deliver_shipment",
    "logistics.cancel_shipment",
    "invoicing.confirm_revenue",
    "reports.view_weekly",
)

MATRIX: dict[str, tuple[str, ...]] = {
    "sales_rep": (*_FOLLOWS, *_GOODS, *_PRICES, *_BILLS, *_ENTERS, "approvals.close_condition"),
    "sales_manager": (
        *_FOLLOWS,
        *_GOODS,
        *_PRICES,
        *_BILLS,
        *_ENTERS,
        *_DECIDES,
        "customers.view_credit",
        "customers.transfer_customer",
        *_AGREES,
        "inventory.view_cost",
        "reports.view_weekly",
    ),
    "sales_head": (
        *_FOLLOWS,
        "orders.view_quotation",
        *_GOODS,
        *_PRICES,
        *_BILLS,
        *_DECIDES,
        "customers.view_credit",
        *_AGREED,
        "inventory.view_cost",
        "reports.view_weekly",
    ),
    "general_manager": (
        *_FOLLOWS,
        "orders.view_quotation",
        *_GOODS,
        *_PRICES,
        *_BILLS,
        *_DECIDES,
        "customers.view_credit",
        "customers.ask_change",
        "customers.transfer_customer",
        *_AGREED,
        "inventory.view_cost",
        "core.view_exchangerate",
        "approvals.view_authoritylimit",
        "approvals.change_authoritylimit",
        "reports.view_weekly",
        "core.read_audit",
        "core.read_parameter",
    ),
    "business_support": _SUPPORTS,
    "support_lead": (*_SUPPORTS, "orders.cancel_salesorder", "core.read_audit"),
    "technical": (
        *_DECIDES,
        *_FOLLOWS,
        *_GOODS,
        *_PRICES,
        "orders.judge_sample",
        "inventory.add_product",
        "inventory.change_product",
        "inventory.change_pricelistitem",
    ),
    "production": (
        *_DECIDES,
        *_GOODS,
        "orders.view_salesorder",
        "inventory.accept_productionorder",
        "inventory.report_productionorder",
    ),
    "quality": (
        *_GOODS,
        "approvals.close_condition",
        "orders.view_salesorder",
        "inventory.inspect_productionorder",
    ),
    "warehouse": (
        *_DECIDES,
        *_GOODS,
        "orders.view_salesorder",
        "logistics.view_shipment",
        "logistics.pick_shipment",
        "logistics.dispatch_shipment",
        "logistics.deliver_shipment",
        "inventory.add_stockmovement",
    ),
    "purchasing": (
        *_GOODS,
        "approvals.close_condition",
        *_PRICES,
        "orders.view_salesorder",
        "inventory.view_cost",
    ),
    "finance": (
        *_FOLLOWS,
        "orders.view_quotation",
        *_PRICES,
        *_BILLS,
        *_DECIDES,
        "customers.view_credit",
        "customers.ask_change",
        "customers.change_customer",
        *_AGREED,
        *_AGREES,
        "inventory.view_cost",
        *_RATES,
        "invoicing.issue_invoice",
        "invoicing.record_receipt",
        "reports.view_weekly",
    ),
    "after_sales": (*_FOLLOWS, "approvals.close_condition", "invoicing.view_invoice"),
    "customer": (
        "orders.view_salesorder",
        "orders.answer_confirmation",
        "logistics.view_shipment",
        "logistics.deliver_shipment",
        "invoicing.view_invoice",
    ),
    "administrator": (
        "accounts.view_user",
        "accounts.add_user",
        "accounts.change_user",
        "accounts.view_team",
        "accounts.add_team",
        "accounts.change_team",
        "auth.view_group",
        *_KEPT_BY_HAND,
        *_RATES,
        "core.read_audit",
        "core.edit_calendar",
        "core.read_parameter",
        "core.change_parameter",
        "core.read_outbox",
        "core.requeue_message",
    ),
}


def permissions_of(role: str) -> frozenset[str]:
    """The permissions of one role, as "app.codename"."""
    return frozenset(MATRIX[role])
