"""The blank forms, read as those who fill them in see them: on paper, in Word and in Excel."""

import io
import re
from collections.abc import Callable, Iterator
from functools import cache
from typing import Any

import docx
import openpyxl
import pytest
from conftest import DIEN_BIEN, HA_TIEN, LOC_THUY, report_of
from django.test import Client
from django.urls import reverse
from openpyxl.worksheet.worksheet import Worksheet
from sheets import MM, Sheet

from reports.collection.blank_paper import blank_form, countable
from reports.collection.blank_workbook import blank_workbook
from reports.documents import html, pdf
from reports.documents.docx import make_docx
from reports.dossier.facts import Dossier, load
from reports.entry import indicator_entries, section_entry
from reports.entry.progress import sections_of
from reports.enums import Section
from reports.imports.excel_form import IDENTITY, LISTS
from reports.models import Report, ReportingPeriod, User
from reports.models.sections import Direction

pytestmark = [pytest.mark.pdf, pytest.mark.django_db]

SAMPLES = {"ha_tien": HA_TIEN, "loc_thuy": LOC_THUY, "dien_bien": DIEN_BIEN}
each_sample = pytest.mark.parametrize("sample", SAMPLES)
Browser = Callable[[User], Client]


@pytest.fixture(scope="module")
def dossiers(django_db_setup: None, django_db_blocker: Any) -> dict[str, Dossier]:
    with django_db_blocker.unblock():
        return {name: load(report_of(code)) for name, code in SAMPLES.items()}


@pytest.fixture(scope="module")
def forms(dossiers: dict[str, Dossier]) -> dict[str, Sheet]:
    """The forms as printed, with a column for the period before."""
    return {
        name: Sheet(pdf.make_pdf(html.page(blank_form(dossier, dossier))))
        for name, dossier in dossiers.items()
    }


def squeezed(text: str) -> str:
    """Letters and digits alone: how lines are broken does not count."""
    return re.sub(r"[\W_]+", "", text)


@cache  # a page is asked for it by every section
def foot(page: Any) -> str:
    """What stands below the text."""
    chars = [char for char in page.chars if char["top"] * MM > page.height * MM - 20]
    return "".join(char["text"] for char in chars).replace("\u00a0", " ")


def text_of(sheet: Sheet, section: Section) -> str:
    """All that the pages of one section say."""
    pages = [page for page in sheet.pages if foot(page).endswith(f": {section.label}")]
    return squeezed("".join(page.extract_text(x_tolerance=1.5) for page in pages))


def asked_labels(dossier: Dossier, section: Section) -> Iterator[str]:
    """Whatever a section asks on paper, by the words of its page."""
    if section == Section.APPENDIX:
        yield from (e.row.name for e in indicator_entries(dossier) if e.field and e.takes_note)
        return
    entry = section_entry(dossier, section)
    yield from (a.figure.label for a in entry.figures() if countable(a) or a.figure.kind == "text")
    for grid in entry.grids:
        yield grid.title
        for row in grid.rows if grid.fixed else ():
            yield str(row.keys[f"{grid.given}_label"])
    for narrative in entry.narratives:
        yield narrative.heading.removeprefix("- ")


@each_sample
def test_paper_asks_everything_that_the_pages_ask_and_no_computed_percentage(
    dossiers: dict[str, Dossier], forms: dict[str, Sheet], sample: str
) -> None:
    dossier, sheet = dossiers[sample], forms[sample]
    missing = [
        (section.label, label)
        for section in sections_of(dossier)
        for text in [by_columns(sheet, section)]
        for label in asked_labels(dossier, section)
        if squeezed(label) not in text
    ]
    assert missing == []
    computed = [f.label for f in dossier.catalogue.values() if f.whole and not f.table]
    whole = "".join(text_of(sheet, section) for section in sections_of(dossier))
    assert computed and whole
    assert [label for label in computed if squeezed(label) in whole] == []


