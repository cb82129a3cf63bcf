"""Fill a draft from a file in the report format."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from reports.imports.report_json import ImportRefused, import_report


class Command(BaseCommand):
    help = "Nạp một báo cáo từ tệp JSON vào bản đang soạn; có lỗi nào thì không ghi gì."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, help="tệp JSON, như export_report ghi ra")

        parser.add_argument("--unit", default="", help="mã đơn vị mà tệp phải là của đơn vị đó")
        parser.add_argument("--period", default="", help="mã kỳ báo cáo mà tệp phải là của kỳ đó")

    def handle(self, *args: Any, file: Path, unit: str, period: str, **options: Any) -> None:
        try:
            report = import_report(file.read_text(encoding="utf-8"), unit, period)
        except OSError as error:
            raise CommandError(f"Không đọc được {file}: {error.strerror}") from error
        except UnicodeDecodeError as error:
            raise CommandError(f"{file}: tệp không phải UTF-8.") from error
        except ImportRefused as error:
            problems = "\n".join(f"  {problem}" for problem in error.problems)
            raise CommandError(
                f"{file}: có {len(error.problems)} lỗi, chưa nạp gì.\n{problems}"
            ) from error
        self.stdout.write(f"Đã nạp báo cáo của {report.unit}, kỳ {report.period.code}.")
