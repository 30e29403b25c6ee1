"""What waits for people in orders: for My work and the counts in the sidebar."""

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.duties import FIGURE, WAITING, duty
from approvals.states import StepKind
from orders.models import Memo, Quotation, SalesOrder
from orders.parameters import QUOTATION_WARNS
from orders.states import OrderState

duty(
    "orders.standardise",
    _("Orders to standardise"),
    "orders.standardise_salesorder",
    lambda user: SalesOrder.objects.visible_to(user).to_standardise(),
    "/support/?queue=standardise",
    urgency=20,
    icon="check",
    since="state_since",
)
duty(
    "orders.release",
    _("Orders to release"),
    "orders.release_salesorder",
    lambda user: SalesOrder.objects.visible_to(user).to_release(),
    "/support/?queue=release",
    urgency=22,
    icon="arrow-right",
    since="state_since",
)
duty(
    "orders.confirm",
    _("Order confirmations to send"),
    "orders.confirm_salesorder",
    lambda user: SalesOrder.objects.visible_to(user).to_confirm(),
    "/support/?queue=confirm",
    urgency=30,
    icon="send",
    since="state_since",
)
duty(
    "orders.technical",
    _("Lines to confirm"),
    "orders.judge_sample",
    lambda user: SalesOrder.objects.visible_to(user).waiting_for(StepKind.TECHNICAL),
    "/technical/",
    urgency=18,
    icon="check",
    since="state_since",
)
duty(
    "orders.promise",
    _("Promises to give"),
    "inventory.accept_productionorder",
    lambda user: SalesOrder.objects.visible_to(user).to_promise(),
    "/promises/",
    urgency=18,
    icon="calendar",
)
duty(
    "orders.outstanding",
    _("Confirmations not back"),
    "orders.confirm_salesorder",
    lambda user: SalesOrder.objects.visible_to(user).outstanding(),
    "/support/?queue=outstanding",
    urgency=40,
    icon="clock",
    since="approved_at",
)
duty(
    "orders.outstanding_of_mine",
    _("Your customers have not confirmed"),
    "orders.submit_salesorder",
    lambda user: SalesOrder.objects.visible_to(user).outstanding().filter(owner=user),
    "/orders/?outstanding=true",
    kind=WAITING,
    icon="clock",
    since="approved_at",
)
duty(
    "orders.disputed",
    _("Confirmations answered “not right”"),
    "orders.confirm_salesorder",
    lambda user: SalesOrder.objects.visible_to(user).disputed(),
    "/support/?queue=disputed",
    urgency=12,
    icon="warning",
    since="approved_at",
)
duty(
    "orders.disputed_of_mine",
    _("Your customers say “not right”"),
    "orders.submit_salesorder",
    lambda user: SalesOrder.objects.visible_to(user).disputed().filter(owner=user),
    "/orders/?disputed=true",
    urgency=12,
    icon="warning",
    since="approved_at",
)
duty(
    "orders.questions",
    _("Business support asks"),
    "orders.submit_salesorder",
    lambda user: SalesOrder.objects.visible_to(user).questioned().filter(owner=user),
    "/orders/?questions=true",
    urgency=8,
    icon="chat",
    since="state_since",
)
duty(
    "orders.mend",
    _("Orders returned to mend"),
    "orders.submit_salesorder",
    lambda user: SalesOrder.objects.visible_to(user).to_mend().filter(owner=user),
    "/orders/?state=refused",
    urgency=10,
    icon="edit",
    since="state_since",
)
duty(
    "orders.drafts",
    _("Drafts to finish"),
    "orders.submit_salesorder",
    lambda user: SalesOrder.objects.visible_to(user).filter(state=OrderState.DRAFT, owner=user),
    "/orders/?state=draft",
    urgency=60,
    icon="edit",
    since="state_since",
)
duty(
    "orders.in_review",
    _("Orders under review"),
    "orders.submit_salesorder",
    lambda user: SalesOrder.objects.visible_to(user).filter(state=OrderState.IN_REVIEW, owner=user),
    "/orders/?state=in_review",
    kind=WAITING,
    icon="clock",
    since="state_since",
)
duty(
    "orders.released",
    _("Released orders"),
    "orders.view_salesorder",
    lambda user: SalesOrder.objects.visible_to(user).filter(state=OrderState.RELEASED),
    "/orders/?state=released",
    kind=FIGURE,
    icon="order",
)
duty(
    "orders.memos",
    _("Memos to follow up"),
    "orders.change_memo",
    lambda user: Memo.objects.visible_to(user).open().filter(Q(taken_by=user) | Q(customer__owner=user)),
    "/memos/",
    urgency=40,
    icon="chat",
    since="said_at",
)
duty(
    "orders.quotations_expiring",
    _("Quotations about to expire"),
    "orders.send_quotation",
    lambda user: (
        Quotation.objects.visible_to(user)
        .expiring(on=timezone.localdate(), days=QUOTATION_WARNS.value())
        .filter(owner=user)
    ),
    "/quotations/?expiring=true",
    urgency=40,
    icon="clock",
    since="state_since",
)
