from django.apps import AppConfig


class ConfigConfig(AppConfig):
    """Brings the checks that look at the settings themselves."""

    name = "config"

    def ready(self) -> None:
        """Register the checks."""
        from config import checks  # noqa: F401, PLC0415  (registers on import, after the apps are loaded)
