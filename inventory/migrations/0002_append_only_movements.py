"""The stock ledger refuses UPDATE, DELETE and TRUNCATE (R4.5)."""

from django.db import migrations

from core.audit_triggers import operation


class Migration(migrations.Migration):
    dependencies = [("inventory", "0001_initial")]

    operations = [operation("inventory_stockmovement")]
