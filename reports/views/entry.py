"""The clerk's pages: the report's list of sections, and one page a section."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.db.models import F, Prefetch, Value
from django.db.models.functions import StrIndex
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from ..access import may, previous_report, refusal, report_for, watches
from ..catalogue.field_names import FieldKind, FieldName, column_of
from ..checks import gate
from ..dossier import Dossier, load
from ..editing import presence
from ..editing.carrying import carry_over, proposal
from ..editing.forms import SectionForm
from ..editing.save_page import SavedPage, save_page
from ..editing.writing import Moved
from ..entry import repeated_documents, section_entry
from ..entry.layout import others_helper
from ..entry.page_texts import find_fields, page_texts
from ..entry.progress import asked_words, carried_in, incomplete_documents, progress, sections_of
from ..enums import Placement, Progress, Section, State, Verb
from ..evidence import evidence_by_section, evidence_of, section_evidence, totals
from ..issuing.signed_copies import with_copies
from ..models import Release, ReleasedFile, Report, SectionState, User
from ..models.rows import new_uid
from ..review import remarks
from ..verbs import MOVES, RETURNING
from ..web.actions import actions
from ..web.page import RELATED, heading
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
TEMPLATES = {
    Section.APPENDIX: "reports/appendix.html",
    Section.PAPER: "reports/paper.html",
}


@dataclass(frozen=True)
class SectionLine:
    """One line of the report's list of sections; `carried` counts what awaits confirmation."""

    section: Section
    progress: Progress
    answered: int
    required: int
    carried: int
    state: SectionState | None
    asked: str = "số liệu"
    lacking: int = 0


