"""The report's page: what comes next, its sections, its way, its papers; starting it from the one before."""

from collections import Counter
from dataclasses import dataclass, field

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
from ..entry.progress import progress, sections_of
from ..enums import Progress, Section, State, Verb
from ..evidence import evidence_by_section, evidence_of, totals
from ..issuing.signed_copies import with_copies
from ..models import Event, Release, ReleasedFile, Report, User
from ..review import remarks
from ..review.remarks import Thread
from ..text.numbers import format_count
from ..verbs import RETURNING
from ..web.actions import Action, actions
from ..web.page import RELATED, ReportHead, render_page, report_head
from ..web.request import Request
from ..workflow.reopening import closable
from .report_list import Place, ReportList, SectionLine, report_list, with_something_written
from .report_next import Desk, NextStep, next_step
from .report_way import AT_DESK, Stage, Story, is_signed_first, lacking, story, way

#: What is done once in many reports: it stands folded away.
RARE = (Verb.EXCLUDE, Verb.TAKE_OVER, Verb.REOPEN, Verb.CORRECT_ISSUE)
#: The longest reason that is shown without a fold.
SHORT = 240


@dataclass(frozen=True)
class Said:
    """What was said of a report, and to whom it is still open.

    `returned_for` by the superior, `returned_within` by the leader to the clerk's desk. Of remarks, `open_threads` wait
    for an answer and `left_open` were open when the report was approved; `unfolded`: they are what the reader works by.
    """

    returned_for: Event | None = None
    returned_within: Event | None = None
    excluded_for: Event | None = None
    open_threads: list[Thread] = field(default_factory=list)
    left_open: list[Thread] = field(default_factory=list)
    unfolded: bool = False

    @property
    def long(self) -> bool:
        """Whether the reason is longer than a glance."""
        reason = self.returned_for or self.returned_within or self.excluded_for
        return reason is not None and len(reason.note) > SHORT


@dataclass(frozen=True)
class Kept:
    """The papers that were kept: the release in force, and those before it."""

    in_force: Release | None
    older: list[Release]


@dataclass(frozen=True)
class Opening:
    """Which sections of a returned report are shut (`locked`, the others are `unlocked`), and who may change that."""

    locked: set[str]
    unlocked: list[SectionLine]
    closable: set[Section]
    may_ask: bool
    may_open: bool


@dataclass(frozen=True)
class Start:
    """How much can be taken over from the report of the `period` before."""

    period: str
    figures: int
    rows: int
    texts: int


@dataclass(frozen=True)
class Frame:
    """What the page says of sections and remarks, under the names that their parts read."""

    head: ReportHead
    locked: set[str]
    unlocked: list[SectionLine]
    closable: set[Section]
    may_ask: bool
    may_open: bool
    may_comment: bool
    in_force: Release | None
    older: list[Release]


@dataclass(frozen=True)
class ReportPage:
    """The report: what comes next, its sections, its way, its papers.

    `rows` are the `lines` with the headings between them; `left_over` says in words what they all lack. `acts` are the
    verbs beside `next`, `rare` those that stand folded; `more_time` is the verb by which the reader gives or asks more
    time, `hint` what is missing for the step after this one. `carried` counts what awaits confirmation, `evidence` the files that are there and are missing.
    """

    head: Frame
    next: NextStep
    rows: list[Place | SectionLine]
    lines: list[SectionLine]
    done: int
    left_over: str
    carried: int
    said: Said
    way: list[Stage]
    hint: str
    acts: list[Action]
    rare: list[Action]
    more_time: Verb | None
    start: Start | None
    may_edit: bool
    sees_review: bool
    evidence: dict[str, int]


