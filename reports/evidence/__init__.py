"""Evidence of a report, files and explanations: which figures ask for it, adding, removing, all as one ZIP."""

from .holding import (
    SectionEvidence,
    attach,
    document_label,
    evidence_by_section,
    evidence_in,
    evidence_of,
    explain,
    missing_evidence,
    remove,
    section_evidence,
    subjects,
    totals,
)

__all__ = [
    "SectionEvidence",
    "attach",
    "bundle",
    "document_label",
    "evidence_by_section",
    "evidence_in",
    "evidence_of",
    "explain",
    "missing_evidence",
    "remove",
    "section_evidence",
    "subjects",
    "totals",
]
