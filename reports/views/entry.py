"""The page of a section: its form beside its official text, saving it, and who else has it open."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.safestring import SafeString
from django.views.decorators.http import require_http_methods, require_POST

from ..access import may, previous_report, refusal, report_for
from ..catalogue.field_names import FieldName, column_of
from ..checks import Finding, Number, check, gate
from ..checks.at_fields import column_totals
from ..dossier import Dossier, load
from ..editing import presence
from ..editing.forms import PaperForm, SectionForm
from ..editing.save_page import SavedPage, save_page
from ..entry import IndicatorEntry, SectionEntry, repeated_documents, section_entry
from ..entry.layout import ALL, PageGroup, page_groups
from ..entry.page_texts import page_texts
from ..entry.progress import carried_in, progress, required_noun, sections_of
from ..enums import Placement, Progress, Section, Verb
from ..evidence import SectionEvidence, evidence_of, section_evidence
from ..models import Report, SectionState, User
from ..models.rows import new_uid
from ..web.page import RELATED, ReportHead, render_page, report_head
from ..web.request import Request
from .preview import live_figures, preview
from .saving import (
    Unread,
    appendix_entries,
    changes_of,
    frame_form,
    fresh,
    keep_typed,
    last_saved,
    markup_at_fields,
    saved_answer,
    unread,
)
from .steps import Steps, section_address, steps

#: How a field reads that was answered with "không phát sinh".
NONE_ARISEN = "Không phát sinh"


@dataclass(frozen=True)
class ErrorLine:
    """One line of the error summary: a link that lands in the field; `old` when it was typed in an old encoding."""

    id: str
    name: str
    label: str
    message: str
    old: bool


@dataclass(frozen=True)
class PlainSave:
    """What a save without scripts left: `unread` by the name of the field, the `labels` of that save's fields, and
    the fields `answered` by one press, which can be taken back."""

    unread: dict[str, Unread] = field(default_factory=dict)
    labels: Mapping[str, str] = field(default_factory=dict)
    answered: list[FieldName] = field(default_factory=list)


@dataclass(frozen=True)
class SectionHead:
    """What the pages of all sections show.

    `position` among all `sections_number` sections; `steps` lead on. `shut` says why the reader may not type here.
    `unread` is what a save without scripts did not write, `errors` tell of it; `answered` are the fields whose answer
    by one press can be taken back. `findings`: what the checks say, as markup by the name of the field; `beat`:
    seconds between two reports of an open page.
    """

    head: ReportHead
    section: Section
    progress: tuple[Progress, int, int]
    carried: set[str]
    state: SectionState | None
    position: int
    sections_number: int
    required_noun: str
    steps: Steps
    findings: Mapping[str, SafeString]
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
    """Figures, rows and texts of a section in groups. `shown` is the one in sight, None when all are; `new_uid` names
    the row that a browser without scripts may add, `repeated` tells of documents entered twice, `column_totals` what
    columns of tables should add up to. `wide`: what is in sight needs the width of the window."""

    head: SectionHead
    evidence: SectionEvidence
    entry: SectionEntry
    groups: tuple[PageGroup, ...]
    shown: PageGroup | None
    all_shown: bool
    wide: bool
    placements: list[tuple[str, str]]
    items: tuple[tuple[str, str], ...]
    new_uid: str
    repeated: list[str]
    column_totals: Mapping[str, Number]
    form: SectionForm
    live_figures: SafeString


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
        return show(request, report, dossier, section, PlainSave(answered=answered))

    findings: list[Finding] = []

    def check_again(locked: Report, after: Dossier) -> None:
        findings[:] = gate.note_counts(locked, after)

    saved = save_page(report, section, changes_of(request.POST), user, then=check_again)
    if request.accepts("text/html"):
        return after_plain_save(request, saved, section)
    return JsonResponse(saved_answer(saved, section, findings))


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
        answer |= fresh(dossier, section, gate.findings_without_evidence(report, dossier)) | {
            "texts": page_texts(dossier, section), "by": last_saved(report, section),
        }  # fmt: skip
    return JsonResponse(answer)


def show(
    request: Request,
    report: Report,
    dossier: Dossier,
    section: Section,
    save: PlainSave | None = None,
    status: int = 200,
) -> HttpResponse:
    """The page of a section, after a `save` without scripts with what that left undone."""
    before = previous_report(request.user, report)
    previous = load(before) if before else None
    done = save or PlainSave()
    if section == Section.PAPER:
        head = section_head(request, report, dossier, section, done)
        paper = PaperPage(head, frame_form(report, dossier, done.unread))
        return render_page(request, "reports/paper.html", paper, status)
    # Whoever only reads finds them on the pages of checks and of review.
    findings = {}
    if may(request.user, Verb.EDIT, report, section):
        findings = markup_at_fields(check(dossier, previous), section)
    evidence = section_evidence(dossier, section, evidence_of(report))
    if section == Section.APPENDIX:
        head = section_head(request, report, dossier, section, done, findings)
        entries = list(appendix_entries(dossier, previous, done.unread))
        appendix = AppendixPage(head, evidence, entries)
        return render_page(request, "reports/appendix.html", appendix, status)
    entry = section_entry(dossier, section, previous)
    groups, asked = page_groups(entry), request.GET.get("nhom", "")
    # After a save that left something undone all are in sight, as the list of what it left is.
    shown = next((group for group in groups if group.slug == asked and not done.unread), None)
    form = SectionForm(dossier, entry)
    keep_typed(form, done.unread)
    page = SectionPage(
        head=section_head(request, report, dossier, section, done, findings, groups, shown),
        evidence=evidence,
        entry=entry,
        groups=groups,
        shown=shown,
        all_shown=asked == ALL,
        wide=shown is not None and shown.wide,
        placements=Placement.choices,
        items=entry.items,
        new_uid=new_uid(),
        repeated=repeated_documents(dossier, section),
        column_totals=column_totals(dossier),
        form=form,
        live_figures=live_figures(dossier),
    )
    return render_page(request, "reports/section.html", page, status)


def section_head(
    request: Request,
    report: Report,
    dossier: Dossier,
    section: Section,
    save: PlainSave,
    findings: Mapping[str, SafeString] | None = None,
    groups: tuple[PageGroup, ...] = (),
    shown: PageGroup | None = None,
) -> SectionHead:
    """What the pages of all sections show, of this one."""
    user, pages = request.user, sections_of(dossier)
    may_edit = may(user, Verb.EDIT, report, section)
    return SectionHead(
        head=report_head(user, report, dossier),
        section=section,
        progress=progress(dossier, section),
        carried=carried_in(dossier, section),
        state=report.section_states.select_related("saved_by").filter(section=section).first(),
        position=pages.index(section) + 1,
        sections_number=len(pages),
        required_noun=required_noun(dossier, section),
        steps=steps(report, pages, section, groups, shown),
        findings=findings or {},
        may_edit=may_edit,
        shut="" if may_edit else shut(user, report, section),
        errors=error_lines(dossier, save.labels, save.unread),
        answered=save.answered,
        preview=preview(dossier, section),
        unread=save.unread,
        beat=presence.BEAT.seconds,
    )


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
        left = PlainSave(failed, saved.labels)
        return show(request, report, saved.dossier, section, left, status=422)
    messages.success(request, f"Đã lưu lúc {timezone.localtime():%H:%M}.")
    if "leave" in request.POST:
        return redirect("report", pk=report.pk)
    query = {"nhom": request.GET.get("nhom", ""), "vua-tra-loi": ",".join(saved.answered)}
    more = urlencode({name: text for name, text in query.items() if text})
    return redirect(section_address(report, section) + (f"?{more}" if more else ""))
