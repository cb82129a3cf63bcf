"""The first page after login: what waits for me."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from ..access import AT_UNIT, powers, today, visible_periods, visible_reports
from ..deadlines import time_left
from ..models import User
from .entry import standing


@require_safe
def inbox(request: HttpRequest) -> HttpResponse:
    """My unit's reports, newest period first; for reviewers, the periods they watch.

    7 queries for a clerk, 5 for a reviewer.
    """
    user: User = request.user  # type: ignore[assignment]
    own = {role.unit_id for role in powers(user).roles if role.role in AT_UNIT}
    reports = (
        visible_reports(user)
        .filter(unit__in=own)
        .select_related("unit", "period__kind", "period__superior")
        .prefetch_related("unit__former_names", "section_states__saved_by")
        .order_by("-period__data_to", "period__code", "unit__sort_key")
    )
    rows = []
    for report in reports:
        saved = [state for state in report.section_states.all() if state.saved_at]
        last = max(saved, key=lambda state: state.saved_at, default=None)  # type: ignore[arg-type,return-value]
        words, urgency = standing(report)
        rows.append(
            {
                "report": report,
                "unit": " ".join(report.unit.named_on(report.period.data_to)),
                "last": last,
                "left": words,
                "urgency": urgency,
            }
        )
    periods = [
        {"period": period, "left": time_left(period.deadline, today())}
        for period in visible_periods(user).select_related("kind", "superior")
    ]
    return render(request, "reports/inbox.html", {"rows": rows, "periods": periods})
