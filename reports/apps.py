"""The one app of the portal."""

from django.apps import AppConfig


class ReportsConfig(AppConfig):
    name = "reports"
    verbose_name = "Báo cáo cải cách hành chính"

    def ready(self) -> None:
        from .management import system_checks  # noqa: F401 – registers the checks
