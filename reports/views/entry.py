"""The clerk's pages: the report's list of sections, and one page a section."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.db.models import F, Prefetch, Value
from django.db.models.functions import StrIndex
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.safestring import SafeString
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from ..access import may, previous_report, refusal, report_for, watches
from ..catalogue.field_names import FieldKind, FieldName, column_of
from ..checks import gate
from ..dossier import Dossier, load
from ..editing import presence
from ..editing.carrying import carry_over, proposal
from ..editing.forms import PaperForm, SectionForm
from ..editing.save_page import SavedPage, save_page
from ..editing.writing import Moved
from ..entry import IndicatorEntry, SectionEntry, repeated_documents, section_entry
from ..entry.layout import NAMED, OTHERS, FigureGroup, figure_groups
from ..entry.page_texts import find_fields, page_texts
from ..entry.progress import carried_in, incomplete_documents, progress, required_noun, sections_of
from ..enums import Placement, Progress, Section, State, Verb
from ..evidence import SectionEvidence, evidence_by_section, evidence_of, section_evidence, totals
from ..issuing.signed_copies import with_copies
from ..models import Event, Release, ReleasedFile, Report, SectionState, User
from ..models.rows import new_uid
from ..review import remarks
from ..review.remarks import Thread
from ..verbs import MOVES, RETURNING
from ..web.actions import Action, actions
from ..web.page import RELATED, ReportHead, render_page, report_head
from ..web.request import Request
from ..workflow.reopening import closable
from .preview import live_figures, preview
from .saving import (
    Unread,
    appendix_entries,
    changes_of,
    frame_form,
    fresh,
    keep_typed,
    last_saved,
    saved_answer,
    unread,
)

#: How a field reads that was answered with "không phát sinh".
NONE_ARISEN = "Không phát sinh"


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
    watches: bool
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


@dataclass(frozen=True)
class ErrorLine:
    """One line of the error summary: a link that lands in the field; `old` when it was typed in an old encoding."""

    id: str
    name: str
    label: str
    message: str
    old: bool


@dataclass(frozen=True)
class SectionHead:
    """What the pages of all sections show.

    `before` and `after` are the sections beside it; `shut` says why the reader may not type here. `unread` is what a
    save without scripts did not write, `errors` tell of it; `answered` are the fields whose answer by one press can
    be taken back. `beat`: seconds between two reports of an open page.
    """

    head: ReportHead
    section: Section
    progress: tuple[Progress, int, int]
    carried: set[str]
    state: SectionState | None
    before: Section | None
    after: Section | None
    may_edit: bool
    shut: str
    errors: list[ErrorLine]
    answered: list[FieldName]
    preview: str
    unread: dict[str, Unread]
    beat: int


@dataclass(frozen=True)
class AppendixPage:
    """The table of indicators, and the evidence for it."""

    head: SectionHead
    evidence: SectionEvidence
    indicators: list[IndicatorEntry]


@dataclass(frozen=True)
class PaperPage:
    """The frame of the paper."""

    head: SectionHead
    form: PaperForm


@dataclass(frozen=True)
class SectionPage:
    """Figures, rows and texts of a section; `others` are the figures that are not printed, `new_uid` names the
    row that a browser without scripts may add, `repeated` tells of documents entered twice."""

    head: SectionHead
    evidence: SectionEvidence
    entry: SectionEntry
    required_noun: str
    placements: list[tuple[str, str]]
    items: tuple[tuple[str, str], ...]
    new_uid: str
    repeated: list[str]
    form: SectionForm
    figure_groups: tuple[FigureGroup, ...]
    others: tuple[FigureGroup, ...]
    live_figures: SafeString


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
        head=report_head(report, dossier),
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
        watches=watches(user, report),
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


@require_http_methods(["GET", "HEAD", "POST"])
def section_page(request: Request, pk: int, section: Section) -> HttpResponse:
    """One section: its form beside its official text.

    POST saves the fields that can be read and answers with the others: to a script as JSON, with the new official
    text; to a browser without scripts as the page again.
    """
    user = request.user
    verb = Verb.EDIT if request.method == "POST" else Verb.VIEW
    report = report_for(user, pk, verb, section, Report.objects.select_related(*RELATED))
    if request.method != "POST":
        dossier = load(report)
        if section not in sections_of(dossier):
            raise Http404("Báo cáo không có phần này.")
        pressed = request.GET.get("vua-tra-loi", "").split(",")
        texts = page_texts(dossier, section) if pressed != [""] else {}
        answered = [FieldName.parse(name) for name in pressed if texts.get(name) == NONE_ARISEN]
        return show(request, report, dossier, section, answered=answered)

    saved = save_page(report, section, changes_of(request.POST), user, then=gate.note_counts)
    if request.accepts("text/html"):
        return after_plain_save(request, saved, section)
    return JsonResponse(saved_answer(saved, section))


@require_POST
def presence_page(request: Request, pk: int, section: Section) -> JsonResponse:
    """An open page reports itself; answers who else has it open, and what was written since, as JSON."""
    user = request.user
    report = report_for(user, pk, Verb.EDIT, section)
    if "leave" in request.POST:
        presence.leave(report, section, user)
        return JsonResponse({})
    answer: dict[str, Any] = {"others": presence.come(report, section, user)}
    if request.POST.get("revision") != str(report.revision):
        dossier = load(report)
        answer |= fresh(dossier, section) | {
            "texts": page_texts(dossier, section), "by": last_saved(report, section),
        }  # fmt: skip
    return JsonResponse(answer)


def show(
    request: Request,
    report: Report,
    dossier: Dossier,
    section: Section,
    failed: dict[str, Unread] | None = None,
    labels: Mapping[str, str] | None = None,
    answered: list[FieldName] | None = None,
    status: int = 200,
) -> HttpResponse:
    """The page of a section. `failed` is what a save without scripts did not write, `labels` what the fields of that
    save are called, `answered` the fields whose answer by one press can be taken back."""
    user, unwritten = request.user, failed or {}
    pages = sections_of(dossier)
    position = pages.index(section)
    before = previous_report(user, report)
    previous = load(before) if before else None
    may_edit = may(user, Verb.EDIT, report, section)
    head = SectionHead(
        head=report_head(report, dossier),
        section=section,
        progress=progress(dossier, section),
        carried=carried_in(dossier, section),
        state=report.section_states.select_related("saved_by").filter(section=section).first(),
        before=pages[position - 1] if position else None,
        after=pages[position + 1] if position + 1 < len(pages) else None,
        may_edit=may_edit,
        shut="" if may_edit else shut(user, report, section),
        errors=error_lines(dossier, labels or {}, unwritten),
        answered=answered or [],
        preview=preview(dossier, section),
        unread=unwritten,
        beat=presence.BEAT.seconds,
    )
    if section == Section.PAPER:
        paper = PaperPage(head, frame_form(report, dossier, unwritten))
        return render_page(request, "reports/paper.html", paper, status)
    evidence = section_evidence(dossier, section, evidence_of(report))
    if section == Section.APPENDIX:
        appendix = AppendixPage(
            head, evidence, list(appendix_entries(dossier, previous, unwritten))
        )
        return render_page(request, "reports/appendix.html", appendix, status)
    entry = section_entry(dossier, section, previous)
    form = SectionForm(dossier, entry)
    keep_typed(form, unwritten)
    page = SectionPage(
        head=head,
        evidence=evidence,
        entry=entry,
        required_noun=required_noun(dossier, section),
        placements=Placement.choices,
        items=entry.items,
        new_uid=new_uid(),
        repeated=repeated_documents(dossier, section),
        form=form,
        figure_groups=figure_groups(NAMED, entry.groups),
        others=figure_groups(OTHERS, entry.others),
        live_figures=live_figures(dossier),
    )
    return render_page(request, "reports/section.html", page, status)


def shut(user: User, report: Report, section: Section) -> str:
    """Why whoever may type into the report may not type into this section; "" for everybody else."""
    return refusal(Verb.EDIT, report, section) if may(user, Verb.EDIT, report) else ""


def error_lines(
    dossier: Dossier, labels: Mapping[str, str], failed: Mapping[str, Unread]
) -> list[ErrorLine]:
    """The error summary, a line a field that was not written."""

    def label(name: str) -> str:
        figure = dossier.catalogue.get(column_of(name))
        return labels.get(name) or (figure.label if figure else "Nội dung đã nhập")

    return [
        ErrorLine(f"id_{name}", name, label(name), unwritten.problem, unwritten.old)
        for name, unwritten in failed.items()
    ]


def after_plain_save(request: Request, saved: SavedPage, section: Section) -> HttpResponse:
    """The answer to a browser without scripts: the next page, or with errors the same page again.

    What one press answered with "không phát sinh", the page offers to take back.
    """
    report, failed = saved.report, unread(saved, request.POST)
    if failed:
        return show(request, report, saved.dossier, section, failed, saved.labels, status=422)
    messages.success(request, f"Đã lưu lúc {timezone.localtime():%H:%M}.")
    if "leave" in request.POST:
        return redirect("report", pk=report.pk)
    address = reverse("section", kwargs={"pk": report.pk, "section": section.value})
    answered = ",".join(saved.answered)
    undo = "?" + urlencode({"vua-tra-loi": answered}) if answered else ""
    return redirect(address + undo)
