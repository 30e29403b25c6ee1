from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules
from django.utils.translation import gettext_lazy as _


class CustomersConfig(AppConfig):
    name = "customers"
    default_auto_field = "django.db.models.BigAutoField"
    verbose_name = _("Customers")

    def ready(self):
        """Load what the apps downstream tell of their customers."""
        autodiscover_modules("open_papers")
