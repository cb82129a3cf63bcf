"""Load the demo world. Refused outside a demonstration."""

from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.core.management.base import BaseCommand, CommandError

from reports.loading import load_catalogue, load_demo


class Command(BaseCommand):
    help = "Nạp dữ liệu mẫu: đơn vị, tài khoản, kỳ báo cáo và các báo cáo đang ở nhiều bước. Chỉ với DEMO=1 hoặc DEBUG=1."

    def handle(self, *args: Any, **options: Any) -> None:
        load_catalogue()
        try:
            accounts = load_demo(self.stdout.write)
        except ImproperlyConfigured as error:
            raise CommandError(str(error)) from error
        self.stdout.write("Tài khoản dùng thử:")
        for username, password, name in accounts:
            self.stdout.write(f"  {username:<18} {password:<24} {name}")
