"""What the checks say at the fields of a page, and what one press mends there."""

import pytest
from factories import make_period, make_report, make_superior, make_unit

from reports.checks import check
from reports.checks.at_fields import column_totals, findings_at_fields
from reports.dossier.facts import load
from reports.enums import Section
from reports.models import Report
from reports.models.rows import FieldDossiers

pytestmark = pytest.mark.once

FIGURES = {
    "procedures__resolved": 4755,
    "procedures__resolved_early": 3610,
    "procedures__resolved_on_time": 1117,
    "procedures__resolved_late": 18,
}


@pytest.fixture
def report(db: None) -> Report:
    """A total that is ten more than its parts."""
    unit = make_unit()
    return make_report(unit, make_period(make_superior(unit)), **FIGURES)


def at_fields(report: Report) -> dict[str, list[tuple[str, str]]]:
    """The repairs offered at each field: field and text."""
    dossier = load(report)
    return {
        name: [(repair.name, repair.text) for finding in at for repair in finding.repairs]
        for name, at in findings_at_fields(check(dossier), Section.PROCEDURES).items()
    }


def test_a_total_that_its_parts_contradict_offers_the_sum(report: Report) -> None:
    assert at_fields(report)["procedures.resolved"] == [("procedures.resolved", "4.745")]


def test_the_part_that_a_table_contradicts_by_the_difference_is_offered_first(
    report: Report,
) -> None:
    FieldDossiers.objects.create(
        report=report,
        uid="a" * 32,
        name="Hộ tịch",
        resolved=4755,
        early=3610,
        on_time=1127,
        late=18,
    )
    assert at_fields(report)["procedures.resolved"] == [
        ("procedures.resolved_on_time", "1.127"),
        ("procedures.resolved", "4.745"),
    ]


def test_the_parts_that_take_part_are_named_and_what_is_only_missing_is_not(report: Report) -> None:
    at = findings_at_fields(check(load(report)), Section.PROCEDURES)
    [finding] = at["procedures.resolved"]
    assert finding.error
    assert finding.parts == (
        "procedures.resolved_early",
        "procedures.resolved_on_time",
        "procedures.resolved_late",
    )
    assert "procedures.received" not in at  # required and not answered: the group's state says so
    assert findings_at_fields(check(load(report)), Section.FINANCE) == {}  # headings without text


def test_a_column_knows_what_it_should_add_up_to(report: Report) -> None:
    assert column_totals(load(report)) == {}
    FieldDossiers.objects.create(report=report, uid="a" * 32, name="Hộ tịch", resolved=4000)
    assert column_totals(load(report)) == {"dossiers.resolved": 4755}
