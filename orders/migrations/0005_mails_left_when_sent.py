"""What went out before counts as having left when it was sent; an answer "not right" keeps its day."""

from django.db import migrations
from django.db.models import F


def fill(apps, _schema_editor):
    confirmations = apps.get_model("orders", "OrderConfirmation").objects
    confirmations.filter(left_at=None).update(left_at=F("sent_at"))
    confirmations.filter(disputed_at=None).exclude(answer="").update(
        disputed_at=F("answered_at"), disputed_by=F("answered_by")
    )


class Migration(migrations.Migration):
    dependencies = [("orders", "0004_answers_keep_their_day")]

    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
