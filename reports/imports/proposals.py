"""The changes that a form brought back proposes to a report, and accepting them.

A workbook proposes; the forms of entry judge, as they judge a page, once for the preview and once more
when it is accepted. What changed in the report meanwhile is never overwritten: it is listed.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from ..access import closed_sections
from ..catalogue.field_names import FieldName, column_of
from ..catalogue.values import Value
from ..compose.prose import to_labels
from ..dossier import Dossier
from ..editing.forms import EntryField, PageForm, form_for
from ..editing.save_page import PageChanges, write_page
from ..entry import field_text
from ..entry.choices import Choices, choices_of
from ..entry.page_texts import page_labels, page_texts
from ..entry.progress import sections_of
from ..enums import Section
from ..models import Report, User
from ..text.dates import format_date
from ..text.encodings import convert, recognise
from .excel_cells import CellProblem
from .excel_form import Returned

NOT_ASKED = "báo cáo này không có chỉ tiêu này"
#: Of a returned report only the sections that the return opened are taken.
CLOSED = "cơ quan cấp trên không mở phần này để sửa; có thể đề nghị mở thêm ở trang báo cáo"
#: The changes sent back for acceptance: by section, each name with its text and the text it replaces.
Sent = Mapping[str, Mapping[str, tuple[str, str]]]


@dataclass(frozen=True)
class Change:
    """One field: its text in the report and in the file; `problem` is why the file's is not taken."""

    name: str
    label: str
    present: str
    in_file: str
    cell: str = ""
    problem: str = ""


@dataclass
class Part:
    """The changes of one section. `disputed` is what somebody changed in the report since the
    form was made: taken only where the clerk ticks it."""

    section: Section
    changes: list[Change] = field(default_factory=list)
    disputed: list[Change] = field(default_factory=list)
    refused: list[Change] = field(default_factory=list)
    unchanged: int = 0


@dataclass
class Proposal:
    """The changes of the whole report. `sent` is what acceptance writes, `disputed` what it writes on request."""

    parts: list[Part] = field(default_factory=list)
    unread: list[CellProblem] = field(default_factory=list)
    sent: dict[str, dict[str, tuple[str, str]]] = field(default_factory=dict)
    disputed: dict[str, dict[str, tuple[str, str]]] = field(default_factory=dict)
    converted: int = 0

    @property
    def count(self) -> int:
        return sum(len(part.changes) for part in self.parts)

    @property
    def converted_notice(self) -> str:
        """The notice that so many cells came in an old encoding and were converted."""
        return (
            f"{self.converted} ô trong tệp gõ bằng bảng mã cũ (TCVN3, VNI), đã chuyển sang Unicode; "
            "mời đọc lại trước khi nhận."
        )

    @property
    def in_dispute(self) -> int:
        return sum(len(part.disputed) for part in self.parts)

    @property
    def refused(self) -> int:
        return sum(len(part.refused) for part in self.parts) + len(self.unread)

    @property
    def unchanged(self) -> int:
        return sum(part.unchanged for part in self.parts)


@dataclass
class Accepted:
    """How many fields were written, and those that were not."""

    count: int = 0
    refused: list[Change] = field(default_factory=list)


class SectionPage:
    """A section's page: its present texts, its choices, and the form that judges texts from a file."""

    def __init__(self, report: Report, dossier: Dossier, section: Section) -> None:
        self.report, self.dossier, self.section = report, dossier, section
        self.present = page_texts(dossier, section)
        self.choices: Choices = choices_of(dossier, section)

    def form(self, texts: Mapping[str, str]) -> PageForm:
        data = {name: self.choices.code(name, text) for name, text in texts.items()}
        return form_for(self.dossier, self.report, self.section, data)

    def readings(self, form: PageForm) -> Iterator[tuple[str, str]]:
        """Name and text of every field that could be read, as its page would show it."""
        form.is_valid()
        for name, content in form.cleaned_data.items():
            if name in form.data:
                yield name, self.text_of(form.fields[name], content)

    def text_of(self, field: Any, content: Any) -> str:
        if isinstance(content, Value) and isinstance(field, EntryField):
            return field_text(self.dossier, field.figure, content)
        if isinstance(content, date):
            return format_date(content)
        if content is None:
            return ""
        return to_labels(content, self.dossier) if isinstance(content, str) else str(content)

    def of_new_row(self, name: str, base: str) -> bool:
        """Whether a name is a cell that the report neither had nor has: it is based on nothing."""
        return not base and name not in self.present and FieldName.read_cell(name) is not None

    def labels(self) -> Mapping[str, str]:
        return page_labels(self.dossier, self.section)

    def change(self, name: str, text: str, labels: Mapping[str, str], **more: str) -> Change:
        label = labels.get(name) or labels.get(column_of(name), "")
        present = self.choices.label(name, self.present.get(name, ""))
        return Change(name, label, present, self.choices.label(name, text), **more)


