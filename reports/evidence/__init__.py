"""Files and words that prove a report: what asks for them, the one door through which they come and go, all as one ZIP."""

from .holding import (
    Shelf,
    attach,
    document_label,
    evidence_in,
    evidence_of,
    explain,
    missing_evidence,
    remove,
    shelf_of,
    shelves,
    subjects,
    totals,
)

__all__ = [
    "Shelf",
    "attach",
    "bundle",
    "document_label",
    "evidence_in",
    "evidence_of",
    "explain",
    "missing_evidence",
    "remove",
    "shelf_of",
    "shelves",
    "subjects",
    "totals",
]
