"""Print the JSON Schema of the report format."""

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from reports.catalogue.outlines import indicator_facts
from reports.dossier.schema import report_schema
from reports.models import IndicatorSet


class Command(BaseCommand):
    help = "In JSON Schema của định dạng báo cáo, gồm chỉ tiêu của một biểu số liệu nếu nêu mã."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--indicators", metavar="CODE", help="mã biểu số liệu")

    def handle(self, *args: Any, **options: Any) -> None:
        code = options["indicators"]
        chosen = IndicatorSet.objects.filter(code=code).first() if code else None
        if code and chosen is None:
            raise CommandError(f"Không có biểu số liệu mã {code}.")
        _, catalogue = indicator_facts(chosen)
        self.stdout.write(json.dumps(report_schema(catalogue), ensure_ascii=False, indent=1))
