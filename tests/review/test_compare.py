"""A figure beside that of the period before: what adds up is compared month for month."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from factories import make_period, make_report, make_superior, make_unit

from reports.catalogue.key_figures import KEY_FIGURES
from reports.catalogue.values import Value
from reports.dossier.facts import Dossier, load
from reports.enums import ValueKind
from reports.models import PeriodKind
from reports.review.compare import FigureLine, comparison, figure_lines, key_figures, moved_far

COUNTED, STAFF, PENDING = (
    "procedures.received",
    "organisation.payroll_assigned",
    "procedures.pending",
)


@pytest.fixture
def blank(db: None) -> Dossier:
    """Of a report in which nothing is entered."""
    unit = make_unit()
    nine_months = PeriodKind.objects.get(code="9T")
    return load(make_report(unit, make_period(make_superior(unit), kind=nine_months)))


def told(blank: Dossier, began: date, ended: date, **figures: int) -> Dossier:
    period = replace(blank.period, data_from=began, data_to=ended)
    codes = {"counted": COUNTED, "staff": STAFF, "pending": PENDING, "code": "finance.autonomy"}
    values = {codes[name]: Value(number) for name, number in figures.items()}
    return replace(blank, period=period, figures=values)


def lines(now: Dossier, was: Dossier) -> dict[str, FigureLine]:
    return {line.name: line for line in figure_lines(now, was)}


@pytest.mark.parametrize(
    ("now", "was", "change"),
    [(107, 100, "tăng 7 (+7%)"), (1_200, 2_400, "giảm 1.200 (-50%)"), (100, 100, "không đổi"),
     (1001, 1000, "tăng 1"), (5, 0, "tăng 5"), (None, 5, ""), (5, None, "")],
)  # fmt: skip
def test_a_change_is_told_in_words(
    blank: Dossier, now: int | None, was: int | None, change: str
) -> None:
    began, ended = date(2022, 12, 15), date(2023, 6, 14)
    dossiers = [
        told(blank, began, ended, **{"counted": n} if n is not None else {}) for n in (now, was)
    ]
    assert lines(*dossiers)[COUNTED].change == change


def test_a_percentage_moves_by_points(blank: Dossier) -> None:
    def rated(satisfied: int) -> Dossier:
        codes = ("procedures.satisfaction_forms", "procedures.satisfaction_satisfied")
        return replace(
            blank, figures=dict(zip(codes, (Value(1000), Value(satisfied)), strict=True))
        )

    line = lines(rated(991), rated(989))["procedures.satisfaction_rate"]
    assert (line.text, line.change, line.counted_in) == ("99,1%", "tăng 0,2 điểm %", "")
    assert lines(rated(989), rated(991))[line.name].change == "giảm 0,2 điểm %"


def test_key_figures_are_those_of_the_list_and_what_the_outline_requires_where_they_are_few(
    blank: Dossier,
) -> None:
    assert key_figures(blank, None, figure_lines(blank, None)) == [], "nothing is entered"
    begun = told(blank, date(2022, 12, 15), date(2023, 6, 14), counted=100, pending=3, staff=20)
    found = [line.name for line in key_figures(begun, None, figure_lines(begun, None))]
    assert found[:2] == [COUNTED, PENDING] and found[2:] == [STAFF]
    codes = [
        code for code in KEY_FIGURES if code in blank.catalogue and not blank.catalogue[code].whole
    ]
    full = replace(
        blank,
        figures={
            code: Value(Decimal(7) if blank.catalogue[code].kind == ValueKind.PERCENT else 7)
            for code in codes
        },
    )
    found = [line.name for line in key_figures(full, None, figure_lines(full, None))]
    assert found == codes, "in the order of the list, those of the appendix among them"


def test_every_key_figure_is_one_of_the_catalogue(blank: Dossier) -> None:
    assert set(KEY_FIGURES) <= set(blank.catalogue)


def test_what_moved_far_is_told_farthest_first(blank: Dossier) -> None:
    began, ended = date(2022, 12, 15), date(2023, 6, 14)
    was = told(blank, began, ended, counted=100, staff=20, pending=10)
    now = told(blank, began, ended, counted=160, staff=5, pending=14)
    far = moved_far(list(figure_lines(now, was)))
    assert [line.name for line in far] == [STAFF, COUNTED]


@pytest.mark.parametrize(
    ("now", "moved", "pace", "far"),
    [(150, "+50%", "0%", False), (160, "+60%", "+7%", False), (240, "+140%", "+60%", True),
     (60, "-40%", "-60%", True), (100, "", "-33%", False)],
)  # fmt: skip
def test_nine_months_against_six_are_judged_month_for_month(
    blank: Dossier, now: int, moved: str, pace: str, far: bool
) -> None:
    six = told(blank, date(2022, 12, 15), date(2023, 6, 14), counted=100)
    nine = told(blank, date(2022, 12, 15), date(2023, 9, 14), counted=now)
    line = lines(nine, six)[COUNTED]
    assert (line.moved, line.pace, line.far) == (moved, pace, far)


def test_what_is_there_at_the_end_and_a_code_are_not_scaled(blank: Dossier) -> None:
    six = told(blank, date(2022, 12, 15), date(2023, 6, 14), staff=20, pending=20, code=1)
    nine = told(blank, date(2022, 12, 15), date(2023, 9, 14), staff=31, pending=31, code=2)
    found = lines(nine, six)
    for name in (STAFF, PENDING):
        assert (found[name].moved, found[name].pace, found[name].far) == ("+55%", "", True)
    assert found["finance.autonomy"].moved == ""


def test_periods_of_one_length_are_compared_straight_whatever_their_days(blank: Dossier) -> None:
    first = told(blank, date(2022, 12, 15), date(2023, 3, 14), counted=100)
    second = told(blank, date(2023, 3, 15), date(2023, 6, 14), counted=150)
    line = lines(second, first)[COUNTED]
    assert (line.moved, line.pace, line.far) == ("+50%", "", False)
    assert comparison(second, first).endswith("“lớn” là tăng hoặc giảm quá một nửa.")


def test_the_reader_is_told_what_is_compared(blank: Dossier) -> None:
    six = told(blank, date(2022, 12, 15), date(2023, 6, 14))
    nine = told(blank, date(2022, 12, 15), date(2023, 9, 29))
    words = comparison(nine, six)
    assert words.startswith("Kỳ này 9,5 tháng, kỳ trước (9 tháng đầu năm 2023) 6 tháng: ")
    assert comparison(nine, None) == ""
