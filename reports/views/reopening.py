"""Opening one more section of a returned report: asked by the clerk, opened or closed by the reviewer."""

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from ..access import report_for
from ..checks.gate import NotYet
from ..dossier import load
from ..enums import Section, Verb
from ..models import Report, User
from ..verbs import VERBS
from ..web.page import render_page, report_head
from ..web.presses import ActPage, add_problems, not_of_now, posted_number
from ..web.request import Request
from ..workflow import reopening
from ..workflow.report_lock import LONGEST_NOTE, Overtaken


class AskForm(forms.Form):
    """The reason why one more section should be opened."""

    reason = forms.CharField(
        label="Lý do", max_length=LONGEST_NOTE, required=False,
        widget=forms.Textarea(attrs={"rows": 3, "class": "input"}),
    )  # fmt: skip


@require_POST
def more_sections(request: Request, pk: int, section: Section) -> HttpResponse:
    """The clerk asks for one more section; the reviewer opens it, or closes it again."""
    user = request.user
    report = report_for(user, pk, Verb.VIEW)
    verb = Verb.OPEN_SECTION if "open" in request.POST else Verb.ASK_REOPEN
    verb = Verb.CLOSE_SECTION if "close" in request.POST else verb
    step = posted_number(request.POST, "step")
    answer = not_of_now(request, report, verb, step)
    if answer is not None:
        return answer
    try:
        _do(report, section, verb, user, request.POST.get("reason", ""), step)
    except Overtaken as overtaken:
        messages.warning(request, overtaken.message)
    except NotYet as refused:
        if verb == Verb.ASK_REOPEN:
            return _ask_again(request, report, section, refused)
        messages.error(request, " ".join(refused.problems))
    else:
        messages.success(request, VERBS[verb].done.format(section=section.label))
    return redirect("report", pk=report.pk)


def _do(
    report: Report, section: Section, verb: Verb, by: User, reason: str, step: int | None
) -> None:
    if verb == Verb.OPEN_SECTION:
        reopening.open_section(report, section, by, step)
    elif verb == Verb.CLOSE_SECTION:
        reopening.close_section(report, section, by, step)
    else:
        reopening.ask_reopen(report, section, by, reason, step=step)


def _ask_again(request: Request, report: Report, section: Section, refused: NotYet) -> HttpResponse:
    """The form for the reason again (422), with what it lacks."""
    form = AskForm(request.POST)
    form.is_valid()
    form.fields["reason"].label = f"Lý do đề nghị mở phần “{section.label}”"
    add_problems(form, refused)
    verb = Verb.ASK_REOPEN
    page = ActPage(
        head=report_head(request.user, report, load(report)), verb=verb, label=verb.label, form=form
    )
    return render_page(request, "reports/act.html", page, 422)
