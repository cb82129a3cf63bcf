"""The reviewer's page: the official text, the figures beside last period's, remarks, what changed."""

import json
from dataclasses import dataclass

from django import forms
from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_safe

from ..access import may, previous_report, report_for
from ..catalogue.field_names import FieldKind, FieldName
from ..catalogue.outlines import indicator_facts, outline_facts
from ..checks import gate
from ..checks.gate import NotYet
from ..compose import compose
from ..documents import html
from ..dossier import Dossier, load
from ..dossier.json import FormatError, from_json
from ..entry.page_texts import page_labels, page_texts
from ..entry.progress import sections_of
from ..enums import Section, State, Verb
from ..evidence import SectionEvidence, evidence_by_section, evidence_of
from ..models import Report, SentDossier, StandardRemark
from ..notifications import notices
from ..review import remarks
from ..review.compare import Difference, FigureLine, comparison, differences, figure_lines
from ..review.remarks import Thread
from ..review.timeline import Entry, timeline
from ..web.actions import Action, actions
from ..web.fields import KeyField
from ..web.page import RELATED, ReportHead, render_page, report_head
from ..web.request import Request

#: States in which the last sending is what the reader sees.
AWAY = (State.SENT, State.REVIEWING, State.APPROVED, State.ISSUED)


#: What a remark may be about: name and label, by section.
Names = list[tuple[Section, list[tuple[str, str]]]]


@dataclass(frozen=True)
class ReviewPage:
    """Everything a reviewer needs: the text, the figures beside those of the period before, remarks, what changed
    since the last sending. `compared` says what the comparison means, `quick` is done at once."""

    head: ReportHead
    paper: str
    figures: list[FigureLine]
    previous: Dossier | None
    compared: str
    verdict: gate.Verdict
    threads: list[Thread]
    open_remarks: int
    changes: list[Difference]
    resent: bool
    quick: list[Action]
    may_decide: bool
    may_comment: bool
    sections: list[Section]
    names: Names
    standard: QuerySet[StandardRemark]
    evidence_sections: list[SectionEvidence]


@dataclass(frozen=True)
class RemarkPage:
    """A remark that was refused, with the `problem`; `hidden` are the other fields of its form, by name."""

    head: ReportHead
    hidden: dict[str, str]
    text: str
    problem: str


@dataclass(frozen=True)
class TimelinePage:
    """The report's events, and who was told of them."""

    head: ReportHead
    entries: list[Entry]
    announcements: list[notices.Announcement]


class RemarkForm(forms.Form):
    """Which remark is settled, opened again or answered."""

    settle, reopen, answers = KeyField(), KeyField(), KeyField()


@require_safe
def review(request: Request, pk: int) -> HttpResponse:
    """The page on which a reviewer decides to return or approve."""
    user = request.user
    related = (*RELATED, "outline", "indicator_set")
    report = report_for(user, pk, Verb.VIEW, queryset=Report.objects.select_related(*related))
    dossier = load(report)
    earlier = previous_report(user, report)
    previous = load(earlier) if earlier else None
    before = sent_before(report)
    threads = remarks.threads(report)
    page = ReviewPage(
        head=report_head(request.user, report, dossier),
        paper=html.fragment(compose(dossier), screen=True),
        figures=list(figure_lines(dossier, previous)),
        previous=previous,
        compared=comparison(dossier, previous),
        verdict=gate.verdict(report, user, dossier, previous),
        threads=threads,
        open_remarks=sum(thread.open for thread in threads),
        changes=list(differences(dossier, before)) if before else [],
        resent=before is not None,
        quick=[action for action in actions(user, report) if action.page != "review"],
        may_decide=may(user, Verb.RETURN, report),
        may_comment=may(user, Verb.COMMENT, report),
        sections=sections_of(dossier),
        names=names(dossier),
        standard=StandardRemark.objects.filter(office=report.period.superior_id),
        evidence_sections=[
            section
            for section in evidence_by_section(dossier, evidence_of(report))
            if section.pieces
        ],
    )
    return render_page(request, "reports/review.html", page)


def names(dossier: Dossier) -> Names:
    """What a remark may be about, by section: figures, texts, and the cells of rows that are filled in."""
    listed: Names = []
    for section in sections_of(dossier):
        if section != Section.PAPER:
            labels, texts = page_labels(dossier, section), page_texts(dossier, section)
            listed.append((section, [
                (name, label) for name, label in labels.items()
                if name in texts and (field := FieldName.parse(name)).kind != FieldKind.PLACEMENT
                and (not field.uid or texts[name])
            ]))  # fmt: skip
    return listed


def sent_before(report: Report) -> Dossier | None:
    """The report as it was sent before the state that the reader sees; None when it was sent only once."""
    sent = SentDossier.objects.filter(report=report).order_by("-step")
    past = sent[1:2] if report.state in AWAY else sent[:1]
    for sending in past:
        indicators, catalogue = indicator_facts(report.indicator_set)
        try:
            return from_json(json.loads(sending.dossier), outline_facts(report.outline), indicators,
                             catalogue)  # fmt: skip
        except FormatError:
            return None  # of an older format: nothing to compare with
    return None


@require_http_methods(["POST"])
def remark(request: Request, pk: int) -> HttpResponse:
    """Write a remark, answer one, settle it or open it again."""
    user = request.user
    report = report_for(user, pk, Verb.COMMENT)
    posted = request.POST
    about = posted.get("about", "")
    section, _, name = about.partition("/")
    form = RemarkForm(posted)
    form.is_valid()
    keys = form.cleaned_data  # without those that no page of ours sends
    try:
        if "settle" in posted or "reopen" in posted:
            key = keys.get("settle") or keys.get("reopen") or 0
            remarks.settle(report, key, user, settled="settle" in posted)
        elif posted.get("answers"):
            remarks.answer(report, keys.get("answers") or 0, user, posted.get("text", ""))
        else:
            of_page = section if section in Section else ""
            remarks.say(report, user, posted.get("text", ""), of_page, name if of_page else "",
                        posted.get("passage", ""))  # fmt: skip
    except NotYet as refused:
        if "text" in posted and not ("settle" in posted or "reopen" in posted):
            return say_again(request, report, " ".join(refused.problems))
        messages.error(request, " ".join(refused.problems))
    back = "report" if posted.get("back") == "report" else "review"
    return redirect(back, pk=report.pk)


def say_again(request: Request, report: Report, problem: str) -> HttpResponse:
    """The page of a refused remark: its text to be mended, what it is about, and why it was refused."""
    hidden = {name: request.POST.get(name, "") for name in ("about", "passage", "answers", "back")}
    head = report_head(request.user, report, load(report))
    page = RemarkPage(head, hidden, request.POST.get("text", ""), problem)
    return render_page(request, "reports/say_again.html", page, 422)


@require_safe
def timeline_page(request: Request, pk: int) -> HttpResponse:
    """The report's events as sentences, and who was told of them."""
    user = request.user
    report = report_for(user, pk, Verb.VIEW, queryset=Report.objects.select_related(*RELATED))
    dossier = load(report)
    page = TimelinePage(
        head=report_head(request.user, report, dossier),
        entries=timeline(report, dossier),
        announcements=notices.announcements(report, user),
    )
    return render_page(request, "reports/timeline.html", page)
