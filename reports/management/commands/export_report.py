"""Write one report as HTML, PDF, Word, Excel or JSON; for an approved or issued one the kept files."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from reports.documents.pdf import NativeLibrariesMissing
from reports.enums import State
from reports.issuing.papers import CONTENT_TYPES, NoAppendix, paper, paper_relations, press
from reports.issuing.press import PaperFailed, PaperTooCostly
from reports.issuing.release import content_of, in_force
from reports.models import Report


class Command(BaseCommand):
    help = "Xuất báo cáo của một đơn vị trong một kỳ ra tệp."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("unit", metavar="UNIT", help="mã đơn vị, như 14872")
        parser.add_argument("period", metavar="PERIOD", help="mã kỳ, như HT-2023-6T")
        parser.add_argument("--format", choices=sorted(CONTENT_TYPES), required=True)
        parser.add_argument("--output", type=Path, required=True, help="tệp ghi ra")

    def handle(self, *args: Any, **options: Any) -> None:
        report = (
            Report.objects.select_related(*paper_relations)
            .filter(unit__code=options["unit"], period__code=options["period"])
            .first()
        )
        if report is None:
            raise CommandError(
                f"Không có báo cáo của đơn vị {options['unit']} trong kỳ {options['period']}."
            )
        try:
            released = report.state in (State.APPROVED, State.ISSUED)
            release = in_force(report) if released else None
            content = (release and content_of(release, options["format"])) or paper(
                report, options["format"]
            )
        except NoAppendix as error:
            raise CommandError("Kỳ này không có phụ lục số liệu nên không có tệp Excel.") from error
        except NativeLibrariesMissing as error:
            raise CommandError(
                "Máy chưa có thư viện làm PDF: apt-get install libpango-1.0-0 "
                "libpangoft2-1.0-0 libharfbuzz-subset0"
            ) from error
        except (PaperFailed, PaperTooCostly) as error:
            raise CommandError(f"Không tạo được PDF: {error}") from error
        finally:
            press().close()
        try:
            options["output"].write_bytes(content)
        except OSError as error:
            raise CommandError(f"Không ghi được {options['output']}: {error.strerror}") from error
        self.stdout.write(f"{options['output']}: {len(content):,} byte".replace(",", "."))