def by_columns(sheet: Sheet, section: Section) -> str:
    """The same, with the cells of tables read one by one: a wrapped label stays in one piece."""
    found = [text_of(sheet, section)]
    for page in sheet.pages:
        if foot(page).endswith(f": {section.label}"):
            tables = page.extract_tables({"text_x_tolerance": 1.5})
            found += [squeezed(cell) for rows in tables for row in rows for cell in row if cell]
    return " ".join(found)


@each_sample
def test_where_one_writes_the_paper_is_empty_without_dots_or_values(
    dossiers: dict[str, Dossier], forms: dict[str, Sheet], sample: str
) -> None:
    filled, cells = [], 0
    for page in forms[sample].pages:
        assert not re.search(r"\.{3}|…|_{3}", page.extract_text())
        for table in page.extract_tables():
            heads = [str(cell).replace("\n", " ") for cell in table[0]]
            for column in [i for i, head in enumerate(heads) if head == "Số liệu"]:
                values = [
                    row[column] for row in table[1:] if row[0] and row[0][0].isdigit() and row[1]
                ]
                cells += len(values)
                filled += [value for value in values if value]
    assert filled == []
    assert cells > 60


@each_sample
def test_each_section_begins_on_a_page_of_its_own_that_says_whose_it_is(
    dossiers: dict[str, Dossier], forms: dict[str, Sheet], sample: str
) -> None:
    dossier, (cover, *pages) = dossiers[sample], forms[sample].pages
    assert foot(cover) == ""
    assert "PHIẾU THU THẬP SỐ LIỆU" in cover.extract_text()
    unit = f"{str(dossier.unit)[0].upper()}{str(dossier.unit)[1:]}"
    seen: list[str] = []
    for page in pages:
        said = foot(page)
        assert said.startswith(f"{unit}, {dossier.period.phrase} – Phiếu số ")
        label = said.rpartition(": ")[2]
        titles = re.findall(r"^PHIẾU SỐ \d+:", page.extract_text(), re.MULTILINE)
        assert len(titles) <= 1
        if label not in seen:
            seen.append(label)
            assert titles and forms[sample].body(page)[0].text.startswith("PHIẾU SỐ")
    assert seen == [section.label for section in sections_of(dossier)]


@each_sample
def test_each_sheet_ends_with_the_line_of_whoever_supplies_its_figures(
    dossiers: dict[str, Dossier], forms: dict[str, Sheet], sample: str
) -> None:
    begun = sum("PHIẾU SỐ" in page.extract_text() for page in forms[sample].pages)
    lines = [
        line.text
        for page in forms[sample].pages[1:]
        for line in forms[sample].lines(page)
        if line.text.startswith("Người cung cấp số liệu:")
    ]
    assert len(lines) == begun >= len(sections_of(dossiers[sample]))
    assert all("Ngày:" in line for line in lines)


@each_sample
def test_nothing_reaches_beyond_the_margins_and_no_word_beyond_its_cell(
    forms: dict[str, Sheet], sample: str
) -> None:
    for page in forms[sample].pages:
        inked = [char for char in page.chars if char["text"].strip()]
        assert min(char["x0"] for char in inked) * MM > 29.7
        assert max(char["x1"] for char in inked) * MM < page.width * MM - 14.7
        rules = sorted({round(e["x0"], 1) for e in page.edges if e["orientation"] == "v"})
        assert not rules or (rules[0] * MM > 29.5 and rules[-1] * MM < page.width * MM - 14.5)
        for edge in (e for e in page.edges if e["orientation"] == "v"):
            struck = [
                c for c in inked
                if c["x0"] < edge["x0"] - 0.5 and c["x1"] > edge["x0"] + 0.5
                and edge["top"] < (c["top"] + c["bottom"]) / 2 < edge["bottom"]
            ]  # fmt: skip
            assert struck == []


@each_sample
def test_rows_are_high_and_wide_enough_to_write_in(forms: dict[str, Sheet], sample: str) -> None:
    measured = 0
    for page in forms[sample].pages[1:]:
        for table in page.find_tables():
            heads = [cell or "" for cell in table.extract()[0]]
            if "Số liệu" not in heads:
                continue
            for row in table.rows[1:]:
                if len([cell for cell in row.cells if cell]) < len(heads):
                    continue  # a group, across all columns
                left, top, right, bottom = row.cells[heads.index("Số liệu")]
                assert (bottom - top) * MM > 8 and (right - left) * MM > 25
                measured += 1
    assert measured > 40


