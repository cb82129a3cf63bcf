"""Writing a page: texts as a person typed them, by names of fields, into a report.

The section's page, a form brought back as a workbook and the demo's story all write here. A text that can
be read is written; one that cannot, one whose field another person wrote meanwhile and one in an old
encoding is returned instead, each under its field's name.
"""

from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime

from django.db import IntegrityError, transaction
from django.http import Http404

from ..access import locked_report
from ..catalogue.field_names import FieldName
from ..catalogue.values import Content, Value
from ..dossier import Dossier, load
from ..entry import FigureEntry, SectionEntry, section_entry
from ..entry.layout import NAMED, OTHERS, group_code, may_be_none
from ..entry.page_texts import page_texts
from ..entry.progress import carried_in, sections_of
from ..enums import Section, Verb
from ..jobs.busy import Busy
from ..models import Report, SectionState, User
from ..text.encodings import Encoding, convert, recognise
from .conflicts import Conflict, changed, conflicts, stale
from .forms import PageForm, form_for
from .writing import Moved, cell_of, save

#: How often a save reads again without a lock when somebody else wrote to the report at that very moment.
FREE_ATTEMPTS = 3
NOT_SAVED = "Báo cáo đang được nhiều người ghi cùng lúc nên nội dung vừa gửi chưa được lưu."
#: What one press answers every empty figure of a group with.
NONE_ARISEN = "không phát sinh"
#: Done with the report as it was written, in the same transaction.
Then = Callable[[Report, Dossier], object]


@dataclass(frozen=True)
class PageChanges:
    """What a person changed on one page, by printed `FieldName`.

    `texts` are the present texts of fields; the name of a row's deletion with any text removes the row.
    `bases` are the texts that the changes were made from, and those of the cells of rows to remove; a
    field without one replaces whatever stands there. A page without bases gives `seen`, the version of
    the section that it shows.

    `confirm` names what was taken over and is confirmed, `confirm_all` confirms all of it; `convert` and
    `as_is` decide on texts in old encodings; `none_arisen` is the group whose empty figures are all
    answered "không phát sinh".
    """

    texts: Mapping[str, str]
    bases: Mapping[str, str] = field(default_factory=dict)
    seen: int | None = None
    confirm: frozenset[str] = frozenset()
    confirm_all: bool = False
    convert: frozenset[str] = frozenset()
    as_is: frozenset[str] = frozenset()
    none_arisen: str | None = None


@dataclass(frozen=True)
class OldText:
    """A text in an old encoding, not written until a person decides; `text` is it in Unicode."""

    encoding: Encoding
    text: str


@dataclass(frozen=True)
class Refusal:
    """A text that could not be read, as it was typed, and the problem in Vietnamese."""

    typed: str
    problem: str


@dataclass(frozen=True)
class SavedPage:
    """The result of a save, by printed `FieldName`.

    `report` and `dossier` are the state after it. `sent` are the texts as they were judged, `read` their
    values; `written` names the fields stored and the rows removed. Not written were `refused`, `conflicts`
    (another person changed the field or removed its row meanwhile), `old` (texts in an old encoding) and
    `without_field`, names that this page does not have. `answered` are the figures that `none_arisen`
    filled, `labels` the labels of fields.
    """

    report: Report
    dossier: Dossier
    sent: Mapping[str, str]
    read: Mapping[str, Value | Content]
    written: tuple[str, ...]
    refused: Mapping[str, Refusal]
    conflicts: tuple[Conflict, ...]
    old: Mapping[str, OldText]
    without_field: tuple[str, ...]
    answered: tuple[str, ...]
    labels: Mapping[str, str]


def save_page(
    report: Report, section: Section, changes: PageChanges, by: User, *, then: Then | None = None
) -> SavedPage:
    """Write the changes of a page that can be read. Refused, Http404 as `access`; Busy when other people
    write to the report all the time.

    It is read without a lock, so that nobody waits for it; whoever is overtaken again and again locks
    the report first.
    """
    for _ in range(FREE_ATTEMPTS):
        with suppress(Moved, IntegrityError):  # somebody wrote at this very moment: read again
            return _attempt(report, section, changes, by, then)
    try:
        with transaction.atomic():
            locked_report(by, report.pk, Verb.EDIT, section)
            return _attempt(report, section, changes, by, then)
    except (Moved, IntegrityError) as error:
        raise Busy(NOT_SAVED) from error


def _attempt(
    report: Report, section: Section, changes: PageChanges, by: User, then: Then | None
) -> SavedPage:
    """Read the report and write the page. Moved, IntegrityError when the report changed in between."""
    dossier = after = load(report)

    def read_again(locked: Report) -> None:
        nonlocal after
        after = load(locked)
        if then is not None:
            then(locked, after)

    page = _Page(report, dossier, section, changes)
    save(report, section, page.edits, by, dossier.catalogue, dossier.revision, then=read_again)
    return page.saved(after)


