"""Word, PDF, HTML, Excel and JSON of random reports agree in every number.

The method, exact on every side, with the HTML file as the measure:

- Word and PDF are read in the order of the file, blanks dropped, and must equal the HTML letter for
  letter; only then are their numbers read, and must be the same list. A PDF breaks lines, even within
  a long number in a narrow column, so a line end counts as a blank only where the HTML has one.
- Excel: each cell of the appendix, shown as its number format says, is the text of the HTML cell.
- JSON: each stretch of text or cell that the composed document attributes to a figure is read back
  as a number, and must be the one that the JSON states for that figure.
"""

import io
import json
import re
import subprocess
import unicodedata
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from html.parser import HTMLParser
from pathlib import Path
from random import Random
from typing import Any

import docx
import openpyxl
import pytest
from conftest import DIEN_BIEN, report_of
from django.db import transaction
from docx.oxml.ns import qn
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from openpyxl.cell.cell import Cell as SheetCell
from random_reports import TYPED, contents

from reports.catalogue.figures import Catalogue, Figure
from reports.compose import compose
from reports.documents.html import cell_text
from reports.documents.tree import Document, Paragraph, Table
from reports.dossier.facts import Dossier, load
from reports.dossier.json import to_json
from reports.enums import ValueKind
from reports.imports.report_json import import_report
from reports.issuing import papers
from reports.models import Indicator, Report
from reports.text.dates import format_date

pytestmark = [pytest.mark.django_db, pytest.mark.pdf, pytest.mark.poppler]

NUMBER = re.compile(r"[0-9](?:[0-9.,/]*[0-9])?")
#: Points from the top of the sheet, above which stands the page number alone.
TOP_MARGIN = 50
#: Rows of the appendix's head, and the row of the sheet where its body begins.
HEAD_ROWS, BODY_FIRST = 2, 7
BLANK, NONE_ARISEN = "……", "không phát sinh"


def squeezed(text: str) -> str:
    return re.sub(r"\s", "", unicodedata.normalize("NFC", text))


def numbers(pieces: list[str]) -> list[str]:
    """The numbers in the order of the text; none reaches from one piece into the next."""
    return [number for piece in pieces for number in NUMBER.findall(piece)]


# --- reading the papers back --------------------------------------------------------------------------


class Page(HTMLParser):
    """An HTML paper as pieces of text, one a block or line, and the cells of its appendix."""

    BREAKS = {"p", "td", "th", "tr", "br", "h1", "h2", "h3", "h4", "h5", "h6", "table", "article"}

    def __init__(self, content: bytes) -> None:
        super().__init__()
        self.pieces, self.rows, self.heads = [""], list[list[str]](), list[str]()
        self.inside, self.in_appendix, self.in_head, self.in_cell = "", False, False, False
        self.feed(content.decode())

    @property
    def text(self) -> str:
        return " ".join(self.pieces)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.inside = tag
        self.in_appendix |= tag == "article" and "appendix" in str(dict(attrs).get("class"))
        if tag == "thead":
            self.in_head = True
            self.heads.append("")
        if tag in self.BREAKS:
            self.pieces.append("")
        if self.in_appendix and tag == "tr":
            self.rows.append([])
        if self.in_appendix and tag in ("td", "th"):
            self.rows[-1].append("")
            self.in_cell = True
        if self.in_cell and tag == "br":
            self.rows[-1][-1] += "\n"

    def handle_endtag(self, tag: str) -> None:
        self.in_head &= tag != "thead"
        self.in_cell &= tag not in ("td", "th")
        if tag in self.BREAKS:
            self.pieces.append("")

    def handle_data(self, data: str) -> None:
        if self.inside in ("style", "title"):
            return
        self.pieces[-1] += data
        if self.in_head:
            self.heads[-1] += data
        if self.in_cell:
            self.rows[-1][-1] += data


def word_pieces(content: bytes) -> list[str]:
    """The paragraphs of a Word file, in tables too, in the order of the file; a line break parts."""
    pieces = []
    for paragraph in docx.Document(io.BytesIO(content)).element.body.iter(qn("w:p")):
        pieces.append("")
        for part in paragraph.iter(qn("w:t"), qn("w:br"), qn("w:tab")):
            if part.tag == qn("w:t"):
                pieces[-1] += part.text or ""
            else:
                pieces.append("")
    return pieces


