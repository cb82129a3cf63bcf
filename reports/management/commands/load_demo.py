"""Load the demo world. Refused outside a demonstration."""

from typing import Any

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from reports.demo.loading import load_catalogue, load_demo
from reports.directory import DataError


class Command(BaseCommand):
    help = "Nạp dữ liệu mẫu: đơn vị, tài khoản, kỳ báo cáo và các báo cáo đang ở nhiều bước. Chỉ với DEMO=1 hoặc DEBUG=1."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--archive", action="store_true",
            help="chỉ nạp kho lưu, không nạp câu chuyện của kỳ đang diễn ra",
        )  # fmt: skip
        parser.add_argument(
            "--introduced", action="store_true",
            help="mọi tài khoản đã xem phần giới thiệu của lần đầu, như trong ảnh chụp và kiểm thử",
        )  # fmt: skip

    def handle(self, *args: Any, **options: Any) -> None:
        load_catalogue()
        today = None if options["archive"] else settings.DEMO_TODAY or timezone.localdate()
        try:
            accounts = load_demo(self.stdout.write, today, options["introduced"])
        except (ImproperlyConfigured, DataError) as error:
            raise CommandError(str(error)) from error
        self.stdout.write("Tài khoản dùng thử:")
        for username, password, name in accounts:
            self.stdout.write(f"  {username:<18} {password:<24} {name}")
