"""The reviewer's page: the official text, the figures beside last period's, remarks, what changed."""

import json
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from .. import gate, notices, remarks
from ..access import may, previous_report, report_for, watches
from ..compare import comparison, differences, figure_lines
from ..compose import compose
from ..document import html
from ..dossier import Dossier, indicator_facts, load, outline_facts
from ..dossier_json import FormatError, from_json
from ..enums import Section, State, Verb
from ..evidence import evidence_of, shelves
from ..gate import NotYet
from ..models import Report, SentDossier, StandardRemark, User
from ..page_texts import page_labels, page_texts
from ..progress import sections_of
from ..timeline import timeline
from .actions import actions
from .entry import RELATED, heading

#: States in which the last sending is what the reader sees.
AWAY = (State.SENT, State.REVIEWING, State.APPROVED, State.ISSUED)


@require_safe
def review(request: HttpRequest, pk: int) -> HttpResponse:
    """Everything a reviewer needs to return or approve."""
    user: User = request.user  # type: ignore[assignment]
    related = (*RELATED, "outline", "indicator_set")
    report = report_for(user, pk, Verb.VIEW, queryset=Report.objects.select_related(*related))
    dossier = load(report)
    earlier = previous_report(user, report)
    previous = load(earlier) if earlier else None
    before = sent_before(report)
    context = heading(report, dossier) | {
        "paper": html.fragment(compose(dossier), screen=True),
        "figures": list(figure_lines(dossier, previous)),
        "previous": previous,
        "compared": comparison(dossier, previous),
        "verdict": gate.verdict(report, user, dossier, previous),
        "threads": (threads := remarks.threads(report)),
        "open_remarks": sum(thread.open for thread in threads),
        "changes": list(differences(dossier, before)) if before else [],
        "resent": before is not None,
        "quick": [a for a in actions(user, report) if a.page != "review"],
        "may_decide": may(user, Verb.RETURN, report),
        "may_comment": may(user, Verb.COMMENT, report),
        "watches": watches(user, report),
        "sections": sections_of(dossier),
        "names": names(dossier),
        "standard": StandardRemark.objects.filter(office=report.period.superior_id),
        "shelves": [shelf for shelf in shelves(dossier, evidence_of(report)) if shelf.held],
    }
    return render(request, "reports/review.html", context)


def names(dossier: Dossier) -> list[tuple[Section, list[tuple[str, str]]]]:
    """What a remark may be about, by section: figures, texts, and the cells of rows that hold something."""
    listed: list[tuple[Section, list[tuple[str, str]]]] = []
    for section in sections_of(dossier):
        if section != Section.PAPER:
            told, texts = page_labels(dossier, section), page_texts(dossier, section)
            listed.append((section, [
                (name, label) for name, label in told.items()
                if name in texts and not name.startswith("placement:")
                and ("@" not in name or texts[name])
            ]))  # fmt: skip
    return listed


def sent_before(report: Report) -> Dossier | None:
    """The report as it was sent the time before the last; None when it came only once."""
    sent = SentDossier.objects.filter(report=report).order_by("-step")
    past = sent[1:2] if report.state in AWAY else sent[:1]
    for told in past:
        indicators, catalogue = indicator_facts(report.indicator_set)
        try:
            return from_json(json.loads(told.dossier), outline_facts(report.outline), indicators,
                             catalogue)  # fmt: skip
        except FormatError:
            return None  # of an older format: nothing to compare with
    return None


@require_http_methods(["POST"])
def remark(request: HttpRequest, pk: int) -> HttpResponse:
    """Say, answer, settle or open again."""
    user: User = request.user  # type: ignore[assignment]
    report = report_for(user, pk, Verb.COMMENT)
    told = request.POST
    about = told.get("about", "")
    section, _, name = about.partition("/")
    try:
        if "settle" in told or "reopen" in told:
            number = told.get("settle") or told.get("reopen", "")
            remarks.settle(report, _number(number), user, settled="settle" in told)
        elif told.get("answers"):
            remarks.answer(report, _number(told["answers"]), user, told.get("text", ""))
        else:
            known = section if section in Section else ""
            remarks.say(report, user, told.get("text", ""), known, name if known else "",
                        told.get("passage", ""))  # fmt: skip
    except NotYet as refused:
        if "text" in told and not ("settle" in told or "reopen" in told):
            return say_again(request, report, " ".join(refused.problems))
        messages.error(request, " ".join(refused.problems))
    back = "report" if told.get("back") == "report" else "review"
    return redirect(back, pk=report.pk)


def say_again(request: HttpRequest, report: Report, problem: str) -> HttpResponse:
    """The words that were refused, still there, with what they are about and why they were not taken."""
    kept = {name: request.POST.get(name, "") for name in ("about", "passage", "answers", "back")}
    context = heading(report, load(report)) | {
        "kept": kept, "text": request.POST.get("text", ""), "problem": problem,
    }  # fmt: skip
    return render(request, "reports/say_again.html", context, status=422)


def _number(text: str) -> int:
    return int(text) if text.isdecimal() and len(text) < 15 else 0


@require_safe
def timeline_page(request: HttpRequest, pk: int) -> HttpResponse:
    """What happened here, in plain words, and who was told."""
    user: User = request.user  # type: ignore[assignment]
    report = report_for(user, pk, Verb.VIEW, queryset=Report.objects.select_related(*RELATED))
    dossier = load(report)
    context: dict[str, Any] = heading(report, dossier) | {
        "entries": timeline(report, dossier),
        "announcements": notices.announcements(report, user),
    }
    return render(request, "reports/timeline.html", context)
