"""What a form brought back would change in a report, and accepting it.

A workbook proposes; the forms of entry judge, as they judge a page, once for the preview and once more
when it is accepted. What changed in the report meanwhile is never overwritten: it is told.
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
#: What is sent back for acceptance: by section, each name with its text and the text it replaces.
Sent = Mapping[str, Mapping[str, tuple[str, str]]]


@dataclass(frozen=True)
class Change:
    """One field: what the report holds and what the file says; `problem` when it is not taken."""

    name: str
    label: str
    present: str
    in_file: str
    cell: str = ""
    problem: str = ""


@dataclass
class Part:
    """What the file says of one section. `disputed` is what somebody changed in the report since the
    form was made: taken only where the clerk says so."""

    section: Section
    changes: list[Change] = field(default_factory=list)
    disputed: list[Change] = field(default_factory=list)
    refused: list[Change] = field(default_factory=list)
    unchanged: int = 0


@dataclass
class Proposal:
    """What a file says of a report. `sent` is what acceptance would write, `disputed` what it may."""

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
        """That so many cells came in an old encoding and read otherwise now."""
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
    """What was written, and what was not."""

    count: int = 0
    refused: list[Change] = field(default_factory=list)


class Desk:
    """One section of a report on which texts are judged by the form of its page."""

    def __init__(self, report: Report, dossier: Dossier, section: Section) -> None:
        self.report, self.dossier, self.section = report, dossier, section
        self.present = page_texts(dossier, section)
        self.choices: Choices = choices_of(dossier, section)

    def form(self, texts: Mapping[str, str]) -> PageForm:
        data = {name: self.choices.code(name, text) for name, text in texts.items()}
        return form_for(self.dossier, self.report, self.section, data)

    def readings(self, form: PageForm) -> Iterator[tuple[str, str]]:
        """Every field that could be read, as its page would show it."""
        form.is_valid()
        for name, content in form.cleaned_data.items():
            if name in form.data:
                yield name, self.shown(form.fields[name], content)

    def shown(self, read_by: Any, content: Any) -> str:
        if isinstance(content, Value) and isinstance(read_by, EntryField):
            return field_text(self.dossier, read_by.figure, content)
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
    """What the file would change. Cells left empty, and those left as they were given, say nothing.

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
            desk = Desk(report, dossier, section)
            proposal.parts.append(_part(desk, names, returned, proposal, section in closed))
    known = {section.value for section in sections}
    for name, text in returned.texts.items():
        if returned.sections[name] not in known:
            proposal.unread.append(CellProblem(returned.cells[name], text[:80], NOT_ASKED))
    return proposal


def _part(
    desk: Desk, texts: Mapping[str, str], returned: Returned, proposal: Proposal, closed: bool
) -> Part:
    """What the file says of one section; of a closed one nothing is taken, and what differs is named."""
    part = Part(desk.section)
    form = desk.form(texts)
    read = dict(desk.readings(form))
    labels = desk.labels()
    for name, typed in texts.items():
        where = returned.cells[name]
        if name not in form.fields:
            proposal.unread.append(CellProblem(where, typed[:80], NOT_ASKED))
            continue
        present, given = desk.present.get(name, ""), returned.given.get(name, "")
        text = read.get(name, typed)
        if text in (present, given):
            part.unchanged += 1
        elif closed:
            part.refused.append(desk.change(name, text, labels, cell=where, problem=CLOSED))
        elif name in form.errors:
            wrong = " ".join(map(str, form.errors[name]))
            part.refused.append(desk.change(name, typed, labels, cell=where, problem=wrong))
        else:
            agreed = given == present
            kept, listed = (
                (proposal.sent, part.changes) if agreed else (proposal.disputed, part.disputed)
            )
            kept.setdefault(desk.section.value, {})[name] = (text, present)
            listed.append(desk.change(name, text, labels, cell=where))
    return part


CHANGED_SINCE_SHOWN = "đã thay đổi từ lúc tải tệp lên nên giữ số đang có"


def accept(report: Report, dossier: Dossier, by: User, sent: Sent) -> Accepted:
    """Write what was shown, section by section. The caller holds the report's lock, so that what is
    compared here is what is written over. Refused, Http404 as `access`."""
    accepted, closed = Accepted(), closed_sections(report)
    for section in sections_of(dossier):
        if told := sent.get(section.value):
            desk = Desk(report, dossier, section)
            if section in closed:
                accepted.refused += _left_out(desk, told)
            else:
                _accept_part(desk, told, by, accepted)
    return accepted


def _left_out(desk: Desk, told: Mapping[str, tuple[str, str]]) -> Iterator[Change]:
    """What a section that was closed since the preview would have taken."""
    labels = desk.labels()
    for name, (text, _) in told.items():
        if desk.present.get(name, "") != text:
            yield desk.change(name, text, labels, problem=CLOSED)


def _accept_part(
    desk: Desk, told: Mapping[str, tuple[str, str]], by: User, accepted: Accepted
) -> None:
    texts = {
        name: desk.choices.code(name, text)
        for name, (text, _) in told.items()
        if desk.present.get(name, "") != text  # somebody typed the same meanwhile
    }
    bases = {name: base for name, (_, base) in told.items() if not desk.of_new_row(name, base)}
    # old encodings were shown in Unicode, and taken so
    changes = PageChanges(texts, bases, as_is=frozenset(texts))
    saved = write_page(desk.report, desk.dossier, desk.section, changes, by)
    problems = {name: refusal.problem for name, refusal in saved.refused.items()}
    problems |= {conflict.name: CHANGED_SINCE_SHOWN for conflict in saved.conflicts}
    labels = desk.labels()
    for name, (text, _) in told.items():
        if name in problems:
            accepted.refused.append(desk.change(name, text, labels, problem=problems[name]))
    accepted.count += len(saved.written)
