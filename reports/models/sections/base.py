"""What all typed sections share."""

from datetime import date
from typing import ClassVar, Self

from django.db import models

from ...enums import Section
from ..parts import ReportPart
from ..reports import Report

#: Nghị định 42/2022/NĐ-CP: "mức độ 3, 4" ended on 14/8/2022, "một phần, toàn trình" began the day after.
LEVELS_END = date(2022, 8, 14)
PARTIAL_BEGINS = date(2022, 8, 15)


class ReportSection(ReportPart):
    """What all typed sections share."""

    section: ClassVar[Section]

    report = models.OneToOneField(Report, models.CASCADE, related_name="%(class)s")

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.section.label

    @classmethod
    def path(cls) -> str:
        """How a query of reports reaches the section's row: `civilservice`."""
        return cls.__name__.lower()

    @classmethod
    def of(cls, report: Report) -> Self:
        """The section of a report: no query when it was read along by `path`."""
        section = getattr(report, cls.path())
        assert isinstance(section, cls)
        return section
