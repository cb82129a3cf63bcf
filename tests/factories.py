"""A world of one's own: units, periods, reports and people for tests that are not about the demo.

Each function writes the rows it names and no others; all it needs is the catalogue. Nothing is random, and
nothing is there that the test did not ask for: a report is empty, a unit has no superior, a person no role.
"""

from datetime import date
from typing import Any

from django.utils import timezone

from reports.editing.writing import open_report
from reports.models import (
    SECTIONS_BY_CODE,
    IndicatorSet,
    Outline,
    PeriodKind,
    Report,
    ReportingPeriod,
    RoleAssignment,
    Superior,
    Unit,
    User,
)


def make_unit(name: str = "Thử Nghiệm", kind: str = "xã", code: str = "", **columns: Any) -> Unit:
    """A unit of government; it gets a code that no other unit has."""
    code = code or f"T{Unit.objects.count():04}"
    return Unit.objects.create(code=code, kind=kind, name=name, **columns)


def make_superior(*units: Unit, name: str = "Cấp Trên", kind: str = "tỉnh") -> Unit:
    """A new unit to which these units report, from their first day on."""
    superior = make_unit(name, kind, office=f"Sở Nội vụ {kind} {name}")
    for unit in units:
        Superior.objects.create(unit=unit, superior=superior)
    return superior


def make_period(
    superior: Unit, *units: Unit, code: str = "KY-THU", **columns: Any
) -> ReportingPeriod:
    """The first six months of 2023, asked for by `superior` of these units; not opened: no reports yet.

    Its outline and indicators are those for every commune.
    """
    columns = {
        "kind": PeriodKind.objects.get(code="6T"),
        "year": 2023,
        "data_from": date(2022, 12, 15),
        "data_to": date(2023, 6, 14),
        "deadline": date(2023, 6, 16),
        "outline": Outline.objects.filter(code="general").latest("version"),
        "indicator_set": IndicatorSet.objects.filter(code="general_2025").latest("version"),
        **columns,
    }
    period = ReportingPeriod.objects.create(code=code, superior=superior, **columns)
    period.units.set(units)
    return period


def make_report(unit: Unit, period: ReportingPeriod, **figures: Any) -> Report:
    """The unit's report in draft, empty but for these figures: `procedures__received=207`.

    The period is opened by it, and the unit owes it.
    """
    period.units.add(unit)
    ReportingPeriod.objects.filter(pk=period.pk, opened_at=None).update(opened_at=timezone.now())
    report = open_report(unit.pk, period)
    for name, value in figures.items():
        section, _, column = name.partition("__")
        SECTIONS_BY_CODE[section].objects.filter(report=report).update(**{column: value})
    return Report.objects.select_related("unit", "period", "outline").get(pk=report.pk)


def make_user(unit: Unit | None = None, role: str = "", name: str = "", **columns: Any) -> User:
    """An account; with a unit and a role, one that holds this role there. Its name is `role_code`.

    It has seen what a first visit shows.
    """
    name = name or (f"{role}_{unit.code.lower()}" if unit else "khong_vai_tro")
    user = User.objects.create_user(name, **{"introduced_at": timezone.now(), **columns})
    if unit is not None:
        RoleAssignment.objects.create(user=user, unit=unit, role=role)
    return user
