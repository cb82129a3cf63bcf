"""A query as officials type it, and which name answers better to it."""

import pytest

from reports.search.query import LONGEST, MOST_WORDS, Query, period_words
from reports.search.results import rank
from reports.text.names import fold


@pytest.mark.parametrize(
    ("written", "known_as"),
    [
        ("quý 1 2026", "q1 2026"), ("Q1/2026", "q1 2026"), ("Quý I/2026", "q1 2026"), ("quý I năm 2026", "q1 2026"),
        ("QUÝ IV NĂM 2026", "q4 2026"), ("Q3-2026", "q3 2026"), ("Q 2 năm 2026", "q2 2026"),
        ("6 tháng 2023", "6t 2023"), ("6T/2023", "6t 2023"), ("6 tháng đầu năm 2023", "6t 2023"),
        ("sáu tháng đầu năm 2023", "6t 2023"), ("9 tháng đầu năm 2026", "9t 2026"), ("9 tháng", "9t"),
        ("tháng 5/2026", "t05 2026"), ("T12 2026", "t12 2026"), ("tháng 01 năm 2026", "t01 2026"),
        ("năm 2025", "n2025"), ("2025", "2025"),
        ("Quý Lộc", "quy loc"), ("Năm Căn", "nam can"), ("phường 6", "phuong 6"), ("quý 5 2026", "quy 5 2026"),
    ],
)  # fmt: skip
def test_a_period_is_known_however_it_is_written(written: str, known_as: str) -> None:
    assert period_words(fold(written)) == known_as


@pytest.mark.parametrize(
    ("typed", "number", "symbol", "words"),
    [
        ("123/BC-UBND", 123, ("bc", "ubnd"), ()),
        ("Số 123/BC-UBND", 123, ("bc", "ubnd"), ()),
        ("số: 05/BC-UBND", 5, ("bc", "ubnd"), ()),
        ("so 123", 123, (), ()),
        ("SỐ 123 hà tiến", 123, (), ("ha", "tien")),
        ("hà tiến số 7/bc-ubnd", 7, ("bc", "ubnd"), ("ha", "tien")),
        ("Q1/2026", None, (), ("q1/2026",)),
        ("1/2026", None, (), ("1/2026",)),
        ("Sơn 12", None, (), ("son", "12")),
        ("báo cáo của UBND xã Hà Tiến", None, (), ("cua", "xa", "ha", "tien")),
    ],
)
def test_the_number_of_a_document_is_read_out_of_the_query(
    typed: str, number: int | None, symbol: tuple[str, ...], words: tuple[str, ...]
) -> None:
    query = Query.read(typed)
    assert (query.number, query.symbol, query.words) == (number, symbol, words)


@pytest.mark.parametrize("typed", ["", "   ", "\0", "\u202e\u200f", "%", "_", "/", "\t\n", "“”"])
def test_what_has_no_letter_searches_for_nothing(typed: str) -> None:
    assert Query.read(typed).empty


@pytest.mark.parametrize(
    "typed",
    ["a" * 500, "a " * 250, "hà\0tiến", "\u202ehà tiến", "1" * 500, "số " * 200, "9" * 9 + "/B"],
)
def test_a_query_is_cut_and_cleaned(typed: str) -> None:
    query = Query.read(typed)
    assert len(query.text) <= LONGEST and len(query.words) <= MOST_WORDS
    assert not any(ord(char) < 32 or char in "\u202e\u200f" for char in query.text)
    assert query.number is None or query.number < 10**9


def test_better_names_stand_first() -> None:
    words = ("ha", "tien")
    assert rank(words, ["ha tien"]) == 0
    assert rank(words, ["ha tien son"]) == 1
    assert rank(words, ["xa ha tien"]) == 2
    assert rank(words, ["tien son ha"]) == 3
    assert rank(words, ["kha tien"]) == 4
    assert rank(words, ["ha tan"]) is None
    assert rank(words, ["xa ha tien", "ha tien"]) == 0
    assert rank(words, []) is None
