"""Limits are replaced by others of the same day without being overwritten; one row of a day counts."""

from django.db import migrations, models
from django.db.models import Q

#: name → whom the row is for, and the fields that make it the only one.
ONCE = {
    "authority_of_person_in_team_once": (
        {"person__isnull": False, "team__isnull": False},
        ["person", "team", "category", "effective_from"],
    ),
    "authority_of_person_once": (
        {"person__isnull": False, "team": None},
        ["person", "category", "effective_from"],
    ),
    "authority_of_role_in_team_once": (
        {"person": None, "team__isnull": False},
        ["role", "team", "category", "effective_from"],
    ),
    "authority_of_role_once": ({"person": None, "team": None}, ["role", "category", "effective_from"]),
}


def forget_the_replaced(apps, _schema_editor):
    """Going back, only the row that counts of each day can stay."""
    apps.get_model("approvals", "AuthorityLimit").objects.exclude(replaced_at=None).delete()


class Migration(migrations.Migration):
    dependencies = [("approvals", "0005_rounds_opened_with_their_first_step")]

    operations = [
        *(migrations.RemoveConstraint(model_name="authoritylimit", name=name) for name in ONCE),
        migrations.AddField(
            model_name="authoritylimit",
            name="replaced_at",
            field=models.DateTimeField(editable=False, null=True, verbose_name="replaced at"),
        ),
        migrations.RunPython(migrations.RunPython.noop, forget_the_replaced),
        *(
            migrations.AddConstraint(
                model_name="authoritylimit",
                constraint=models.UniqueConstraint(
                    fields=fields, condition=Q(**whose, replaced_at=None), name=name
                ),
            )
            for name, (whose, fields) in ONCE.items()
        ),
    ]
