"""Two states of one report, or two periods of one unit, side by side."""

from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher

from .choices import choices_of
from .dossier import Dossier
from .entry import SectionEntry, entry_text, section_entry
from .enums import Section, ValueKind
from .page_texts import page_labels, page_texts
from .progress import named_figures, sections_of

#: Rows of one section on the sheet a leader signs off.
KEY_FIGURES = 4


@dataclass(frozen=True)
class Difference:
    """One field that reads otherwise than it did."""

    section: Section
    name: str
    label: str
    before: str
    after: str

    @property
    def pieces(self) -> list[tuple[str, str]]:
        """Both texts in one, word by word: ("same" | "gone" | "new", words)."""
        old, new = self.before.split(" "), self.after.split(" ")
        told = []
        for what, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
            if what == "equal":
                told.append(("same", " ".join(old[a:b])))
                continue
            if old[a:b]:
                told.append(("gone", " ".join(old[a:b])))
            if new[c:d]:
                told.append(("new", " ".join(new[c:d])))
        return told


def differences(dossier: Dossier, before: Dossier) -> Iterator[Difference]:
    """Every field that reads otherwise than in `before`, in the order of the pages."""
    for section in sections_of(dossier):
        was, now = page_texts(before, section), page_texts(dossier, section)
        changed = [name for name in {**was, **now} if was.get(name, "") != now.get(name, "")]
        if not changed:
            continue
        labels = page_labels(before, section) | page_labels(dossier, section)
        choices = choices_of(dossier, section)
        for name in changed:
            told = (choices.label(name, texts.get(name, "")) for texts in (was, now))
            yield Difference(section, name, labels.get(name, ""), *told)


@dataclass(frozen=True)
class FigureLine:
    """A figure as a reader compares it: this period, the one before, by how much it moved."""

    section: Section
    name: str
    label: str
    unit: str
    text: str
    previous: str
    moved: str = ""

    @property
    def counts(self) -> bool:
        """Whether there is a number that its unit belongs to."""
        return self.text[:1].isdigit()

    @property
    def far(self) -> bool:
        """Whether it moved by more than half."""
        return bool(self.moved) and abs(int(self.moved.replace("+", "").rstrip("%"))) > 50


def figure_lines(dossier: Dossier, previous: Dossier | None) -> Iterator[FigureLine]:
    """Every figure the outline asks for, in the order of the pages."""
    for section in sections_of(dossier):
        if section not in (Section.APPENDIX, Section.PAPER):
            yield from _section_lines(dossier, section_entry(dossier, section, previous), previous)


def _section_lines(
    dossier: Dossier, entry: SectionEntry, previous: Dossier | None
) -> Iterator[FigureLine]:
    for group in entry.asked:
        for asked in group.asked:
            if asked.figure.kind == ValueKind.TEXT:
                continue
            text = asked.computed or entry_text(asked.figure, dossier.value(asked.name))
            if asked.figure.kind == ValueKind.CODE:
                text = {str(c): label for c, label in asked.figure.choices}.get(text, text)
            yield FigureLine(
                entry.section, asked.name, asked.figure.label, asked.unit, text, asked.previous,
                moved(dossier, previous, asked.name),
            )  # fmt: skip


def moved(dossier: Dossier, previous: Dossier | None, code: str) -> str:
    """`+12%` against the period before; "" when either is no number, or the one before is 0."""
    if previous is None or code not in previous.catalogue or dossier.catalogue[code].whole:
        return ""
    now, was = dossier.value(code).number, previous.value(code).number
    if now is None or not was:
        return ""
    share = round((now - was) * 100 / was)
    return f"{share:+d}%" if share else ""


def key_figures(dossier: Dossier, previous: Dossier | None) -> list[FigureLine]:
    """The figures a leader looks at first: those the outline cannot do without, a few a section, and
    whatever moved by more than half."""
    named = named_figures(dossier.outline, dossier.indicators)
    shown: list[FigureLine] = []
    count: dict[Section, int] = {}
    for line in figure_lines(dossier, previous):
        first = named.get(line.name) and count.get(line.section, 0) < KEY_FIGURES
        if line.text and (first or line.far):
            shown.append(line)
            count[line.section] = count.get(line.section, 0) + 1
    return shown
