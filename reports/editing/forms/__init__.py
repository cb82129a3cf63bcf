"""The forms of entry: text as a clerk types it, read into values.

Every field reads the text of one `FieldName`. What can be read is saved; a text that cannot be read is
refused in a message that names the field, its text and what is expected, and the rest is saved all the
same.
"""

from collections.abc import Mapping

from ...dossier import Dossier
from ...entry import section_entry
from ...enums import Section
from ...models import Report
from .fields import EntryField, KeyField, TypedField
from .frame import AppendixForm, PaperForm
from .section import MOST_ROWS, SectionForm

__all__ = [
    "MOST_ROWS",
    "AppendixForm",
    "EntryField",
    "KeyField",
    "PageForm",
    "PaperForm",
    "SectionForm",
    "TypedField",
    "form_for",
]


#: The form of any page of a report.
PageForm = SectionForm | AppendixForm | PaperForm


def form_for(
    dossier: Dossier, report: Report, section: Section, data: Mapping[str, str]
) -> PageForm:
    """The form of a section's page, bound with the fields that `data` holds."""
    if section == Section.APPENDIX:
        return AppendixForm(dossier, data)
    if section == Section.PAPER:
        return PaperForm(data, instance=report.paper)
    return SectionForm(dossier, section_entry(dossier, section), data)
