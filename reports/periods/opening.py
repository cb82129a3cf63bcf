"""Opening a period: every unit that owes gets its empty report."""

from django.db import transaction
from django.utils import timezone

from ..editing.writing import open_reports
from ..models import Report, ReportingPeriod


def open_period(period: ReportingPeriod) -> int:
    """Give each obliged unit its report; returns how many were made. Safe to repeat."""
    with transaction.atomic():
        period = ReportingPeriod.objects.select_for_update().get(pk=period.pk)
        present = set(Report.objects.filter(period=period).values_list("unit_id", flat=True))
        missing = [pk for pk in period.units.values_list("pk", flat=True) if pk not in present]
        open_reports(missing, period)
        if period.opened_at is None:
            period.opened_at = timezone.now()
            period.save(update_fields=["opened_at"])
    return len(missing)