@each_sample
def test_a_table_repeats_its_head_on_every_page(forms: dict[str, Sheet], sample: str) -> None:
    repeated = 0
    for page in forms[sample].pages[1:]:
        for table in page.find_tables():
            if table.rows[0].bbox[1] * MM < 25:  # goes on from the page before
                assert (table.extract()[0][0] or "") in ("STT", "ST\nT")
                repeated += 1
    assert repeated > 0


def test_the_figures_of_the_period_before_stand_beside_when_there_is_one(
    dossiers: dict[str, Dossier],
) -> None:
    dossier = dossiers["ha_tien"]
    alone, beside = (html.page(blank_form(dossier, before)) for before in (None, dossier))
    assert "Kỳ trước</th>" not in alone and "Kỳ trước</th>" in beside
    received = dossier.value("procedures.received").content
    assert f">{received}</td>" not in alone and f">{received}</td>" in beside


@each_sample
def test_word_holds_the_same_sheets_as_sections_of_its_own(
    dossiers: dict[str, Dossier], sample: str
) -> None:
    form = blank_form(dossiers[sample])
    word = docx.Document(io.BytesIO(make_docx(form)))
    assert len(word.sections) == 1 + len(form.sheets)
    titles = [p.text for p in word.paragraphs if p.style and p.style.name == "Tên phiếu"]
    assert titles == [sheet.title for sheet in form.sheets]
    for section, sheet in zip(list(word.sections)[1:], form.sheets, strict=True):
        width, height = section.page_width or 0, section.page_height or 0
        assert (width > height) == sheet.lying
        assert section.footer.paragraphs[0].text == sheet.foot


# --- Excel ------------------------------------------------------------------------------------------


def opened(content: bytes) -> list[Worksheet]:
    book = openpyxl.load_workbook(io.BytesIO(content))
    assert [book[name].sheet_state for name in (IDENTITY, LISTS)] == ["veryHidden"] * 2
    return [sheet for sheet in book.worksheets if sheet.sheet_state == "visible"]


@each_sample
def test_the_workbook_has_a_sheet_a_section_named_in_vietnamese(
    dossiers: dict[str, Dossier], sample: str
) -> None:
    dossier = dossiers[sample]
    names = [sheet.title for sheet in opened(blank_workbook(dossier))]
    assert all(len(name) <= 31 and not re.search(r"[\\/*?:\[\]]", name) for name in names)
    numbers = [int(re.match(r"\d+", name)[0]) for name in names]  # type: ignore[index]
    assert sorted(set(numbers)) == list(range(1, len(sections_of(dossier)) + 1))
    assert numbers == sorted(numbers)
    assert "1 Chỉ đạo, điều hành" in names


@each_sample
def test_only_cells_to_fill_in_are_open_and_coloured_and_no_password_is_set(
    dossiers: dict[str, Dossier], sample: str
) -> None:
    for sheet in opened(blank_workbook(dossiers[sample])):
        assert sheet.protection.sheet and not sheet.protection.password
        assert sheet.column_dimensions["A"].hidden
        cells = [cell for row in sheet.iter_rows() for cell in row]
        free = {cell.coordinate for cell in cells if not cell.protection.locked}
        coloured = {c.coordinate for c in cells if c.fill.fgColor.rgb == "FFFFF8DC"}
        assert free == coloured != set()
        assert sheet.freeze_panes and sheet.print_title_rows
        assert (sheet.page_setup.fitToWidth, sheet.page_setup.paperSize) == (1, 9)


def test_words_that_begin_like_a_formula_stay_words(ha_tien: Report) -> None:
    Direction.objects.filter(report=ha_tien).update(propaganda_other="=HYPERLINK(1)&+@x")
    cells = [
        cell
        for sheet in opened(blank_workbook(load(ha_tien)))
        for row in sheet.iter_rows()
        for cell in row
    ]
    assert [cell.coordinate for cell in cells if cell.data_type == "f"] == []
    assert "=HYPERLINK(1)&+@x" in [cell.value for cell in cells]


