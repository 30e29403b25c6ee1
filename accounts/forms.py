"""Forms of people's own pages."""

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.roles import ROLES
from approvals.states import StepKind
from core.fields import ModelChoice, MomentField, MoneyField, Text
from core.showing import listed


class SubstituteChoice(ModelChoice):
    """People with what they do and where: two may be called alike, and a substitute is chosen by office."""

    def label_from_instance(self, person: User) -> str:
        roles = [str(ROLES[each.name]) for each in person.groups.all() if each.name in ROLES]
        places = [str(person.team)] if person.team_id else []
        return " · ".join([str(person), *([listed(roles)] if roles else []), *places])


class DelegationForm(forms.Form):
    """Who stands in, from when until when, and why."""

    substitute = SubstituteChoice(queryset=User.objects.none(), label=_("Substitute"))
    starts_at = MomentField(label=_("From"))
    ends_at = MomentField(label=_("Until"))
    kinds = forms.MultipleChoiceField(
        label=_("Only these decisions"),
        choices=StepKind.choices,
        required=False,
        help_text=_("None chosen: all that are yours."),
        widget=forms.CheckboxSelectMultiple,
    )
    ceiling = MoneyField(label=_("Only up to the amount"), required=False)
    reason = Text(label=_("Reason"), max_length=200)

    def __init__(self, *args, giver: User, **kwargs):
        super().__init__(*args, **kwargs)
        deciding = User.objects.filter(
            groups__permissions__codename="decide_step", is_active=True, is_system=False
        )
        self.fields["substitute"].queryset = (
            deciding.exclude(pk=giver.pk)
            .select_related("team")
            .prefetch_related("groups")
            .distinct()
            .order_by("display_name", "pk")
        )
        for name in ("starts_at", "ends_at"):
            self.fields[name].widget = forms.DateTimeInput(
                attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"
            )


class PreferencesForm(forms.ModelForm):
    """How the person wants to read and be told."""

    class Meta:
        model = User
        fields = ["language", "theme", "density", "mails_notices"]
