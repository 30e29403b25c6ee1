"""Gates of the sales order's transitions."""

from django.utils.translation import gettext_lazy as _

from core.rules import Gate
from orders.gates.confirmation import confirmation_is_back
from orders.gates.content import (
    REP,
    SUPPORT,
    channel_is_said,
    class_has_its_reason,
    confirmation_mark_is_recorded,
    customer_is_not_blocked,
    demanded_attachments_are_there,
    header_is_complete,
    lines_are_complete,
    products_are_sold,
    source_document_is_attached,
    totals_are_the_sum,
    verbal_order_rests_on_a_memo,
    what_was_typed_is_read,
)
from orders.gates.duplicates import duplicates_are_ruled_out
from orders.gates.feasibility import conditions_are_closed, what_is_made_is_promised
from orders.gates.freight import freight_is_charged_to_its_bearer
from orders.gates.money import (
    currency_is_the_accounts,
    every_line_is_shipped,
    exposure_is_covered,
    exposure_needs_a_yes,
    money_asked_first_is_in,
    terms_make_sense,
    what_is_invoiced_is_paid,
    what_is_shipped_is_invoiced,
)
from orders.gates.review import (
    a_step_said_no,
    actor_asked_for_it,
    actor_did_not_enter_it,
    approval_covers_the_content,
    every_step_said_yes,
    no_question_is_open,
    standard_lines_are_complete,
    standardised_content_is_unchanged,
)
from orders.states import EDITABLE, OrderState

