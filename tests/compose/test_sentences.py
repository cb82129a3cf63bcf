"""The grammar of sentences: what each construct prints, and what it says of a sentence it refuses."""

from contextlib import suppress
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from conftest import HA_TIEN, report_of
from hypothesis import given, settings
from hypothesis import strategies as st

from reports.catalogue.grammar import SentenceError, parse
from reports.catalogue.values import TableRow, Value
from reports.compose.prose import live_runs, split_marker, to_codes, to_labels
from reports.compose.sentences import render, unknown_names
from reports.dossier import facts as dossiers
from reports.dossier.facts import Dossier

pytestmark = pytest.mark.django_db

NONE = Value(none_arisen=True)


@pytest.fixture(scope="module")
def blank(django_db_setup: None, django_db_blocker: Any) -> Dossier:
    """The report of Hà Tiến with nothing entered, and an outline without a habit of zeros."""
    with django_db_blocker.unblock():
        dossier = dossiers.load(report_of(HA_TIEN))
    outline = replace(dossier.outline, items=())
    return replace(dossier, outline=outline, figures={}, tables={}, narratives={})


def test_one_habit_of_zeros_holds_through_a_paper(blank: Dossier) -> None:
    with_zeros = dossiers.load(report_of(HA_TIEN))
    assert say(with_zeros, "{procedures.received} hồ sơ", received=4) == "04 hồ sơ"
    assert say(blank, "{procedures.received} hồ sơ", received=4) == "4 hồ sơ"


def test_a_yes_or_no_is_told_in_a_sentence(blank: Dossier) -> None:
    for content, said in ((1, "Đã áp dụng."), (0, "Chưa áp dụng.")):
        figures = {"egov.iso_applied": Value(content)}
        runs = render("[{egov.iso_applied|did} áp dụng.]", replace(blank, figures=figures))
        assert runs and "".join(run.text for run in runs) == said


def say(dossier: Dossier, source: str, /, **figures: Any) -> str | None:
    """The sentence with these figures of `procedures`; None when it is left out."""
    known = {
        f"procedures.{name}": value if isinstance(value, Value) else Value(value)
        for name, value in figures.items()
    }
    runs = render(source, replace(dossier, figures=known))
    return None if runs is None else "".join(run.text for run in runs)


def with_staff(dossier: Dossier, *rows: dict[str, Any]) -> Dossier:
    made = tuple(
        TableRow(
            str(at),
            {"category": row.get("category", "")},
            {f"staff.{name}": Value(v) for name, v in row.items() if name != "category"},
        )
        for at, row in enumerate(rows)
    )
    return replace(dossier, tables={"staff": made})


# --- figures and formats ---------------------------------------------------------------------------


def test_a_count_is_grouped_and_padded_only_when_asked(blank: Dossier) -> None:
    assert say(blank, "{procedures.received} hồ sơ", received=4203) == "4.203 hồ sơ"
    assert say(blank, "{procedures.received|pad} hồ sơ", received=4203) == "4.203 hồ sơ"
    assert say(blank, "{procedures.received} hồ sơ", received=4) == "4 hồ sơ"
    assert say(blank, "{procedures.received|pad} hồ sơ", received=4) == "04 hồ sơ"
    assert say(blank, "{procedures.received|pad} hồ sơ", received=0) == "0 hồ sơ"
    assert say(blank, "{procedures.received|pad} hồ sơ", received=10) == "10 hồ sơ"


def test_a_decimal_prints_with_a_comma_and_no_idle_noughts(blank: Dossier) -> None:
    assert say(blank, "{procedures.desk_area} m²", desk_area=Decimal("40.00")) == "40 m²"
    assert say(blank, "{procedures.desk_area} m²", desk_area=Decimal("1234.50")) == "1.234,5 m²"


def test_a_ratio_is_computed_and_carries_its_sign(blank: Dossier) -> None:
    source = "{procedures.on_time_rate}"
    assert say(blank, source, resolved_early=1, resolved_on_time=1, resolved=3) == "66,67%"
    assert say(blank, source, resolved_early=1, resolved_on_time=2, resolved=3) == "100%"
    assert say(blank, "Tỷ lệ {procedures.satisfaction_rate}.", satisfaction_rate=Value(stated="97,37")) == "Tỷ lệ 97,37%."  # fmt: skip


def test_a_share_of_two_figures_is_rounded_half_up_once(blank: Dossier) -> None:
    share = "{procedures.reviewed/procedures.received|%}"
    assert say(blank, share, reviewed=2, received=11) == "18,2%"
    assert say(blank, share, reviewed=1, received=8) == "12,5%"
    assert say(blank, share, reviewed=1, received=3) == "33,3%"
    assert say(blank, f"[Đạt {share}.] Xong.", reviewed=1, received=0) is None
    assert say(blank, f"{{procedures.received}} [đạt {share}]", received=0) == "0 "