def pdf_pages(content: bytes, path: Path) -> list[str]:
    """The text of each page in the order in which it was drawn, without the page number."""
    path.write_bytes(content)
    below = ["-r", "72", "-x", "0", "-y", str(TOP_MARGIN), "-W", "900", "-H", "900"]
    command = ["pdftotext", "-raw", *below, str(path), "-"]
    text = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    return text.split("\f")[:-1]


def without_repeated_heads(pages: list[str], page: Page) -> str:
    """The pages as one text; the head of a table that goes on is dropped where it is drawn again."""
    said, heads = squeezed(page.text), [squeezed(head) for head in page.heads]
    whole, at = "", 0
    for drawn in pages:
        plain = squeezed(drawn)
        for head in heads:
            again = plain.removeprefix(head)
            if not said.startswith(plain, at) and said.startswith(again, at):
                drawn, plain = _dropped(drawn, len(head)), again
        whole, at = whole + drawn + "\n", at + len(plain)
    return whole


def _dropped(text: str, letters: int) -> str:
    """The text without its first letters, blanks not counted."""
    ends = [match.end() for match in re.finditer(r"\S", text)]
    return text[ends[letters - 1] :]


def healed(drawn: str, page: Page) -> str:
    """The drawn text in one line: a line end is a blank where the page has one, else nothing."""
    blanks, at = set(), 0
    for word in page.text.split():
        at += len(squeezed(word))
        blanks.add(at)
    whole, at = "", 0
    for line in drawn.splitlines():
        at += len(squeezed(line))
        whole += line + " " * (at in blanks)
    return whole


def shown(cell: SheetCell) -> str:
    """A cell of the sheet as its number format shows it, with Vietnamese separators."""
    if cell.data_type != "n" or cell.value is None:
        return str(cell.value or "")
    decimals = len(cell.number_format.partition(".")[2])
    text = f"{Decimal(str(cell.value)):,.{decimals}f}"
    assert Decimal(text.replace(",", "")) == Decimal(str(cell.value))  # it shows all it holds
    return text.translate(str.maketrans(",.", ".,"))


# --- what JSON states ---------------------------------------------------------------------------------


def printed(document: Document) -> Iterator[tuple[str, str]]:
    """Each figure that the document prints, with the text it prints for it."""
    for block in document.body:
        if isinstance(block, Paragraph):
            yield from ((run.figure, run.text) for run in block.runs if run.figure)
    tables = [block for block in document.body if isinstance(block, Table)]
    for table in [*tables, *(appendix.table for appendix in document.appendices)]:
        for row in table.body:
            yield from ((cell.figure, cell_text(cell)) for cell in row if cell.figure)


def stated(data: dict[str, Any], figure: Figure, uid: str) -> list[Any]:
    """What the JSON states of a figure, in its row; empty for a computed one."""
    if not figure.table:
        return [data["figures"][figure.code]] if figure.code in data["figures"] else []
    column = figure.code.partition(".")[2]
    rows = data["tables"][figure.table]
    return [row[column] for row in rows if row["uid"] == uid and column in row]


def says(text: str, raw: Any, figure: Figure) -> bool:
    """Whether the printed text is the value that JSON states."""
    text = text.replace("\u00a0", " ")
    if isinstance(raw, dict) and "stated" in raw:
        same = squeezed(text).removesuffix("%") == squeezed(raw["stated"]).removesuffix("%")
        return same or number(text) == number(raw["stated"]) is not None
    if isinstance(raw, dict):
        return text == raw["value"]
    if raw is None or raw == "none_arisen":
        return text in ("", BLANK) if raw is None else text.lower() == NONE_ARISEN
    if figure.kind == ValueKind.TEXT:
        return squeezed(text) in squeezed(raw)
    if figure.kind == ValueKind.DATE:
        return text == format_date(date.fromisoformat(raw))
    if figure.kind == ValueKind.CODE:
        return text in (str(raw), dict(figure.choices).get(raw))
    return number(text) == Decimal(str(raw))


def number(text: str) -> Decimal | None:
    """A number as paper prints it, `1.234,5` or `97,37%`; None for anything else."""
    found = re.fullmatch(r"([0-9]{1,3}(?:\.[0-9]{3})*|[0-9]+)(,[0-9]+)?%?", text)
    if not found:
        return None
    return Decimal(found[1].replace(".", "") + (found[2] or "").replace(",", "."))


# --- the test -----------------------------------------------------------------------------------------


