"""Exports of a period: asking, the work in the background, expiring.

Whether the person may is asked three times: when they ask, when the work is done, when the file is
fetched (`views.exports`). A worker writes in a folder of its attempt and publishes by a rename and one
UPDATE that names the attempt; what an attempt before it left behind is swept first. So there is one file,
whoever dies when.
"""

import errno
import logging
import os
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import timedelta
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, TypedDict

from django.conf import settings
from django.db import transaction
from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Now
from django.utils import timezone

from ..access import powers, today, visible_periods, visible_reports
from ..enums import Verb
from ..issuing.papers import NoAppendix, paper, paper_relations
from ..jobs.queue import Claim, Failed, Later, Line, LostLease, backoff
from ..models import Export, ExportPart, Report, ReportingPeriod, User
from ..periods.board import DONE, WAITING
from .papers import (
    FORMAT_LABELS,
    FORMATS,
    TROUBLES,
    Paper,
    Source,
    absence,
    papers_of,
    write_pdf,
    write_zip,
)
from .table import NOT_OPENED, Head, heads, without_report
from .workbook import write_workbook

if TYPE_CHECKING:
    from django_stubs_ext import WithAnnotations

log = logging.getLogger(__name__)

STATES = {
    Export.Scope.APPROVED: frozenset(DONE),
    Export.Scope.SENT: frozenset((*WAITING, *DONE)),
}
SUFFIXES = {Export.Kind.WORKBOOK: "xlsx", Export.Kind.ZIP: "zip", Export.Kind.PDF: "pdf"}
NO_LONGER = "Người yêu cầu không còn quyền tải báo cáo của kỳ này."
EMPTY = "Chưa có báo cáo nào để đưa vào tệp."
NO_ROOM = "Máy chủ không còn chỗ để ghi tệp. Mời báo quản trị, rồi yêu cầu lại."
#: What one person may have waiting (all there is of one period), and have at all.
MOST_WAITING, MOST_KEPT = 6, 30
DAY = timedelta(days=1).total_seconds()


# --- asking --------------------------------------------------------------------------------------------


class Parts(TypedDict):
    """How many reports an export waits for one by one, and how many of them are ready."""

    parts_done: int
    parts_asked: int


if TYPE_CHECKING:
    CountedExport = WithAnnotations[Export, Parts]


def exports_of(user: User) -> "QuerySet[CountedExport]":
    """The person's own exports of periods that they may still export, with how far each has
    come; the latest first."""
    periods = visible_periods(user, Verb.EXPORT)
    own = Export.objects.filter(by=user, period__in=periods)
    made = Count("parts", filter=Q(parts__finished_at__isnull=False))
    counted = own.annotate(parts_done=made, parts_asked=Count("parts"))
    return counted.order_by("-asked_at", "-pk")  # grouping leaves the model's own order out


class TooMany(Exception):
    """One person asks for more than the machine keeps for one; the message says what to do."""


def ask(user: User, period: ReportingPeriod, kind: str, scope: str) -> Export:
    """The export, asked for now or already under way; TooMany. The caller has asked `visible_periods`."""
    with transaction.atomic():
        # One asking of a person at a time, so that a thousand at once are counted too.
        list(User.objects.select_for_update(no_key=True).filter(pk=user.pk).values_list("pk"))
        order = {"period": period, "kind": kind, "scope": scope, "by": user}
        existing = Export.objects.filter(**order, finished_at=None).first()
        if existing is not None:
            return existing
        _refuse_too_many(user)
        export = Export.objects.create(**order, asked_at=timezone.now())
        if kind != Export.Kind.WORKBOOK:
            unstored = STATES[Export.Scope(scope)] - set(DONE)
            reports = visible_reports(user, Verb.EXPORT).filter(period=period, state__in=unstored)
            ExportPart.objects.bulk_create(
                [ExportPart(export=export, report_id=pk) for pk in reports.values_list("pk", flat=True)],
                batch_size=500,
            )  # fmt: skip
    return export


def _refuse_too_many(user: User) -> None:
    own = Export.objects.filter(by=user)
    if own.filter(finished_at=None).count() >= MOST_WAITING:
        raise TooMany(f"Đang có {MOST_WAITING} tệp chờ tạo; mời đợi xong rồi yêu cầu thêm.")
    if own.count() >= MOST_KEPT:
        raise TooMany(f"Tài khoản đang giữ {MOST_KEPT} tệp xuất; mời xóa bớt rồi yêu cầu lại.")


def drop(export: Export) -> None:
    """Delete an export with its file; a worker that is making it finds its row gone and stops."""
    Export.objects.filter(pk=export.pk).delete()
    sweep(export)


# --- doing ---------------------------------------------------------------------------------------------


def open_reports(export: Export) -> QuerySet[Report]:
    """The reports of the period that the person may export now. Failed when the role is gone."""
    powers(export.by, fresh=True)
    if not visible_periods(export.by, Verb.EXPORT).filter(pk=export.period_id).exists():
        raise Failed(NO_LONGER)
    return visible_reports(export.by, Verb.EXPORT).filter(period=export.period_id)


def render(claim: Claim) -> None:
    """The papers of one report, made and stored."""
    part: ExportPart = claim.item
    try:
        reports = open_reports(part.export)
    except Failed:  # the export itself tells of it
        return claim.finish()
    states = STATES[Export.Scope(part.export.scope)]
    matching = reports.filter(pk=part.report_id, state__in=states).select_related(*paper_relations)
    failed = []
    for report in matching:
        for file_format in ("pdf",) if part.export.kind == Export.Kind.PDF else FORMATS:
            try:
                paper(report, file_format)
            except NoAppendix:
                continue
            except TROUBLES:
                failed.append(FORMAT_LABELS[file_format])
            claim.prolong()
    if failed and claim.attempt == 1:
        # The press may have been too busy, or have been ended with the machine: it gets a second chance.
        raise Later("", backoff(claim.attempt))
    return claim.finish(", ".join(failed))


