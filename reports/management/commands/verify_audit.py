"""Verify the audit record: no event changed, removed, added or cut off."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from reports import audit
from reports.models import Event, Report

#: The last event of each report: `(unit, period)` → number and hash.
Heads = dict[tuple[str, str], tuple[int, str]]


class Command(BaseCommand):
    help = "Kiểm tra nhật ký của mọi báo cáo; mã thoát 1 khi có sự kiện bị sửa, xóa hoặc chèn."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--heads", type=Path, metavar="FILE",
            help="so với sự kiện cuối ghi trong tệp ở lần trước, rồi ghi lại; giữ tệp ở máy khác",
        )  # fmt: skip

    def handle(self, *args: Any, heads: Path | None = None, **options: Any) -> None:
        reports = Report.objects.select_related("unit", "period").order_by("pk")
        names = {report.pk: (report.unit.code, report.period.code) for report in reports}
        faults = [
            f"{' '.join(name)}: {fault}" for pk, name in names.items() for fault in audit.verify(pk)
        ]
        present = {names[pk]: head for pk, head in audit.heads().items()}
        if heads is not None:
            faults += cut_off(_read(heads))
        for line in faults:
            self.stdout.write(line)
        if faults:
            raise CommandError(f"Nhật ký có {len(faults)} chỗ sai.")
        if heads is not None:
            _write(heads, present)
        self.stdout.write(f"Nhật ký nguyên vẹn: {Event.objects.count()} sự kiện.")


def cut_off(before: Heads) -> Iterator[str]:
    """A fault for each report whose last event of the run before is no longer there, or changed."""
    for (unit, period), (seq, head) in before.items():
        events = Event.objects.filter(report__unit__code=unit, report__period__code=period, seq=seq)
        if events.values_list("hash", flat=True).first() != head:
            yield f"{unit} {period}: sự kiện số {seq} không còn như lần kiểm tra trước"


def _read(path: Path) -> Heads:
    if not path.exists():
        return {}
    try:
        lines = [line.split("\t") for line in path.read_text("utf-8").splitlines()]
        return {(unit, period): (int(seq), head) for unit, period, seq, head in lines}
    except (OSError, ValueError) as error:
        raise CommandError(f"Không đọc được {path}: {error}") from error


def _write(path: Path, heads: Heads) -> None:
    lines = [f"{unit}\t{period}\t{seq}\t{head}\n" for (unit, period), (seq, head) in heads.items()]
    try:
        path.write_text("".join(lines), "utf-8")
    except OSError as error:
        raise CommandError(f"Không ghi được {path}: {error.strerror}") from error
