"""Load units, people, roles, periods and standard remarks from a data file."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from reports.directory import DataError, load_directory, read

LABELS = {
    "units": "đơn vị",
    "superiors": "quan hệ cấp trên",
    "users": "người dùng",
    "roles": "vai trò",
    "periods": "kỳ báo cáo",
    "standard_remarks": "ý kiến mẫu",
}


class Command(BaseCommand):
    help = "Nạp đơn vị, người dùng, vai trò, kỳ báo cáo, ý kiến mẫu từ tệp TOML. Chạy lại không đổi gì thêm."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, help="tệp TOML, như fixtures/demo/demo.toml")

    def handle(self, *args: Any, file: Path, **options: Any) -> None:
        try:
            counts = load_directory(read(file), file.name)
        except OSError as error:
            raise CommandError(f"Không đọc được {file}: {error.strerror}") from error
        except DataError as error:
            raise CommandError(f"{error}. Chưa nạp gì.") from error
        listed = ", ".join(f"{count} {LABELS[kind]}" for kind, count in counts.items() if count)
        self.stdout.write(f"Đã nạp: {listed or 'không có dòng nào'}.")
