"""Checking and sending: what the checks found, and the leader's sheet."""

from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_safe

from ..access import may, previous_report, report_for
from ..checks import gate
from ..dossier import Dossier, load
from ..entry.progress import required_noun
from ..enums import Verb
from ..models import Event, Report
from ..review.compare import FigureLine, comparison, figure_lines, key_figures, moved_far
from ..verbs import RETURNING
from ..web.actions import Action, actions
from ..web.page import RELATED, ReportHead, render_page, report_head
from ..web.request import Request

#: So many figures that moved far stand on the leader's sheet; the others are among all its figures.
MOST_MOVED = 8
#: How a report comes back to the commune's desk with a reason.
SENT_BACK = (Verb.SEND_BACK, *RETURNING)


@dataclass(frozen=True)
class ChecksPage:
    """What the checks found, section by section, each with what its required figures are called.

    `first` is the error to mend first; `actions` are the verbs that are pressed on this page.
    """

    head: ReportHead
    verdict: gate.Verdict
    sections: list[tuple[gate.SectionResults, str]]
    first: gate.CheckResult | None
    actions: list[Action]
    may_edit: bool


@dataclass(frozen=True)
class SignOffPage:
    """The leader's sheet: key figures beside those of `previous`, then what must be known before signing.

    `compared` says what the comparison means. `moved` are the figures that moved far and are no key figures, the
    farthest few; `moved_more` counts the rest. `warnings` begin with those that nobody explained. `presented` is the
    press that brought the report here, `returns` are those that sent it back before, newest first.
    """

    head: ReportHead
    figures: list[FigureLine]
    moved: list[FigureLine]
    moved_more: int
    every: list[FigureLine]
    previous: Dossier | None
    compared: str
    verdict: gate.Verdict
    warnings: list[gate.CheckResult]
    presented: Event | None
    returns: list[Event]
    actions: list[Action]


@require_http_methods(["GET", "HEAD", "POST"])
def checks(request: Request, pk: int) -> HttpResponse:
    """What the checks found, each with a link to its field; POST saves the explanations of warnings."""
    user = request.user
    verb = Verb.EDIT if request.method == "POST" else Verb.VIEW
    report = report_for(user, pk, verb, queryset=Report.objects.select_related(*RELATED))
    if request.method == "POST":
        gate.explain(report, changed_explanations(request.POST), user)
        messages.success(request, "Đã lưu lời giải trình.")
        return redirect("checks", pk=report.pk)
    dossier = load(report)
    verdict = gate.verdict(report, user, dossier)
    page = ChecksPage(
        head=report_head(request.user, report, dossier),
        verdict=verdict,
        sections=[
            (results, required_noun(dossier, results.section)) for results in verdict.by_section
        ],
        first=next(iter(verdict.errors), None),
        actions=[action for action in actions(user, report) if action.page == "checks"],
        may_edit=may(user, Verb.EDIT, report),
    )
    return render_page(request, "reports/checks.html", page)


def changed_explanations(posted: QueryDict) -> dict[str, str]:
    """What was typed, by the finding's key: without what still reads as the page showed it, so that a colleague's
    explanation, given meanwhile, stays. A page sends no base for one that is to be confirmed as it stands."""
    typed = zip(posted.getlist("key"), posted.getlist("word"), strict=False)
    return {
        key: word
        for key, word in typed
        if " ".join(word.split()) != " ".join(posted.get(f"base:{key}", "\0").split())
    }


@require_safe
def sign_off(request: Request, pk: int) -> HttpResponse:
    """The leader's sheet: read first, sign after."""
    user = request.user
    report = report_for(user, pk, Verb.VIEW, queryset=Report.objects.select_related(*RELATED))
    dossier = load(report)
    earlier = previous_report(user, report)
    previous = load(earlier) if earlier else None
    every = list(figure_lines(dossier, previous))
    key = key_figures(dossier, previous, every)
    moved = moved_far([line for line in every if line not in key])
    verdict = gate.verdict(report, user, dossier, previous)
    told = list(report.events.filter(verb__in=(Verb.PRESENT, *SENT_BACK)).order_by("-seq"))
    page = SignOffPage(
        head=report_head(request.user, report, dossier),
        figures=key,
        moved=moved[:MOST_MOVED],
        moved_more=max(len(moved) - MOST_MOVED, 0),
        every=every,
        previous=previous,
        compared=comparison(dossier, previous),
        verdict=verdict,
        warnings=sorted(verdict.warnings, key=lambda result: result.settled),
        presented=next((event for event in told if event.verb == Verb.PRESENT), None),
        returns=[event for event in told if event.verb != Verb.PRESENT],
        actions=[action for action in actions(user, report) if action.on_sheet],
    )
    return render_page(request, "reports/sign_off.html", page)
