"""The page on which a report moves on: what a verb will do, what it needs, and doing it."""

from django import forms
from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from ..access import Refused, report_for, require, today
from ..checks.gate import NotYet
from ..dossier import load
from ..entry.progress import sections_of
from ..enums import Verb
from ..issuing import numbers, release
from ..issuing.numbers import too_late
from ..issuing.release import IssuedPaper
from ..models import Report, User
from ..review import remarks
from ..uploads.file_check import FileRefused
from ..verbs import CHECKED, MOVES, RETURNING, VERBS, Condition
from ..web.page import RELATED, heading
from ..web.presses import NO_STEP, add_problems, posted_number
from ..web.request import Request
from ..web.signed_form import tell_refusal
from ..workflow import perform
from ..workflow.report_lock import Overtaken, last_move
from .move_forms import NumberForm, form_of, move_of


@require_http_methods(["GET", "HEAD", "POST"])
def act(request: Request, pk: int, verb: Verb) -> HttpResponse:
    """Do one verb: GET asks for what it needs, POST does it."""
    user = request.user
    if verb not in MOVES:
        raise Http404("Không có việc này.")
    report = report_for(user, pk, Verb.VIEW, queryset=Report.objects.select_related(*RELATED))
    if request.method != "POST":
        _require_now(user, verb, report)
        return ask(request, report, verb, form_of(verb, report))
    step = posted_number(request.POST, "step")
    if step is None:  # a page of ours always says which step it shows
        _require_now(user, verb, report)
        messages.error(request, NO_STEP)
        return redirect("report", pk=report.pk)
    form = form_of(verb, report, request.POST, request.FILES)
    good = form.is_valid()
    paper = form.paper if good and isinstance(form, NumberForm) else None
    if good and (paper is None or "confirmed" in request.POST):
        return _do(request, report, verb, form, step, paper)
    if step != report.step:
        messages.warning(request, last_move(report))
        return redirect("report", pk=report.pk)
    _require_now(user, verb, report)
    if paper is None:
        return ask(request, report, verb, form, status=422)
    try:
        with transaction.atomic():
            numbers.refuse_wrong(report, verb, paper, today())
    except NotYet as refused:
        return _refused(request, report, verb, form, refused)
    return ask(request, report, verb, form, paper=paper)


def _do(
    request: Request,
    report: Report,
    verb: Verb,
    form: forms.Form,
    step: int,
    paper: IssuedPaper | None,
) -> HttpResponse:
    """Do what a good form asks for, or show it again with what stood against it."""
    user = request.user
    try:
        perform(report, move_of(verb, form, request.POST), user, step)
    except FileRefused as refused:
        tell_refusal(form, refused)
        return ask(request, report, verb, form, 422, paper)
    except Overtaken as overtaken:
        messages.warning(request, overtaken.message)
    except NotYet as refused:
        if verb in CHECKED:  # what is missing is listed there, with its links
            for problem in refused.problems:
                messages.error(request, problem)
            return redirect(VERBS[verb].page, pk=report.pk)
        return _refused(request, report, verb, form, refused)
    else:
        messages.success(request, VERBS[verb].done)
    return redirect("report", pk=report.pk)


def _require_now(user: User, verb: Verb, report: Report) -> None:
    """`require`, and Refused for what was shut by what happened since."""
    require(user, verb, report)
    shut = too_late(verb, report)
    if shut:
        raise Refused(shut)


def _refused(
    request: Request, report: Report, verb: Verb, form: forms.Form, refused: NotYet
) -> HttpResponse:
    """The page again, with what was chosen still chosen and the refusal at its field."""
    add_problems(form, refused)
    return ask(request, report, verb, form, status=422)


def ask(
    request: Request,
    report: Report,
    verb: Verb,
    form: forms.Form,
    status: int = 200,
    paper: IssuedPaper | None = None,
) -> HttpResponse:
    """The page on which a verb is done; with `paper` the one that confirms number and date.

    A signed file is asked for on the last page: a browser does not send a chosen file twice.
    """
    if paper is None and isinstance(form, NumberForm):
        for name in ("signed", "compared"):
            form.fields.pop(name, None)
    dossier = load(report)
    context = heading(report, dossier) | {
        "verb": verb,
        "label": verb.label,
        "what": VERBS[verb].effect_in(report.state),
        "paper": paper,
        "framed": release.issued(release.approved(report).data, report, paper)["paper"]
        if paper
        else None,
        "form": form,
        "needs_reason": VERBS[verb].needs_reason,
        "sections": sections_of(dossier) if verb in RETURNING else (),
        "chosen": request.POST.getlist("sections"),
        "open_remarks": remarks.open_remarks(report)
        if Condition.REMARKS_SETTLED in VERBS[verb].conditions
        else 0,
        "despite": "despite" in request.POST,
    }
    return render(request, "reports/act.html", context, status=status)
