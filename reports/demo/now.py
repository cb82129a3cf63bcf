"""The demo's present story: a province's Sở Nội vụ over communes of today, in the middle of a period.

`fixtures/demo/now.toml` counts its days back from the one on which it is loaded; `calendar` turns them into dates.
Loaded again within the same period, only the deadline moves, so that it stays a few days ago. Once the next period
has begun, that one is opened with the story and the earlier stays as people left it.
"""

from collections.abc import Callable, Mapping
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

from django.utils import timezone

from ..directory import DataError, load_directory, read
from ..models import ReportingPeriod
from ..periods.opening import open_period
from . import calendar
from .calendar import Term
from .story import tell

#: The story is of communes that exist since July 2025; its earliest period begins after that.
EARLIEST = date(2026, 1, 1)
PROVINCE = "38"
FORM = {
    "outline": "general", "outline_version": 1,
    "indicator_set": "general_2025", "indicator_set_version": 1,
}  # fmt: skip


def present_people(folder: Path) -> list[Mapping[str, Any]]:
    """The accounts of the story, those of the tour first."""
    people: list[Mapping[str, Any]] = read(folder / "now.toml")["users"]
    return people


def load_present(folder: Path, today: date, say: Callable[[str], object]) -> ReportingPeriod:
    """Load the story as it stands on `today`; returns its period. DataError before `EARLIEST`."""
    if today < EARLIEST:
        raise DataError(f"DEMO_TODAY không được trước ngày {EARLIEST:%d/%m/%Y}.")
    data, pages = read(folder / "now.toml"), read(folder / "now_pages.toml")
    current, before = calendar.terms(today)
    directory = {name: data[name] for name in ("units", "superiors", "users", "roles")}
    load_directory(directory, "now.toml")
    units = sorted({row["unit"] for row in data["superiors"]} | set(data["standing"]))
    periods = {"previous": _open(before, data["before"]), "now": _open(current, units)}
    _move(periods["now"], current.deadline)
    stories = [
        _dated(story, data["words"], periods[story["period"]], today) for story in data["reports"]
    ]
    tell({"reports": stories}, {**pages, "figures": _figures(pages, periods)}, say)
    return periods["now"]


def _move(period: ReportingPeriod, deadline: date) -> None:
    """Move an earlier deadline to the new one, and extensions granted or requested by as many days."""
    by = deadline - period.deadline
    if by <= timedelta(0):
        return
    ReportingPeriod.objects.filter(pk=period.pk).update(deadline=deadline)
    waiting = []
    for report in period.reports.all():
        if report.extended_to:
            report.extended_to = report.extended_to + by
            if report.extension_asked:
                report.extension_asked = report.extension_asked + by
            waiting.append(report)
    period.reports.bulk_update(waiting, ["extended_to", "extension_asked"])


def _open(term: Term, units: list[str]) -> ReportingPeriod:
    """Open the period with an empty report for each unit; one in which anything was entered stays as it is."""
    present = ReportingPeriod.objects.filter(code=term.code).first()
    if present is not None and present.reports.filter(revision__gt=0).exists():
        return present
    row = {
        "code": term.code, "kind": term.kind, "year": term.year, "superior": PROVINCE,
        "data_from": term.data_from, "data_to": term.data_to, "deadline": term.deadline,
        "units": units, **FORM,
    }  # fmt: skip
    load_directory({"periods": [row]}, "now.toml")
    period = ReportingPeriod.objects.get(code=term.code)
    open_period(period)
    opened = timezone.make_aware(datetime.combine(term.data_to, time(8)))
    ReportingPeriod.objects.filter(pk=period.pk).update(opened_at=opened)
    return ReportingPeriod.objects.get(pk=period.pk)


def _dated(
    story: Mapping[str, Any], explanations: Mapping[str, str], period: ReportingPeriod, today: date
) -> dict[str, Any]:
    """The steps of one report with their dates, and the shared explanations where a step has none of its own."""
    steps = [calendar.dated(step, today, period.deadline) for step in story["steps"]]
    for step in steps:
        if step["do"] == "explain":
            step.setdefault("words", explanations)
    return {"unit": story["unit"], "period": period.code, "steps": steps}


def _figures(
    pages: Mapping[str, Any], periods: Mapping[str, ReportingPeriod]
) -> list[dict[str, Any]]:
    """The figures of each unit and period, with the days and years that its texts name."""
    rows = []
    for row in pages["figures"]:
        period = periods[row["period"]]
        days = {
            "year": period.year, "data_to": f"{period.data_to:%d/%m/%Y}",
            **calendar.papers(period.data_from, period.data_to),
        }  # fmt: skip
        rows.append({**row, **days, "period": period.code})
    return rows
