"""Delete files of evidence that no report has and name those that are lost: after a crash or a restored backup."""

from argparse import ArgumentParser
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from django.utils import timezone

from reports.models import Evidence

#: A younger file may belong to a request that has not committed yet.
SETTLED = timedelta(days=1)


class Command(BaseCommand):
    help = "Xóa tệp kiểm chứng không còn thuộc báo cáo nào; nêu tên tệp đã mất."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="chỉ đếm, không xóa")

    def handle(self, *args: Any, dry_run: bool = False, **options: Any) -> None:
        home = Path(settings.EVIDENCE_DIR)
        rows = Evidence.objects.exclude(file="").select_related("report__unit", "report__period")
        evidence = {str(row.file.name): row for row in rows}
        stored = {path.relative_to(home).as_posix(): path for path in home.glob("??/??/*")}
        before = (timezone.now() - SETTLED).timestamp()
        strays = [
            path
            for name, path in stored.items()
            if name not in evidence and path.stat().st_mtime < before
        ]
        for path in strays:
            if not dry_run:
                path.unlink(missing_ok=True)
        for name in sorted(evidence.keys() - stored.keys()):
            row = evidence[name]
            self.stdout.write(f"Mất tệp “{row.filename}” của {row.report}.")
        self.stdout.write(f"{len(evidence)} tệp của báo cáo; {len(strays)} tệp thừa.")