def test_choices_are_lists_and_numbers_have_a_hint_that_allows_kps(
    dossiers: dict[str, Dossier],
) -> None:
    sheets = {sheet.title: sheet for sheet in opened(blank_workbook(dossiers["ha_tien"]))}
    figures = sheets["1 Chỉ đạo, điều hành"].data_validations.dataValidation
    hints = [rule for rule in figures if rule.type == "custom"]
    assert hints and all("ISTEXT" in rule.formula1 and "kps" in rule.prompt for rule in hints)
    assert all(rule.errorStyle == "warning" for rule in figures)
    (documents,) = [s for name, s in sheets.items() if re.fullmatch(r"1\w Văn bản", name)]
    lists = [r for r in documents.data_validations.dataValidation if r.type == "list"]
    assert len(lists) == 3  # kind, purpose, item


def test_no_code_is_shown_where_a_person_reads(dossiers: dict[str, Dossier]) -> None:
    for dossier in dossiers.values():
        for sheet in opened(blank_workbook(dossier)):
            shown = [
                str(cell.value)
                for row in sheet.iter_rows(min_col=2)
                for cell in row
                if cell.value and not sheet.row_dimensions[cell.row].hidden
            ]
            codes = r"[a-z]+_[a-z_]+|[a-z]+\.[a-z]+_[a-z]+|@"
            assert shown
            assert [text for text in shown if re.fullmatch(codes, text)] == []


# --- addresses --------------------------------------------------------------------------------------


def test_a_clerk_downloads_each_form_from_the_report_page(
    as_user: Browser, clerk: User, ha_tien: Report
) -> None:
    client = as_user(clerk)
    page = client.get(reverse("report", kwargs={"pk": ha_tien.pk})).content.decode()
    for file_format, start in (("pdf", b"%PDF"), ("docx", b"PK"), ("xlsx", b"PK")):
        address = reverse("blank", kwargs={"pk": ha_tien.pk, "file_format": file_format})
        assert f'href="{address}"' in page
        response = client.get(address)
        assert response.status_code == 200 and response.content.startswith(start)
        name = f"Phieu-thu-thap-CCHC_xa-Ha-Tien_6-thang-2023.{file_format}"
        assert response["Content-Disposition"] == f'attachment; filename="{name}"'


def test_only_who_may_type_is_offered_to_bring_a_form_back(
    as_user: Browser, clerk: User, leader: User, reviewer: User, ha_tien: Report
) -> None:
    address = reverse("bring_in", kwargs={"pk": ha_tien.pk})
    report = reverse("report", kwargs={"pk": ha_tien.pk})
    assert address in as_user(clerk).get(report).content.decode()
    for looker in (leader, reviewer):
        page = as_user(looker).get(report).content.decode()
        assert address not in page and "phieu.pdf" in page


def test_the_figures_of_the_unit_s_last_report_are_given_along(
    as_user: Browser, clerk: User, ha_tien: Report
) -> None:
    period = ReportingPeriod.objects.get(pk=ha_tien.period_id)
    period.pk, period.code = None, "HT-2022-NAM"
    period.data_from, period.data_to = "2021-12-15", "2022-12-14"
    period.deadline = "2022-12-20"
    period.save(force_insert=True)
    Report.objects.filter(pk=ha_tien.pk).update(revision=4)
    earlier = Report.objects.create(
        unit=ha_tien.unit, period=period, outline=ha_tien.outline, revision=1
    )
    from reports.models import SECTIONS, Paper  # a report as it is opened

    Paper.objects.create(report=earlier)
    for model in SECTIONS:
        model.objects.create(report=earlier)
    Direction.objects.filter(report=earlier).update(radio_broadcasts=1987)
    address = reverse("blank", kwargs={"pk": ha_tien.pk, "file_format": "xlsx"})
    sheet = opened(as_user(clerk).get(address).content)[0]
    row = next(r for r in sheet.iter_rows() if r[0].value == "direction.radio_broadcasts")
    assert "1.987" in [cell.value for cell in row]
