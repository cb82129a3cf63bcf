"""The reviewer's pages: the board of a period, several periods side by side, opening one."""

from dataclasses import dataclass
from datetime import datetime

from django import forms
from django.contrib import messages
from django.core.paginator import Page, Paginator
from django.http import HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_POST, require_safe

from ..access import Refused, administers, asks, may, today, visible_periods
from ..enums import Verb
from ..models import Export, Report, ReportingPeriod, Unit, User
from ..notifications import reminders
from ..periods import board
from ..periods.deadlines import period_words
from ..text.numbers import format_count
from ..web.fields import KeyField, StepField
from ..web.page import render_page
from ..web.request import Request
from ..workflow import approvals
from ..workflow.approvals import ApprovalProgress

#: Lines of one page of a board, periods of a matrix, reports approved at one press: a page of them.
PAGE = 50
PERIODS = 6
MOST_AT_ONCE = PAGE


@dataclass(frozen=True)
class BoardPage:
    """The board of a period: one page of its reports, and how many reports each filter has.

    `owing` counts the units that owe a report, `to_remind` those of them that may be reminded; `reminded` is the
    moment of a report's last reminder, by key. `choice` is the filter chosen.
    """

    period: ReportingPeriod
    rows: list[board.Line]
    page: Page[Report]
    query: str
    choice: board.Filter
    order: str
    filters: list[tuple[board.Filter, int]]
    totals: board.Totals
    left: str
    urgency: str
    may_open: bool
    owing: int
    reminded: dict[int, datetime]
    to_remind: int
    kinds: type[Export.Kind]
    scopes: type[Export.Scope]
    approvals: ApprovalProgress | None
    may_approve: bool


@dataclass(frozen=True)
class MatrixPage:
    """A page of units, each with its cell in each of the periods."""

    period: ReportingPeriod
    periods: list[ReportingPeriod]
    rows: list[tuple[Unit, list[board.Cell]]]
    page: Page[Unit]


class TickedForm(forms.Form):
    """A report that was ticked, and the step its line showed."""

    report = KeyField(required=True)
    step = StepField(required=True)


def _period(user: User, code: str) -> ReportingPeriod:
    related = ("kind", "superior", "outline", "indicator_set")
    return get_object_or_404(visible_periods(user).select_related(*related), code=code)


@require_safe
def period_page(request: Request, code: str) -> HttpResponse:
    """The board: the units that owe a report, its state, days late, whose turn it is. The address holds the filter."""
    user = request.user
    period, day = _period(user, code), today()
    query = request.GET.get("tim", "").strip()
    order = request.GET.get("sap", "ten")
    filters = {by.code: by for by in board.FILTERS}
    choice = filters.get(request.GET.get("loc", ""), board.FILTERS[0])
    reports = board.reports_of(user, period, day)
    listed = board.chosen(reports, choice, query, order).select_related("unit", "period", "paper")
    listed = listed.prefetch_related("unit__former_names")
    page = Paginator(listed, PAGE).get_page(request.GET.get("trang"))
    totals = board.totals(reports)
    rows = board.lines(list(page), period, day)
    left, urgency = period_words(period.deadline, day)
    may_remind = asks(user, Verb.REMIND, period)
    board_page = BoardPage(
        period=period,
        rows=rows,
        page=page,
        query=query,
        choice=choice,
        order=order,
        filters=[(by, totals.by_filter[by.code]) for by in board.FILTERS],
        totals=totals,
        left=left,
        urgency=urgency,
        may_open=period.opened_at is None and administers(user, period.superior),
        owing=totals.owing if period.opened_at else period.units.count(),
        reminded=reminders.last_reminded(list(page)),
        to_remind=reminders.owing(user, period).count() if may_remind else 0,
        kinds=Export.Kind,
        scopes=Export.Scope,
        approvals=approvals.last_asked(user, period) if period.opened_at else None,
        may_approve=any(may(user, Verb.APPROVE, row.report) for row in rows),
    )
    return render_page(request, "reports/period.html", board_page)


