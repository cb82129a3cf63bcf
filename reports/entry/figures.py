"""One figure on a page of entry: its value, and the text of its field."""

from dataclasses import dataclass, replace

from ..catalogue.figures import SUMS, Catalogue, Figure
from ..catalogue.values import Value
from ..compose.prose import to_labels
from ..compose.sentences import NONE_ARISEN, show
from ..dossier import Dossier, PeriodFacts
from ..enums import ValueKind
from ..text.dates import format_date
from ..text.numbers import format_count, format_decimal
from .doubts import date_doubt, sum_doubt


@dataclass(frozen=True)
class FigureEntry:
    """One figure on a page of entry: its value, and the text of its field.

    `computed` is a percentage worked out from other figures, `sum` the sum of its `parts`, `formula` names these in
    short, `counting` is how it is counted, `previous` its text in the period before, `carried` whether it was taken over
    unconfirmed, `doubt` why a value that was read well looks wrong.
    """

    name: str
    figure: Figure
    value: Value
    required: bool
    text: str
    computed: str = ""
    sum: int | None = None
    parts: tuple[str, ...] = ()
    formula: str = ""
    counting: str = ""
    previous: str = ""
    carried: bool = False
    doubt: str = ""

    @property
    def flagged(self) -> bool:
        """Whether the cell holds words its kind refuses, for a person to resolve."""
        return bool(self.value.stated) and self.figure.kind != ValueKind.PERCENT

    @property
    def classes(self) -> str:
        """How its field is set: text below its label, a mark where words are to be resolved."""
        stacked = " stacked" if self.figure.kind == ValueKind.TEXT else ""
        return stacked + (" flagged" if self.flagged else "")

    @property
    def typed(self) -> bool:
        """A computed percentage is typed only where the source printed another."""
        return not self.computed or bool(self.value.stated)

    @property
    def unit(self) -> str:
        return "" if self.computed else self.figure.unit

    @property
    def stated_notice(self) -> str:
        """The notice beside a value kept as its source printed it; "" for any other."""
        if self.flagged:
            return (
                f"Ghi theo văn bản gốc: “{self.value.stated[:160]}”. "
                f"Cần thay bằng {self.figure.kind.label}."
            )
        if self.value.stated and self.computed:
            return f"Văn bản gốc ghi {self.value.stated}; tính từ số liệu là {self.computed}."
        return ""


@dataclass(frozen=True)
class Group:
    """The figures under one heading of a page."""

    title: str
    figures: tuple[FigureEntry, ...]


def figure_entry(
    dossier: Dossier, figure: Figure, required: bool, previous: Dossier | None = None
) -> FigureEntry:
    """The figure as the page of this report shows it; `previous` is the unit's report before."""
    value = dossier.value(figure.code)
    computed = ""
    if figure.whole and value.content is not None:
        computed = show(figure, replace(value, stated=""))
    parts = SUMS.get(figure.code, ())
    return FigureEntry(
        figure.code, figure, value, required, field_text(dossier, figure, value), computed,
        sum_of(dossier, parts), parts, formula(dossier, parts), counting(dossier.catalogue, dossier.period, figure),
        previous_text(previous, figure) if previous else "", figure.code in dossier.carried,
        sum_doubt(dossier, figure.code) or date_doubt(value.content, dossier.period),
    )  # fmt: skip


def previous_text(previous: Dossier, figure: Figure) -> str:
    """The figure's text in the period before; "" when it did not exist then or was not answered."""
    if figure.code not in previous.catalogue:
        return ""
    value = previous.value(figure.code)
    if figure.kind == ValueKind.CODE:
        return dict(figure.choices).get(value.content, "")  # type: ignore[arg-type]
    if figure.whole and value.content is not None:
        return show(figure, value)
    return field_text(previous, figure, value)


def counting(catalogue: Catalogue, period: PeriodFacts, figure: Figure) -> str:
    """How the figure is counted: its own words, the formula it follows, and from when to when."""
    sentences = [figure.counting] if figure.counting else []

    def label(code: str) -> str:
        return catalogue[code].label.lower()

    if figure.whole:
        parts = " + ".join(map(label, figure.parts))
        sentences.append(f"Bằng {parts}, chia cho {label(figure.whole)}, nhân 100.")
    elif figure.code in SUMS and not figure.counting:
        sentences.append(f"Bằng tổng của: {'; '.join(map(label, SUMS[figure.code]))}.")
    if figure.kind in (ValueKind.COUNT, ValueKind.AMOUNT) and not figure.whole:
        sentences.append(
            f"Số có đến hết ngày {format_date(period.data_to)}."
            if figure.carries
            else f"Số phát sinh từ {format_date(period.data_from)} đến {format_date(period.data_to)}."
        )
    return " ".join(sentences)


def formula(dossier: Dossier, parts: tuple[str, ...]) -> str:
    """What a total is the sum of, without the words its parts have in common: `trước hạn + đúng hạn`; "" for others."""
    last = dossier.period.data_to
    valid = [dossier.catalogue[part] for part in parts if dossier.catalogue[part].valid_on(last)]
    if len(valid) < 2:
        return ""
    labels = [figure.label.lower().split() for figure in valid]
    common = 0
    while all(len(label) > common + 1 for label in labels) and (
        len({label[common] for label in labels}) == 1
    ):
        common += 1
    return " + ".join(" ".join(label[common:]) for label in labels)


def sum_of(dossier: Dossier, parts: tuple[str, ...]) -> int | None:
    """The sum of the parts that are answered; None when none is."""
    numbers = [dossier.value(code).number for code in parts]
    answered = [int(number) for number in numbers if number is not None]
    return sum(answered) if answered else None


def field_text(dossier: Dossier, figure: Figure, value: Value) -> str:
    """`entry_text`, with the live figures of prose named by their labels."""
    text = entry_text(figure, value)
    return to_labels(text, dossier) if figure.kind == ValueKind.TEXT else text


def entry_text(figure: Figure, value: Value) -> str:
    """A value as its field shows it, in the form that reads back to the same value."""
    if value.none_arisen:
        return NONE_ARISEN[0].upper() + NONE_ARISEN[1:]
    if value.stated:
        return value.stated
    content = value.content
    if content is None or figure.whole:
        return ""
    if figure.kind in (ValueKind.COUNT, ValueKind.AMOUNT):
        return format_count(content)  # type: ignore[arg-type]
    if figure.kind in (ValueKind.DECIMAL, ValueKind.PERCENT):
        return format_decimal(content, figure.decimals).rstrip("0").rstrip(",")  # type: ignore[arg-type]
    if figure.kind == ValueKind.DATE:
        return format_date(content)  # type: ignore[arg-type]
    return str(content)
