"""Forms of approval."""

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from core.fields import DateField, LongText, ModelChoice, MoneyField, Percent, WholeNumber


class AuthorityForm(forms.Form):
    """One manager's limits, or every manager's."""

    person = ModelChoice(
        queryset=User.objects.none(),
        required=False,
        label=_("Manager"),
        empty_label=_("Every manager"),
    )
    max_amount = MoneyField(label=_("Order amount up to"), min_value=0)
    max_discount = Percent(label=_("Discount up to, %"))
    max_deviation = Percent(label=_("Price deviation up to, %"))
    min_margin = Percent(label=_("Margin at least, %"))
    max_payment_days = WholeNumber(label=_("Payment days up to"), min_value=0, max_value=730)
    may_exceed_credit = forms.BooleanField(
        label=_("May approve beyond the customer's credit"), required=False
    )
    effective_from = DateField(label=_("Effective from"), initial=timezone.localdate)
    reason = LongText(label=_("Reason"), max_length=500)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        managers = User.objects.filter(groups__name="sales_manager", is_active=True)
        self.fields["person"].queryset = managers.order_by("display_name")
