"""The paper measured with a ruler: Nghị định 30/2020/NĐ-CP, Phụ lục I, on the PDFs of the samples.

Lengths across are millimetres from the left edge of the sheet, baselines points from its top.
"""

import re
from dataclasses import replace
from datetime import date
from itertools import pairwise
from typing import Any

import pytest
from conftest import DIEN_BIEN, HA_TIEN, LOC_THUY, TONG_SON, report_of
from pdfminer.pdftypes import resolve1
from sheets import MM, Line, Sheet

from reports.compose import compose
from reports.documents import html, pdf
from reports.documents.tree import Table
from reports.dossier import facts as dossiers
from reports.issuing import papers

pytestmark = [pytest.mark.pdf, pytest.mark.django_db]
LEFT, RIGHT, CENTRE, INDENT = 30.0, 195.0, 112.5, 42.7
SAMPLES = {"ha_tien": HA_TIEN, "loc_thuy": LOC_THUY, "dien_bien": DIEN_BIEN}
each_sample = pytest.mark.parametrize("sample", SAMPLES)


@pytest.fixture(scope="session")
def drafts(django_db_setup: None, django_db_blocker: Any) -> dict[str, Sheet]:
    """The three samples as the portal hands them out: composed and pressed."""
    with django_db_blocker.unblock():
        made = {name: papers.make_pdf(report_of(code)) for name, code in SAMPLES.items()}
    papers.press().close()
    sheets = {name: Sheet(content) for name, content in made.items()}
    assert {name for name, sheet in sheets.items() if len(sheet.report) > 2} == set(SAMPLES)
    return sheets


@pytest.fixture(scope="session")
def issued(django_db_setup: None, django_db_blocker: Any) -> dict[str, Sheet]:
    """The same, signed, with number 5 of 5 August 2024."""
    found = {}
    for name, code in SAMPLES.items():
        with django_db_blocker.unblock():
            dossier = dossiers.load(report_of(code))
        paper = replace(
            dossier.paper, number=5, issued_on=date(2024, 8, 5), signer_name="Nguyễn Văn Ở"
        )
        found[name] = Sheet(pdf.make_pdf(html.page(compose(replace(dossier, paper=paper)))))
    return found


# --- sheet and margins -----------------------------------------------------------------------------


@each_sample
def test_every_sheet_is_a4_and_only_the_appendix_lies_on_its_side(
    drafts: dict[str, Sheet], sample: str
) -> None:
    sizes = {
        (round(float(p.width) * MM, 1), round(float(p.height) * MM, 1))
        for p in drafts[sample].pages
    }
    assert sizes == {(210.0, 297.0)} | ({(297.0, 210.0)} if sample == "dien_bien" else set())
    shapes = [page.width > page.height for page in drafts[sample].pages]
    assert shapes == sorted(shapes), "the appendix comes last"


@each_sample
def test_text_stands_30_mm_from_the_left_and_15_from_the_right(
    drafts: dict[str, Sheet], sample: str
) -> None:
    sheet = drafts[sample]
    for page in sheet.report[:-1]:
        lines = [line for line in sheet.body(page) if 14 in line.sizes]
        assert min(line.x0 for line in lines) == pytest.approx(LEFT, abs=0.3)
        assert max(line.x1 for line in lines) == pytest.approx(RIGHT, abs=0.3)


@each_sample
def test_nothing_but_the_page_number_stands_in_the_margins(
    drafts: dict[str, Sheet], sample: str
) -> None:
    sheet = drafts[sample]
    for page in sheet.pages:
        inked = [char for char in page.chars if char["text"].strip()]
        over = "".join(char["text"] for char in inked if char["top"] * MM < 20)
        assert over in ("", sheet.lines(page)[0].text) and (not over or over.isdigit())
        assert max(char["bottom"] for char in inked) * MM < page.height * MM - 20
        assert min(char["x0"] for char in inked) * MM > LEFT - 0.3
        assert max(char["x1"] for char in inked) * MM < page.width * MM - 15 + 0.3


