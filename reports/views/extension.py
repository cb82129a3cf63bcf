"""More time for a report: asked by the commune, given by the superior."""

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from ..access import may, report_for, require
from ..checks.gate import NotYet
from ..dossier import load
from ..enums import Verb
from ..models import Report
from ..text.dates import format_date
from ..verbs import VERBS
from ..web.page import RELATED, render_page, report_head
from ..web.presses import ActPage, ReasonForm, add_problems, not_of_now, posted_number
from ..web.request import Request
from ..workflow import extension
from ..workflow.report_lock import Overtaken


class TimeForm(ReasonForm):
    """A later day, and why."""

    day = forms.DateField(
        label="Gia hạn đến ngày",
        widget=forms.TextInput(attrs={"class": "input", "placeholder": "25/6/2023"}),
        error_messages={"invalid": "Cần một ngày, như 25/6/2023.", "required": "Cần ghi ngày."},
    )
    field_order = ("day", "note")


@require_http_methods(["GET", "HEAD", "POST"])
def more_time(request: Request, pk: int) -> HttpResponse:
    """The commune asks for more time; the superior gives it."""
    user = request.user
    report = report_for(user, pk, Verb.VIEW, queryset=Report.objects.select_related(*RELATED))
    gives = may(user, Verb.EXTEND, report)
    verb = Verb.EXTEND if gives else Verb.ASK_EXTENSION
    step = posted_number(request.POST, "step")
    if request.method == "POST":
        answer = not_of_now(request, report, verb, step)
        if answer is not None:
            return answer
    require(user, verb, report)
    initial = {"day": report.extension_asked and format_date(report.extension_asked)}
    form = TimeForm(
        request.POST if request.method == "POST" else None, initial=initial if gives else None
    )
    if request.method == "POST" and form.is_valid():
        day, note = form.cleaned_data["day"], form.cleaned_data["note"]
        try:
            if gives:
                extension.extend(report, day, user, note, step)
            else:
                extension.ask_extension(report, day, user, note, step=step)
        except Overtaken as overtaken:
            messages.warning(request, overtaken.message)
            return redirect("report", pk=report.pk)
        except NotYet as refused:
            add_problems(form, refused)
        else:
            messages.success(request, VERBS[verb].done)
            return redirect("report", pk=report.pk)
    wish = report.events.filter(verb=Verb.ASK_EXTENSION).order_by("-seq").first()
    page = ActPage(
        head=report_head(request.user, report, load(report)),
        verb=verb,
        label=verb.label,
        form=form,
        wish=wish if report.extension_asked else None,
    )
    return render_page(request, "reports/act.html", page, 422 if form.errors else 200)
