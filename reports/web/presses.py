"""What every press on a report's way shares: the step its page showed, and refusals at their fields."""

from django import forms
from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect

from ..access import require
from ..checks.gate import NotYet
from ..enums import Verb
from ..models import Report
from ..workflow.report_lock import LONGEST_NOTE, last_move
from .request import Request

NO_STEP = (
    "Việc vừa bấm chưa thực hiện: trang gửi lên không cho biết báo cáo đang ở bước nào. Mời xem báo cáo "
    "rồi bấm lại."
)


class ReasonForm(forms.Form):
    """Why something is done."""

    note = forms.CharField(
        label="Lý do", max_length=LONGEST_NOTE, required=False,
        widget=forms.Textarea(attrs={"rows": 4, "class": "form-control"}),
    )  # fmt: skip


def posted_number(posted: QueryDict, name: str) -> int | None:
    """A number the page sent back; None when it is none."""
    text = posted.get(name, "")
    return int(text) if text.isdecimal() and len(text) < 10 else None


def not_of_now(
    request: Request, report: Report, verb: Verb, step: int | None
) -> HttpResponse | None:
    """The answer to a press on a page that shows another step of the report, or does not say which."""
    if step is not None and step != report.step:
        messages.warning(request, last_move(report))
        return redirect("report", pk=report.pk)
    require(request.user, verb, report)
    if step is None:
        messages.error(request, NO_STEP)
        return redirect("report", pk=report.pk)
    return None


def add_problems(form: forms.Form, refused: NotYet) -> None:
    """Each problem at the field that it is about, else above the form."""
    field = refused.field if refused.field in form.fields else None
    for problem in refused.problems:
        form.add_error(field, problem)
