"""The clerk's pages: the report's list of sections, and one page a section."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.contrib import messages
from django.db import IntegrityError
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.views.decorators.http import require_http_methods, require_safe

from ..access import may, report_for, today
from ..compose import compose, compose_items
from ..deadlines import time_left
from ..document import html
from ..dossier import Dossier, load
from ..editing import save
from ..entry import (
    SectionEntry,
    ask,
    entry_text,
    indicator_entries,
    repeated_documents,
    section_entry,
)
from ..enums import Placement, Progress, Section, Verb
from ..forms import (
    AppendixForm,
    PaperForm,
    SectionForm,
    TypedField,
)
from ..layout import may_be_none, others_helper
from ..models import Report, SectionState, User
from ..models.rows import new_uid
from ..progress import progress, sections_of
from ..values import Value
from ..vietnamese import format_count, format_date

RELATED = ("unit", "period__kind", "period__superior", "paper")


@dataclass(frozen=True)
class SectionLine:
    """One line of the report's list of sections."""

    section: Section
    progress: Progress
    answered: int
    required: int
    state: SectionState | None


def heading(report: Report, dossier: Dossier) -> dict[str, Any]:
    """What the head of every page of a report says."""
    words, urgency = time_left(dossier.period.deadline, today())
    return {"report": report, "dossier": dossier, "left": words, "urgency": urgency}


def lines(report: Report, dossier: Dossier) -> list[SectionLine]:
    states = {state.section: state for state in report.section_states.select_related("saved_by")}
    return [
        SectionLine(section, *progress(dossier, section), states.get(section))
        for section in sections_of(dossier)
    ]


