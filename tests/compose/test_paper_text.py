"""What the papers say: the samples word for word, the clerk's prose as literal text, and one text
on screen, in the HTML file and in the PDF.

`tests/golden/*.txt` hold the samples as plain lines. After a wanted change of wording write them anew
with `UPDATE_GOLDEN=1` and read the difference.
"""

import itertools
import os
import re
import subprocess
import unicodedata
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from conftest import DIEN_BIEN, HA_TIEN, LOC_THUY, report_of
from pdfminer.pdftypes import resolve1
from sheets import Sheet

from reports.catalogue.values import Value
from reports.compose import compose
from reports.documents import html, pdf
from reports.documents.tree import Document, Heading, Paragraph, Run, Table
from reports.dossier import facts as dossiers
from reports.dossier.facts import Dossier, NarrativeFacts
from reports.editing import writing
from reports.enums import Placement
from reports.models import Report

pytestmark = pytest.mark.django_db

GOLDEN = Path(__file__).resolve().parents[1] / "golden"
SAMPLES = {"ha_tien": HA_TIEN, "loc_thuy": LOC_THUY, "dien_bien": DIEN_BIEN}
each_sample = pytest.mark.parametrize("sample", SAMPLES)


@pytest.fixture(scope="module")
def loaded(django_db_setup: None, django_db_blocker: Any) -> dict[str, Dossier]:
    with django_db_blocker.unblock():
        return {name: dossiers.load(report_of(code)) for name, code in SAMPLES.items()}


@pytest.fixture(scope="module")
def composed(loaded: dict[str, Dossier]) -> dict[str, Document]:
    return {name: compose(dossier) for name, dossier in loaded.items()}


def _pdf(document: Document) -> bytes:
    return pdf.make_pdf(html.page(document))


def plain(document: Document) -> str:
    """The paper as plain lines, from the tree: marker and text; a table's cells parted by tabs."""
    head, signed = document.head, document.signature
    lines = [
        head.superior, *head.agency, head.number, head.place_and_date, head.kind, head.subject,
        *(f"Kính gửi: {name}" for name in head.addressees), *head.basis, "",
    ]  # fmt: skip
    lines += itertools.chain.from_iterable(map(_block, document.body))
    lines += ["", *signed.recipients, "", *signed.authority, signed.name]
    for appendix in document.appendices:
        lines += ["", appendix.label, appendix.title, appendix.attached_to, *_block(appendix.table)]
        lines += [f"{mark} {text}" for mark, text in appendix.footnotes]
    text = "\n".join(line.rstrip() for line in lines).replace("\u00a0", " ")
    return re.sub(r"\n{3,}", "\n\n", text).strip("\n") + "\n"


def _block(block: Heading | Paragraph | Table) -> Iterator[str]:
    if not isinstance(block, Table):
        yield f"{block.marker} {block.text}".strip()
        return
    for row in (*block.head, *block.body):
        yield "\t".join(
            (html.cell_text(cell) + (f"[{cell.note}]" if cell.note else "")).replace("\n", " ¶ ")
            for cell in row
        )


# --- the samples -----------------------------------------------------------------------------------


@each_sample
def test_a_sample_reads_as_its_golden_file(composed: dict[str, Document], sample: str) -> None:
    path = GOLDEN / f"{sample}.txt"
    said = plain(composed[sample])
    if os.environ.get("UPDATE_GOLDEN") == "1":
        path.write_text(said, encoding="utf-8")
    assert said.splitlines() == path.read_text(encoding="utf-8").splitlines()


