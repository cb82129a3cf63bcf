"""The report as a list of its sections: where it stands, what may be done with it, starting it from the one before."""

from collections import Counter
from dataclasses import dataclass

from django.contrib import messages
from django.db.models import F, Prefetch, Value
from django.db.models.functions import StrIndex
from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST, require_safe

from ..access import may, previous_report, report_for
from ..catalogue.field_names import FieldKind, FieldName
from ..checks import gate
from ..dossier import Dossier, load
from ..editing.carrying import carry_over, proposal
from ..editing.writing import Moved
from ..entry.page_texts import find_fields
from ..entry.progress import carried_in, incomplete_documents, progress, required_noun, sections_of
from ..enums import Progress, Section, State, Verb
from ..evidence import evidence_by_section, evidence_of, totals
from ..issuing.signed_copies import with_copies
from ..models import Event, Release, ReleasedFile, Report, SectionState, User
from ..review import remarks
from ..review.remarks import Thread
from ..verbs import MOVES, RETURNING
from ..web.actions import Action, actions
from ..web.page import RELATED, ReportHead, render_page, report_head
from ..web.request import Request
from ..workflow.reopening import closable


@dataclass(frozen=True)
class SectionLine:
    """One line of the report's list of sections; `carried` counts what awaits confirmation, `noun` names what is
    answered, `lacking` counts the documents without number or date."""

    section: Section
    progress: Progress
    answered: int
    required: int
    carried: int
    state: SectionState | None
    noun: str = "số liệu"
    lacking: int = 0


@dataclass(frozen=True)
class ReportStatus:
    """Where a report stands on its way, what the reader may do, and what was said of it.

    `locked` are the sections that a return left shut, `unlocked` the lines of the others; `more_time` is the verb by
    which the reader gives or asks more time, `wish` the request for it. Of remarks, `open_threads` wait for an answer
    and `left_open` were open when the report was approved. `older` are the releases before the one in force.
    """

    head: ReportHead
    actions: list[Action]
    returned_for: Event | None
    returned_within: Event | None
    excluded_for: Event | None
    locked: set[str]
    unlocked: list[SectionLine]
    may_ask: bool
    more_time: Verb | None
    may_open: bool
    closable: set[Section]
    may_comment: bool
    sees_review: bool
    open_threads: list[Thread]
    left_open: list[Thread]
    wish: Event | None
    in_force: Release | None
    older: list[Release]


@dataclass(frozen=True)
class Start:
    """How much can be taken over from the report of the `period` before."""

    period: str
    figures: int
    rows: int
    texts: int


@dataclass(frozen=True)
class ReportPage:
    """The report as a list of sections.

    `matches` are the fields that answer to `query`: section, name, label, text. `next` is the first section that is
    not complete; `carried` counts what awaits confirmation, `evidence` the files that are there and that are missing.
    """

    head: ReportStatus
    query: str
    matches: list[tuple[Section, str, str, str]]
    lines: list[SectionLine]
    done: int
    next: SectionLine | None
    carried: int
    start: Start | None
    may_edit: bool
    evidence: dict[str, int]


def lines(report: Report, dossier: Dossier) -> list[SectionLine]:
    """The sections of a report in the order of the paper."""
    states = {state.section: state for state in report.section_states.select_related("saved_by")}
    return [
        SectionLine(
            section, *progress(dossier, section), len(carried_in(dossier, section)),
            states.get(section), required_noun(dossier, section), len(incomplete_documents(dossier, section)),
        )
        for section in sections_of(dossier)
    ]  # fmt: skip


@require_safe
def report_page(request: Request, pk: int) -> HttpResponse:
    """The report as a list of sections, each with its state, in the order of the paper."""
    user = request.user
    report = report_for(user, pk, Verb.VIEW, queryset=Report.objects.select_related(*RELATED))
    dossier = load(report)
    listed = lines(report, dossier)
    if (
        report.state == State.EXCLUDED
    ):  # nothing is asked for; what was written before stays in sight
        listed = [line for line in listed if line.state and line.state.version]
    done = sum(line.progress == Progress.COMPLETE for line in listed)
    following = next((line for line in listed if line.progress != Progress.COMPLETE), None)
    may_edit = may(user, Verb.EDIT, report)
    query = request.GET.get("tim", "").strip()
    page = ReportPage(
        head=report_status(user, report, dossier, listed),
        query=query,
        matches=find_fields(dossier, query) if query else [],
        lines=listed,
        done=done,
        next=following,
        carried=sum(line.carried for line in listed),
        start=start(user, report, dossier) if may_edit else None,
        may_edit=may_edit,
        evidence=totals(evidence_by_section(dossier, evidence_of(report))),
    )
    return render_page(request, "reports/report.html", page)