def write_page(
    report: Report,
    dossier: Dossier,
    section: Section,
    changes: PageChanges,
    by: User,
    at: datetime | None = None,
) -> SavedPage:
    """`save_page` for a caller who holds the report's lock, or has the report alone, and read it as
    `dossier`: that is not read again, also when several pages are written one after the other.

    The result's dossier is the one given. Refused, Http404 as `access`.
    """
    page = _Page(report, dossier, section, changes)
    save(report, section, page.edits, by, dossier.catalogue, at=at)
    return page.saved(dossier)


class _Page:
    """A page of a report as it was read, and the edits its changes make. Http404 when there is none."""

    def __init__(
        self, report: Report, dossier: Dossier, section: Section, changes: PageChanges
    ) -> None:
        if section not in sections_of(dossier):
            raise Http404("Báo cáo không có phần này.")
        self.report, self.dossier, self.section, self.changes = report, dossier, section, changes
        self.present = page_texts(dossier, section)
        self.conflicts = conflicts(changes.texts, changes.bases, self.present) or self._outdated()
        self.answered = answered_in_one_go(changes, dossier, section)
        texts = {**changes.texts, **dict.fromkeys(self.answered, NONE_ARISEN)}
        self.old = self._old_texts(texts)
        withheld = {*(conflict.name for conflict in self.conflicts), *self.old}
        self.sent = {name: text for name, text in texts.items() if name not in withheld}
        self.form: PageForm = form_for(dossier, report, section, self.sent)
        self.edits = self.form.edits()
        self.edits.confirmed, self.edits.typed = self._confirmed(), self._typed()

    def _outdated(self) -> list[Conflict]:
        """Conflicts of a page without scripts: when it shows an old version, every field that differs."""
        if self.changes.seen is None:
            return []
        state = SectionState.objects.get(report=self.report, section=self.section)
        newer = state.version > self.changes.seen
        return stale(self.changes.texts, self.present) if newer else []

    def _old_texts(self, texts: dict[str, str]) -> dict[str, OldText]:
        """The texts of old encodings nobody has decided on; those to `convert` are converted in `texts`.

        They are judged as they were sent, since cleaning drops a letter of TCVN3, and not stored meanwhile.
        """
        undecided = {}
        for name, text in list(texts.items()):
            if name in self.changes.as_is or not (name in self.present or cell_of(name)):
                continue
            encoding = None if text.isascii() else recognise(text)
            if encoding and name in self.changes.convert:
                texts[name] = convert(text, encoding)
            elif encoding:
                undecided[name] = OldText(encoding, convert(text, encoding))
        return undecided

    def _typed(self) -> dict[str, tuple[str, str]]:
        """By field the text before and the text typed; cells of new rows too, and of rows to delete.

        What could not be read replaces nothing.
        """
        sent, present = self.sent, self.present
        read = {name: sent[name] for name in self.form.cleaned_data if name in sent}
        typed = {name: (present[name], read[name]) for name in changed(read, present)}
        typed |= {name: ("", text) for name, text in read.items() if text and name not in present}
        for name, text in present.items():
            if text and (cell := cell_of(name)) and str(cell.deletion) in sent:
                typed[name] = (text, "")
        return typed

    def _confirmed(self) -> set[str]:
        """The names of what was taken over and a person has now confirmed or changed.

        What could not be read changes nothing.
        """
        carried = carried_in(self.dossier, self.section)
        if self.changes.confirm_all:
            return carried
        written = [n for n in changed(self.sent, self.present) if n not in self.form.errors]
        touched = {str(FieldName.parse(name).carried_as) for name in written}
        return carried & (self.changes.confirm | touched)

    def saved(self, after: Dossier) -> SavedPage:
        """The result, after the edits were written."""
        form = self.form
        read = {n: content for n, content in form.cleaned_data.items() if n in self.sent}
        removed = [str(FieldName.row(*row).deletion) for row in sorted(self.edits.deleted)]
        return SavedPage(
            self.report, after, self.sent, read,
            written=(*read, *removed),
            refused={
                name: Refusal(str(form.data.get(name, "")), " ".join(map(str, problems)))
                for name, problems in form.errors.items()
            },
            conflicts=tuple(self.conflicts),
            old=self.old,
            without_field=tuple(n for n in self.sent if n not in form.fields and n not in removed),
            answered=self.answered,
            labels={name: str(field.label) for name, field in form.fields.items()},
        )  # fmt: skip


def answered_in_one_go(changes: PageChanges, dossier: Dossier, section: Section) -> tuple[str, ...]:
    """The names of the empty figures on the page in the group whose button was pressed."""
    group = changes.none_arisen
    if group is None or section in (Section.APPENDIX, Section.PAPER):
        return ()
    texts = changes.texts
    return tuple(
        entry.name
        for entry in group_named(section_entry(dossier, section), group)
        if may_be_none(entry.figure) and entry.name in texts and not texts[entry.name].strip()
    )


def group_named(entry: SectionEntry, code: str) -> tuple[FigureEntry, ...]:
    """The figures of the group whose button bears `code`; none when the page has no such group."""
    places = ((NAMED, entry.groups), (OTHERS, entry.others))
    named = {group_code(place, n): g.figures for place, gs in places for n, g in enumerate(gs)}
    return tuple(named.get(code, ()))
