"""The audit trail and the parameters' values refuse UPDATE, DELETE and TRUNCATE (R10.1)."""

from django.db import migrations

from core.audit_triggers import operation


class Migration(migrations.Migration):
    dependencies = [("core", "0001_initial")]

    operations = [operation("core_event"), operation("core_parametervalue")]