def random_report(base: Dossier, data: st.DataObject) -> dict[str, Any]:
    """The sample with a random number in most figures, and random rows, prose, notes and frame."""
    told, content = to_json(base), data.draw(contents(base, TYPED))
    items = [item.code for item in base.outline.items]
    for row in content["tables"]["documents"]:
        row["item"] = items[0]
    content["narratives"] = dict(zip(items, content["narratives"].values(), strict=False))
    drawn = random_numbers(base.catalogue, Random(data.draw(st.integers(0, 2**32))))
    figures = told["figures"] | {code: n for code, n in drawn if code in told["figures"]}
    return {
        **told,
        **content,
        "figures": figures | content["figures"],
        "paper": told["paper"] | content["paper"],
    }


def random_numbers(catalogue: Catalogue, random: Random) -> Iterator[tuple[str, int | float]]:
    """Numbers of one to twelve digits; too many for a strategy to draw each by itself."""
    for code, figure in catalogue.items():
        digits = random.randrange(10 ** random.randint(1, 12))
        if figure.kind in (ValueKind.COUNT, ValueKind.AMOUNT):
            yield code, digits
        elif figure.kind == ValueKind.DECIMAL or (
            figure.kind == ValueKind.PERCENT and not figure.whole
        ):
            yield code, digits / 100


@settings(
    max_examples=20, deadline=None, derandomize=True, database=None, phases=[Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow,
                           HealthCheck.data_too_large, HealthCheck.filter_too_much],
)  # fmt: skip
@given(data=st.data())
def test_the_five_papers_of_twenty_random_reports_agree_in_every_number(
    dien_bien: Report, tmp_path: Path, data: st.DataObject
) -> None:
    with transaction.atomic():
        import_report(json.dumps(random_report(load(dien_bien), data)))
        report = report_of(DIEN_BIEN)
        dossier = load(report)
        made = {kind: make(report) for kind, make in papers.MAKERS.items()}
        transaction.set_rollback(True)
    page = Page(made["html"])
    assert len(numbers(page.pieces)) > 200

    words = word_pieces(made["docx"])
    assert squeezed(" ".join(words)) == squeezed(page.text)
    assert numbers(words) == numbers(page.pieces)

    drawn = without_repeated_heads(pdf_pages(made["pdf"], tmp_path / "paper.pdf"), page)
    assert squeezed(drawn) == squeezed(page.text)
    assert numbers([healed(drawn, page)]) == numbers(page.pieces)

    (sheet,) = openpyxl.load_workbook(io.BytesIO(made["xlsx"])).worksheets
    body = page.rows[HEAD_ROWS:]
    for cells, told in zip(
        sheet.iter_rows(BODY_FIRST, BODY_FIRST + len(body) - 1), body, strict=True
    ):
        assert [shown(cell) for cell in cells] == told

    assert disagreements(compose(dossier), json.loads(made["json"]), dossier) == []


def disagreements(document: Document, data: dict[str, Any], dossier: Dossier) -> list[str]:
    """The printed figures that are not what the JSON states, each with both."""
    rows = dossier.indicators.rows if dossier.indicators else ()
    yes_or_no = {row.figure for row in rows if row.show == Indicator.Show.OCCURS}
    wrong, compared = [], 0
    for name, text in printed(document):
        code, _, uid = name.partition("@")
        figure = dossier.catalogue[code]
        values = stated(data, figure, uid)
        if not values:
            continue
        compared += 1
        if code in yes_or_no and text in ("0", "1"):
            # "Không phát sinh" says that it did not occur.
            counts = [0 if raw == "none_arisen" else raw for raw in values]
            agree = any(isinstance(n, int) and text == str(int(n > 0)) for n in counts)
        else:
            agree = any(says(text, raw, figure) for raw in values)
        if not agree:
            wrong.append(f"{code}: printed {text!r}, stated {values!r}")
    assert compared > 100
    return wrong


def test_the_comparison_notices_a_number_that_differs_and_one_that_is_torn() -> None:
    page = Page(b"<p>c\xc3\xb3 2.395 h\xe1\xbb\x93 s\xc6\xa1</p><p>12 3</p>")
    assert numbers(page.pieces) == ["2.395", "12", "3"]
    torn = "có 2.3\n95 hồ sơ\n12\n3\n"
    assert numbers([healed(torn, page)]) == ["2.395", "12", "3"]
    for other in ("có 2.396 hồ sơ\n12 3\n", "có 2.395 hồ sơ\n1 23\n", "có 2.395 hồ sơ\n123\n"):
        assert numbers([healed(other, page)]) != numbers(page.pieces)