PRINTED = [
    # Figures that contradict one another stand on paper as the sample has them.
    ("ha_tien", "đã tiếp nhận 207 hồ sơ thủ tục hành chính; đã giải quyết 207 hồ sơ."),
    ("ha_tien", "+ Hồ sơ giải quyết trước hạn: 134 hồ sơ."),
    ("ha_tien", "+ Hồ sơ giải quyết đúng hạn: 70 hồ sơ."),
    ("ha_tien", "+ Hồ sơ quá hạn: 04 hồ sơ (đã giải quyết: 03 hồ sơ; đang giải quyết: 0 hồ sơ)."),
    ("ha_tien", "- Còn 04 hồ sơ để quá hạn trên phần mềm."),
    ("ha_tien", "đại học 09 người, chiếm 81,8%; cao đẳng 02 người, chiếm 18,1%;"),
    ("ha_tien", "ngoại ngữ 03 người, chiếm 27%;"),
    ("ha_tien", "282 văn bản, gồm: báo cáo 105, thông báo 10, quyết định 45, tờ trình 11, kế hoạch 26, công văn 90."),
    ("ha_tien", "+ Tỷ lệ giải quyết hồ sơ trực tuyến mức độ 3: 100%."),
    ("ha_tien", "+ Tỷ lệ giải quyết hồ sơ trực tuyến mức độ 4: 97,37%."),
    ("loc_thuy", "đã nhận 12 ý kiến chỉ đạo"),
    ("loc_thuy", "giải quyết 10 ý kiến, đạt tỷ lệ 83%."),
    ("loc_thuy", "Hồ sơ đã giải quyết: 406 hồ sơ, trong đó đúng hạn 394 hồ sơ, tỷ lệ 97%; quá hạn 12 hồ sơ, tỷ lệ 3%."),
    ("loc_thuy", "80 hồ sơ, trong đó còn trong hạn 61 hồ sơ, tỷ lệ 76%; đã quá hạn 19 hồ sơ, tỷ lệ 24%."),
    ("loc_thuy", "+ Nghị quyết số 17/2021/NQ-HĐND ngày 20/122021 của Hội đồng nhân dân xã Lộc Thủy"),
    ("loc_thuy", "\n7. Rà soát, cập nhật, sửa đổi, bổ sung kịp thời"),
    ("dien_bien", "đề ra 18 nhiệm vụ; đến nay đã hoàn thành 06 nhiệm vụ."),
    ("dien_bien", "- Nghị định số 45/2002/NĐ-CP ngày 08/4/2020 của Chính phủ"),
    ("dien_bien", "\n1.3.1.\tSố lượng phiếu khảo sát\tSố lượng\t360 phiếu\n"),
    ("dien_bien", "\n3.3.\tKết quả giải quyết TTHC\t\t4.203\n"),
    ("dien_bien", "\n3.3.1\tSố lượng hồ sơ đã tiếp nhận\tSố lượng hồ sơ\t4.203\n"),
    ("dien_bien", "\n4.2.5.\tTỷ lệ phần trăm biên chế đã tinh giản so với năm 2015\t%\t0,9%\n"),
    ("dien_bien", "\n7.6.1\tThực hiện duy trì, áp dụng hệ thống tại UBND huyện (UBND xã, phường không phải báo cáo mục này)\tCó thực hiện = 1 ¶ Không thực hiện = 0\t1\n"),
]  # fmt: skip


@pytest.mark.parametrize(("sample", "words"), PRINTED)
def test_contradicting_figures_are_printed_as_stated(
    composed: dict[str, Document], sample: str, words: str
) -> None:
    assert words in plain(composed[sample])


@each_sample
def test_the_text_ends_with_the_sign_of_its_end(composed: dict[str, Document], sample: str) -> None:
    last = composed[sample].body[-1]
    assert isinstance(last, Paragraph) and last.text.endswith("./.")
    assert plain(composed[sample]).count("./.") == 1


# --- one text in every form ------------------------------------------------------------------------