def test_the_rules_of_the_appendix_reach_from_margin_to_margin(drafts: dict[str, Sheet]) -> None:
    for page in drafts["dien_bien"].appendix:
        rules = [line for line in page.lines if line["height"] < 0.1]
        assert min(line["x0"] for line in rules) * MM == pytest.approx(30, abs=0.3)
        assert max(line["x1"] for line in rules) * MM == pytest.approx(282, abs=0.3)


# --- fonts -----------------------------------------------------------------------------------------


@each_sample
def test_only_faces_of_tinos_are_used_and_all_are_embedded(
    drafts: dict[str, Sheet], sample: str
) -> None:
    faces = set()
    for page in drafts[sample].pages:
        for reference in resolve1(resolve1(page.page_obj.resources)["Font"]).values():
            font = resolve1(reference)
            inner = resolve1(resolve1(font["DescendantFonts"])[0])
            assert "FontFile2" in resolve1(inner["FontDescriptor"]), font["BaseFont"]
            faces.add(font["BaseFont"].name.partition("+")[2])
    assert faces == {"Tinos", "Tinos-Bold", "Tinos-Italic", "Tinos-Bold-Italic"}


# --- the head --------------------------------------------------------------------------------------


def _columns(sheet: Sheet) -> tuple[list[Line], list[Line]]:
    """The first three lines of the head, left and right."""
    page = sheet.pages[0]
    return sheet.lines(page, 0, 95)[:3], sheet.lines(page, 95, 300)[:3]


def test_each_part_of_the_head_has_its_size_and_face(issued: dict[str, Sheet]) -> None:
    left, right = _columns(issued["ha_tien"])
    assert [(line.text, set(line.sizes), set(line.faces)) for line in left + right] == [
        ("ỦY BAN NHÂN DÂN", {13}, {"Tinos-Bold"}),
        ("XÃ HÀ TIẾN", {13}, {"Tinos-Bold"}),
        ("Số: 05/BC-UBND", {13}, {"Tinos"}),
        ("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", {13}, {"Tinos-Bold"}),
        ("Độc lập - Tự do - Hạnh phúc", {14}, {"Tinos-Bold"}),
        ("Hà Tiến, ngày 05 tháng 8 năm 2024", {14}, {"Tinos-Italic"}),
    ]


@each_sample
def test_the_lines_of_the_head_stand_centred_under_one_another(
    issued: dict[str, Sheet], sample: str
) -> None:
    for column in _columns(issued[sample]):
        first, *others = (line.centre for line in column)
        assert others == [pytest.approx(first, abs=0.3)] * 2


@each_sample
def test_the_date_stands_on_the_row_of_the_number(issued: dict[str, Sheet], sample: str) -> None:
    (_, _, number), (_, _, day) = _columns(issued[sample])
    assert number.text.startswith("Số:") and ", ngày " in day.text
    assert number.baseline == pytest.approx(day.baseline, abs=0.2)


def test_a_draft_leaves_room_for_number_and_date(drafts: dict[str, Sheet]) -> None:
    (_, _, number), (_, _, day) = _columns(drafts["ha_tien"])
    assert number.text == "Số:" + 7 * " " + "/BC-UBND"
    assert day.text == f"Hà Tiến, ngày{6 * ' '} tháng{6 * ' '} năm 2023"
    chars = [c for c in drafts["ha_tien"].pages[0].chars if c["x0"] * MM < 95]
    colon = next(c for c in chars if c["text"] == ":")
    slash = next(c for c in chars if c["text"] == "/")
    assert (slash["x0"] - colon["x1"]) * MM > 7, "three figures are written in by hand"


def _subject(sheet: Sheet) -> list[Line]:
    """BÁO CÁO and the lines of the subject."""
    lines = sheet.lines(sheet.pages[0])
    at = next(i for i, line in enumerate(lines) if line.text == "BÁO CÁO")
    to = next(i for i, line in enumerate(lines) if line.text.startswith("Kính gửi"))
    return lines[at:to]


