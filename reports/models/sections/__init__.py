"""The typed sections of a report: one row each, one column a figure.

Every column is a figure of the catalogue (`reports.catalogue.figures`) under the code `<section>.<column>`. A
total is typed beside its parts, as a control total; ratios are never columns. What the sections hold
follows the reports that communes make (Bộ Nội vụ's outline, the national dossier table of Thông tư
01/2020/TT-VPCP, form II.06a).
"""

from collections.abc import Mapping

from ...enums import Section
from .base import ReportSection
from .direction import Direction
from .egov import Egov
from .finance import Finance
from .institutional import Institutional
from .procedures import Procedures
from .staffing import CivilService, Organisation
from .words import Evaluation, Plan, Recommendations

#: The typed sections in the order of the paper.
SECTIONS: tuple[type[ReportSection], ...] = (
    Direction,
    Institutional,
    Procedures,
    Organisation,
    CivilService,
    Finance,
    Egov,
    Evaluation,
    Plan,
    Recommendations,
)
SECTIONS_BY_CODE: Mapping[Section, type[ReportSection]] = {
    model.section: model for model in SECTIONS
}

__all__ = [
    "SECTIONS",
    "SECTIONS_BY_CODE",
    "CivilService",
    "Direction",
    "Egov",
    "Evaluation",
    "Finance",
    "Institutional",
    "Organisation",
    "Plan",
    "Procedures",
    "Recommendations",
    "ReportSection",
]
