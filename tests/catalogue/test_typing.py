"""What a clerk types in the way officials write: units, money in words, short years, dashes; what is said at once."""

import re
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from reports.catalogue.figures import Figure, typed_figures
from reports.catalogue.reading import parse_entry
from reports.catalogue.values import Value
from reports.checks import check
from reports.dossier.facts import load
from reports.entry.progress import incomplete_documents
from reports.enums import ValueKind
from reports.models import Narrative, Report, User
from reports.text.numbers import EntryError

JUNE = date(2023, 6, 14)
COUNT, AMOUNT, MEASURE = ValueKind.COUNT, ValueKind.AMOUNT, ValueKind.DECIMAL


def figure(kind: ValueKind, unit: str) -> Figure:
    return next(f for f in typed_figures().values() if (f.kind, f.unit) == (kind, unit))


@pytest.mark.parametrize(
    ("kind", "unit", "text", "value"),
    [
        (COUNT, "lượt", "6 lượt", 6),
        (COUNT, "hồ sơ", "2.395 Hồ sơ", 2395),
        (COUNT, "tin, bài", "6 bài", 6),
        (AMOUNT, "đồng", "2.500.000.000 đồng", 2_500_000_000),
        (AMOUNT, "đồng", "2.500.000.000đ", 2_500_000_000),
        (AMOUNT, "đồng", "2.500.000.000 VNĐ", 2_500_000_000),
        (AMOUNT, "đồng", "1,25 tỷ", 1_250_000_000),
        (AMOUNT, "đồng", "1,25 tỉ đồng", 1_250_000_000),
        (AMOUNT, "đồng", "300 triệu", 300_000_000),
        (AMOUNT, "đồng", "1 tỷ 250 triệu đồng", 1_250_000_000),
        (AMOUNT, "đồng", "500 nghìn đồng", 500_000),
        (AMOUNT, "đồng", "999.999.999.999.999", 10**15 - 1),
        (MEASURE, "m²", "40,5 m2", "40.5"),
    ],
)  # fmt: skip
def test_a_field_takes_its_own_unit(kind: ValueKind, unit: str, text: str, value: Any) -> None:
    content = parse_entry(figure(kind, unit), text).content
    assert str(content) == str(value)


@pytest.mark.parametrize(
    ("kind", "unit", "text", "said"),
    [
        (COUNT, "lượt", "6 người", "ô này tính bằng lượt, chỉ ghi số, ví dụ cách viết: 2.395."),
        (AMOUNT, "đồng", "abc", "ví dụ cách viết: 2.500.000.000."),
        (AMOUNT, "đồng", "1,0000000015 tỷ", "10 chữ số thập phân"),
        (AMOUNT, "đồng", "0,5 đồng", "không tròn đồng"),
        (AMOUNT, "đồng", "9.999.999 tỷ", "tối đa 15 chữ số"),
        (COUNT, "lượt", "-", "“-” là không phát sinh? Nếu đúng thì gõ kps; chưa có số liệu thì để trống."),
        (COUNT, "lượt", "–", "là không phát sinh?"),
        (ValueKind.DATE, "", "-", "chưa có số liệu thì để trống"),
        (ValueKind.DATE, "", "15/8/08", "viết 15/8/2008 nếu đúng là năm 2008"),
    ],
)  # fmt: skip
def test_what_is_asked_back_names_the_way_to_answer(
    kind: ValueKind, unit: str, text: str, said: str
) -> None:
    with pytest.raises(EntryError) as refusal:
        parse_entry(figure(kind, unit), text, JUNE)
    assert said in refusal.value.message


def test_nothing_there_and_a_short_year_are_read() -> None:
    assert parse_entry(figure(COUNT, "hồ sơ"), "Không có", JUNE) == Value(none_arisen=True)
    assert parse_entry(figure(ValueKind.DATE, ""), "15/8/23", JUNE) == Value(date(2023, 8, 15))


# --- what the page says at once ----------------------------------------------------------------------


@pytest.fixture
def desk(clerk: User, as_user: Callable[[User], Client]) -> Client:
    return as_user(clerk)


def autosave(client: Client, report: Report, section: str, data: dict[str, str]) -> dict[str, Any]:
    address = reverse("section", args=[report.pk, section])
    response = client.post(address, data, headers={"accept": "application/json"})
    assert response.status_code == 200
    return response.json()


