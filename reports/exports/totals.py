"""What the figures of a period add up to, counted while its rows go by."""

from typing import Any

from ..enums import Rollup
from ..text.numbers import percent
from .table import WORD_KINDS, Layout

#: Rows that are added up at a time, column by column: adding cell by cell would cost five times as much.
BATCH = 64


class Tally:
    """Sums and counts of a table's columns, in the memory of one batch.

    A ratio is that of the summed parts of the units that have all of them: else a unit which gave the
    part without the whole would count for more than a hundred percent.
    """

    def __init__(self, plan: Layout) -> None:
        self.plan = plan
        self.rows = 0
        self._sums: list[Any] = [0] * len(plan.slots)
        self._entered = [0] * len(plan.slots)
        self._text_counts = [0] * len(plan.figures)
        self._ratios = {ratio.column: [0, 0, 0] for ratio in plan.ratios}
        self._number_slots = [slot for _, slot in plan.numbers]
        self._word_slots = [slot for _, slot in (*plan.texts, *plan.days)]
        self._waiting: list[list[Any]] = []

    def add(self, values: list[Any], texts: dict[int, str]) -> None:
        """Add one unit: its values by slot, its texts by column (`Layout.read`)."""
        self.rows += 1
        self._waiting.append(values)
        for column in texts:
            self._text_counts[column] += 1
        if len(self._waiting) == BATCH:
            self._flush()

    def _flush(self) -> None:
        columns = list(zip(*self._waiting, strict=True))
        for slot in self._number_slots:
            entered = [value for value in columns[slot] if value is not None]
            self._sums[slot] += sum(entered)
            self._entered[slot] += len(entered)
        for slot in self._word_slots:
            self._entered[slot] += sum(value not in (None, "") for value in columns[slot])
        for ratio in self.plan.ratios:
            slots = (*ratio.parts, ratio.whole)
            units = zip(*[columns[slot] for slot in slots], strict=True)
            pairs = [(sum(part), whole) for *part, whole in units if whole and None not in part]
            sums = self._ratios[ratio.column]
            sums[0] += sum([part for part, _ in pairs])
            sums[1] += sum([whole for _, whole in pairs])
            sums[2] += len(pairs)
        self._waiting.clear()

    def total(self, column: int) -> tuple[Any, int]:
        """What a column adds up to (None: nothing, or it is not added up), and how many units entered it."""
        if self._waiting:
            self._flush()
        figure = self.plan.figures[column]
        if column in self._ratios:
            part, whole, entered = self._ratios[column]
            return percent(part, whole, figure.decimals), entered
        slot = self.plan.slots[figure.code]
        entered = self._entered[slot]
        if figure.kind in WORD_KINDS:
            return None, entered + self._text_counts[column]
        adds_up = figure.rollup == Rollup.SUM and entered
        return (self._sums[slot] if adds_up else None), entered