def export(claim: Claim) -> None:
    """The file of an export, when all its parts are there."""
    item: Export = claim.item
    reports = open_reports(item)
    settings.EXPORT_DIR.mkdir(mode=0o700, parents=True, exist_ok=True)
    sweep(item, before=claim.attempt)
    folder = settings.EXPORT_DIR / f"{item.token}.{claim.attempt}.part"
    target = folder.with_suffix(f".{SUFFIXES[Export.Kind(item.kind)]}")
    try:
        folder.mkdir(mode=0o700)
        draft = folder / target.name
        problem = (
            _workbook(claim, draft, reports)
            if item.kind == Export.Kind.WORKBOOK
            else (_papers(claim, draft, reports))
        )
        size, digest = _synced_size_and_hash(draft)
        draft.chmod(0o600)
        draft.rename(target)
        expires = timezone.now() + timedelta(days=settings.EXPORT_DAYS)
        claim.finish(problem, file=target.name, size=size, sha256=digest, expires_at=expires)
    except FileNotFoundError as swept:  # a later attempt swept this one away
        raise LostLease from swept
    except LostLease:
        target.unlink(missing_ok=True)
        raise
    except Exception as error:
        if not no_room(error):
            raise
        log.error("Export %s: no room in %s", item.pk, settings.EXPORT_DIR)
        raise Failed(NO_ROOM) from error
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _workbook(claim: Claim, path: Path, reports: QuerySet[Report]) -> str:
    item: Export = claim.item
    states = STATES[Export.Scope(item.scope)]
    write_workbook(path, reports, item.period, states, today())
    return ""


def _papers(claim: Claim, path: Path, reports: QuerySet[Report]) -> str:
    item: Export = claim.item
    states = STATES[Export.Scope(item.scope)]
    listed = list(heads(reports, item.period, today()))
    chosen = [head for head in listed if head.state in states]
    if not chosen:
        raise Failed(EMPTY)
    claim.prolong(done=0, total=len(chosen))
    given_up = set(item.parts.exclude(problem="").values_list("report_id", flat=True))

    def papers(head: Head, formats: tuple[str, ...]) -> Iterator[Paper]:
        matching = reports.filter(pk=head.pk, state__in=states).select_related(*paper_relations)
        for report in matching:
            yield from papers_of(report, formats, report.pk in given_up)

    absent = [absence(head) for head in listed if head.state not in states]
    absent += [f"{unit}: {NOT_OPENED.lower()}" for _, unit in without_report(item.period)]
    title = f"Báo cáo cải cách hành chính {item.period.phrase}"
    source = Source(chosen, absent, papers, _progress_reporter(claim), title, timezone.now())
    write: Callable[[Path, Source], list[str]] = (
        write_zip if item.kind == Export.Kind.ZIP else write_pdf
    )
    troubles = write(path, source)
    if troubles and not path.exists():
        raise Failed("Chưa tạo được: " + "; ".join(troubles) + ".")
    return "Chưa tạo được: " + "; ".join(troubles) + "." if troubles else ""


def _progress_reporter(claim: Claim) -> Callable[[int], None]:
    """A function that records how many are done, once a second at most."""
    last = 0.0

    def report(done: int) -> None:
        nonlocal last
        if time.monotonic() - last >= 1:
            last = time.monotonic()
            claim.prolong(done=done)

    return report


def no_room(error: BaseException | None) -> bool:
    """Whether the disk was full, also where a library made another exception of it."""
    while error is not None:
        if isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
            return True
        error = error.__cause__ or error.__context__
    return False


def _synced_size_and_hash(path: Path) -> tuple[int, str]:
    """Size and hash of a file that has reached the disk."""
    digest = sha256()
    with path.open("rb") as file:
        os.fsync(file.fileno())
        while piece := file.read(1 << 20):
            digest.update(piece)
    return path.stat().st_size, digest.hexdigest()


# --- clearing ------------------------------------------------------------------------------------------


def sweep(item: Export, before: int | None = None) -> None:
    """Remove the files of an export: all of them, or those of attempts before this one."""
    for path in settings.EXPORT_DIR.glob(f"{item.token}.*"):
        attempt = path.name.split(".")[1]
        if before is None or int(attempt) < before:
            remove(path)


def remove(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path, ignore_errors=True)
    else:
        path.unlink(missing_ok=True)


def expire() -> None:
    """Delete exports whose time is over with their files, and files that no export knows a day later."""
    days = timedelta(days=settings.EXPORT_DAYS)
    over = Q(expires_at__lt=Now()) | Q(expires_at=None, finished_at__lt=timezone.now() - days)
    for item in Export.objects.filter(over):
        drop(item)
    if not settings.EXPORT_DIR.is_dir():
        return
    files = set(Export.objects.exclude(file="").values_list("file", flat=True))
    for path in settings.EXPORT_DIR.iterdir():
        with suppress(FileNotFoundError):  # another worker sweeps too
            if path.name not in files and path.stat().st_mtime < time.time() - DAY:
                remove(path)


_unfinished = ExportPart.objects.filter(export=OuterRef("pk"), finished_at=None)
PARTS = Line(ExportPart, render, order=("pk",))
EXPORTS = Line(Export, export, ready=~Q(Exists(_unfinished)))
