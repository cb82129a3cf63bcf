"""Load the catalogue: kinds of period, outlines, indicator sets."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from reports.demo.loading import load_catalogue
from reports.directory import DataError


class Command(BaseCommand):
    help = "Nạp danh mục từ fixtures/: loại kỳ, đề cương, biểu số liệu. Chạy lại không đổi gì thêm."

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            counts = load_catalogue()
        except DataError as error:
            raise CommandError(str(error)) from error
        listed = ", ".join(f"{count} {name}" for name, count in counts.items())
        self.stdout.write(f"Đã nạp danh mục: {listed}.")
