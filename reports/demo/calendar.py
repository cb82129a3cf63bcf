"""The days of the demo's present story, counted from the day it is loaded.

Pure. The kinds of period and their official cut-offs are those of the ministry's reports; the story's province
gathers its communes' figures ahead of them, as provinces do, so that every day of a year is in the middle of
one: the deadline was a few days ago, and whoever has not sent is late by days.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

#: Kind of period → the month whose 14th ends it, the month whose 15th begins it, how many years earlier that is.
KINDS: Mapping[str, tuple[int, int, int]] = {
    "Q1": (3, 12, 1), "6T": (6, 12, 1), "Q3": (9, 6, 0), "NAM": (12, 12, 1),
}  # fmt: skip
#: How long before its official cut-off the province begins to gather a period.
AHEAD = timedelta(days=40)
#: The deadline in working days from today; the time from the end of the figures to the deadline.
DEADLINE, LEAD = -2, timedelta(days=11)
#: The time from the official cut-off to the official deadline.
OFFICIAL_DEADLINE = timedelta(days=6)
#: The day on which the communes of the story were founded.
COMMUNES = date(2025, 7, 1)
#: The days of the papers that a report names, counted after its figures begin or before they end: plans are made
#: at the start, guidance shortly before the report.
AT_START: Mapping[str, int] = {
    "basis_day": -5, "plan_day": 13, "propaganda_day": 14, "inspection_day": 15
}  # fmt: skip
BEFORE_END: Mapping[str, int] = {"board_day": 30, "guidance_day": 20}


@dataclass(frozen=True)
class Term:
    """One period of the story: kind, year, first and last day of its figures, deadline."""

    kind: str
    year: int
    data_from: date
    data_to: date
    deadline: date

    @property
    def code(self) -> str:
        return f"TH-{self.year}-{self.kind}"


def official(kind: str, year: int) -> Term:
    """The period as the ministry counts it; due on the 20th of its last month."""
    end, begin, before = KINDS[kind]
    cut = date(year, end, 14)
    return Term(kind, year, date(year - before, begin, 15), cut, cut + OFFICIAL_DEADLINE)


def terms(today: date) -> tuple[Term, Term]:
    """The period in which the story stands on this day, and the official one before it."""
    all_terms = sorted(
        (official(kind, year) for year in range(today.year - 2, today.year + 2) for kind in KINDS),
        key=lambda term: term.data_to,
    )
    begun = [term for term in all_terms if term.data_to - AHEAD <= today]
    before, current = begun[-2:]
    deadline = working_day(today, DEADLINE)
    data_to = min(current.data_to, deadline - LEAD)
    return Term(current.kind, current.year, current.data_from, data_to, deadline), before


def working_day(today: date, count: int) -> date:
    """The day so many working days (Monday to Friday) before today, counted as a negative number."""
    day = today
    while count < 0:
        day -= timedelta(days=1)
        count += day.weekday() < 5
    return day


def papers(data_from: date, data_to: date) -> dict[str, str]:
    """The days of the papers that a report names, each a working day as text, and `span`, the time they plan for."""
    begin = max(data_from, COMMUNES)
    days = {name: begin + timedelta(days=after) for name, after in AT_START.items()}
    days |= {name: data_to - timedelta(days=before) for name, before in BEFORE_END.items()}
    texts = {}
    for name, day in days.items():
        while day.weekday() >= 5:
            day += timedelta(days=1)
        texts[name] = f"{day:%d/%m/%Y}"
    late = begin.month < 12
    planned = begin.year if late else begin.year + 1
    return {**texts, "span": f"6 tháng cuối năm {planned}" if late else f"năm {planned}"}


def dated(step: Mapping[str, Any], today: date, due: date) -> dict[str, Any]:
    """The step of a story with its days: `day` and `time` become `at`, `until` a day.

    A step of the period before has no `day`: all took place on the last working day before it was due.
    """
    own = ("day", "time", "until")
    dated_step = {name: value for name, value in step.items() if name not in own}
    clock: time = step["time"]
    day = working_day(today, step["day"]) if "day" in step else working_day(due, -1)
    dated_step["at"] = datetime.combine(day, clock)
    if "number" in step:
        dated_step["issued_on"] = day
    if "until" in step:
        dated_step["day"] = today + timedelta(days=step["until"])
    return dated_step