@require_safe
def report_page(request: Request, pk: int) -> HttpResponse:
    """The report: one next step, the sections as the paper numbers them, the way, the papers.

    The checks run (some 40 ms, at most 4 queries) while it is written, and at no other time.
    """
    user = request.user
    report = report_for(user, pk, Verb.VIEW, queryset=Report.objects.select_related(*RELATED))
    dossier = load(report)
    # Nothing leaves the desk with an error: there alone it is asked for errors.
    verdict = gate.verdict(report, user, dossier) if report.state in AT_DESK else None
    listed = report_list(report, dossier, verdict)
    if report.state == State.EXCLUDED:  # nothing is asked for
        listed = with_something_written(listed)
    may_edit = may(user, Verb.EDIT, report)
    told, kept = story(report), kept_papers(report)
    opening = opening_of(user, report, listed)
    said = what_was_said(report, told, may_edit)
    possible = actions(user, report)
    started = start(user, report, dossier) if may_edit else None
    desk = Desk(
        report, dossier, listed, verdict, told, possible,
        writable=opening.unlocked if may_edit else (),
        threads=said.open_threads,
        starts=started is not None,
        asks=opening.may_open,
        extends=may(user, Verb.EXTEND, report),
        kept=kept.in_force,
    )  # fmt: skip
    following = next_step(desk)
    beside = [one for one in possible if stands_beside(one, following, verdict)]
    page = ReportPage(
        head=Frame(
            report_head(user, report, dossier), opening.locked, opening.unlocked, opening.closable,
            opening.may_ask, opening.may_open, may(user, Verb.COMMENT, report),
            kept.in_force, kept.older,
        ),
        next=following,
        rows=listed.rows,
        lines=listed.lines,
        done=listed.done,
        left_over=left_words(report, listed, verdict),
        carried=listed.carried,
        said=said,
        way=way(report, dossier, told, listed, is_signed_first(report)),
        hint=lacking(listed, verdict, desk.forward.verb if desk.forward else "") if may_edit else "",
        acts=[one for one in beside if one.verb not in RARE],
        rare=[one for one in beside if one.verb in RARE],
        more_time=next(
            (verb for verb in (Verb.EXTEND, Verb.ASK_EXTENSION) if may(user, verb, report)), None
        ),
        start=started,
        may_edit=may_edit,
        sees_review=report.sent_at is not None,
        evidence=totals(evidence_by_section(dossier, evidence_of(report))),
    )  # fmt: skip
    return render_page(request, "reports/report.html", page)


def stands_beside(action: Action, following: NextStep, verdict: gate.Verdict | None) -> bool:
    """Whether a verb has a button of its own beside the next step: not while the checks stand before it."""
    if action.verb == following.verb:
        return False
    return action.page != "checks" or verdict is None or verdict.ready


def left_words(report: Report, listed: ReportList, verdict: gate.Verdict | None) -> str:
    """What the whole report still lacks: `Còn 8 số liệu, nội dung bắt buộc, 1 lỗi.`; "" when nothing."""
    left = sum(line.unanswered for line in listed.lines)
    wrong = sum(len(line.wrong) for line in listed.lines)
    counts = (
        (left, "số liệu, nội dung bắt buộc"),
        (wrong, "lỗi"),
        (listed.carried, "nội dung lấy từ kỳ trước chưa xác nhận"),
        (len(verdict.unexplained) if verdict else 0, "cảnh báo chưa giải trình"),
    )
    open_ones = ", ".join(f"{format_count(number)} {noun}" for number, noun in counts if number)
    if open_ones:
        return f"Còn {open_ones}."
    explained = len(verdict.warnings) if verdict else report.warnings
    return f"{format_count(explained)} cảnh báo, đều đã giải trình." if explained else ""


def kept_papers(report: Report) -> Kept:
    """What was kept at approvals and issues, without its bytes."""
    in_order = StrIndex(Value("pdf docx xlsx html"), F("format"))
    files = Prefetch("files", ReleasedFile.objects.defer("content").order_by(in_order))
    releases = report.releases.defer(*Release.HEAVY).order_by("-version", "-at")
    stored = list(releases.prefetch_related(files, with_copies()))
    current = stored[0] if stored and stored[0].version == report.version else None
    older = [release for release in stored if current is None or release.pk != current.pk]
    return Kept(current, older)


def opening_of(user: User, report: Report, listed: ReportList) -> Opening:
    """Which sections a return left shut."""
    shut = [line for line in listed.lines if line.state and not line.state.open]
    returned = report.state == State.RETURNED
    return Opening(
        locked={line.section.value for line in shut} if returned else set(),
        unlocked=[line for line in listed.lines if line not in shut],
        closable=closable(report) if may(user, Verb.CLOSE_SECTION, report) else set(),
        may_ask=may(user, Verb.ASK_REOPEN, report),
        may_open=may(user, Verb.OPEN_SECTION, report),
    )


def what_was_said(report: Report, told: Story, may_edit: bool) -> Said:
    """Why the report came back or is not owed, and the remarks that are open. One query."""
    moved = told.moved if report.state in AT_DESK else None
    open_threads = [thread for thread in remarks.threads(report) if thread.open]
    talking = report.state not in (State.APPROVED, State.ISSUED, State.EXCLUDED)
    return Said(
        returned_for=told.last(*RETURNING) if report.state == State.RETURNED else None,
        returned_within=moved if moved and moved.verb == Verb.SEND_BACK else None,
        excluded_for=told.last(Verb.EXCLUDE) if report.state == State.EXCLUDED else None,
        open_threads=open_threads if talking else [],
        left_open=[] if talking else open_threads,
        unfolded=may_edit,
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