class Texts(HTMLParser):
    """The words of a page, and whatever in it names another file."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.words, self.fetched, self.tags = "", [], set()
        self.inside = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.inside = tag
        self.tags.add(tag)
        self.fetched += [f"{tag} {name}" for name, _ in attrs if name in ("src", "href", "data")]

    def handle_data(self, data: str) -> None:
        if self.inside in ("style", "title"):
            assert self.inside == "title" or not re.search(r"url\(|@import", data)
        else:
            self.words += data


def letters(text: str) -> str:
    return re.sub(r"\s", "", unicodedata.normalize("NFC", text))


def pdf_text(content: bytes, tmp_path: Path, *pages: int) -> str:
    """The text below the top margin, which holds the page number."""
    path = tmp_path / "paper.pdf"
    path.write_bytes(content)
    which = ["-f", str(pages[0]), "-l", str(pages[1])] if pages else []
    below = ["-r", "72", "-x", "0", "-y", "50", "-W", "900", "-H", "900"]
    command = ["pdftotext", "-layout", *which, *below, str(path), "-"]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


@each_sample
def test_the_html_file_needs_no_other(composed: dict[str, Document], sample: str) -> None:
    found = Texts(html.page(composed[sample]))
    assert found.fetched == []
    assert found.tags & {"script", "link", "img", "iframe", "object", "base", "form"} == set()


@pytest.mark.pdf
@pytest.mark.poppler
@each_sample
def test_preview_html_and_pdf_have_the_same_text(
    composed: dict[str, Document], sample: str, tmp_path: Path
) -> None:
    document = composed[sample]
    shown = Texts(html.fragment(document, screen=True)).words
    assert shown == Texts(html.fragment(document)).words
    content = _pdf(document)
    sheet = Sheet(content)
    expected = Counter(letters(shown))
    if sheet.appendix:
        repeated = "".join(
            cell.content for row in document.appendices[0].table.head for cell in row
        )
        for _ in sheet.appendix[1:]:
            expected += Counter(letters(repeated))
    printed = pdf_text(content, tmp_path)
    assert Counter(letters(printed)) == expected
    body = letters(printed)
    for block in document.body:
        if not isinstance(block, Table):  # the paragraphs stand in their order
            _, found, body = body.partition(letters(f"{block.marker}{block.text}"))
            assert found


@pytest.mark.pdf
@each_sample
def test_number_day_and_year_never_part_at_the_end_of_a_line(
    composed: dict[str, Document], sample: str
) -> None:
    tied = re.compile(r"(?i)\b(?:số|ngày|tháng|điều|khoản) \d|\bnăm \d{4}\b|\bquý [IV]+\b")
    assert (
        len(re.findall(r"số\u00a0\d|ngày\u00a0\d|năm\u00a0\d{4}", html.page(composed[sample]))) > 9
    )
    sheet = Sheet(_pdf(composed[sample]))
    for page in sheet.report:
        for line, below in itertools.pairwise(sheet.body(page)):
            turn = f"{line.text.split(' ')[-1]} {below.text.split(' ')[0]}"
            assert not tied.match(turn), turn


# --- what the clerk writes -------------------------------------------------------------------------


def _write(report: Report, item: str, text: str) -> Dossier:
    """The text through the door all text comes through."""
    before = dossiers.load(report)
    edits = writing.Edits(narratives={item: {"text": text, "placement": Placement.INSTEAD}})
    assert writing.apply(report, edits, before.catalogue)
    return dossiers.load(report)


HOSTILE = (
    "Một <script>alert(1)</script> hai <b>đậm</b> &lt;i&gt; &amp; “ba” {{ 7*7 }} {% now %}"
    " [ngoặc] <bảng: x> \\{ {không.có} |pad <img src=http://127.0.0.1/a.png> </article></style>"
)


@pytest.mark.pdf
@pytest.mark.poppler
def test_whatever_is_typed_is_printed_as_literal_text(ha_tien: Report, tmp_path: Path) -> None:
    dossier = _write(
        ha_tien, "payments", HOSTILE + "\n\u202eđảo\u202c\u200b ngược\ufeff \u0007xong"
    )
    page = html.page(compose(dossier))
    assert "<script" not in page and "<img" not in page and page.count("</article>") == 1
    content = _pdf(compose(dossier))
    said = letters(pdf_text(content, tmp_path))
    assert letters(HOSTILE) in said
    assert "đảongượcxong" in said
    assert not re.search("[\u202a-\u202e\u2066-\u2069\u200b\ufeff\x07]", said)
    assert b"/URI" not in content


@pytest.mark.pdf
@pytest.mark.poppler
def test_a_narrative_of_100_000_letters_is_printed_whole(ha_tien: Report, tmp_path: Path) -> None:
    words = [f"việc-{number:05d}" for number in range(10_000)]
    text = "\n".join(" ".join(words[at : at + 100]) for at in range(0, 10_000, 100))
    assert len(text) > 99_000
    dossier = _write(ha_tien, "payments", text)
    said = pdf_text(_pdf(compose(dossier)), tmp_path)
    assert re.findall(r"việc-\d{5}", said) == words


def test_live_figures_in_prose_print_what_the_table_holds(loaded: dict[str, Dossier]) -> None:
    dossier = loaded["ha_tien"]
    text = (
        "Quá hạn {procedures.overdue|pad}, tiếp nhận {procedures.received}, tại {unit}, {period}.\n"
        "Chưa nhập {procedures.carried_over}; phản ánh {procedures.feedback_received}; {lạ} {a.b}."
    )
    narratives = {"payments": NarrativeFacts(text)}
    said = plain(compose(replace(dossier, narratives=narratives)))
    assert "Quá hạn 04, tiếp nhận 207, tại xã Hà Tiến, 6 tháng đầu năm 2023.\n" in said
    assert "Chưa nhập ……; phản ánh không phát sinh; {lạ} {a.b}.\n" in said
    changed = dossier.figures | {"procedures.overdue": Value(1234)}
    said = plain(compose(replace(dossier, narratives=narratives, figures=changed)))
    assert "Quá hạn 1.234, tiếp nhận 207" in said
    assert "- Còn 1.234 hồ sơ để quá hạn" in said


def test_none_arisen_nought_and_missing_differ_on_paper(loaded: dict[str, Dossier]) -> None:
    dossier = loaded["ha_tien"]

    def said(value: Value) -> str:
        feedback = ("procedures.feedback_received", "procedures.feedback_handled")
        return plain(
            compose(replace(dossier, figures=dossier.figures | dict.fromkeys(feedback, value)))
        )

    assert "Trong kỳ không phát sinh phản ánh, kiến nghị về quy định" in said(
        Value(none_arisen=True)
    )
    assert "Đã tiếp nhận 0 phản ánh, kiến nghị, xử lý 0 phản ánh, kiến nghị." in said(Value(0))
    missing = said(Value())
    assert "Đã tiếp nhận" not in missing.partition("phản ánh, kiến nghị của người dân")[2][:200]
    assert "Trong kỳ không phát sinh phản ánh" not in missing


def test_a_missing_figure_leaves_room_to_write_it_in(loaded: dict[str, Dossier]) -> None:
    dossier = loaded["ha_tien"]
    figures = dossier.figures | {"procedures.pending_overdue": Value()}
    document = compose(replace(dossier, figures=figures))
    assert "quá hạn: 04 hồ sơ (đã giải quyết: 03 hồ sơ; đang giải quyết: …… hồ sơ)." in plain(
        document
    )
    assert 'class="value missing" data-figure="procedures.pending_overdue">……<' in html.fragment(document, screen=True)  # fmt: skip
    assert "data-figure" not in html.fragment(document)


def test_none_arisen_nought_missing_and_not_to_be_reported_differ_in_the_appendix(
    loaded: dict[str, Dossier],
) -> None:
    dossier = loaded["dien_bien"]

    def row(value: Value) -> str:
        figures = dossier.figures | {"indicator.r3_3_3": value}
        return next(
            line
            for line in plain(compose(replace(dossier, figures=figures))).splitlines()
            if line.startswith("3.3.3.\t")
        )

    name = row(Value()).rstrip()
    assert row(Value(none_arisen=True)) == f"{name}\tKhông phát sinh"
    assert row(Value(0)) == f"{name}\t0"
    assert row(Value(stated="khoảng 8")) == f"{name}\tkhoảng 8"
    assert "\nTại cấp huyện (UBND xã, phường không phải báo cáo mục này)\n" in plain(
        compose(dossier)
    ).replace("\t", "")


# --- letters and lines that only some papers have --------------------------------------------------


def _encodings(content: bytes) -> set[str]:
    """How the fonts map codes to glyphs: by a table of their own when a letter had no glyph."""
    fonts = [
        resolve1(reference)
        for page in Sheet(content).pages
        for reference in resolve1(resolve1(page.page_obj.resources)["Font"]).values()
    ]
    return {getattr(resolve1(font["Encoding"]), "name", "a table") for font in fonts}


@pytest.mark.pdf
@each_sample
def test_no_letter_of_a_sample_is_missing_from_the_font(
    composed: dict[str, Document], sample: str
) -> None:
    assert _encodings(_pdf(composed[sample])) == {"Identity-H"}


@pytest.mark.pdf
def test_every_vietnamese_letter_has_a_glyph_and_a_foreign_one_would_be_noticed() -> None:
    vowels = "aăâeêioôơuưyAĂÂEÊIOÔƠUƯY"
    tones = ("", "\u0300", "\u0309", "\u0303", "\u0301", "\u0323")
    all_letters = unicodedata.normalize("NFC", "".join(v + t for v in vowels for t in tones))
    said = f"{all_letters} đĐ–…“”²"
    style = "<style>p, b, i { font-family: Tinos }</style>"
    page = f"<title>x</title>{style}<p>{said} <b>{said}</b> <i>{said} <b>{said}</b></i>"
    assert _encodings(pdf.make_pdf(page)) == {"Identity-H"}
    assert "a table" in _encodings(pdf.make_pdf(page + "<p>\U000103a0"))


@pytest.mark.pdf
def test_a_superior_stands_upright_above_the_agency_and_in_its_own_column(
    loaded: dict[str, Dossier],
) -> None:
    dossier = loaded["ha_tien"]
    outline = replace(dossier.outline, prints_superior=True)
    sheet = Sheet(_pdf(compose(replace(dossier, outline=outline))))
    lines = sheet.lines(sheet.pages[0], 0, 95)[:4]
    assert [(line.text, set(line.faces)) for line in lines] == [
        ("ỦY BAN NHÂN DÂN", {"Tinos"}),
        ("HUYỆN HÀ TRUNG", {"Tinos"}),
        ("ỦY BAN NHÂN DÂN", {"Tinos-Bold"}),
        ("XÃ HÀ TIẾN", {"Tinos-Bold"}),
    ]
    assert {size for line in lines for size in line.sizes} == {13}


@pytest.mark.pdf
def test_a_signature_never_stands_alone_on_a_page(composed: dict[str, Document]) -> None:
    whole = composed["loc_thuy"]
    filler = Paragraph((Run("Trong kỳ, xã đã tổ chức đối thoại với Nhân dân. " * 3),))
    pages = set()
    for count in range(6, 16):
        body = (*[filler] * count, whole.body[-1])
        sheet = Sheet(_pdf(replace(whole, body=body, appendices=())))
        pages.add(len(sheet.pages))
        lines = sheet.body(sheet.pages[-1])
        signed = next(i for i, line in enumerate(lines) if line.text.startswith("TM. ỦY BAN"))
        assert lines[signed - 1].text.endswith("./.")
        assert any("Lưu: VP." in line.text for line in lines[signed:])
    assert pages == {1, 2}, "the sweep passes over the end of a page"