@each_sample
def test_the_rules_of_the_head_are_as_long_as_the_decree_says(
    issued: dict[str, Sheet], sample: str
) -> None:
    sheet = issued[sample]
    (_, agency, _), (_, motto, _) = _columns(sheet)
    rules = {(r["x0"] * MM, r["x1"] * MM) for r in sheet.pages[0].rects}
    under_agency, under_subject, under_motto = sorted(rules)
    assert under_motto == (pytest.approx(motto.x0, abs=1), pytest.approx(motto.x1, abs=1))
    widest = max(_subject(sheet)[1:], key=lambda line: line.width)
    for rule, line in ((under_agency, agency), (under_subject, widest)):
        assert 1 / 3 <= (rule[1] - rule[0]) / line.width <= 1 / 2
        assert sum(rule) / 2 == pytest.approx(line.centre, abs=0.3)


@each_sample
def test_kind_and_subject_are_bold_and_centred_in_lines_of_like_length(
    issued: dict[str, Sheet], sample: str
) -> None:
    kind, *subject = _subject(issued[sample])
    for line in (kind, *subject):
        assert (line.sizes, line.faces) == ({14}, {"Tinos-Bold"})
        assert line.centre == pytest.approx(CENTRE, abs=0.3)
    widths = [line.width for line in subject]
    assert min(widths) / max(widths) > 0.6, "no last line of one word"


def test_one_addressee_stands_on_the_line_of_kinh_gui(issued: dict[str, Sheet]) -> None:
    line = issued["ha_tien"].find("Kính gửi:")
    assert line.text == "Kính gửi: Ủy ban nhân dân huyện Hà Trung."
    assert (line.sizes, line.faces) == ({14}, {"Tinos"})
    assert line.centre == pytest.approx(CENTRE, abs=0.3)


def test_several_addressees_stand_one_a_line(issued: dict[str, Sheet]) -> None:
    sheet = issued["loc_thuy"]
    lines = sheet.lines(sheet.pages[0])
    at = next(i for i, line in enumerate(lines) if line.text.startswith("Kính gửi:"))
    assert re.fullmatch(r"Kính gửi: ?- Ủy ban nhân dân huyện Phú Lộc;", lines[at].text)
    assert lines[at + 1].text == "- Phòng Nội vụ huyện Phú Lộc."
    assert lines[at].x1 - lines[at + 1].x0 > 60, "the names stand under one another"


def test_the_legal_basis_is_in_italics(issued: dict[str, Sheet]) -> None:
    line = issued["loc_thuy"].find("Căn cứ Công văn số 708/UBND-CCHC")
    assert (line.sizes, line.faces) == ({14}, {"Tinos-Italic"})
    assert line.x0 == pytest.approx(INDENT, abs=0.3)


# --- the text --------------------------------------------------------------------------------------


@each_sample
def test_the_text_is_14_upright_and_headings_are_bold(
    drafts: dict[str, Sheet], sample: str
) -> None:
    sheet = drafts[sample]
    for page in sheet.report[1:-1]:
        for line in sheet.body(page):
            assert line.sizes == {14}
            assert line.faces in ({"Tinos"}, {"Tinos-Bold"})
            if re.match(r"[IVX]+\. ", line.text):
                assert line.faces == {"Tinos-Bold"} and line.text.isupper()
            if line.text.startswith(("- ", "+ ", "* ")):
                assert line.faces == {"Tinos"}


@each_sample
def test_paragraphs_begin_12_7_mm_in_and_stand_6_points_apart(
    drafts: dict[str, Sheet], sample: str
) -> None:
    sheet = drafts[sample]
    for page in sheet.report[1:-1]:
        lines = sheet.body(page)
        for above, line in pairwise(lines):
            begins = line.x0 > LEFT + 5
            assert line.x0 == pytest.approx(INDENT if begins else LEFT, abs=0.5)
            step = line.baseline - above.baseline
            assert step >= 18.2 + 6 - 0.15 if begins else step == pytest.approx(18.2, abs=0.15)