def test_a_stated_value_prints_as_its_source_has_it(blank: Dossier) -> None:
    assert say(blank, "{procedures.received} hồ sơ", received=Value(stated="360 phiếu")) == "360 phiếu hồ sơ"  # fmt: skip
    assert say(blank, "{procedures.received}", received=Value(7, stated="bảy")) == "bảy"


def test_facts_of_the_report_print_without_any_figure(blank: Dossier) -> None:
    assert say(blank, "{unit}, {unit_name}, {unit_kind}, {superior}, {office}, {year}") == (
        "xã Hà Tiến, Hà Tiến, xã, huyện Hà Trung, Phòng Nội vụ, 2023"
    )
    assert say(blank, "Từ {from} đến {to}: {period}") == (
        "Từ 15/12/2022 đến 14/6/2023: 6 tháng đầu năm 2023"
    )
    period = replace(blank.period, data_from=date(2024, 1, 5), data_to=date(2024, 8, 5))
    assert say(replace(blank, period=period), "{from_words} – {to}") == (
        "ngày\u00a005 tháng\u00a001 năm\u00a02024 – 05/8/2024"
    )


# --- missing, none arisen, optional ----------------------------------------------------------------


def test_a_sentence_without_any_of_its_figures_is_left_out(blank: Dossier) -> None:
    assert say(blank, "Đã nhận {procedures.received} hồ sơ[, giải quyết {procedures.resolved}].") is None  # fmt: skip
    assert say(blank, "Không có số liệu nào ở đây.") == "Không có số liệu nào ở đây."


def test_a_missing_figure_beside_a_known_one_leaves_a_blank(blank: Dossier) -> None:
    runs = render(
        "{procedures.received} và {procedures.resolved}",
        replace(blank, figures={"procedures.received": Value(3)}),
    )
    assert runs is not None
    assert [(run.text, run.figure, run.missing) for run in runs] == [
        ("3", "procedures.received", False),
        (" và ", "", False),
        ("……", "procedures.resolved", True),
    ]


def test_an_optional_clause_vanishes_with_its_missing_figure(blank: Dossier) -> None:
    source = "Nhận {procedures.received}[, xong {procedures.resolved}[, sớm {procedures.resolved_early}]]."
    assert say(blank, source, received=3) == "Nhận 3."
    assert say(blank, source, received=3, resolved=2) == "Nhận 3, xong 2."
    assert say(blank, source, received=3, resolved=2, resolved_early=0) == "Nhận 3, xong 2, sớm 0."
    assert say(blank, source, received=3, resolved_early=1) == "Nhận 3."


def test_none_arisen_is_an_answer_with_words_of_its_own(blank: Dossier) -> None:
    source = "Nhận {procedures.received} hồ sơ. || Không nhận hồ sơ nào tại {unit}."
    assert say(blank, source, received=NONE) == "Không nhận hồ sơ nào tại xã Hà Tiến."
    assert say(blank, source, received=0) == "Nhận 0 hồ sơ."
    assert say(blank, source) is None
    assert say(blank, "Hồ sơ: {procedures.received}.", received=NONE) == "Hồ sơ: không phát sinh."
    assert say(blank, "[Hồ sơ: {procedures.received}.]", received=NONE) == "Hồ sơ: không phát sinh."


def test_a_variant_is_chosen_by_the_first_figure_not_by_a_fact(blank: Dossier) -> None:
    source = "Tại {unit} có {procedures.received}, {procedures.resolved}. || Không."
    assert say(blank, source, received=NONE, resolved=4) == "Không."
    assert say(blank, source, received=4, resolved=NONE) == "Tại xã Hà Tiến có 4, không phát sinh."


# --- loops -----------------------------------------------------------------------------------------


def test_a_loop_says_each_row_and_skips_those_without_figures(blank: Dossier) -> None:
    dossier = with_staff(
        blank,
        {"category": "Cán bộ", "headcount": 11},
        {"category": "Công chức", "headcount": None},
        {"category": "Khác", "headcount": 7},
    )
    source = "Có <staff: {category} {headcount|pad} người>."
    assert say(dossier, source) == "Có Cán bộ 11 người, Khác 07 người."
    assert say(with_staff(blank), source) is None
    assert say(blank, f"[{source}]") is None


def test_a_clause_inside_a_loop_is_decided_for_each_row(blank: Dossier) -> None:
    dossier = with_staff(
        blank,
        {"category": "A", "headcount": 4, "university": 1},
        {"category": "B", "headcount": 3},
    )
    assert say(dossier, "<staff:{category} {headcount}[ ({university/headcount|%})]>") == "A 4 (25%), B 3"  # fmt: skip


