"""List reports, for people or as JSON."""

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from reports.models import Report


class Command(BaseCommand):
    help = "Liệt kê báo cáo của một kỳ hoặc mọi kỳ."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--period", help="mã kỳ")
        parser.add_argument("--json", action="store_true", help="in ra JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        reports = Report.objects.select_related("period__kind", "outline", "unit").prefetch_related(
            "unit__former_names"
        )
        reports = reports.order_by(
            "period__data_to", "period__code", "unit__sort_key", "unit__code"
        )
        if options["period"]:
            reports = reports.filter(period__code=options["period"])
        rows = [
            {
                "unit_code": report.unit.code,
                "unit_name": " ".join(report.unit.named_on(report.period.data_to)),
                "period_code": report.period.code,
                "outline_code": report.outline.code,
                "state": report.state,
            }
            for report in reports
        ]
        if options["json"]:
            self.stdout.write(json.dumps(rows, ensure_ascii=False, indent=2))
            return
        for row in rows:
            self.stdout.write("  ".join(row.values()))
