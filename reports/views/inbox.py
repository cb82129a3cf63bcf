"""The first page after login: what waits for me."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from ..access import today, visible_periods, visible_reports
from ..deadlines import time_left
from ..enums import Role
from ..models import User


def inbox(request: HttpRequest) -> HttpResponse:
    """My unit's reports, newest period first; for reviewers, the periods they watch. 5 queries."""
    user: User = request.user  # type: ignore[assignment]
    at_unit = {Role.CLERK, Role.LEADER, Role.RECORDS}
    reports = (
        visible_reports(user)
        .filter(unit__roles__user=user, unit__roles__role__in=at_unit)
        .select_related("unit", "period__kind", "period__superior")
        .prefetch_related("unit__former_names", "section_states__saved_by")
        .order_by("-period__data_to", "period__code", "unit__sort_key")
        .distinct()
    )
    rows = []
    for report in reports:
        saved = [state for state in report.section_states.all() if state.saved_at]
        last = max(saved, key=lambda state: state.saved_at, default=None)  # type: ignore[arg-type,return-value]
        words, urgency = time_left(report.period.deadline, today())
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
