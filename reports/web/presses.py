"""What every press on a report's way shares: its page, the step that the page showed, refusals at their fields."""

from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect

from ..access import require
from ..checks.gate import NotYet
from ..enums import Section, Verb
from ..issuing.release import IssuedPaper
from ..models import Event, Report
from ..workflow.report_lock import LONGEST_NOTE, last_move
from .page import ReportHead
from .request import Request

NO_STEP = (
    "Việc vừa bấm chưa thực hiện: trang gửi lên không cho biết báo cáo đang ở bước nào. Mời xem báo cáo "
    "rồi bấm lại."
)


@dataclass(frozen=True, kw_only=True)
class ActPage:
    """The page that asks what a verb needs before it is done (`reports/act.html`).

    `effect` says what the verb will do; `needs_reason` is None where the form is of another kind. `paper` and the
    `framed` parts of it are there on the page that confirms number and date. `sections` may be opened, `chosen` are
    those ticked. `despite`: the open remarks are accepted. `wish` is the unit's request for more time, `back` the name
    of the page to which one returns without doing it. `typed` is what was typed, as an address carries it.
    """

    head: ReportHead
    verb: Verb
    label: str
    form: forms.Form
    effect: str = ""
    needs_reason: bool | None = None
    paper: IssuedPaper | None = None
    framed: dict[str, Any] | None = None
    sections: list[Section] = field(default_factory=list)
    chosen: list[str] = field(default_factory=list)
    open_remarks: int = 0
    despite: bool = False
    wish: Event | None = None
    back: str = "report"
    typed: str = ""


class ReasonForm(forms.Form):
    """Why something is done."""

    note = forms.CharField(
        label="Lý do", max_length=LONGEST_NOTE, required=False,
        widget=forms.Textarea(attrs={"rows": 4, "class": "input"}),
    )  # fmt: skip


def posted_number(posted: QueryDict, name: str) -> int | None:
    """A number of at most nine digits that the page sent back; None for anything else."""
    text = posted.get(name, "")
    return int(text) if text.isdecimal() and len(text) < 10 else None


def not_of_now(
    request: Request, report: Report, verb: Verb, step: int | None
) -> HttpResponse | None:
    """Where to go after a press on a page that shows another step of the report, or none; None when it is current.

    Refused when the reader may not do this verb now.
    """
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
    name = refused.field if refused.field in form.fields else None
    for problem in refused.problems:
        form.add_error(name, problem)
