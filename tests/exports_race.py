"""Workers killed in the middle of exports, and two workers against one: `.venv/bin/python tests/exports_race.py`.

    --exports 200 --kills 20   that many exports asked for at once, and that many workers killed (kill -9),
                               all at the same moment while one holds a row at least; ends with 1 unless
                               every export has one whole file
    --silent                   before it, work that says nothing for longer than its lease, and then hangs
    --speed 40                 the ZIP of that many reports whose papers are still to be made, by one
                               worker and by two

On a database of its own: a file, or on PostgreSQL with DATABASE_URL.
"""

import argparse
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import date
from hashlib import sha256
from pathlib import Path
from typing import Any

from races import ROOT, prepare, somebody
from worlds import copied

#: Model, key and attempt of a row of work.
Row = tuple[str, int, int]
#: Seconds; a killed worker's row is free again after it.
LEASE = 3
WORKERS = 2
PATIENCE = 900


class Crew:
    """Worker processes, each started anew when it was killed."""

    def __init__(self, home: str, size: int) -> None:
        self.log = open(Path(home) / "workers.log", "ab")  # noqa: SIM115 – as long as the crew
        self.running = [self._start() for _ in range(size)]

    def _start(self) -> subprocess.Popen[bytes]:
        command = [sys.executable, str(ROOT / "manage.py"), "work", "--alone"]
        return subprocess.Popen(command, stdout=self.log, stderr=self.log)

    def strike(self, in_hand: Callable[[], set[Row]]) -> set[Row]:
        """Stop everybody where they are; kill them all if they hold a row that is not finished."""
        for worker in self.running:
            worker.send_signal(signal.SIGSTOP)
        rows = in_hand()
        if any(attempt > 2 for *_, attempt in rows):
            rows = set()  # a row that every attempt dies of is given up, as it should be
        for worker in self.running:
            worker.send_signal(signal.SIGKILL if rows else signal.SIGCONT)
        if rows:
            for worker in self.running:
                worker.wait()
            self.running = [self._start() for _ in self.running]
        return rows

    def stop(self) -> None:
        for worker in self.running:
            worker.terminate()
        for worker in self.running:
            worker.wait(60)
        self.log.close()


def until(done: Callable[[], bool], what: str) -> None:
    """Wait for it; a race that never ends is an error too."""
    begun = time.monotonic()
    while not done():
        if time.monotonic() - begun > PATIENCE:
            raise TimeoutError(what)
        time.sleep(0.1)


def kills(home: str, exports_asked: int, times: int) -> Iterator[str]:
    """What went wrong with that many exports and kills."""
    from django.conf import settings
    from django.utils import timezone

    from reports.exports import orders
    from reports.models import Export, ExportPart, Report, ReportingPeriod

    period = ReportingPeriod.objects.get(code="HT-2023-6T")
    # A short race is about the workers, not about the press.
    sent = list(Report.objects.filter(period=period))[: 3 if exports_asked < 10 else 7]
    Report.objects.filter(period=period).update(state="draft")
    Report.objects.filter(pk__in=[report.pk for report in sent]).update(
        state="sent", sent_at=timezone.now()
    )
    kinds = [(kind, scope) for kind in ("zip", "pdf", "workbook") for scope in ("sent",)]
    for number in range(exports_asked):
        person = somebody(period.superior, "reviewer", number)
        orders.ask(person, period, *kinds[number % len(kinds)])
    struck: set[Row] = set()

    def in_hand() -> set[Row]:
        """Rows that a living worker holds: those of the struck are known."""
        return {
            (model.__name__, pk, attempt)
            for model in (Export, ExportPart)
            for pk, attempt in model.objects.filter(
                lease_until__gt=timezone.now(), finished_at=None
            ).values_list("pk", "attempt")
        } - struck

    begun = time.perf_counter()
    crew, killed = Crew(home, WORKERS), 0
    while killed < times and Export.objects.filter(finished_at=None).exists():
        time.sleep(random.uniform(0, 0.05))
        if rows := crew.strike(in_hand):
            struck |= rows
            killed += WORKERS
    until(lambda: not Export.objects.filter(finished_at=None).exists(), "the last export")
    crew.stop()
    taken = time.perf_counter() - begun
    print(
        f"{exports_asked} exports in {taken:.0f} s, {killed} workers killed with {len(struck)} rows in hand"
    )
    there = {path.name for path in settings.EXPORT_DIR.iterdir()}
    for export in Export.objects.all():
        if export.problem or not export.file:
            yield f"{export.pk}: {export.problem!r}, file {export.file!r}"
            continue
        content = (settings.EXPORT_DIR / export.file).read_bytes()
        if (len(content), sha256(content).hexdigest()) != (export.size, export.sha256):
            yield f"{export.pk}: the file is not what was published"
    yield from (
        f"left behind: {name}"
        for name in there - set(Export.objects.values_list("file", flat=True))
    )


