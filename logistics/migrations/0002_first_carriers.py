"""The carriers that a new house begins with; it may rename them or take them out of use."""

from django.db import migrations

CARRIERS = (
    ("SF", "顺丰速运"),
    ("DB", "德邦物流"),
    ("OWN", "自有车辆"),
    ("PICKUP", "客户自提"),
)


def write(apps, schema_editor):
    carrier = apps.get_model("logistics", "Carrier")
    for code, name in CARRIERS:
        carrier.objects.get_or_create(code=code, defaults={"name": name})


class Migration(migrations.Migration):
    dependencies = [("logistics", "0001_initial")]

    operations = [migrations.RunPython(write, migrations.RunPython.noop)]
