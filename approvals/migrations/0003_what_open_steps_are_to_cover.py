"""Steps that wait for a decision while the house is rebuilt are to cover the whole content of their case."""

from django.db import migrations
from django.db.models import OuterRef, Subquery


def name_the_content(apps, _schema_editor):
    """What waits is asked of exactly what its case holds now."""
    case, step = apps.get_model("approvals", "Case"), apps.get_model("approvals", "Step")
    content = case.objects.filter(pk=OuterRef("case_id")).values("digest")[:1]
    step.objects.filter(state__in=("waiting", "open")).update(asked_digest=Subquery(content))


def forget_the_content(apps, _schema_editor):
    """As before."""
    apps.get_model("approvals", "Step").objects.update(asked_digest="", signed_digest="")


class Migration(migrations.Migration):
    dependencies = [("approvals", "0002_rounds_conditions_questions")]

    operations = [migrations.RunPython(name_the_content, forget_the_content)]
