"""What a page of entry asks: its figures, rows and texts as they read, and how far they have come."""

from .appendix import IndicatorEntry, indicator_entries
from .figures import Asked, Group, ask, entry_text, field_text
from .grids import (
    Grid,
    GridColumn,
    cell_text,
    fixed_choice,
    fixed_uid,
    grids,
    repeated_documents,
    same_documents,
)
from .page import SectionEntry, section_entry
from .texts import NarrativeEntry, composed_text, narratives

__all__ = [
    "Asked",
    "Grid",
    "GridColumn",
    "Group",
    "IndicatorEntry",
    "NarrativeEntry",
    "SectionEntry",
    "ask",
    "cell_text",
    "choices",
    "composed_text",
    "entry_text",
    "field_text",
    "figures",
    "fixed_choice",
    "fixed_uid",
    "grids",
    "indicator_entries",
    "layout",
    "markup",
    "narratives",
    "page_texts",
    "progress",
    "repeated_documents",
    "same_documents",
    "section_entry",
]