@require_safe
def matrix_page(request: Request, code: str) -> HttpResponse:
    """Units and their reports in the last periods that the same office opened."""
    user = request.user
    period, day = _period(user, code), today()
    opened = visible_periods(user).filter(
        superior=period.superior, data_to__lte=period.data_to, opened_at__isnull=False
    )
    periods = list(opened.select_related("kind").order_by("-data_to", "code")[:PERIODS])[::-1]
    units = Unit.objects.filter(periods_owed__in=periods).distinct().order_by("sort_key", "code")
    page = Paginator(units, PAGE).get_page(request.GET.get("trang"))
    cells = board.matrix(user, [unit.pk for unit in page], periods, day)
    rows = [
        (unit, [cells.get((unit.pk, column.pk), board.Cell(None)) for column in periods])
        for unit in page
    ]
    return render_page(request, "reports/matrix.html", MatrixPage(period, periods, rows, page))


@require_POST
def approve_many(request: Request, code: str) -> HttpResponse:
    """Ask for the approval of the reports that were ticked; it is done in the background."""
    user = request.user
    period = _period(user, code)
    values = request.POST.getlist("report")
    ticked = [numbers for value in values if (numbers := _ticked(value))][:MOST_AT_ONCE]
    queued, absent = approvals.ask(user, period, ticked) if ticked else (0, 0)
    if queued:
        messages.success(
            request, f"Đang phê duyệt {queued} báo cáo; kết quả của từng báo cáo hiện ở trang này."
        )
    absent += len(values) - len(ticked)
    if absent:
        messages.warning(request, f"{absent} báo cáo đã chọn không có trong kỳ này nên để lại.")
    if not values:
        messages.warning(request, "Chưa chọn báo cáo nào.")
    return redirect("period", code=code)


def _ticked(value: str) -> tuple[int, int] | None:
    """`12:3`: a report and the step its line showed; None for what no page of ours sends."""
    number, _, step = value.partition(":")
    form = TickedForm({"report": number, "step": step})
    return (form.cleaned_data["report"], form.cleaned_data["step"]) if form.is_valid() else None


@require_safe
def approvals_progress(request: Request, code: str) -> HttpResponse:
    """How far the person's last press of "approve" has come, for the page's script."""
    user = request.user
    progress = approvals.last_asked(user, _period(user, code))
    lines = [
        {"id": progress.key, "words": progress.summary, "percent": progress.percent,
         "running": progress.running}
    ] if progress else []  # fmt: skip
    return JsonResponse({"exports": lines})


@require_POST
def remind_page(request: Request, code: str) -> HttpResponse:
    """Remind every unit that has not sent; tells how many were reminded, and which have nobody to remind."""
    user = request.user
    done = reminders.remind(_period(user, code), user)
    if done.units:
        messages.success(
            request,
            f"Đã nhắc {format_count(done.units)} đơn vị, {format_count(done.people)} người.",
        )
    elif done.earlier:
        messages.warning(request, "Hôm nay đã nhắc các đơn vị chưa gửi; mỗi ngày nhắc một lần.")
    elif not done.unreachable:
        messages.warning(request, "Không còn đơn vị nào phải nhắc.")
    if done.unreachable:
        names = reminders.named_units(done.unreachable)
        number = format_count(len(done.unreachable))
        messages.warning(request, f"{number} đơn vị không có tài khoản để nhắc: {names}.")
    return redirect("period", code=code)


@require_POST
def open_period_page(request: Request, code: str) -> HttpResponse:
    """Open the period: each unit that owes a report gets an empty one."""
    user = request.user
    period: ReportingPeriod = get_object_or_404(visible_periods(user), code=code)
    if not administers(user, period.superior):
        raise Refused("Chỉ Quản trị tại cơ quan yêu cầu báo cáo được mở kỳ.")
    created = reminders.open_and_tell(period, user)
    messages.success(request, f"Đã mở kỳ báo cáo; {created} đơn vị vừa nhận báo cáo trống.")
    if warning := reminders.unattended(period):
        messages.warning(request, warning)
    return redirect("period", code=code)
