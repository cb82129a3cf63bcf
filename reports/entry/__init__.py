"""The content of a page of entry: its figures, rows and texts, and how far they have come."""

from .appendix import IndicatorEntry, indicator_entries
from .figures import FigureEntry, Group, entry_text, field_text, figure_entry
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
    "FigureEntry",
    "Grid",
    "GridColumn",
    "Group",
    "IndicatorEntry",
    "NarrativeEntry",
    "SectionEntry",
    "cell_text",
    "choices",
    "composed_text",
    "entry_text",
    "field_text",
    "figure_entry",
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