@require_safe
def report_page(request: HttpRequest, pk: int) -> HttpResponse:
    """The report as a list of sections, each with its state, in the order of the paper."""
    user: User = request.user  # type: ignore[assignment]
    report = report_for(user, pk, Verb.VIEW, queryset=Report.objects.select_related(*RELATED))
    dossier = load(report)
    listed = lines(report, dossier)
    done = sum(line.progress == Progress.COMPLETE for line in listed)
    following = next((line for line in listed if line.progress != Progress.COMPLETE), None)
    context = heading(report, dossier) | {
        "lines": listed,
        "done": done,
        "next": following,
        "may_edit": may(user, Verb.EDIT, report),
    }
    return render(request, "reports/report.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def section_page(request: HttpRequest, pk: int, section: str) -> HttpResponse:
    """One section: its form beside its official text.

    POST saves what can be read and tells what cannot: to a script as JSON, with the fresh text; to a
    browser without scripts as the page again.
    """
    user: User = request.user  # type: ignore[assignment]
    verb = Verb.EDIT if request.method == "POST" else Verb.VIEW
    wanted = _section(section)
    report = report_for(user, pk, verb, wanted, Report.objects.select_related(*RELATED))
    dossier = load(report)
    if wanted not in sections_of(dossier):
        raise Http404("Báo cáo không có phần này.")
    if request.method != "POST":
        return render(request, TEMPLATES.get(wanted, "reports/section.html"),
                      page(user, report, dossier, wanted))  # fmt: skip

    try:
        report, form = read_and_save(request.POST, user, report, dossier, wanted)
    except IntegrityError:
        # Somebody made a row alike at this very moment: read again, and the form tells of the twin.
        report, form = read_and_save(request.POST, user, report, load(report), wanted)
    dossier = load(report)
    if request.accepts("text/html"):
        return after_plain_save(request, user, report, dossier, wanted, form)
    return JsonResponse(saved_answer(report, dossier, wanted, form))


def read_and_save(
    posted: QueryDict, user: User, report: Report, dossier: Dossier, section: Section
) -> tuple[Report, Any]:
    """Save what can be read of what was posted; returns the report and the form with the rest."""
    data = answered_in_one_go(posted, dossier, section)
    form = make_form(dossier, report, section, data)
    return save(report, section, form.edits(), user, dossier.catalogue), form


TEMPLATES = {
    Section.APPENDIX: "reports/appendix.html",
    Section.PAPER: "reports/paper.html",
}


def _section(name: str) -> Section:
    try:
        return Section(name)
    except ValueError:
        raise Http404("Không có phần này.") from None


def make_form(dossier: Dossier, report: Report, section: Section, data: QueryDict) -> Any:
    if section == Section.APPENDIX:
        return AppendixForm(dossier, data)
    if section == Section.PAPER:
        return PaperForm(data, instance=report.paper)
    return SectionForm(dossier, section_entry(dossier, section), data)


def answered_in_one_go(data: QueryDict, dossier: Dossier, section: Section) -> QueryDict:
    """The data, with "không phát sinh" for every empty figure of the group whose button was pressed."""
    group = data.get("none_arisen")
    if group is None or section in TEMPLATES:
        return data
    filled = data.copy()
    entry = section_entry(dossier, section)
    for asked in (a for g in (*entry.asked, *entry.others) if g.title == group for a in g.asked):
        if may_be_none(asked.figure) and not filled.get(asked.name, asked.text):
            filled[asked.name] = "không phát sinh"
    return filled


def page(
    user: User, report: Report, dossier: Dossier, section: Section, form: Any = None
) -> dict[str, Any]:
    """What a section page shows. `form` carries the errors of a save without scripts."""
    pages = sections_of(dossier)
    position = pages.index(section)
    context = heading(report, dossier) | {
        "section": section,
        "progress": progress(dossier, section),
        "state": report.section_states.select_related("saved_by").filter(section=section).first(),
        "before": pages[position - 1] if position else None,
        "after": pages[position + 1] if position + 1 < len(pages) else None,
        "may_edit": may(user, Verb.EDIT, report),
        "errors": error_lines(form) if form is not None else [],
        "preview": preview(dossier, section),
        "placements": Placement.choices,
        "unread": unread(form) if form is not None else {},
    }
    if section == Section.APPENDIX:
        return context | {"indicators": list(indicator_entries(dossier))}
    if section == Section.PAPER:
        return context | {"form": form or PaperForm(instance=report.paper)}
    entry = section_entry(dossier, section)
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


@dataclass(frozen=True)
class Unread:
    """What was typed into a field and could not be read, and why."""

    typed: str
    problem: str


def unread(form: Any) -> dict[str, Unread]:
    return {
        name: Unread(form.data.get(name, ""), " ".join(map(str, problems)))
        for name, problems in form.errors.items()
    }


def keep_typed(shown: SectionForm, failed: dict[str, Unread]) -> None:
    """Put what could not be read back into its field, with its message."""
    for name, wrong in failed.items():
        field = shown.fields.get(name)
        if isinstance(field, TypedField):
            shown.initial[name], field.problem = wrong.typed, wrong.problem


def error_lines(form: Any) -> list[dict[str, str]]:
    """The error summary: each line a link that lands in the field."""
    return [
        {
            "id": f"id_{name}",
            "label": str(form.fields[name].label) if name in form.fields else "",
            "message": " ".join(str(problem) for problem in problems),
        }
        for name, problems in form.errors.items()
    ]


def preview(dossier: Dossier, section: Section) -> str:
    """The official text of the section, for the screen."""
    if section == Section.PAPER:
        return html.frame(compose(dossier))
    if section == Section.APPENDIX:
        return ""
    return f'<article class="paper">{html.blocks(compose_items(dossier, section), screen=True)}</article>'


def live_figures(dossier: Dossier) -> SafeString:
    """The figures a narrative may name, by label: those answered."""
    labels = sorted(
        f.label
        for code, f in dossier.catalogue.items()
        if not f.table and f.kind != "text" and dossier.value(code).answered
    )
    return format_html_join("", "<option>{}</option>", ((label,) for label in labels))


def saved_answer(report: Report, dossier: Dossier, section: Section, form: Any) -> dict[str, Any]:
    """What the page's script needs after a save."""
    state, answered, required = progress(dossier, section)
    shown: dict[str, str] = {}
    more: dict[str, Any] = {}
    if section not in TEMPLATES:
        entry: SectionEntry = section_entry(dossier, section)
        more = {
            "computed": {a.name: a.computed for a in entry.figures() if a.figure.whole},
            "sums": {a.name: format_count(a.sum) for a in entry.figures() if a.sum is not None},
            "composed": {n.item.code: n.composed for n in entry.narratives},
            "live_figures": live_figures(dossier),
        }
    for name, content in getattr(form, "cleaned_data", {}).items():
        if isinstance(content, Value):
            code = name.partition("@")[0]
            figure = dossier.catalogue[code]
            shown[name] = (
                ask(dossier, figure, False).text if "@" not in name else entry_text(figure, content)
            )
        elif isinstance(content, date):
            shown[name] = format_date(content)
    return more | {
        "saved_at": timezone.localtime().strftime("%H:%M"),
        "revision": report.revision,
        "errors": {name: " ".join(map(str, found)) for name, found in form.errors.items()},
        "shown": shown,
        "preview": preview(dossier, section),
        "progress": {"state": state.value, "label": state.label,
                     "answered": answered, "required": required},
    }  # fmt: skip


def after_plain_save(
    request: HttpRequest, user: User, report: Report, dossier: Dossier, section: Section, form: Any
) -> HttpResponse:
    """The answer to a browser without scripts: on without errors, the page again with them."""
    if form.errors:
        template = TEMPLATES.get(section, "reports/section.html")
        return render(request, template, page(user, report, dossier, section, form), status=422)
    messages.success(request, f"Đã lưu lúc {timezone.localtime():%H:%M}.")
    if "leave" in request.POST:
        return redirect("report", pk=report.pk)
    return redirect("section", pk=report.pk, section=section.value)
