"""The paper under values nobody should type: nothing leaves the margins, no page is left empty."""

import io
from dataclasses import replace
from datetime import date
from typing import Any

import pdfplumber
import pytest
from conftest import DIEN_BIEN, report_of

from reports import dossier as dossiers
from reports.compose import compose
from reports.document import html, pdf
from reports.dossier import Dossier, NarrativeFacts
from reports.enums import Placement

pytestmark = [pytest.mark.pdf, pytest.mark.django_db]

MM = 25.4 / 72
URL = (
    "Xem tại https://thanhhoa.gov.vn/van-ban/B%C3%A1o%20c%C3%A1o%20k%E1%BA%BFt%20qu%E1%BA%A3%20c%E1"
    "%BA%A3i%20c%C3%A1ch%20h%C3%A0nh%20ch%C3%ADnh%20n%C4%83m%202026.pdf để biết. " + "_" * 100
)
NOTE = ("Nhiệm vụ chậm do chờ hướng dẫn của cấp trên, dự kiến hoàn thành trong quý sau; " * 9)[:700]
PLACE = "Phan Rang – Tháp Chàm và Sơn Kim Thượng Phú Lộc Hạ Điền Bắc N"
ADDRESSEE = (
    "Ủy ban nhân dân tỉnh Thanh Hóa (qua Sở Nội vụ tỉnh Thanh Hóa tổng hợp, Văn phòng Ủy ban nhân "
    "dân tỉnh theo dõi, đôn đốc)"
)


def hostile() -> Dossier:
    """Điện Biên's report with long words, a long frame and long notes."""
    dossier = dossiers.load(report_of(DIEN_BIEN))
    assert dossier.indicators
    assert len(PLACE) >= 60 and len(ADDRESSEE) >= 119 and len(NOTE) == 700
    paper = replace(
        dossier.paper,
        number=5,
        issued_on=date(2021, 6, 15),
        place=PLACE,
        symbol="BC-UBNDPVHCCTTHC",
        addressees="\n".join(f"{ADDRESSEE} {n}" for n in range(1, 6)),
        recipients=f"Như trên\n{ADDRESSEE}\n{URL}\nLưu: VT",
        signer_name="Nguyễn " * 8 + "Ở",
    )
    item = next(item for item in dossier.outline.items if item.takes_narrative)
    rows = [row.code for row in dossier.indicators.rows]
    notes = dict.fromkeys(rows[8::12], NOTE) | {rows[3]: URL}
    return replace(
        dossier,
        paper=paper,
        notes=notes,
        superior=replace(dossier.superior, name=PLACE),
        narratives={item.code: NarrativeFacts(URL, Placement.AFTER, "")},
    )


@pytest.fixture(scope="module")
def pages(django_db_setup: None, django_db_blocker: Any) -> list[Any]:
    with django_db_blocker.unblock():
        made = pdf.make_pdf(html.page(compose(hostile())))
    return list(pdfplumber.open(io.BytesIO(made)).pages)


def test_no_word_leaves_the_margins(pages: list[Any]) -> None:
    for page in pages:
        width, height = page.width * MM, page.height * MM
        for word in page.extract_words():
            number = word["text"].isdigit() and word["top"] * MM < 20
            assert word["x0"] * MM >= 30 - 0.3, word
            assert word["x1"] * MM <= width - 15 + 0.3, word
            assert word["top"] * MM >= 20 - 0.3 or number, word
            assert word["bottom"] * MM <= height - 20 + 0.3, word


def test_the_link_and_the_underscores_are_whole(pages: list[Any]) -> None:
    text = "".join("".join((page.extract_text() or "").split()) for page in pages)
    assert text.count("_") >= 300
    assert "".join(URL.split()[:3])[-80:] in text


def test_kinh_gui_and_the_day_stay_in_one_line(pages: list[Any]) -> None:
    lines = (pages[0].extract_text() or "").splitlines()
    assert any("Kính gửi:" in line for line in lines)
    assert any("ngày 15 tháng 6 năm 2021" in line.replace("\xa0", " ") for line in lines)


def test_every_page_of_the_appendix_has_its_head_and_is_filled(pages: list[Any]) -> None:
    lying = [page for page in pages if page.width > page.height]
    for page in lying:
        assert "Kết quả thống kê" in (page.extract_text() or "")
    for page in lying[:-1]:
        foot = max(word["bottom"] for word in page.extract_words()) * MM
        assert foot > page.height * MM - 20 - 60, f"page ends at {foot:.0f} mm"
