"""The tables of the portal, which say themselves what each column is."""

from .approvals import Approval
from .evidence import Evidence
from .exports import Export, ExportPart
from .history import (
    Event,
    Explanation,
    OpenEdit,
    Release,
    ReleasedFile,
    Remark,
    SentDossier,
    Signature,
    SignedCopy,
    StandardRemark,
)
from .notices import Letter, Notice
from .outlines import Indicator, IndicatorSet, Outline, OutlineItem
from .parts import ReportPart
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
from .rows import TABLES, TABLES_BY_NAME, IssuedDocument, Row
from .sections import SECTIONS, SECTIONS_BY_CODE, ReportSection
from .units import FormerName, Superior, Unit
from .users import RoleAssignment, User

__all__ = [
    "SECTIONS",
    "SECTIONS_BY_CODE",
    "TABLES",
    "TABLES_BY_NAME",
    "Approval",
    "Event",
    "Evidence",
    "Explanation",
    "Export",
    "ExportPart",
    "FormerName",
    "Indicator",
    "IndicatorNote",
    "IndicatorSet",
    "IndicatorValue",
    "IssuedDocument",
    "Letter",
    "Mark",
    "Narrative",
    "Notice",
    "OpenEdit",
    "Outline",
    "OutlineItem",
    "Paper",
    "PeriodKind",
    "Presence",
    "Release",
    "ReleasedFile",
    "Remark",
    "Report",
    "ReportPart",
    "ReportSection",
    "ReportingPeriod",
    "RoleAssignment",
    "Row",
    "SectionState",
    "SentDossier",
    "Signature",
    "SignedCopy",
    "StandardRemark",
    "StoredPaper",
    "Superior",
    "Unit",
    "User",
]
