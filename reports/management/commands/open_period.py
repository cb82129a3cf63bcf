"""Open a reporting period: each obliged unit gets its empty report."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from reports.models import ReportingPeriod
from reports.notifications.reminders import open_and_tell, unattended


class Command(BaseCommand):
    help = "Mở một kỳ báo cáo: mỗi đơn vị phải báo cáo nhận một báo cáo trống."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("code", help="mã kỳ, như HT-2023-6T")

    def handle(self, *args: Any, code: str, **options: Any) -> None:
        period = ReportingPeriod.objects.filter(code=code).first()
        if period is None:
            raise CommandError(f"Không có kỳ báo cáo mã {code}.")
        added = open_and_tell(period)
        self.stdout.write(f"Kỳ {code}: đã mở, thêm {added} báo cáo.")
        if warning := unattended(period):
            self.stdout.write(warning)
