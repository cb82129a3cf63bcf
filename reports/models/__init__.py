"""All models of the portal, by room."""

from .evidence import Evidence
from .outlines import Indicator, IndicatorSet, Outline, OutlineItem
from .periods import PeriodKind, ReportingPeriod
from .records import (
    IndicatorNote,
    IndicatorValue,
    Mark,
    Narrative,
    Presence,
    SectionState,
    StoredPaper,
)
from .reports import Paper, Report
from .rows import TABLES, IssuedDocument, Row
from .sections import SECTIONS, ReportSection
from .units import FormerName, Superior, Unit
from .users import RoleAssignment, User

__all__ = [
    "SECTIONS",
    "TABLES",
    "Evidence",
    "FormerName",
    "Indicator",
    "IndicatorNote",
    "IndicatorSet",
    "IndicatorValue",
    "IssuedDocument",
    "Mark",
    "Narrative",
    "Outline",
    "OutlineItem",
    "Paper",
    "PeriodKind",
    "Presence",
    "Report",
    "ReportSection",
    "ReportingPeriod",
    "RoleAssignment",
    "Row",
    "SectionState",
    "StoredPaper",
    "Superior",
    "Unit",
    "User",
]
