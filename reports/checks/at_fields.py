"""What the checks say at the fields of a page: what is wrong there, what takes part in it, what one press mends."""

from collections.abc import Iterable
from dataclasses import dataclass

from ..dossier import Dossier
from ..enums import Section
from . import Finding
from .case import Case, Number, Repair
from .rows import totals_of_columns

#: What a page tells in other ways: by the state of a group, a field's mark, its list of evidence.
ELSEWHERE = {
    "figure_required",
    "heading_without_text",
    "frame_missing",
    "carried_unconfirmed",
    "words_in_cell",
    "text_stale",
    "evidence_missing",
}


@dataclass(frozen=True)
class FieldFinding:
    """A finding as it stands at the field `name`. `parts` are the fields beside it that take part."""

    name: str
    error: bool
    message: str
    fix: str
    parts: tuple[str, ...]
    repairs: tuple[Repair, ...]


def findings_at_fields(
    findings: Iterable[Finding], section: Section
) -> dict[str, list[FieldFinding]]:
    """The findings of one page by the names of its fields, errors first; those about no field are left out."""
    at: dict[str, list[FieldFinding]] = {}
    for finding in findings:
        if finding.section != section or not finding.name or finding.rule in ELSEWHERE:
            continue
        at.setdefault(finding.name, []).append(
            FieldFinding(
                finding.name,
                finding.is_error,
                finding.message,
                finding.fix,
                tuple(name for name in finding.parts if name != finding.name),
                finding.repairs,
            )
        )
    return at


def column_totals(dossier: Dossier) -> dict[str, Number]:
    """What the columns of a report's tables should add up to, by the column's code; columns without a total are left
    out."""
    return totals_of_columns(Case(dossier))