@each_sample
def test_a_page_ends_at_its_foot_and_its_paragraphs_stand_evenly(
    drafts: dict[str, Sheet], sample: str
) -> None:
    """Keeping lines together leaves less than two lines empty, and never a last line alone."""
    sheet = drafts[sample]
    for page, following in pairwise(sheet.report):
        lines = sheet.body(page)
        assert page.height - 20 / MM - lines[-1].baseline < 2 * 18.2 + 6
        below = sheet.body(following)[:2]
        goes_on = below[0].x0 < LEFT + 5 and below[0].faces == {"Tinos"}
        assert not goes_on or below[1].x0 < LEFT + 5, below[0].text
    for page in sheet.report[1:-1]:
        gaps = [
            b.baseline - a.baseline - 18.2
            for a, b in pairwise(sheet.body(page))
            if b.x0 > LEFT + 5 and b.faces == {"Tinos"}
        ]
        assert max(gaps) - min(gaps) < 0.3 and max(gaps) <= 6 + 5.7 + 0.3


@each_sample
def test_no_end_of_a_line_parts_the_number_of_a_document(
    drafts: dict[str, Sheet], sample: str
) -> None:
    sheet = drafts[sample]
    for page in sheet.report:
        for line in sheet.body(page):
            assert not re.search(r"\d[/-][\w/-]*[/-]$", line.text), line.text


@each_sample
def test_no_line_ends_while_more_words_fit(drafts: dict[str, Sheet], sample: str) -> None:
    """A line that goes on in the next is filled; the longest word that may be missing is a number."""
    sheet = drafts[sample]
    for page in sheet.report[1:-1]:
        for line, following in pairwise(sheet.body(page)):
            goes_on = following.x0 < LEFT + 5 and following.faces == {"Tinos"} == line.faces
            assert not goes_on or line.x1 > 140, (line.text, following.text)


@each_sample
def test_pages_are_numbered_in_the_top_margin_from_the_second_on(
    drafts: dict[str, Sheet], sample: str
) -> None:
    sheet = drafts[sample]
    for pages, centre in ((sheet.report, CENTRE), (sheet.appendix, 156.0)):
        for number, page in enumerate(pages, start=1):
            above = [line for line in sheet.lines(page) if line.baseline < 20 / MM]
            assert [line.text for line in above] == ([str(number)] if number > 1 else [])
            for line in above:
                assert (line.sizes, line.faces) == ({13}, {"Tinos"})
                assert line.centre == pytest.approx(centre, abs=0.3)


@each_sample
def test_nothing_that_announces_what_follows_ends_a_page(
    drafts: dict[str, Sheet], sample: str
) -> None:
    sheet = drafts[sample]
    last = [sheet.body(page)[-1] for page in sheet.report[:-1]]
    assert [line.text for line in last if line.text.endswith(":")] == []
    assert [line.text for line in last if "Tinos-Bold" in line.faces] == []
    rows = [sheet.body(page)[-1] for page in sheet.appendix[:-1]]
    assert [line.text for line in rows if line.faces != {"Tinos"}] == []


# --- signature, recipients, appendix ---------------------------------------------------------------


