"""Rules and gates of the bulk import of orders: checked as often as one likes, taken whole, once (R1.13)."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core.rules import Facts, Gate, rule
from orders.gates.content import REP
from orders.states import ImportState

IMPORT = "orders.import_salesorder"
NO_COLUMN = _("No column is named as: %(column)s.")
NO_CUSTOMER = _("No column is named as: %(column)s. Name one, or write whose orders they are.")


@rule("R1.13", NO_COLUMN)
def columns_are_named(batch) -> list[Facts]:
    page = f"{batch.get_absolute_url()}#columns"
    return [
        {
            "column": label,
            "_field": name,
            "_next_step": page,
            "_text": NO_CUSTOMER if name == "customer" else NO_COLUMN,
        }
        for name, label in batch.unnamed_columns()
    ]


@rule("R1.13", _("The file has %(count)s bad cells. Mend them here or in the file."))
def every_cell_is_good(batch) -> Facts | None:
    if not batch.problem_count:
        return None
    return {"count": batch.problem_count, "_next_step": f"{batch.get_absolute_url()}#problems"}


@rule("R1.1", _("Name the customer: a file of several customers is no customer’s own order."))
def own_order_has_its_customer(wish) -> Facts | None:
    return {"_field": "is_source"} if wish.is_source and wish.customer is None else None


@rule("R1.13", _("Every order of the file is already here. There is nothing to take in."))
def something_is_new(batch) -> Facts | None:
    return {} if not batch.problem_count and not batch.order_count else None


@rule("R1.13", _("The file was already taken in."))
def file_was_not_taken(batch) -> Facts | None:
    return {} if batch.twins_taken() else None


@rule("R10.2", _("Your role does not open this step."), opened_by=REP)
def actor_may_import(_customer, actor) -> Facts | None:
    return None if actor.is_active and actor.has_perm(IMPORT) else {}


@rule("R10.2", _("Only who brought the file works on it."))
def actor_brought_it(batch, actor) -> Facts | None:
    return None if actor.pk == batch.uploaded_by_id else {"_people": (batch.uploaded_by_id,)}


def _gate(transition, states, label, *rules) -> Gate:
    return Gate(
        transition=transition,
        number="R1.13",
        permission=IMPORT,
        states=states,
        rules=rules,
        people=(actor_brought_it,),
        roles=REP,
        label=label,
    )


OPEN = (ImportState.UPLOADED, ImportState.CHECKED, ImportState.FAILED)
RUNNING = (ImportState.CHECKING, ImportState.TAKING)
NAME_COLUMNS = _gate("name_columns", OPEN, _("Name the columns"))
CHECK_IMPORT = _gate("check", OPEN, pgettext_lazy("import", "Check"), columns_are_named, file_was_not_taken)
REPORT_IMPORT = _gate("report", RUNNING, _("Report"))
TAKE_IMPORT = _gate(
    "take",
    (ImportState.CHECKED,),
    _("Take in"),
    columns_are_named,
    every_cell_is_good,
    something_is_new,
    file_was_not_taken,
)
FINISH_IMPORT = _gate(
    "finish", (ImportState.TAKING,), _("Finish"), every_cell_is_good, something_is_new, file_was_not_taken
)
FAIL_IMPORT = Gate(
    transition="fail", number="R1.13", permission=IMPORT, states=RUNNING, roles=REP, label=_("Give up")
)
DISCARD_IMPORT = _gate("discard", OPEN, pgettext_lazy("import", "Discard"))