def silent() -> Iterator[str]:
    """What went wrong when work said nothing: nobody else may have its row until it hangs."""
    import logging
    from threading import Event, Thread

    from django.utils import timezone

    from reports.jobs import queue
    from reports.models import Export, ReportingPeriod

    period = ReportingPeriod.objects.get(code="HT-2023-6T")
    person = somebody(period.superior, "reviewer", 999)
    told = {"kind": "workbook", "scope": "sent", "by": person, "asked_at": timezone.now()}
    row = Export.objects.create(period=period, **told)

    def sit(claim: queue.Claim, leases: float, lost: Event) -> None:
        lost.wait(leases * LEASE)  # who hangs learns of nothing; then no more is to be seen
        claim.finish(problem=f"attempt {claim.attempt}")

    def worked(leases: float, lost: Event) -> None:
        queue.step(queue.Line(Export, lambda claim: sit(claim, leases, lost)))

    other = queue.Line(Export, lambda claim: claim.finish())
    logging.disable()  # it tells of the hanging, as it should
    for silence, leases, outcome in ((5, 1.5, "attempt 1"), (1, 20, "")):
        queue.SILENCE, lost = silence, Event()
        Export.objects.update(attempt=0, lease_until=None, finished_at=None, problem="")
        hand = Thread(target=worked, args=(leases, lost))
        hand.start()
        time.sleep(LEASE / 2)
        while hand.is_alive():
            taken = queue.step(other)
            time.sleep(0.1)
            if taken:
                lost.set()
            if taken and outcome:
                yield "the row was taken from a worker that was at it"
        row.refresh_from_db()
        if row.problem != outcome:
            yield f"done by {row.problem or 'the other'}, not by {outcome or 'the other'}"
    row.delete()
    logging.disable(logging.NOTSET)


def crowd(period_code: str, units: int) -> Any:
    """A period of so many sent reports, each with all that Hà Tiến reported."""
    from django.utils import timezone

    from reports.models import SECTIONS, TABLES, Report, ReportingPeriod, Unit
    from reports.periods.opening import open_period

    like = ReportingPeriod.objects.get(code="HT-2023-6T")
    model = Report.objects.get(period=like, unit__code="15325")
    period = ReportingPeriod.objects.create(
        code=period_code, kind=like.kind, year=like.year, superior=like.superior,
        data_from=like.data_from, data_to=like.data_to, deadline=like.deadline,
        outline=like.outline, indicator_set=like.indicator_set,
    )  # fmt: skip
    for number in range(units):
        unit = Unit.objects.create(
            code=f"9{number:04}", kind="xã", name=f"Thử {number}", valid_from=date(1945, 9, 2)
        )
        period.units.add(unit)
    open_period(period)
    for report in Report.objects.filter(period=period):
        for section in SECTIONS:
            row = section.objects.get(report=model)
            own = section.objects.get(report=report)
            row.pk, row.report = own.pk, report
            row.save()
        for table in TABLES:
            table.objects.filter(report=report).delete()
            for row in table.objects.filter(report=model):
                row.pk, row.report = None, report
                row.save(force_insert=True)
        report.narratives.all().delete()
        for text in model.narratives.all():
            text.pk, text.report = None, report
            text.save(force_insert=True)
    Report.objects.filter(period=period).update(state="sent", sent_at=timezone.now())
    return period


def speed(home: str, reports: int) -> None:
    """Seconds of one worker and of two for the same ZIP, from asking to the finished file."""
    from reports.exports import orders
    from reports.models import Export, StoredPaper

    period = crowd("THU-1", reports)
    person = somebody(period.superior, "reviewer", 1)
    taken: dict[int, list[float]] = {1: [], 2: []}
    for size in (1, 2, 1, 2):
        StoredPaper.objects.all().delete()
        Export.objects.all().delete()
        crew = Crew(home, size)
        time.sleep(8)  # they have started
        begun = time.perf_counter()
        export = orders.ask(person, period, "zip", "sent")
        until(
            lambda pk=export.pk: Export.objects.filter(pk=pk, finished_at__isnull=False).exists(),  # type: ignore[misc]
            "the ZIP",
        )
        taken[size].append(time.perf_counter() - begun)
        crew.stop()
    one, two = min(taken[1]), min(taken[2])
    print(
        f"{reports} reports: one worker {one:.1f} s, two {two:.1f} s, {two / one:.2f} of the time"
    )


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--exports", type=int, default=200)
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--silent", action="store_true")
    parser.add_argument("--speed", type=int, default=0)
    options = parser.parse_args()
    with (
        tempfile.TemporaryDirectory(prefix="exports") as home,
        copied(Path(home), f"cchc_exports_{os.getpid()}") as url,
    ):
        os.environ["QUEUE_LEASE_SECONDS"] = "90" if options.speed else str(LEASE)
        prepare(home, url)
        from django.db import connections

        print(connections["default"].vendor)
        if options.speed:
            speed(home, options.speed)
            wrong = []
        else:
            wrong = list(silent()) if options.silent else []
            if options.exports:
                wrong += kills(home, options.exports, options.kills)
        connections.close_all()
    if not options.speed:
        print("\n".join(wrong) or "Every export ended as it must.")
    return int(bool(wrong))


if __name__ == "__main__":
    sys.exit(main())