@each_sample
def test_recipients_stand_level_with_the_title_of_the_signer(
    issued: dict[str, Sheet], sample: str
) -> None:
    sheet = issued[sample]
    page = sheet.report[-1]
    label = sheet.find("Nơi nhận:", page, 0, CENTRE)
    authority = [line for line in sheet.lines(page, CENTRE) if line.text.isupper()]
    authority = authority[next(i for i, each in enumerate(authority) if "TM." in each.text) :]
    assert [line.text for line in authority] == (
        ["TM. ỦY BAN NHÂN DÂN", "KT. CHỦ TỊCH", "PHÓ CHỦ TỊCH"]
        if sample == "loc_thuy"
        else ["TM. ỦY BAN NHÂN DÂN", "CHỦ TỊCH"]
    )
    assert label.baseline == pytest.approx(authority[-1].baseline, abs=0.2)
    name = sheet.find("Nguyễn Văn Ở", page, CENTRE)
    for line in (*authority, name):
        assert (line.sizes, line.faces) == ({14}, {"Tinos-Bold"})
        assert line.centre == pytest.approx(authority[0].centre, abs=0.3)
    assert (name.baseline - authority[-1].baseline) * MM > 25, "room for signature and seal"
    assert (label.sizes, label.faces) == ({12}, {"Tinos-Bold-Italic"})
    listed = [line for line in sheet.lines(page, 0, CENTRE) if line.sizes == {11}]
    assert {
        (line.faces, round(line.x0))
        for line in (*listed, replace(label, faces=frozenset({"Tinos"})))
    } == {(frozenset({"Tinos"}), 30)}
    assert listed[0].text == "- Như trên;" and re.fullmatch(r"- Lưu: V[TP]\.", listed[-1].text)
    assert all(line.text.startswith("- ") and line.text.endswith(";") for line in listed[:-1])


def test_the_heading_of_the_appendix_is_issued_with_its_report(issued: dict[str, Sheet]) -> None:
    sheet = issued["dien_bien"]
    label, title, attached = sheet.lines(sheet.appendix[0])[:3]
    assert (label.text, label.sizes, label.faces) == ("Phụ lục", {14}, {"Tinos-Bold"})
    assert (title.text.isupper(), title.sizes, title.faces) == (True, {14}, {"Tinos-Bold"})
    assert attached.text == (
        "(Kèm theo Báo cáo số 05/BC-UBND ngày 05 tháng 8 năm 2024"
        " của Ủy ban nhân dân phường Điện Biên)"
    )
    assert (attached.sizes, attached.faces) == ({14}, {"Tinos-Italic"})
    (rule,) = {(r["x0"] * MM, r["x1"] * MM) for r in sheet.appendix[0].rects}
    assert sum(rule) / 2 == pytest.approx(156, abs=0.3) and rule[1] - rule[0] < 60
    for line in (label, title, attached):
        assert line.centre == pytest.approx(156, abs=0.3)


def test_every_page_of_the_appendix_repeats_the_head_of_its_table(drafts: dict[str, Sheet]) -> None:
    sheet = drafts["dien_bien"]
    assert len(sheet.appendix) > 5
    for page in sheet.appendix:
        lines = sheet.body(page)
        at = next(i for i, line in enumerate(lines) if line.text == "Kết quả thống kê")
        assert at == (3 if page == sheet.appendix[0] else 0)
        heads = [line.text for line in lines[at : at + 3]]
        assert heads == ["Kết quả thống kê", "STTChỉ tiêu thống kêGhi chú", "Đơn vị tínhSố liệu"]


# --- tables in the text ---------------------------------------------------------------------------------


def test_in_a_table_of_many_columns_no_word_and_no_number_breaks(db: None) -> None:
    """Tống Sơn's nine months hold dossiers by field (13 columns) and staff by training (11)."""
    document = compose(dossiers.load(report_of(TONG_SON, "TH-2026-9T")))
    tables = [block for block in document.body if isinstance(block, Table)]
    assert max(len(table.widths) for table in tables) == 13
    printed = [
        [" ".join((cell or "").split()) for row in rows for cell in row]
        for page in Sheet(pdf.make_pdf(html.page(document))).report[1:]
        for rows in page.extract_tables()
    ]
    whole = [
        [html.cell_text(cell) for row in (*table.head, *table.body) for cell in row]
        for table in tables
    ]
    assert [[text for text in cells if text] for cells in printed] == [
        [" ".join(text.split()) for text in cells if text] for cells in whole
    ]
