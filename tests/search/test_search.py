"""What the search finds, for whom, in which order, and what it costs."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from factories import make_period, make_report, make_superior, make_unit, make_user

from reports.access import Refused
from reports.dossier import Dossier, load
from reports.entry.page_texts import named_fields
from reports.enums import Section, State
from reports.models import FormerName, Paper, PeriodKind, Report, Superior, Unit, User
from reports.search import Found, Kind, search
from reports.text.names import fold, unit_sort_key
from reports.web.places import field_place

BrowserOf = Callable[[User], Client]


def labels(found: Found, kind: Kind) -> list[str]:
    """The labels of the results of one kind."""
    return [
        result.label for group in found.groups if group.kind == kind for result in group.results
    ]


def kinds(found: Found) -> dict[str, int]:
    return {group.kind.value: group.total for group in found.groups}


class Province:
    """Two communes and a ward under a province that asked for three periods; another province beside it."""

    def __init__(self) -> None:
        self.hoang = make_unit("Hoằng Lộc", code="X001")
        self.loc = make_unit("Lộc Hoằng", code="X002")
        self.kha = make_unit("Khoằng Lộc Sơn", "phường", code="X003")
        self.province = make_superior(self.hoang, self.loc, self.kha, name="Thanh Lam")
        self.far = make_unit("Hoằng Lộc Hạ", code="Y001")
        self.elsewhere = make_superior(self.far, name="Xa Lắc")
        units = (self.hoang, self.loc, self.kha)
        self.half = make_period(self.province, *units, code="A-6T")
        self.quarter = make_period(
            self.province, *units, code="A-Q1", year=2026, data_from=date(2025, 12, 15),
            data_to=date(2026, 3, 14), deadline=date(2026, 3, 20), kind=PeriodKind.objects.get(code="Q1"),
        )  # fmt: skip
        self.year = make_period(
            self.province, code="A-NAM", year=2026, data_from=date(2025, 12, 15),
            data_to=date(2026, 12, 14), deadline=date(2026, 12, 20),
            kind=PeriodKind.objects.get(code="NAM"),
        )  # fmt: skip
        self.far_half = make_period(self.elsewhere, self.far, code="B-6T")
        self.reports = {
            (unit.code, period.code): make_report(unit, period)
            for unit in units
            for period in (self.half, self.quarter)
        }
        self.far_report = make_report(self.far, self.far_half)
        self.clerk = make_user(self.hoang, "clerk")
        self.reviewer = make_user(self.province, "reviewer")


def find_fields(dossier: Dossier, query: str) -> list[tuple[Section, str, str, str]]:
    """The fields whose label holds all words of the query, in the order of the paper."""
    words = fold(query).split()
    return [
        field for field in named_fields(dossier) if all(word in fold(field[2]) for word in words)
    ]


@pytest.fixture
def world(db: None) -> Province:
    return Province()


def number(report: Report, figure: int, symbol: str = "BC-UBND") -> None:
    """The report is issued under this number."""
    Paper.objects.update_or_create(
        report=report, defaults={"number": figure, "symbol": symbol, "issued_on": date(2026, 3, 20)}
    )
    Report.objects.filter(pk=report.pk).update(state=State.ISSUED)


# --- what is found ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "typed", ["hoằng lộc", "HOANG LOC", "lộc hoằng", "hoang  loc", "Hoằng-Lộc", "UBND Hoằng Lộc"]
)
def test_units_are_found_without_diacritics_in_any_order_the_best_name_first(
    world: Province, typed: str
) -> None:
    found = labels(search(world.reviewer, typed), Kind.UNITS)
    first = "Xã Lộc Hoằng" if typed == "lộc hoằng" else "Xã Hoằng Lộc"
    assert found[0] == first
    assert set(found) == {"Xã Hoằng Lộc", "Xã Lộc Hoằng", "Phường Khoằng Lộc Sơn"}
    assert found[-1] == "Phường Khoằng Lộc Sơn"


def test_a_unit_leads_to_its_newest_report_and_says_where_it_is(world: Province) -> None:
    (group,) = search(world.reviewer, "X001", kinds=(Kind.UNITS,)).groups
    (unit,) = group.results
    assert unit.label == "Xã Hoằng Lộc"
    assert unit.where == "tỉnh Thanh Lam · mã X001 · mở báo cáo mới nhất"
    assert unit.address == reverse("report", args=[world.reports["X001", "A-Q1"].pk])


def test_the_office_that_asks_leads_to_its_newest_period(world: Province) -> None:
    (group,) = search(world.reviewer, "thanh lam", kinds=(Kind.UNITS,)).groups
    assert group.results[0].address == reverse("period", args=["A-NAM"])


def test_a_unit_is_found_by_a_name_it_bore(world: Province) -> None:
    FormerName.objects.create(
        unit=world.loc, kind="thị trấn", name="Bút Sơn", valid_to=date(2024, 1, 1)
    )
    found = search(world.reviewer, "but son")
    assert labels(found, Kind.UNITS) == ["Xã Lộc Hoằng"]
    assert labels(found, Kind.REPORTS) == [
        "Xã Lộc Hoằng, quý I năm 2026", "Thị trấn Bút Sơn, 6 tháng đầu năm 2023",
    ]  # fmt: skip


def test_a_unit_that_is_no_more_stands_after_its_equals(world: Province) -> None:
    Unit.objects.filter(pk=world.hoang.pk).update(valid_to=date(2025, 6, 30))
    (group,) = search(world.reviewer, "xa", kinds=(Kind.UNITS,)).groups
    assert [result.label for result in group.results] == ["Xã Lộc Hoằng", "Xã Hoằng Lộc"]
    assert "đến hết ngày 30/6/2025" in group.results[1].where


@pytest.mark.parametrize("typed", ["quý 1 2026", "Q1/2026", "quý I năm 2026", "quy i/2026"])
def test_a_period_is_found_as_officials_write_it(world: Province, typed: str) -> None:
    found = search(world.reviewer, typed)
    assert labels(found, Kind.PERIODS) == ["Quý I năm 2026"]
    assert labels(found, Kind.REPORTS) == [
        "Xã Hoằng Lộc, quý I năm 2026", "Phường Khoằng Lộc Sơn, quý I năm 2026",
        "Xã Lộc Hoằng, quý I năm 2026",
    ]  # fmt: skip


def test_a_year_alone_finds_its_own_period_before_its_quarters(world: Province) -> None:
    found = search(world.reviewer, "năm 2026")
    assert labels(found, Kind.PERIODS) == ["Năm 2026", "Quý I năm 2026"]
    assert labels(search(world.reviewer, "202"), Kind.PERIODS)[0] == "Năm 2026"
    assert labels(search(world.reviewer, "6 tháng 2023"), Kind.PERIODS) == ["6 tháng đầu năm 2023"]


def test_a_period_says_when_it_is_and_how_it_stands(world: Province) -> None:
    (group,) = search(world.reviewer, "năm 2026 thanh lam", kinds=(Kind.PERIODS,)).groups
    assert [result.where for result in group.results] == [
        "tỉnh Thanh Lam · số liệu từ 15/12/2025 đến 14/12/2026 · hạn gửi 20/12/2026 · chưa mở",
        "tỉnh Thanh Lam · số liệu từ 15/12/2025 đến 14/3/2026 · hạn gửi 20/3/2026 · đã mở",
    ]


def test_a_report_is_found_by_unit_and_period_together(world: Province) -> None:
    found = search(world.reviewer, "hoang loc 6 tháng 2023", kinds=(Kind.REPORTS,))
    assert labels(found, Kind.REPORTS)[0] == "Xã Hoằng Lộc, 6 tháng đầu năm 2023"
    assert kinds(found) == {"bao-cao": 3}
    one = search(world.reviewer, "X002 q1", kinds=(Kind.REPORTS,))
    assert labels(one, Kind.REPORTS) == ["Xã Lộc Hoằng, quý I năm 2026"]


def test_a_word_of_every_period_does_not_find_every_report(world: Province) -> None:
    assert labels(search(world.reviewer, "nam", kinds=(Kind.REPORTS,)), Kind.REPORTS) == []


@pytest.mark.parametrize("typed", ["123/BC-UBND", "Số 123", "so 123/bc-ubnd", "Số: 123/BC", "123"])
def test_an_issued_report_is_found_by_its_number(world: Province, typed: str) -> None:
    number(world.reports["X002", "A-Q1"], 123)
    number(world.reports["X001", "A-Q1"], 124)
    number(world.far_report, 123)
    (group,) = search(world.reviewer, typed, kinds=(Kind.REPORTS,)).groups
    (report,) = group.results
    assert report.label == "Xã Lộc Hoằng, quý I năm 2026"
    assert report.where == "Đã phát hành · số 123/BC-UBND"


def test_the_symbol_of_a_number_counts(world: Province) -> None:
    number(world.reports["X002", "A-Q1"], 123)
    assert search(world.reviewer, "123/KH-UBND").total == 0


def test_figures_are_those_of_the_report_given_with_what_stands_in_them(
    clerk: User, ha_tien: Report
) -> None:
    found = search(clerk, "ho so tiep nhan", ha_tien, stretch=slice(50))
    (figures,) = [group for group in found.groups if group.kind == Kind.FIGURES]
    dossier = load(ha_tien)
    expected = find_fields(dossier, "ho so tiep nhan")
    assert figures.total == len(expected) > 0
    assert {(result.label, result.address) for result in figures.results} == {
        (label, field_place(ha_tien.pk, section, name)) for section, name, label, _ in expected
    }
    where = {result.address: result.where for result in figures.results}
    placed = field_place(ha_tien.pk, "procedures", "placement:digitisation")
    assert where[placed] == "Cải cách thủ tục hành chính: Sau phần số liệu"
    assert all(len(line) < 100 for line in where.values())
    short = {
        field_place(ha_tien.pk, section, name): f"{section.label}: {text}"
        for section, name, _, text in expected
        if 0 < len(text) <= 60 and not name.startswith("placement:")
    }
    assert short and short.items() <= where.items()


@pytest.mark.parametrize("typed", ["hài lòng", "thuyet minh", "van ban", "ngay", "so"])
def test_the_search_finds_all_figures_that_the_page_of_a_report_finds(
    clerk: User, ha_tien: Report, typed: str
) -> None:
    found = search(clerk, typed, ha_tien, (Kind.FIGURES,), slice(2000))
    addresses = {result.address for group in found.groups for result in group.results}
    listed = find_fields(load(ha_tien), typed)
    assert {field_place(ha_tien.pk, section, name) for section, name, *_ in listed} <= addresses


def test_without_a_report_a_clerk_searches_the_report_at_work(world: Province) -> None:
    found = search(world.clerk, "ho so")
    assert found.report == world.reports["X001", "A-Q1"]
    assert found.groups[0].kind == Kind.FIGURES
    Report.objects.filter(pk=found.report.pk).update(state=State.SENT)
    world.clerk.held_today = None
    again = search(world.clerk, "ho so").report
    assert again == world.reports["X001", "A-6T"], "it may still be typed into"


def test_a_reviewer_searches_no_figures_without_a_report(world: Province) -> None:
    assert Kind.FIGURES.value not in kinds(search(world.reviewer, "ho so"))
    report = world.reports["X002", "A-Q1"]
    assert kinds(search(world.reviewer, "ho so", report))[Kind.FIGURES.value] > 8


# --- whose it is --------------------------------------------------------------------------------------


def test_a_clerk_finds_the_own_unit_and_its_reports_and_nobody_elses(world: Province) -> None:
    found = search(world.clerk, "hoang loc")
    assert labels(found, Kind.UNITS) == ["Xã Hoằng Lộc"]
    assert labels(found, Kind.REPORTS) == [
        "Xã Hoằng Lộc, quý I năm 2026", "Xã Hoằng Lộc, 6 tháng đầu năm 2023",
    ]  # fmt: skip
    assert labels(search(world.clerk, "Q1/2026"), Kind.PERIODS) == []


def test_figures_of_a_strange_report_are_refused(world: Province) -> None:
    with pytest.raises(Refused):
        search(world.clerk, "ho so", world.reports["X002", "A-Q1"])


def test_another_province_is_not_there(world: Province) -> None:
    for typed in ("hoang loc ha", "Y001", "xa lac", "B-6T"):
        assert search(world.reviewer, typed).total == 0, typed


def test_without_a_role_nothing_is_found(world: Province) -> None:
    nobody = make_user()
    for typed in ("hoang", "Q1/2026", "X001", "123", "ho so"):
        assert search(nobody, typed).total == 0


@pytest.mark.parametrize("state", State)
def test_a_report_of_every_state_is_found_by_those_who_see_it(
    world: Province, state: State
) -> None:
    report = world.reports["X001", "A-Q1"]
    Report.objects.filter(pk=report.pk).update(state=state)
    for user in (world.clerk, world.reviewer):
        (group,) = search(user, "X001 Q1 2026", kinds=(Kind.REPORTS,)).groups
        assert [result.where for result in group.results] == [state.label]


def test_the_demo_keeps_its_districts_apart(clerk: User, reviewer: User, stranger: User) -> None:
    assert labels(search(reviewer, "ha tien"), Kind.UNITS) == ["Xã Hà Tiến"]
    assert labels(search(clerk, "ha tien"), Kind.REPORTS)
    for kind in (Kind.UNITS, Kind.PERIODS, Kind.REPORTS):
        assert labels(search(stranger, "ha tien"), kind) == []
        assert labels(search(reviewer, "loc thuy"), kind) == []


# --- hostile input ------------------------------------------------------------------------------------

HOSTILE = [
    "a" * 500, "%", "_", "%_%", "hoang%", "hoang_loc", "\\", "'; DROP TABLE", "hoang\0loc", "\0",
    "\u202ehoang", "\u200f", "   ", "\ud800", "x " * 300, "9" * 40, "số 999999999", "٣", "🙂 hoang",
    "[a-z]*(", "q1 q2 q3 q4 6t 9t 2026", "-1", "0/BC", "hoang\n\nloc",
]  # fmt: skip


@pytest.mark.parametrize("typed", HOSTILE)
def test_whatever_is_typed_is_a_search(world: Province, typed: str) -> None:
    report = world.reports["X001", "A-Q1"]
    for user in (world.clerk, world.reviewer):
        for kind in Kind:
            search(user, typed, report, (kind,))


def test_signs_of_patterns_stand_for_themselves(world: Province) -> None:
    for typed in ("hoang%", "h_ang", "ho*", "%loc"):
        assert kinds(search(world.reviewer, typed)) == {}, typed
    assert labels(search(world.reviewer, "hoang\0 loc\u200f"), Kind.UNITS)[0] == "Xã Hoằng Lộc"


# --- what it costs ------------------------------------------------------------------------------------


def fill(world: Province, units: int) -> None:
    """So many communes more in the province, each with a report of every period."""
    made = Unit.objects.bulk_create(
        Unit(code=f"Z{n:04}", kind="xã", name=f"Hoằng {n}", folded=fold(f"xã Hoằng {n}"),
             sort_key=unit_sort_key(f"Hoằng {n}"))
        for n in range(units)
    )  # fmt: skip
    Superior.objects.bulk_create(Superior(unit=unit, superior=world.province) for unit in made)
    like = world.reports["X001", "A-6T"]
    periods = [
        make_period(world.province, code=f"C-{year}", year=year, data_to=date(year, 6, 14))
        for year in range(2024, 2027)
    ]
    Report.objects.bulk_create(
        Report(unit=unit, period=period, outline_id=like.outline_id)
        for unit in made
        for period in (world.half, world.quarter, *periods)
    )


def queries(ask: Callable[[], Any]) -> int:
    ask()  # outlines stay in a process's memory
    with CaptureQueriesContext(connection) as captured:
        ask()
    return len(captured)


@pytest.mark.parametrize("units", [3, 600])
def test_a_search_costs_the_same_in_a_small_province_and_a_large_one(
    world: Province, units: int
) -> None:
    fill(world, units)
    asked = ("hoang", "hoang q1 2026", "số 5", "nothing of the kind", "hoang 1")
    costs = [queries(lambda typed=typed: search(world.reviewer, typed)) for typed in asked]
    assert costs == [9, 7, 3, 5, 9]


def test_a_search_of_a_clerk_costs_a_dossier_more(world: Province) -> None:
    load(world.reports["X001", "A-Q1"])
    with CaptureQueriesContext(connection) as dossier:
        load(world.reports["X001", "A-Q1"])
    assert queries(lambda: search(world.clerk, "nothing of the kind")) == 5 + len(dossier)


def test_eight_of_a_kind_are_shown_and_the_rest_is_counted(world: Province) -> None:
    fill(world, 20)
    (group,) = search(world.reviewer, "hoang", kinds=(Kind.UNITS,)).groups
    assert (len(group.results), group.total) == (8, 23)
    names = [result.label for result in group.results]
    assert names[:4] == ["Xã Hoằng 0", "Xã Hoằng 1", "Xã Hoằng 2", "Xã Hoằng 3"]
    (rest,) = search(world.reviewer, "hoang", None, (Kind.UNITS,), slice(8, 50)).groups
    assert len(rest.results) == 15 and not set(names) & {result.label for result in rest.results}


# --- the page -----------------------------------------------------------------------------------------


def page(client: Client, **says: str) -> str:
    answer = client.get(reverse("search"), says)
    assert answer.status_code == 200
    return answer.content.decode()


def test_the_page_groups_results_and_says_how_many(world: Province, as_user: BrowserOf) -> None:
    fill(world, 20)
    client = as_user(world.reviewer)
    shown = page(client, q="hoang")
    assert "<strong>129</strong> kết quả cho “hoang”" in shown
    assert "Đơn vị (23)" in shown and "Báo cáo (106)" in shown
    assert "Còn 15 kết quả nữa" in shown
    assert "?q=hoang&amp;loai=don-vi" in shown
    alone = page(client, q="hoang", loai="don-vi")
    assert "Báo cáo (" not in alone and alone.count("mã Z") == 20
    first = page(client, q="hoang", loai="bao-cao")
    assert "trang=2" in first and "Trang trước" not in first
    last = page(client, q="hoang", loai="bao-cao", trang="3")
    assert "trang=2" in last and "Trang sau" not in last
    beyond = client.get(reverse("search"), {"q": "hoang", "loai": "bao-cao", "trang": "9"})
    assert (beyond.status_code, beyond["Location"]) == (302, "/tim/?q=hoang&loai=bao-cao")


def test_a_page_without_results_teaches(world: Province, as_user: BrowserOf) -> None:
    for typed in ("", "không có gì như vậy"):
        assert "/tim/?q=qu%C3%BD+1+2026" in page(as_user(world.reviewer), q=typed)
        assert "15325" in page(as_user(world.reviewer), q=typed)
    assert "hai long" in page(as_user(world.clerk), q="không có gì như vậy")
    assert "Không có kết quả nào cho “xyz”" in page(as_user(world.clerk), q="xyz")


def test_the_list_below_the_box_holds_the_first_of_each_kind(
    world: Province, as_user: BrowserOf
) -> None:
    fill(world, 20)
    shown = page(as_user(world.reviewer), q="hoang", dang="goi-y")
    assert "<html" not in shown
    assert shown.count('role="option"') == 2 * (4 + 1)
    assert "Xem tất cả 23 kết quả" in shown
    nothing = page(as_user(world.reviewer), q="xyz", dang="goi-y")
    assert nothing.strip() == ""


def test_a_page_about_a_report_searches_its_figures(world: Province, as_user: BrowserOf) -> None:
    report = world.reports["X002", "A-Q1"]
    shown = page(as_user(world.reviewer), q="ho so", **{"bao-cao": str(report.pk)})
    assert f'name="bao-cao" value="{report.pk}"' in shown
    assert "báo cáo quý I năm 2026, xã Lộc Hoằng" in shown
    assert f'href="/bao-cao/{report.pk}/phan/procedures/#id_' in shown


def test_a_report_that_one_may_not_see_is_not_found(world: Province, as_user: BrowserOf) -> None:
    for key in (world.reports["X002", "A-Q1"].pk, 999_999_999):
        asked = {"q": "ho so", "bao-cao": key}
        assert as_user(world.clerk).get(reverse("search"), asked).status_code == 404


@pytest.mark.parametrize(
    "says", [{"bao-cao": "abc"}, {"bao-cao": "9" * 30}, {"loai": "x"}, {"trang": "0"}, {"trang": "x"}]
)  # fmt: skip
def test_an_address_that_says_nonsense_is_a_plain_search(
    world: Province, as_user: BrowserOf, says: dict[str, str]
) -> None:
    assert "Xã Hoằng Lộc" in page(as_user(world.reviewer), q="hoang loc", **says)


@pytest.mark.parametrize("typed", HOSTILE)
def test_the_page_bears_whatever_is_typed(world: Province, as_user: BrowserOf, typed: str) -> None:
    typed = typed.encode("utf-8", "replace").decode()
    assert "<script>" not in page(as_user(world.reviewer), q=f"{typed}<script>")


def test_the_box_says_what_its_reader_looks_for(world: Province, as_user: BrowserOf) -> None:
    assert 'placeholder="Tìm đơn vị, báo cáo"' in page(as_user(world.reviewer))
    assert 'placeholder="Tìm số liệu, ví dụ: hai long"' in page(as_user(world.clerk))


def test_the_address_of_a_field_is_one() -> None:
    assert field_place(7, "procedures", "procedures.received") == (
        "/bao-cao/7/phan/procedures/#id_procedures.received"
    )
    assert field_place(7, "paper") == "/bao-cao/7/phan/paper/"