def lines(report: Report, dossier: Dossier) -> list[SectionLine]:
    states = {state.section: state for state in report.section_states.select_related("saved_by")}
    return [
        SectionLine(
            section, *progress(dossier, section), len(carried_in(dossier, section)),
            states.get(section), asked_words(dossier, section), len(incomplete_documents(dossier, section)),
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
    context = heading(report, dossier) | {
        "query": query,
        "found": find_fields(dossier, query) if query else [],
        "lines": listed,
        "done": done,
        "next": following,
        "carried": sum(line.carried for line in listed),
        "start": start(user, report, dossier) if may_edit else None,
        "may_edit": may_edit,
        **way(user, report, listed),
        "evidence": totals(evidence_by_section(dossier, evidence_of(report))),
    }
    return render(request, "reports/report.html", context)


def way(user: User, report: Report, listed: list[SectionLine]) -> dict[str, Any]:
    """Where the report stands on its way, what the reader may do, and what was said."""
    in_order = StrIndex(Value("pdf docx xlsx html"), F("format"))
    files = Prefetch("files", ReleasedFile.objects.defer("content").order_by(in_order))
    releases = report.releases.defer(*Release.HEAVY).order_by("-version", "-at")
    kept = list(releases.prefetch_related(files, with_copies()))
    current = kept[0] if kept and kept[0].version == report.version else None
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
    still_open = [thread for thread in remarks.threads(report) if thread.open]
    may_close = may(user, Verb.CLOSE_SECTION, report)
    closed = [line for line in listed if line.state and not line.state.open]
    return {
        "actions": actions(user, report),
        "returned_for": returned_for,
        "returned_within": returned_within,
        "excluded_for": excluded_for,
        "locked": {line.section.value for line in closed} if returned_for else set(),
        "unlocked": [line for line in listed if line not in closed],
        "may_ask": may(user, Verb.ASK_REOPEN, report),
        "more_time": next(
            (verb for verb in (Verb.EXTEND, Verb.ASK_EXTENSION) if may(user, verb, report)), None
        ),
        "may_open": may(user, Verb.OPEN_SECTION, report),
        "closable": closable(report) if may_close else set(),
        "may_comment": may(user, Verb.COMMENT, report),
        "watches": watches(user, report),
        "sees_review": report.sent_at is not None,
        "open_threads": still_open if talking else [],
        "left_open": [] if talking else still_open,
        "wish": report.extension_asked
        and report.events.filter(verb=Verb.ASK_EXTENSION).order_by("-seq").first(),
        "in_force": current,
        "older": [one for one in kept if current is None or one.pk != current.pk],
    }


def start(user: User, report: Report, dossier: Dossier) -> dict[str, Any] | None:
    """What can be taken over from the report before; offered until something was."""
    if any(progress(dossier, section)[0] != Progress.EMPTY for section in sections_of(dossier)):
        return None
    previous = previous_report(user, report)
    if previous is None:
        return None
    found = proposal(dossier, load(previous))
    names = [name for edits in found.values() for name in edits.carried]
    if not names:
        return None
    kinds = Counter(FieldName.parse(name).kind for name in names)
    return {
        "period": previous.period.phrase,
        "figures": kinds[FieldKind.FIGURE],
        "rows": kinds[FieldKind.ROW],
        "texts": kinds[FieldKind.TEXT],
    }


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
    words = (
        f"Đã lấy {count} nội dung từ báo cáo {previous.period.phrase}; mỗi nội dung chờ xác nhận."
    )
    if not count:
        words = f"Báo cáo {previous.period.phrase} không còn nội dung nào để lấy thêm."
    messages.success(request, words)
    return redirect("report", pk=report.pk)


@require_http_methods(["GET", "HEAD", "POST"])
def section_page(request: Request, pk: int, section: Section) -> HttpResponse:
    """One section: its form beside its official text.

    POST saves what can be read and tells what cannot: to a script as JSON, with the fresh text; to a
    browser without scripts as the page again.
    """
    user = request.user
    verb = Verb.EDIT if request.method == "POST" else Verb.VIEW
    report = report_for(user, pk, verb, section, Report.objects.select_related(*RELATED))
    if request.method != "POST":
        dossier = load(report)
        if section not in sections_of(dossier):
            raise Http404("Báo cáo không có phần này.")
        shown = page(user, report, dossier, section)
        told = request.GET.get("vua-tra-loi", "").split(",")
        texts = page_texts(dossier, section) if told != [""] else {}
        shown["answered"] = [
            FieldName.parse(name) for name in told if texts.get(name) == NONE_ARISEN
        ]
        return render(request, TEMPLATES.get(section, "reports/section.html"), shown)

    saved = save_page(report, section, changes_of(request.POST), user, then=gate.note_counts)
    if request.accepts("text/html"):
        return after_plain_save(request, user, saved, section)
    return JsonResponse(saved_answer(saved, section))


@require_POST
def company_page(request: Request, pk: int, section: Section) -> JsonResponse:
    """An open page reports itself: who else is here, and what was written since it last asked."""
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


def page(
    user: User,
    report: Report,
    dossier: Dossier,
    section: Section,
    failed: dict[str, Unread] | None = None,
    labels: Mapping[str, str] | None = None,
) -> dict[str, Any]:
    """What a section page shows. `failed` carries what a save without scripts did not write, `labels`
    what the fields of that save are called."""
    pages = sections_of(dossier)
    position = pages.index(section)
    before = previous_report(user, report)
    previous = load(before) if before else None
    context = heading(report, dossier) | {
        "section": section,
        "progress": progress(dossier, section),
        "asked_words": asked_words(dossier, section),
        "carried": carried_in(dossier, section),
        "state": report.section_states.select_related("saved_by").filter(section=section).first(),
        "before": pages[position - 1] if position else None,
        "after": pages[position + 1] if position + 1 < len(pages) else None,
        "may_edit": (open_to := may(user, Verb.EDIT, report, section)),
        "shut": "" if open_to else shut(user, report, section),
        "errors": error_lines(dossier, labels or {}, failed or {}),
        "preview": preview(dossier, section),
        "placements": Placement.choices,
        "unread": failed or {},
        "beat": presence.BEAT.seconds,
    }
    if section != Section.PAPER:
        context |= {"evidence": section_evidence(dossier, section, evidence_of(report))}
    if section == Section.APPENDIX:
        entries = appendix_entries(dossier, previous, context["unread"])
        return context | {"indicators": list(entries)}
    if section == Section.PAPER:
        return context | {"form": frame_form(report, dossier, context["unread"])}
    entry = section_entry(dossier, section, previous)
    shown = SectionForm(dossier, entry)
    keep_typed(shown, context["unread"])
    return context | {
        "entry": entry,
        "items": entry.items,
        "new_uid": new_uid(),
        "repeated": repeated_documents(dossier, section),
        "form": shown,
        "others": others_helper(entry.others) if entry.others else None,
        "live_figures": live_figures(dossier),
    }


def shut(user: User, report: Report, section: Section) -> str:
    """Why whoever may type into the report may not type into this section; "" for everybody else."""
    return refusal(Verb.EDIT, report, section) if may(user, Verb.EDIT, report) else ""


def error_lines(
    dossier: Dossier, labels: Mapping[str, str], failed: Mapping[str, Unread]
) -> list[dict[str, Any]]:
    """The error summary: each line a link that lands in the field."""

    def label(name: str) -> str:
        figure = dossier.catalogue.get(column_of(name))
        return labels.get(name) or (figure.label if figure else "Nội dung đã nhập")

    return [
        {
            "id": f"id_{name}",
            "name": name,
            "label": label(name),
            "message": wrong.problem,
            "old": wrong.old,
        }
        for name, wrong in failed.items()
    ]


def after_plain_save(
    request: Request, user: User, saved: SavedPage, section: Section
) -> HttpResponse:
    """The answer to a browser without scripts: on without errors, the page again with them.

    Of the figures that one press answered the page offers to take that back.
    """
    report, failed = saved.report, unread(saved, request.POST)
    if failed:
        template = TEMPLATES.get(section, "reports/section.html")
        shown = page(user, report, saved.dossier, section, failed, saved.labels)
        return render(request, template, shown, status=422)
    messages.success(request, f"Đã lưu lúc {timezone.localtime():%H:%M}.")
    if "leave" in request.POST:
        return redirect("report", pk=report.pk)
    address = reverse("section", kwargs={"pk": report.pk, "section": section.value})
    answered = ",".join(saved.answered)
    undo = "?" + urlencode({"vua-tra-loi": answered}) if answered else ""
    return redirect(address + undo)