def report_status(
    user: User, report: Report, dossier: Dossier, listed: list[SectionLine]
) -> ReportStatus:
    """Where the report stands on its way, what the reader may do, and what was said of it."""
    in_order = StrIndex(Value("pdf docx xlsx html"), F("format"))
    files = Prefetch("files", ReleasedFile.objects.defer("content").order_by(in_order))
    releases = report.releases.defer(*Release.HEAVY).order_by("-version", "-at")
    stored = list(releases.prefetch_related(files, with_copies()))
    current = stored[0] if stored and stored[0].version == report.version else None
    returned_for = None
    if report.state == State.RETURNED:
        returns = report.events.filter(verb__in=RETURNING)
        returned_for = returns.order_by("-seq").first()
    excluded_for = None
    if report.state == State.EXCLUDED:
        excluded_for = report.events.filter(verb=Verb.EXCLUDE).order_by("-seq").first()
    returned_within = None  # by the leader, to the clerk's desk
    if report.state in (State.DRAFT, State.RETURNED):
        moves = report.events.filter(verb__in=MOVES)
        latest = moves.order_by("-seq").first()
        returned_within = latest if latest and latest.verb == Verb.SEND_BACK else None
    talking = report.state not in (State.APPROVED, State.ISSUED, State.EXCLUDED)
    open_threads = [thread for thread in remarks.threads(report) if thread.open]
    may_close = may(user, Verb.CLOSE_SECTION, report)
    closed = [line for line in listed if line.state and not line.state.open]
    requests = report.events.filter(verb=Verb.ASK_EXTENSION).order_by("-seq")
    return ReportStatus(
        head=report_head(user, report, dossier),
        actions=actions(user, report),
        returned_for=returned_for,
        returned_within=returned_within,
        excluded_for=excluded_for,
        locked={line.section.value for line in closed} if returned_for else set(),
        unlocked=[line for line in listed if line not in closed],
        may_ask=may(user, Verb.ASK_REOPEN, report),
        more_time=next(
            (verb for verb in (Verb.EXTEND, Verb.ASK_EXTENSION) if may(user, verb, report)), None
        ),
        may_open=may(user, Verb.OPEN_SECTION, report),
        closable=closable(report) if may_close else set(),
        may_comment=may(user, Verb.COMMENT, report),
        sees_review=report.sent_at is not None,
        open_threads=open_threads if talking else [],
        left_open=[] if talking else open_threads,
        wish=requests.first() if report.extension_asked else None,
        in_force=current,
        older=[release for release in stored if current is None or release.pk != current.pk],
    )


def start(user: User, report: Report, dossier: Dossier) -> Start | None:
    """What can be taken over from the report before; None once a section is begun, or without such a report."""
    if any(progress(dossier, section)[0] != Progress.EMPTY for section in sections_of(dossier)):
        return None
    previous = previous_report(user, report)
    if previous is None:
        return None
    proposed = proposal(dossier, load(previous))
    names = [name for edits in proposed.values() for name in edits.carried]
    if not names:
        return None
    kinds = Counter(FieldName.parse(name).kind for name in names)
    return Start(
        period=previous.period.phrase,
        figures=kinds[FieldKind.FIGURE],
        rows=kinds[FieldKind.ROW],
        texts=kinds[FieldKind.TEXT],
    )


@require_POST
def carry_over_page(request: Request, pk: int) -> HttpResponse:
    """Start the report from the unit's one before: only what is still empty is filled."""
    user = request.user
    report = report_for(user, pk, Verb.EDIT)
    previous = previous_report(user, report)
    if previous is None:
        messages.warning(request, "Đơn vị chưa có báo cáo kỳ trước trong hệ thống.")
        return redirect("report", pk=report.pk)
    try:
        present, before = load(report), load(previous)
        with gate.counting(report):
            count = carry_over(report, present, before, user)
    except Moved:
        messages.warning(request, "Có người vừa nhập vào báo cáo này. Mời lấy lại lần nữa.")
        return redirect("report", pk=report.pk)
    message = (
        f"Đã lấy {count} nội dung từ báo cáo {previous.period.phrase}; mỗi nội dung chờ xác nhận."
    )
    if not count:
        message = f"Báo cáo {previous.period.phrase} không còn nội dung nào để lấy thêm."
    messages.success(request, message)
    return redirect("report", pk=report.pk)