def propose(report: Report, dossier: Dossier, returned: Returned) -> Proposal:
    """The changes that the file proposes. Cells left empty, or left as they were given, propose none.

    Text of an old encoding is proposed in Unicode: the preview shows it before it is taken.
    """
    proposal = Proposal(unread=list(returned.problems))
    for name, text in returned.texts.items():
        encoding = None if text.isascii() else recognise(text)
        if encoding:
            returned.texts[name] = convert(text, encoding)
            proposal.converted += 1
    sections, closed = sections_of(dossier), closed_sections(report)
    for section in sections:
        names = {n: t for n, t in returned.texts.items() if returned.sections[n] == section.value}
        if names:
            page = SectionPage(report, dossier, section)
            proposal.parts.append(_part(page, names, returned, proposal, section in closed))
    pages = {section.value for section in sections}
    for name, text in returned.texts.items():
        if returned.sections[name] not in pages:
            proposal.unread.append(CellProblem(returned.cells[name], text[:80], NOT_ASKED))
    return proposal


def _part(
    page: SectionPage,
    texts: Mapping[str, str],
    returned: Returned,
    proposal: Proposal,
    closed: bool,
) -> Part:
    """The changes of one section; of a closed one none is taken, and each is listed as refused."""
    part = Part(page.section)
    form = page.form(texts)
    read = dict(page.readings(form))
    labels = page.labels()
    for name, typed in texts.items():
        where = returned.cells[name]
        if name not in form.fields:
            proposal.unread.append(CellProblem(where, typed[:80], NOT_ASKED))
            continue
        present, given = page.present.get(name, ""), returned.given.get(name, "")
        text = read.get(name, typed)
        if text in (present, given):
            part.unchanged += 1
        elif closed:
            part.refused.append(page.change(name, text, labels, cell=where, problem=CLOSED))
        elif name in form.errors:
            problem = " ".join(map(str, form.errors[name]))
            part.refused.append(page.change(name, typed, labels, cell=where, problem=problem))
        else:
            agreed = given == present
            by_section, changes = (
                (proposal.sent, part.changes) if agreed else (proposal.disputed, part.disputed)
            )
            by_section.setdefault(page.section.value, {})[name] = (text, present)
            changes.append(page.change(name, text, labels, cell=where))
    return part


CHANGED_SINCE_SHOWN = "đã thay đổi từ lúc tải tệp lên nên giữ số đang có"


def accept(report: Report, dossier: Dossier, by: User, sent: Sent) -> Accepted:
    """Write what the preview showed, section by section. The caller holds the report's lock, so that what is
    compared here is what is written over. Refused, Http404 as `access`."""
    accepted, closed = Accepted(), closed_sections(report)
    for section in sections_of(dossier):
        if proposed := sent.get(section.value):
            page = SectionPage(report, dossier, section)
            if section in closed:
                accepted.refused += _left_out(page, proposed)
            else:
                _accept_part(page, proposed, by, accepted)
    return accepted


def _left_out(page: SectionPage, proposed: Mapping[str, tuple[str, str]]) -> Iterator[Change]:
    """The changes to a section that was closed since the preview."""
    labels = page.labels()
    for name, (text, _) in proposed.items():
        if page.present.get(name, "") != text:
            yield page.change(name, text, labels, problem=CLOSED)


def _accept_part(
    page: SectionPage, proposed: Mapping[str, tuple[str, str]], by: User, accepted: Accepted
) -> None:
    texts = {
        name: page.choices.code(name, text)
        for name, (text, _) in proposed.items()
        if page.present.get(name, "") != text  # somebody typed the same meanwhile
    }
    bases = {name: base for name, (_, base) in proposed.items() if not page.of_new_row(name, base)}
    # old encodings were shown in Unicode, and taken so
    changes = PageChanges(texts, bases, as_is=frozenset(texts))
    saved = write_page(page.report, page.dossier, page.section, changes, by)
    problems = {name: refusal.problem for name, refusal in saved.refused.items()}
    problems |= {conflict.name: CHANGED_SINCE_SHOWN for conflict in saved.conflicts}
    labels = page.labels()
    for name, (text, _) in proposed.items():
        if name in problems:
            accepted.refused.append(page.change(name, text, labels, problem=problems[name]))
    accepted.count += len(saved.written)
