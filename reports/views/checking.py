"""Checking and sending: what the checks found, and the leader's sheet."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from ..access import may, previous_report, report_for
from ..checks import gate
from ..dossier import load
from ..enums import Verb
from ..models import Report
from ..review.compare import comparison, key_figures
from ..web.actions import actions
from ..web.page import RELATED, heading
from ..web.request import Request


@require_http_methods(["GET", "HEAD", "POST"])
def checks(request: Request, pk: int) -> HttpResponse:
    """What the checks found, each with a link to its field; POST keeps the words for warnings."""
    user = request.user
    verb = Verb.EDIT if request.method == "POST" else Verb.VIEW
    report = report_for(user, pk, verb, queryset=Report.objects.select_related(*RELATED))
    if request.method == "POST":
        posted = request.POST
        words = dict(zip(posted.getlist("key"), posted.getlist("word"), strict=False))
        gate.explain(report, words, user)
        messages.success(request, "Đã lưu lời giải trình.")
        return redirect("checks", pk=report.pk)
    dossier = load(report)
    open_to = [action for action in actions(user, report) if action.page == "checks"]
    context = heading(report, dossier) | {
        "verdict": gate.verdict(report, user, dossier),
        "actions": open_to,
        "may_edit": may(user, Verb.EDIT, report),
    }
    return render(request, "reports/checks.html", context)


@require_safe
def sign_off(request: Request, pk: int) -> HttpResponse:
    """One page for the leader: key figures beside last period's, what changed, warnings explained."""
    user = request.user
    report = report_for(user, pk, Verb.VIEW, queryset=Report.objects.select_related(*RELATED))
    dossier = load(report)
    earlier = previous_report(user, report)
    previous = load(earlier) if earlier else None
    context = heading(report, dossier) | {
        "figures": key_figures(dossier, previous),
        "previous": previous,
        "compared": comparison(dossier, previous),
        "verdict": gate.verdict(report, user, dossier, previous),
        "actions": [action for action in actions(user, report) if action.on_sheet],
    }
    return render(request, "reports/sign_off.html", context)
