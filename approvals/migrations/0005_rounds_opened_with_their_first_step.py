"""The present round of each case opened with its first step; before there were steps, with the case."""

from django.db import migrations
from django.db.models import F, OuterRef, Subquery
from django.db.models.functions import Coalesce


def tell_when(apps, _schema_editor):
    """Each case by the first step of its round that opened."""
    case, step = apps.get_model("approvals", "Case"), apps.get_model("approvals", "Step")
    opened = step.objects.filter(case=OuterRef("pk"), round=OuterRef("round"), opened_at__isnull=False)
    first = Subquery(opened.order_by("opened_at").values("opened_at")[:1])
    case.objects.update(opened_at=Coalesce(first, F("created_at")))


class Migration(migrations.Migration):
    dependencies = [("approvals", "0004_when_the_round_opened")]

    operations = [migrations.RunPython(tell_when, migrations.RunPython.noop)]
