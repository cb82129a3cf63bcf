"""What a report must answer: a fact of its outline and its appendix, whatever it holds.

The outline decides: a figure that a sentence names outside `[ … ]`, or that an appendix row of this
level prints, is required.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property, lru_cache

from ..enums import Section
from .figures import Catalogue, Figure
from .grammar import parse
from .outlines import IndicatorSetFacts, OutlineFacts

#: Facts of the paper's frame without which it cannot go (Nghị định 30/2020/NĐ-CP, Phụ lục I).
REQUIRED_OF_PAPER = ("place", "signer_title")


@lru_cache(maxsize=128)
def named_figures(
    outline: OutlineFacts, indicators: IndicatorSetFacts | None
) -> Mapping[str, bool]:
    """Every figure the outline and the appendix ask for: code → whether it is required."""
    named: dict[str, bool] = {}
    sources = [outline.subject, *outline.opening.splitlines(), *outline.closing.splitlines()]
    for item in outline.items:
        for line in item.body.splitlines():
            if line.startswith("@text "):
                named[line[6:].strip()] = True
            elif not line.startswith("@") and line.strip():
                sources.append(line)
    for source in sources:
        for ref, table, optional in parse(source).refs():
            for code in filter(None, (ref.name, ref.whole)):
                if not table and "." in code:  # a name without a dot is a fact of the report
                    named[code] = named.get(code, False) or not optional
    rows = indicators.rows if indicators else ()
    parents = {row.parent for row in rows}
    for row in rows:
        if row.reported and row.code not in parents:
            named[row.figure] = True
    return named


@dataclass(frozen=True)
class Questionnaire:
    """What is asked of every report with this outline and appendix, whose data ends on `last_day`."""

    outline: OutlineFacts
    indicators: IndicatorSetFacts | None
    catalogue: Catalogue
    last_day: date

    @cached_property
    def named(self) -> Mapping[str, bool]:
        """The figures that outline and appendix ask for, by code: whether required."""
        return named_figures(self.outline, self.indicators)

    @cached_property
    def required(self) -> tuple[Figure, ...]:
        """The figures that must be answered, in the order of the paper."""
        return tuple(
            figure
            for code, figure in self.catalogue.items()
            if self.named.get(code) and not figure.table and figure.valid_on(self.last_day)
        )

    @cached_property
    def sections(self) -> tuple[Section, ...]:
        """The pages of the report, in the order of the paper."""
        sections = {item.section for item in self.outline.items}
        sections |= {section for code in self.named if (section := self.catalogue[code].section)}
        sections.add(Section.PAPER)
        if self.indicators:
            sections.add(Section.APPENDIX)
        return tuple(section for section in Section if section in sections)
