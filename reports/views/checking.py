"""Checking and sending: what the checks found, and the leader's sheet."""

from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_safe

from ..access import may, previous_report, report_for
from ..checks import gate
from ..dossier import Dossier, load
from ..enums import Verb
from ..models import Report
from ..review.compare import FigureLine, comparison, key_figures
from ..web.actions import Action, actions
from ..web.page import RELATED, ReportHead, render_page, report_head
from ..web.request import Request


@dataclass(frozen=True)
class ChecksPage:
    """What the checks found; `actions` are the verbs that are pressed on this page."""

    head: ReportHead
    verdict: gate.Verdict
    actions: list[Action]
    may_edit: bool


@dataclass(frozen=True)
class SignOffPage:
    """The leader's sheet: key figures beside those of `previous`; `compared` says what the comparison means."""

    head: ReportHead
    figures: list[FigureLine]
    previous: Dossier | None
    compared: str
    verdict: gate.Verdict
    actions: list[Action]


@require_http_methods(["GET", "HEAD", "POST"])
def checks(request: Request, pk: int) -> HttpResponse:
    """What the checks found, each with a link to its field; POST saves the explanations of warnings."""
    user = request.user
    verb = Verb.EDIT if request.method == "POST" else Verb.VIEW
    report = report_for(user, pk, verb, queryset=Report.objects.select_related(*RELATED))
    if request.method == "POST":
        posted = request.POST
        explanations = dict(zip(posted.getlist("key"), posted.getlist("word"), strict=False))
        gate.explain(report, explanations, user)
        messages.success(request, "Đã lưu lời giải trình.")
        return redirect("checks", pk=report.pk)
    dossier = load(report)
    page = ChecksPage(
        head=report_head(request.user, report, dossier),
        verdict=gate.verdict(report, user, dossier),
        actions=[action for action in actions(user, report) if action.page == "checks"],
        may_edit=may(user, Verb.EDIT, report),
    )
    return render_page(request, "reports/checks.html", page)


@require_safe
def sign_off(request: Request, pk: int) -> HttpResponse:
    """One page for the leader: key figures beside last period's, what changed, warnings explained."""
    user = request.user
    report = report_for(user, pk, Verb.VIEW, queryset=Report.objects.select_related(*RELATED))
    dossier = load(report)
    earlier = previous_report(user, report)
    previous = load(earlier) if earlier else None
    page = SignOffPage(
        head=report_head(request.user, report, dossier),
        figures=key_figures(dossier, previous),
        previous=previous,
        compared=comparison(dossier, previous),
        verdict=gate.verdict(report, user, dossier, previous),
        actions=[action for action in actions(user, report) if action.on_sheet],
    )
    return render_page(request, "reports/sign_off.html", page)
