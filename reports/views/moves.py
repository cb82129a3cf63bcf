"""The page on which a verb is done: its effect, what it needs, and doing it."""

from urllib.parse import urlencode

from django import forms
from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from ..access import Refused, may, report_for, require, today
from ..checks.gate import NotYet
from ..dossier import load
from ..entry.progress import sections_of
from ..enums import Verb
from ..issuing import numbering, release
from ..issuing.numbering import too_late
from ..issuing.release import IssuedPaper
from ..models import Report, User
from ..review import remarks
from ..uploads.file_check import FileRefused
from ..verbs import CHECKED, MOVES, RETURNING, VERBS, Condition
from ..web.page import RELATED, render_page, report_head
from ..web.presses import NO_STEP, ActPage, add_problems, posted_number
from ..web.request import Request
from ..web.signed_form import tell_refusal
from ..workflow import perform
from ..workflow.report_lock import Overtaken, last_move
from .move_forms import NumberForm, form_of, move_of

#: What is typed into a form that is reviewed before it is done; a file is chosen on the last page.
TYPED = ("number", "issued_on", "signer", "note")


@require_http_methods(["GET", "HEAD", "POST"])
def act(request: Request, pk: int, verb: Verb) -> HttpResponse:
    """Do one verb: GET asks for what it needs, POST does it.

    What the address names stands in the form already: whoever has reviewed number and date goes back to mend one.
    """
    user = request.user
    if verb not in MOVES:
        raise Http404("Không có việc này.")
    report = report_for(user, pk, Verb.VIEW, queryset=Report.objects.select_related(*RELATED))
    if request.method != "POST":
        _require_now(user, verb, report)
        form = form_of(verb, report)
        form.initial.update({name: request.GET[name] for name in TYPED if name in request.GET})
        return ask(request, report, verb, form)
    step = posted_number(request.POST, "step")
    if step is None:  # a page of ours always says which step it shows
        _require_now(user, verb, report)
        messages.error(request, NO_STEP)
        return redirect("report", pk=report.pk)
    form = form_of(verb, report, request.POST, request.FILES)
    valid = form.is_valid()
    paper = form.paper if valid and isinstance(form, NumberForm) else None
    if valid and (paper is None or "confirmed" in request.POST):
        return _do(request, report, verb, form, step, paper)
    if step != report.step:
        messages.warning(request, last_move(report))
        return redirect("report", pk=report.pk)
    _require_now(user, verb, report)
    if paper is None:
        return ask(request, report, verb, form, status=422)
    try:
        with transaction.atomic():
            numbering.require_valid_numbers(report, verb, paper, today())
    except NotYet as refused:
        return _refused(request, report, verb, form, refused)
    return ask(request, report, verb, form, paper=paper)


def typed_again(form: forms.Form) -> dict[str, str]:
    """The texts of a bound form, for its page to show again."""
    return {
        name: form[name].value() for name in TYPED if name in form.fields and form[name].value()
    }


def _do(
    request: Request,
    report: Report,
    verb: Verb,
    form: forms.Form,
    step: int,
    paper: IssuedPaper | None,
) -> HttpResponse:
    """Do what a valid form asks for, or show it again with the reasons why it was not done."""
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
    """Refused when the user may not do the verb, or when it has become too late for it."""
    require(user, verb, report)
    reason = too_late(verb, report)
    if reason:
        raise Refused(reason)


def _refused(
    request: Request, report: Report, verb: Verb, form: forms.Form, refused: NotYet
) -> HttpResponse:
    """The page again (422), with the choices that were made and the refusal at its field."""
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
    framed = None
    if paper:
        framed = release.issued(release.approved(report).data, report, paper)["paper"]
    settles = Condition.REMARKS_SETTLED in VERBS[verb].conditions
    page = ActPage(
        head=report_head(request.user, report, dossier),
        verb=verb,
        label=verb.label,
        form=form,
        effect=VERBS[verb].effect_in(report.state),
        needs_reason=VERBS[verb].needs_reason,
        paper=paper,
        framed=framed,
        sections=sections_of(dossier) if verb in RETURNING else [],
        chosen=request.POST.getlist("sections"),
        open_remarks=remarks.open_remarks(report) if settles else 0,
        despite="despite" in request.POST,
        typed=urlencode(typed_again(form)) if paper else "",
        back="sign_off"
        if VERBS[verb].on_sheet and may(request.user, Verb.SIGN_OFF, report)
        else "report",
    )
    return render_page(request, "reports/act.html", page, status)
