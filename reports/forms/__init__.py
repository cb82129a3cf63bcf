"""The forms of entry: text as a clerk types it, read into values.

Every field reads one name of the page. What can be read is saved, what cannot is told in words that
name the field, what was found and what is expected; nothing of the rest is lost. Names:

    direction.radio_broadcasts      a figure            text:II.1, placement:II.1   a narrative
    staff.headcount@<uid>           a figure of a row   note:r1_1                   Ghi chú of a row
    documents.subject@<uid>         a key of a row      delete:<table>@<uid>        a row to remove
"""

from collections.abc import Mapping
from typing import Any

from ..dossier import Dossier
from ..entry import section_entry
from ..enums import Section
from ..models import Report
from .fields import EntryField, KeyField, TypedField
from .frame import AppendixForm, PaperForm
from .names import carried_name, cell_name
from .section import MOST_ROWS, SectionForm

__all__ = [
    "MOST_ROWS",
    "AppendixForm",
    "EntryField",
    "KeyField",
    "PaperForm",
    "SectionForm",
    "TypedField",
    "carried_name",
    "cell_name",
    "form_for",
]


def form_for(dossier: Dossier, report: Report, section: Section, data: Mapping[str, str]) -> Any:
    """The form of a section's page, bound with the fields that `data` holds."""
    if section == Section.APPENDIX:
        return AppendixForm(dossier, data)
    if section == Section.PAPER:
        return PaperForm(data, instance=report.paper)
    return SectionForm(dossier, section_entry(dossier, section), data)