def test_a_day_after_the_period_is_saved_and_remarked_at_its_field(
    desk: Client, ha_tien: Report
) -> None:
    name = "documents.date@d1"
    answer = autosave(
        desk, ha_tien, "direction", {"documents.kind@d1": "ke_hoach", name: "15/8/23"}
    )
    assert answer["errors"] == {} and answer["shown"][name] == "15/8/2023"
    assert answer["noted"] == {name: "Đã hiểu “15/8/23” là ngày 15/8/2023."}
    said = "ghi ngày sau ngày cuối kỳ báo cáo (14/6/2023)."
    assert said in answer["findings"][name]
    page = desk.get(reverse("section", args=[ha_tien.pk, "direction"])).content.decode()
    assert said in page.partition(f'data-at="{name}"')[2].partition("</div>")[0]
    mended = autosave(desk, ha_tien, "direction", {name: "15/5/2023"})
    assert name not in {**mended["findings"], **mended["doubts"]}


def test_a_total_that_contradicts_its_parts_is_remarked_until_it_fits(
    desk: Client, ha_tien: Report
) -> None:
    whole = "procedures.resolved"
    held = load(ha_tien).value(whole).number
    assert whole not in autosave(desk, ha_tien, "procedures", {whole: str(held)})["findings"]
    answer = autosave(desk, ha_tien, "procedures", {whole: "3"})
    assert answer["errors"] == {}
    markup = answer["findings"][whole]
    assert "= 207, đang ghi 3." in markup
    assert f'data-repair="{whole}" data-text="207"' in " ".join(markup.split())
    assert whole not in autosave(desk, ha_tien, "procedures", {whole: str(held)})["findings"]


def test_look_alike_letters_are_saved_vietnamese_and_the_page_gets_what_is_held(
    desk: Client, ha_tien: Report
) -> None:
    symbol = "documents.symbol@d1"
    answer = autosave(
        desk, ha_tien, "direction", {"documents.kind@d1": "quyet_dinh", symbol: "QÐ-UBND"}
    )
    assert answer["shown"][symbol] == "QĐ-UBND"
    assert answer["noted"][symbol].startswith("Đã thay chữ Ð (U+00D0) thành Đ")
    row = next(r for r in load(ha_tien).tables["documents"] if r.uid == "d1")
    assert row.keys["symbol"] == "QĐ-UBND"
    frame = autosave(desk, ha_tien, "paper", {"symbol": "BC-ÐU"})
    assert frame["errors"] == {} and frame["shown"]["symbol"] == "BC-ĐU"


def test_a_plain_form_says_what_was_folded(desk: Client, ha_tien: Report) -> None:
    item = load(ha_tien).outline.items
    code = next(i.code for i in item if i.takes_narrative and i.section == "direction")
    address = reverse("section", args=[ha_tien.pk, "direction"])
    response = desk.post(address, {f"text:{code}": "Ðiều hành nǎm 2023.", "stay": "1"}, follow=True)
    assert "Đã thay chữ Ð (U+00D0) thành Đ, ǎ (U+01CE) thành ă" in response.content.decode()
    assert Narrative.objects.get(report=ha_tien, item=code).text == "Điều hành năm 2023."


@pytest.mark.every_engine
def test_a_search_finds_a_unit_by_any_dash_and_short_kind(
    reviewer: User, ha_tien: Report, as_user: Callable[[User], Client]
) -> None:
    address = reverse("period", args=[ha_tien.period.code])
    for query in ("X. Hà Tiến", "Hà – Tiến", "xã hà tiến"):
        page = as_user(reviewer).get(address, {"tim": query}).content.decode()
        assert "Hà Tiến" in page and "Hà Tân" not in page, query


def test_the_list_of_sections_says_which_documents_lack_number_or_date(
    desk: Client, ha_tien: Report
) -> None:
    lacking = len(incomplete_documents(load(ha_tien)))
    page = desk.get(reverse("report", args=[ha_tien.pk])).content.decode()
    told = re.findall(r"(\d+) văn bản thiếu số, ngày", page.partition('class="tasks')[2])
    assert lacking > 0 and sum(map(int, told)) == lacking


@pytest.mark.pdf
def test_a_sign_that_the_paper_cannot_print_is_told_at_its_field_and_stops_sending(
    clerk: User, as_user: Callable[[User], Client], ha_tien: Report
) -> None:
    page = reverse("section", kwargs={"pk": ha_tien.pk, "section": "plan"})
    text = "Tiếp tục rà soát 囍 và 😀, Ủy ban “ổn” ẵ ợ đ … – ½ → ≥"
    answer = as_user(clerk).post(
        page, {"plan.tasks": text}, headers={"accept": "application/json"}
    ).json()  # fmt: skip
    said = "“囍” (U+56CD), “😀” (U+1F600)"
    assert answer["noted"]["plan.tasks"] == (
        f"Phông chữ của văn bản không có ký hiệu {said}; để nguyên thì khi in thành ô trống."
    )
    told = [found for found in check(load(ha_tien)) if found.rule == "letter_not_in_font"]
    assert [(found.name, found.is_error) for found in told] == [("plan.tasks", True)]
    assert said in told[0].message
