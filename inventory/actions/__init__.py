"""The verbs of products, stock, requirements and production."""

from inventory.actions.overdue import tell_overdue
from inventory.actions.production import (
    NewProduction,
    accept_production,
    inspect_production,
    issue_production_order,
    issue_production_orders,
    report_production,
)
from inventory.actions.products import FIELDS as PRODUCT_FIELDS
from inventory.actions.products import (
    create_product,
    import_products,
    set_price,
    set_substitutes,
    update_product,
)
from inventory.actions.stock import (
    free_reservation,
    receive_stock,
    reserve,
    reserve_all,
    take_all_for_dispatch,
    take_for_dispatch,
)
from inventory.actions.supply import NewRequirement, create_requirement, create_requirements

__all__ = [
    "PRODUCT_FIELDS",
    "NewProduction",
    "NewRequirement",
    "accept_production",
    "create_product",
    "create_requirement",
    "create_requirements",
    "free_reservation",
    "import_products",
    "inspect_production",
    "issue_production_order",
    "issue_production_orders",
    "receive_stock",
    "report_production",
    "reserve",
    "reserve_all",
    "set_price",
    "set_substitutes",
    "take_all_for_dispatch",
    "take_for_dispatch",
    "tell_overdue",
    "update_product",
]