EDIT = Gate(
    transition="edit",
    number="R2.11",
    permission="orders.change_salesorder",
    states=EDITABLE,
    roles=REP,
    label=_("Edit"),
)
ATTACH = Gate(
    transition="attach_document",
    number="R1.1",
    permission="orders.change_salesorder",
    states=tuple(state for state in OrderState if state != OrderState.CANCELLED),
    roles=REP,
    label=_("Attach"),
)
SUBMIT = Gate(
    transition="submit",
    number="R1.1",
    permission="orders.submit_salesorder",
    states=(OrderState.DRAFT, OrderState.REFUSED),
    rules=(
        source_document_is_attached,
        confirmation_mark_is_recorded,
        channel_is_said,
        verbal_order_rests_on_a_memo,
        what_was_typed_is_read,
        header_is_complete,
        lines_are_complete,
        demanded_attachments_are_there,
        class_has_its_reason,
        terms_make_sense,
        currency_is_the_accounts,
        freight_is_charged_to_its_bearer,
        totals_are_the_sum,
        customer_is_not_blocked,
        products_are_sold,
        duplicates_are_ruled_out,
    ),
    roles=REP,
    label=_("Submit"),
)
STANDARDISE = Gate(
    transition="standardise",
    number="R1.9",
    permission="orders.standardise_salesorder",
    states=(OrderState.SUBMITTED,),
    rules=(
        standard_lines_are_complete,
        totals_are_the_sum,
        no_question_is_open,
        customer_is_not_blocked,
        products_are_sold,
    ),
    people=(actor_did_not_enter_it,),
    roles=SUPPORT,
    label=_("Standardise"),
)
STANDARDISE_EDIT = Gate(
    transition="standardise_lines",
    number="R1.9",
    permission="orders.standardise_salesorder",
    states=(OrderState.SUBMITTED,),
    people=(actor_did_not_enter_it,),
    roles=SUPPORT,
    label=_("Change the standard lines"),
)
RESUME = Gate(
    transition="resume",
    number="R2.11",
    permission="orders.standardise_salesorder",
    states=(OrderState.SUBMITTED,),
    rules=(
        standardised_content_is_unchanged,
        totals_are_the_sum,
        no_question_is_open,
        customer_is_not_blocked,
        products_are_sold,
    ),
    roles=SUPPORT,
    label=_("Go on with the review"),
)
OBJECT = Gate(
    transition="object",
    number="R1.9",
    permission="orders.submit_salesorder",
    states=(OrderState.SUBMITTED, OrderState.IN_REVIEW),
    people=(actor_asked_for_it,),
    roles=REP,
    label=_("Object"),
)
ASK = Gate(
    transition="ask_question",
    number="R1.9",
    permission="orders.standardise_salesorder",
    states=(OrderState.SUBMITTED,),
    people=(actor_did_not_enter_it,),
    roles=SUPPORT,
    label=_("Ask the rep"),
)
ANSWER = Gate(
    transition="answer_question",
    number="R1.9",
    permission="orders.submit_salesorder",
    states=(OrderState.SUBMITTED, OrderState.REFUSED, OrderState.DRAFT),
    roles=REP,
    label=_("Answer"),
)
TAKE_BACK_QUESTION = Gate(
    transition="withdraw_question",
    number="R1.9",
    permission="orders.standardise_salesorder",
    states=(OrderState.SUBMITTED, OrderState.REFUSED, OrderState.DRAFT),
    roles=SUPPORT,
    label=_("Take the question back"),
)
RETURN = Gate(
    transition="return_to_rep",
    number="R2.11",
    permission="orders.standardise_salesorder",
    states=(OrderState.SUBMITTED,),
    people=(actor_did_not_enter_it,),
    roles=SUPPORT,
    label=_("Return to the rep"),
)
APPROVE = Gate(
    transition="approve",
    number="R2.1",
    permission="approvals.decide_step",
    states=(OrderState.IN_REVIEW,),
    rules=(
        every_step_said_yes,
        approval_covers_the_content,
        currency_is_the_accounts,
        exposure_is_covered,
    ),
    people=(actor_did_not_enter_it,),
    roles=("sales_manager", "general_manager"),
    label=_("Approve"),
)
REFUSE = Gate(
    transition="refuse",
    number="R2.11",
    permission="approvals.decide_step",
    states=(OrderState.IN_REVIEW,),
    rules=(a_step_said_no,),
    people=(actor_did_not_enter_it,),
    roles=("sales_manager", "general_manager"),
    label=_("Refuse"),
)
WITHDRAW = Gate(
    transition="withdraw",
    number="R2.11",
    permission="orders.submit_salesorder",
    states=(OrderState.SUBMITTED, OrderState.IN_REVIEW),
    people=(actor_asked_for_it,),
    roles=REP,
    label=_("Withdraw"),
)
RELEASE = Gate(
    transition="release",
    number="R2.1",
    permission="orders.release_salesorder",
    states=(OrderState.APPROVED,),
    rules=(
        every_step_said_yes,
        approval_covers_the_content,
        conditions_are_closed,
        what_is_made_is_promised,
        confirmation_is_back,
        money_asked_first_is_in,
        currency_is_the_accounts,
        exposure_is_covered,
        customer_is_not_blocked,
    ),
    people=(actor_did_not_enter_it,),
    roles=SUPPORT,
    label=_("Release"),
)
WEIGH_AGAIN = Gate(
    transition="weigh_again",
    number="R2.6",
    permission="orders.release_salesorder",
    states=(OrderState.APPROVED,),
    rules=(exposure_needs_a_yes,),
    roles=SUPPORT,
    label=_("Have the credit decided on"),
)
SETTLE = Gate(
    transition="settle",
    number="R6.10",
    permission="invoicing.record_receipt",
    states=(OrderState.RELEASED,),
    rules=(every_line_is_shipped, what_is_shipped_is_invoiced, what_is_invoiced_is_paid),
    roles=("finance",),
    label=_("Settle"),
)
REOPEN = Gate(
    transition="reopen",
    number="R2.11",
    permission="orders.change_salesorder",
    states=(OrderState.APPROVED,),
    roles=(*REP, *SUPPORT),
    label=_("Open it again for changes"),
)
CANCEL = Gate(
    transition="cancel",
    number="R7.7",
    permission="orders.cancel_salesorder",
    states=(
        OrderState.DRAFT,
        OrderState.SUBMITTED,
        OrderState.IN_REVIEW,
        OrderState.REFUSED,
        OrderState.APPROVED,
    ),
    roles=REP,
    label=_("Cancel"),
)
