"""What a report must answer, asked of an outline and an appendix alone: no report, no database."""

from dataclasses import replace
from datetime import date

import pytest

from reports.catalogue.figures import typed_figures
from reports.catalogue.outlines import IndicatorFacts, IndicatorSetFacts, ItemFacts, OutlineFacts
from reports.catalogue.questionnaire import Questionnaire
from reports.enums import Section

pytestmark = pytest.mark.once


def item(code: str, section: Section, body: str) -> ItemFacts:
    return ItemFacts(code, "", "", code, "", section, body, takes_narrative=True)


OUTLINE = OutlineFacts(
    "o", 1, "", subject="cải cách hành chính {period}", basis="", opening="{direction.tasks_assigned}",
    closing="", addressees="", recipients="", numbering=("roman",), prints_superior=False,
    items=(
        item("a", Section.PROCEDURES, "{procedures.received} hồ sơ[, quá hạn {procedures.overdue}]"),
        item("b", Section.EGOV, "@text evaluation.strengths\n@table staff\n<staff: {headcount}>"),
        item("c", Section.EGOV, "Mức độ 3: {procedures.received_level3/procedures.received|%}."),
    ),
)  # fmt: skip


def row(
    code: str, kind: str, figure: str, parent: str = "", applies: bool = True
) -> IndicatorFacts:
    return IndicatorFacts(
        code, parent, kind, "", code, "", applies, figure, "value", False, "", ()
    )  # fmt: skip


APPENDIX = IndicatorSetFacts(
    "i", 1, "", (),
    (row("1", "section", "finance.revenue"), row("2", "value", "egov.outgoing"),
     row("3", "value", "egov.incoming"), row("3a", "value", "egov.incoming_handled", parent="3"),
     row("4", "value", "plan.tasks", applies=False)),
)  # fmt: skip
REQUIRED = [
    "direction.tasks_assigned", "procedures.received", "procedures.received_level3",
    "evaluation.strengths",
]  # fmt: skip


def asked(appendix: IndicatorSetFacts | None, last_day: date) -> Questionnaire:
    return Questionnaire(OUTLINE, appendix, typed_figures(), last_day)


def required(asked: Questionnaire) -> list[str]:
    return [figure.code for figure in asked.required]


def test_a_sentence_requires_what_it_names_outside_brackets() -> None:
    found = asked(None, date(2022, 6, 14))
    assert set(required(found)) == set(REQUIRED)
    assert found.named["procedures.overdue"] is False
    assert "staff.headcount" not in found.named and "period" not in found.named


def test_what_is_required_stands_in_the_order_of_the_paper() -> None:
    codes = required(asked(None, date(2022, 6, 14)))
    assert codes == sorted(codes, key=list(typed_figures()).index)


def test_a_figure_whose_term_has_ended_is_named_and_not_required() -> None:
    later = asked(None, date(2023, 6, 14))
    assert "procedures.received_level3" in later.named
    assert set(required(later)) == set(REQUIRED) - {"procedures.received_level3"}


def test_an_appendix_requires_the_lowest_rows_that_apply() -> None:
    found = asked(APPENDIX, date(2022, 6, 14))
    assert set(required(found)) == {*REQUIRED, "egov.outgoing", "egov.incoming_handled"}


def test_the_pages_are_those_of_items_and_figures_and_the_frame() -> None:
    pages = (Section.DIRECTION, Section.PROCEDURES, Section.EGOV, Section.EVALUATION, Section.PAPER)
    assert set(asked(None, date(2022, 6, 14)).sections) == set(pages)
    with_appendix = asked(APPENDIX, date(2022, 6, 14)).sections
    assert set(with_appendix) == {*pages, Section.APPENDIX}
    assert list(with_appendix) == [section for section in Section if section in with_appendix]


def test_an_outline_without_sentences_requires_nothing() -> None:
    bare = replace(OUTLINE, subject="", opening="", items=())
    found = Questionnaire(bare, None, typed_figures(), date(2022, 6, 14))
    assert (found.required, found.sections) == ((), (Section.PAPER,))
