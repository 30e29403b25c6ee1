"""States of an invoice; kinds of invoice and of money."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from orders.states import OrderState


class InvoiceState(models.TextChoices):
    REQUESTED = "requested", _("Invoice asked for")  # business support confirmed the revenue (R6.1)
    ISSUED = "issued", pgettext_lazy("invoice", "Issued")  # numbered, posted, never edited again (R6.12)
    PAID = "paid", _("Paid")
    WITHDRAWN = "withdrawn", _("Withdrawn")  # the request, before it was issued


class InvoiceKind(models.TextChoices):
    SPECIAL = "special", _("VAT special invoice")
    ORDINARY = "ordinary", _("VAT ordinary invoice")


class PaymentMethod(models.TextChoices):
    TRANSFER = "transfer", _("Bank transfer")
    CASH = "cash", _("Cash")
    ALIPAY = "alipay", _("Alipay")
    WECHAT = "wechat", _("WeChat Pay")
    BILL = "bill", _("Bill of exchange")
    CARD = "card", _("Card")


#: Money can be named for an order in these states, for an invoice in those.
ORDER_TAKES_MONEY = (OrderState.APPROVED, OrderState.RELEASED)
INVOICE_TAKES_MONEY = (InvoiceState.ISSUED,)
#: Numbered and posted.
POSTED = (InvoiceState.ISSUED, InvoiceState.PAID)
BADGE = {
    InvoiceState.REQUESTED: "pending",
    InvoiceState.ISSUED: "approved",
    InvoiceState.PAID: "done",
    InvoiceState.WITHDRAWN: "cancelled",
}
