"""The reviewer's pages: periods, and who owes what in one of them."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from ..access import Refused, administers, today, visible_periods, visible_reports
from ..deadlines import time_left
from ..models import ReportingPeriod, SectionState, User
from ..opening import open_period
from ..vietnamese import fold

#: Lines of one page of a period's list.
PAGE = 50


@require_safe
def period_page(request: HttpRequest, code: str) -> HttpResponse:
    """The reports of one period: unit, state, last saved. Search without diacritics, in pages."""
    user: User = request.user  # type: ignore[assignment]
    periods = visible_periods(user).select_related("kind", "superior", "outline", "indicator_set")
    period = get_object_or_404(periods, code=code)
    reports = (
        visible_reports(user)
        .filter(period=period)
        .select_related("unit")
        .prefetch_related("unit__former_names")
        .order_by("unit__sort_key", "unit__code")
    )
    query = request.GET.get("tim", "").strip()
    for word in fold(query).split():
        reports = reports.filter(unit__folded__contains=word)
    shown = Paginator(reports, PAGE).get_page(request.GET.get("trang"))
    last: dict[int, SectionState] = {}
    states = SectionState.objects.filter(
        report__in=[report.pk for report in shown], saved_at__isnull=False
    )
    for state in states.select_related("saved_by").order_by("saved_at"):
        last[state.report_id] = state
    rows = [
        {
            "report": report,
            "unit": " ".join(report.unit.named_on(period.data_to)),
            "last": last.get(report.pk),
        }
        for report in shown
    ]
    words, urgency = time_left(period.deadline, today())
    context = {
        "period": period,
        "rows": rows,
        "page": shown,
        "query": query,
        "left": words,
        "urgency": urgency,
        "may_open": period.opened_at is None and administers(user, period.superior),
        "owing": period.units.count(),
    }
    return render(request, "reports/period.html", context)


@require_POST
def open_period_page(request: HttpRequest, code: str) -> HttpResponse:
    """Open the period: each obliged unit gets its empty report."""
    user: User = request.user  # type: ignore[assignment]
    period: ReportingPeriod = get_object_or_404(visible_periods(user), code=code)
    if not administers(user, period.superior):
        raise Refused("Chỉ Quản trị tại cơ quan yêu cầu báo cáo được mở kỳ.")
    made = open_period(period)
    messages.success(request, f"Đã mở kỳ báo cáo; {made} đơn vị vừa nhận báo cáo trống.")
    return redirect("period", code=code)
