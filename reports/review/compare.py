"""Two states of one report, or two periods of one unit, side by side."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from difflib import SequenceMatcher
from fractions import Fraction

from ..catalogue.figures import Figure
from ..catalogue.key_figures import KEY_FIGURES
from ..checks.change import ON_THE_DAY
from ..compose.prose import as_read
from ..dossier import Dossier, PeriodFacts
from ..entry import FigureEntry, SectionEntry, entry_text, figure_entry, section_entry
from ..entry.choices import choices_of
from ..entry.page_texts import page_labels, page_texts
from ..entry.progress import sections_of
from ..enums import Rollup, Section, ValueKind
from ..text.numbers import format_count, format_decimal

#: So many figures stand on the leader's sheet at least, when the report has them.
FEWEST_KEY_FIGURES = 6
#: A change of more than so many percent is marked.
FAR_PERCENT = 50
#: Counts that do not grow with the months of a period, though they do not carry over.
STANDING = (*ON_THE_DAY, "direction.plan_tasks_planned")


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
        pieces = []
        for operation, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
            if operation == "equal":
                pieces.append(("same", " ".join(old[a:b])))
                continue
            if old[a:b]:
                pieces.append(("gone", " ".join(old[a:b])))
            if new[c:d]:
                pieces.append(("new", " ".join(new[c:d])))
        return pieces


def differences(dossier: Dossier, before: Dossier) -> Iterator[Difference]:
    """Every field that reads otherwise than in `before`, in the order of the pages."""
    for section in sections_of(dossier):
        old, new = page_texts(before, section), page_texts(dossier, section)
        changed = [name for name in {**old, **new} if old.get(name, "") != new.get(name, "")]
        if not changed:
            continue
        labels = page_labels(before, section) | page_labels(dossier, section)
        choices = choices_of(dossier, section)
        for name in changed:
            readings = (
                as_read(choices.label(name, texts.get(name, "")), of)
                for texts, of in ((old, before), (new, dossier))
            )
            yield Difference(section, name, labels.get(name, ""), *readings)


@dataclass(frozen=True)
class FigureLine:
    """A figure as a reader compares it: this period, the one before, by how much it moved.

    `pace`: by how much the average of a month moved; only of what adds up, when the periods differ in length.
    `difference` says in words what `moved` says in percent: `tăng 312`.
    """

    section: Section
    name: str
    label: str
    unit: str
    text: str
    previous: str
    moved: str = ""
    pace: str = ""
    difference: str = ""

    @property
    def change(self) -> str:
        """How it differs from the period before, in words: `tăng 312 (+7%)`; "" when either has no number."""
        return f"{self.difference} ({self.moved})" if self.moved else self.difference

    @property
    def movement(self) -> int:
        """By how many percent it moved, up or down; month for month where that is the comparison."""
        return abs(int((self.pace or self.moved or "0").rstrip("%")))

    @property
    def counts(self) -> bool:
        """Whether there is a number that its unit belongs to."""
        return self.text[:1].isdigit()

    @property
    def counted_in(self) -> str:
        """Its unit, where there is a number that does not say it itself."""
        return self.unit if self.counts and not self.text.endswith(self.unit) else ""

    @property
    def far(self) -> bool:
        """Whether it moved by more than half, month for month where that is the comparison."""
        return self.movement > FAR_PERCENT

    @property
    def why_far(self) -> str:
        """What the mark of a figure that moved far stands for."""
        monthly = ", tính theo bình quân một tháng" if self.pace else ""
        return f"Đổi quá một nửa so với kỳ trước{monthly}"


def figure_lines(dossier: Dossier, previous: Dossier | None) -> Iterator[FigureLine]:
    """Every figure the outline asks for, in the order of the pages."""
    for section in sections_of(dossier):
        if section not in (Section.APPENDIX, Section.PAPER):
            yield from _section_lines(dossier, section_entry(dossier, section, previous), previous)


def _section_lines(
    dossier: Dossier, entry: SectionEntry, previous: Dossier | None
) -> Iterator[FigureLine]:
    for group in entry.groups:
        for field in group.figures:
            if field.figure.kind != ValueKind.TEXT:
                yield _line(dossier, previous, entry.section, field)


def _line(
    dossier: Dossier, previous: Dossier | None, section: Section, field: FigureEntry
) -> FigureLine:
    text = field.computed or entry_text(field.figure, dossier.value(field.name))
    if field.figure.kind == ValueKind.CODE:
        text = {str(c): label for c, label in field.figure.choices}.get(text, text)
    return FigureLine(
        section, field.name, field.figure.label, field.unit, text, field.previous,
        *moved(dossier, previous, field.name), difference(dossier, previous, field.name),
    )  # fmt: skip


def moved(dossier: Dossier, previous: Dossier | None, code: str) -> tuple[str, str]:
    """`+50%` against the period before, and `0%` month for month where the periods differ in length and
    the figure adds up; "" when either is no number, or the one before is 0."""
    figure = dossier.catalogue[code]
    if previous is None or code not in previous.catalogue:
        return "", ""
    if figure.whole or figure.kind == ValueKind.CODE:
        return "", ""
    current, earlier = dossier.value(code).number, previous.value(code).number
    if current is None or not earlier:
        return "", ""
    share = round((current - earlier) * 100 / earlier)
    change = f"{share:+d}%" if share else ""
    length, earlier_length = months(dossier.period), months(previous.period)
    if length == earlier_length or not adds_up(figure):
        return change, ""
    pace = round((Fraction(current) / length / (Fraction(earlier) / earlier_length) - 1) * 100)
    return change, f"{pace:+d}%" if pace else "0%"


def difference(dossier: Dossier, previous: Dossier | None, code: str) -> str:
    """`tăng 312`, of a percentage `giảm 0,2 điểm %`, or `không đổi`; "" when either is no number."""
    figure = dossier.catalogue[code]
    if previous is None or code not in previous.catalogue or figure.kind == ValueKind.CODE:
        return ""
    current, earlier = dossier.value(code).number, previous.value(code).number
    if current is None or earlier is None:
        return ""
    if current == earlier:
        return "không đổi"
    if isinstance(current, int) and isinstance(earlier, int):
        amount = format_count(abs(current - earlier))
    else:
        amount = _measure(abs(Decimal(current) - Decimal(earlier)), figure.decimals)
    points = " điểm %" if figure.kind == ValueKind.PERCENT else ""
    return f"{'tăng' if current > earlier else 'giảm'} {amount}{points}"


def _measure(number: Decimal, decimals: int) -> str:
    """Only the decimals it has: `0,2`."""
    text = format_decimal(number, decimals)
    return text.rstrip("0").rstrip(",") if "," in text else text


def adds_up(figure: Figure) -> bool:
    """Whether a figure counts what happened in the period, so that a longer one has more of it."""
    summed = figure.rollup == Rollup.SUM and figure.kind in (ValueKind.COUNT, ValueKind.AMOUNT)
    return summed and not figure.carries and figure.code not in STANDING


def months(period: PeriodFacts) -> Fraction:
    """The length of the window of data: 15/12/2025–14/9/2026 is 9; days over a whole month are thirtieths."""
    begun, end = period.data_from, period.data_to + timedelta(days=1)
    whole = (end.year - begun.year) * 12 + end.month - begun.month
    return max(whole + Fraction(end.day - begun.day, 30), Fraction(1, 30))


def comparison(dossier: Dossier, previous: Dossier | None) -> str:
    """What the marks of a comparison mean: a sentence for its reader."""
    if previous is None:
        return ""
    far = "“lớn” là tăng hoặc giảm quá một nửa"
    length, earlier_length = months(dossier.period), months(previous.period)
    if length == earlier_length:
        return f"So với {previous.period.phrase}; {far}."
    return (
        f"Kỳ này {_length(length)}, kỳ trước ({previous.period.phrase}) {_length(earlier_length)}: "
        "số phát sinh trong kỳ được so thêm theo bình quân một tháng (“một tháng”), số hiện có đến cuối kỳ thì so thẳng; "
        f"{far}, tính theo bình quân một tháng khi có."
    )


def _length(count: Fraction) -> str:
    number = format_decimal(Decimal(count.numerator) / count.denominator, 1)
    return f"{number.removesuffix(',0')} tháng"


def key_figures(
    dossier: Dossier, previous: Dossier | None, lines: Iterable[FigureLine]
) -> list[FigureLine]:
    """The figures a leader reads first, those with a value: of these `lines` and the appendix those of the
    catalogue's list, in its order, and where a report has few of them the first that its outline requires."""
    by_code = {line.name: line for line in lines}
    for code in KEY_FIGURES:
        figure = dossier.catalogue.get(code)
        if figure and figure.section == Section.APPENDIX:
            entry = figure_entry(dossier, figure, required=False, previous=previous)
            by_code[code] = _line(dossier, previous, Section.APPENDIX, entry)
    answered = {code: line for code, line in by_code.items() if line.text}
    key = [answered[code] for code in KEY_FIGURES if code in answered]
    required = dossier.questionnaire.named
    others = [
        line
        for code, line in answered.items()
        if required.get(code) and line.counts and line not in key
    ]
    return key + others[: max(FEWEST_KEY_FIGURES - len(key), 0)]


def moved_far(lines: list[FigureLine]) -> list[FigureLine]:
    """Of these the ones that moved by more than half, farthest first."""
    return sorted((line for line in lines if line.far), key=lambda line: -line.movement)