# --- refusals --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("source", "message"),
    [
        ("Có {procedures.received hồ sơ", "Vị trí 4: thiếu dấu “}”"),
        ("Có {procedures.received|to}", "Vị trí 4: không có cách viết “to”"),
        ("Có [một", "Vị trí 8: thiếu dấu “]”"),
        ("Có một]", "Vị trí 7: thừa dấu “]”"),
        ("Có }", "Vị trí 4: thừa dấu “}”"),
        ("<staff {name}>", "Vị trí 2: thiếu dấu “:” sau tên bảng"),
        ("<staff: [a>]", "Vị trí 11: thừa dấu “>”"),
        ("Có. || Không [có", "Vị trí 17: thiếu dấu “]”"),
        ("Có {}", "Vị trí 4: thiếu tên số liệu"),
        ("Có {a/}", "Vị trí 4: thiếu tên số liệu"),
    ],
)
def test_a_broken_sentence_is_refused_with_its_position(source: str, message: str) -> None:
    with pytest.raises(SentenceError) as refused:
        parse(source)
    assert str(refused.value) == message


def test_every_unknown_name_is_reported_with_its_position(blank: Dossier) -> None:
    def problems(source: str) -> list[str]:
        return unknown_names(source, blank.catalogue, {"staff": {"category", "headcount"}})

    assert problems("{unit} {procedures.received} <staff: {category}>") == []
    assert problems("Có {procedures.recieved} và {a/b|%}") == [
        "Vị trí 4: không có số liệu “procedures.recieved”",
        "Vị trí 29: không có số liệu “a”",
        "Vị trí 29: không có số liệu “b”",
    ]
    assert problems("<staff: {name}>") == ["Vị trí 9: không có số liệu “name”"]
    assert problems("Có. || {x.y}") == ["Vị trí 8: không có số liệu “x.y”"]
    assert problems("<nowhere: có>") == ["Vị trí 1: không có bảng “nowhere”"]
    assert problems("<staff: {headcount/procedures.received|%}>") == []


def test_escaped_signs_are_text(blank: Dossier) -> None:
    assert say(blank, r"\{unit\} \[a\] \<b\> \\") == r"{unit} [a] <b> " + "\\"


@given(st.text(st.sampled_from("ab.|/:%{}[]<>\\ {[<>]}|"), max_size=60) | st.text(max_size=40))
@settings(max_examples=400, deadline=None)
def test_any_text_is_parsed_or_refused(source: str) -> None:
    with suppress(SentenceError):
        assert all(ref.name for ref, _, _ in parse(source).refs())


@pytest.mark.parametrize("deep", ["[" * 5000, "<a:" * 5000, "[" * 5000 + "]" * 5000])
def test_brackets_without_end_are_refused_too(deep: str) -> None:
    with pytest.raises(SentenceError):
        parse(deep)


# --- the clerk's prose -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("line", "marker", "rest"),
    [
        ("- Kế hoạch", "-", "Kế hoạch"),
        ("+ Kế hoạch", "+", "Kế hoạch"),
        ("12. Việc", "12.", "Việc"),
        ("đ) Điểm", "đ)", "Điểm"),
        ("-Việc", "", "-Việc"),
        ("2021. ", "", "2021. "),
        ("a. Việc", "", "a. Việc"),
        ("-", "", "-"),
    ],
)
def test_a_marker_is_taken_off_a_line_only_where_officials_write_one(
    line: str, marker: str, rest: str
) -> None:
    assert split_marker(line) == (marker, rest)


def test_braces_in_prose_are_text_unless_they_name_a_figure(blank: Dossier) -> None:
    dossier = replace(blank, figures={"procedures.received": Value(5)})
    source = (
        "{procedures.received|pad}, {x}, {staff.headcount}, {unit}, {}, [{procedures.received}]"
    )
    said = "".join(run.text for run in live_runs(source, dossier))
    assert said == "05, {x}, {staff.headcount}, xã Hà Tiến, {}, [5]"


def test_a_live_figure_is_shown_by_its_label_and_read_back(blank: Dossier) -> None:
    source = "Còn {procedures.overdue|pad} và {procedures.received}; {x} {unit}."
    shown = to_labels(source, blank)
    assert "procedures." not in shown and "|05}" in shown
    assert to_codes(shown, blank) == source


@given(st.text(st.sampled_from("{}|05pad.proceduresreceived x"), max_size=60))
@settings(max_examples=200, deadline=None)
def test_prose_never_raises(blank: Dossier, text: str) -> None:
    assert isinstance(live_runs(text, blank), tuple)
    assert isinstance(to_codes(to_labels(text, blank), blank), str)
