"""The composed paper: blanks and grammar marks, headings without text, lists and lead-ins, single signs.

These rules look at the printed text, so they hold for any outline, also one written in the browser.
"""

import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise

from django.conf import settings

from ..catalogue.field_names import FieldName
from ..catalogue.outlines import ItemFacts
from ..catalogue.questionnaire import named_figures
from ..compose.sentences import live_runs
from ..compose.tidy import is_lead
from ..documents import letters
from ..documents.tree import Heading, Paragraph, Run, Table
from ..enums import Section, Severity, ValueKind
from ..models import TABLES_BY_NAME
from ..text.typography import NBSP
from .case import WITHOUT_TABLES, Case, Problem, cut, rule, values_of

#: Dots that stand for something to be written in: `v.v…` and `...` are only an end left open.
DOTS = re.compile(r"…[ \xa0]*…|\.{4,}|_{5,}")
#: Marks of the grammar of sentences that no official text has.
GRAMMAR = re.compile(r"\{[^{}\n]*\}|[{}]|\|\||^@[a-z]+")
#: `Nơi này: 5 hồ sơ` where the paper writes `05 hồ sơ`.
BARE_COUNT = re.compile(
    r"(?<![\w.,/:%–-])([1-9])[ \xa0]([a-zà-ỹ][\wà-ỹ]*(?:[ \xa0][a-zà-ỹ][\wà-ỹ]*)?)"
)
#: After these words a number is an ordinal or a measure of time and keeps its single digit.
ORDINAL = re.compile(
    r"(?:thứ|mức độ|mức|cấp|quý|điều|khoản|điểm|mục|lần|khóa|phần|tháng|số)[ \xa0]$", re.IGNORECASE
)
OUTLINE_FIX = "Báo quản trị hệ thống sửa đề cương, hoặc viết lời văn thay cho câu soạn sẵn."
#: Paragraphs whose words people typed, or that a table of documents did.
BY_PEOPLE = ("clerk", "documents")
#: Marks of a list that a line leads to.
BULLETS = ("-", "+", "*")
#: Texts of a cited document as its source printed them, with the field that shows them.
AS_PRINTED = {"cited_as": "number", "date_text": "date"}

_Place = tuple[Section, str]


def _field(case: Case, item_code: str) -> _Place:
    """The page of an outline item and the field its own words are typed in."""
    item = case.items[item_code]
    if item.takes_narrative:
        return item.section, str(FieldName.text(item_code))
    for line in item.body.splitlines():
        verb, _, code = line.strip().partition(" ")
        if verb == "@text" and code.strip() in case.dossier.catalogue:
            return case.place(code.strip())
    return item.section, ""


def _paragraphs(case: Case) -> Iterator[Paragraph]:
    yield from (block for block in case.body if isinstance(block, Paragraph) and block.item)


@rule(Severity.ERROR)
def dots_typed(case: Case) -> Iterator[Problem]:
    """No text holds dots or underscores that stand for something to be filled in.

    Nghị định 30/2020/NĐ-CP: a paper that is sent is complete; only its number and day come later.
    """
    for place, text in _typed_texts(case):
        match = DOTS.search(text)
        if match:
            yield Problem(
                *place,
                f"{'Mục này' if place[0] in WITHOUT_TABLES else 'Lời văn'} còn chỗ trống “{_around(text, match)}”.",
                "Điền nội dung vào chỗ trống, hoặc bỏ câu đó.",
            )
    for place, text in _prescribed(case):
        match = DOTS.search(text)
        if match:
            yield Problem(*place, f"Đề cương còn chỗ trống “{_around(text, match)}”.", OUTLINE_FIX)


def _around(text: str, match: re.Match[str]) -> str:
    return cut(text[max(0, match.start() - 30) : match.end() + 20])


@rule(Severity.ERROR)
def grammar_printed(case: Case) -> Iterator[Problem]:
    """The paper prints no braces or other marks of the grammar of outlines.

    compose/sentences.py: braces name a figure and are replaced by its value.
    """
    narratives = [
        (_field(case, block.item), block.text)
        for block in _paragraphs(case)
        if block.source == "clerk"
    ]
    notes = [(place, "".join(run.text for run in runs)) for place, runs in _notes(case)]
    values = [
        (case.printed_place(run.figure, block.item), run.text)
        for block in _paragraphs(case)
        if block.source != "clerk"
        for run in block.runs
        if run.figure
    ]
    for place, text in (*narratives, *values, *notes, *_frame_texts(case), *_cell_texts(case)):
        match = GRAMMAR.search(text)
        if match:
            yield Problem(
                *place,
                f"Văn bản in ra ký hiệu “{cut(match[0])}” trong câu “{cut(text)}”.",
                "Sửa lời văn: bỏ ký hiệu, hoặc chọn số liệu từ danh sách chèn số liệu.",
            )
    for place, text in _prescribed(case):
        match = GRAMMAR.search(text)
        if match:
            yield Problem(
                *place,
                f"Văn bản in ra ký hiệu “{cut(match[0])}” trong câu “{cut(text)}”.",
                OUTLINE_FIX,
            )


def _prescribed(case: Case) -> Iterator[tuple[_Place, str]]:
    """The outline's own words as the paper prints them, 0 for each value; the frame belongs to its page."""
    for block in case.body:
        if isinstance(block, Heading):
            yield (case.items[block.item].section, ""), block.text
        elif isinstance(block, Paragraph) and block.item and block.source not in BY_PEOPLE:
            text = "".join("0" if run.figure else run.text for run in block.runs)
            yield (case.items[block.item].section, ""), text
    for line in case.frame:
        text = "".join("0" if run.figure else run.text for run in line)
        yield (Section.PAPER, ""), text
    if case.dossier.indicators:
        yield (Section.APPENDIX, ""), case.dossier.indicators.title


@rule(Severity.ERROR)
def heading_without_text(case: Case) -> Iterator[Problem]:
    """Under every heading of the paper something stands.

    Nghị định 30/2020/NĐ-CP, Phụ lục I: a heading heads a part of the text.
    """
    body = [*case.body, None]
    for block, following in pairwise(body):
        bare = isinstance(block, Paragraph) and block.source == "bare"
        if isinstance(block, Heading):
            bare = following is None or (
                isinstance(following, Heading) and block.item != case.items[following.item].parent
            )
        if bare:
            assert isinstance(block, (Heading, Paragraph))
            item = case.items[block.item]
            if _waits(case, item):
                continue  # told by figure_required
            yield Problem(
                *_field(case, block.item),
                f"Mục “{cut(item.title)}” chưa có nội dung: văn bản chỉ in đề mục.",
                "Nhập số liệu hoặc lời văn của mục; nếu trong kỳ không có, ghi rõ không phát sinh.",
            )


def _waits(case: Case, item: ItemFacts) -> bool:
    """Whether a figure that the item must print is still to be entered."""
    own = replace(case.dossier.outline, items=(item,), subject="", opening="", closing="")
    return any(
        required
        and not case.dossier.catalogue[code].table
        and not case.dossier.value(code).answered
        for code, required in named_figures(own, None).items()
    )


@rule(Severity.ERROR)
def lead_in_without_list(case: Case) -> Iterator[Problem]:
    """A line that ends with a colon is followed by what it announces.

    The use of the colon; the composed lines are put right by compose/tidy.py.
    """
    body = [*case.body, None]
    for block, following in pairwise(body):
        if not isinstance(block, Paragraph) or block.source != "clerk" or not is_lead(block):
            continue
        ends = following is None or isinstance(following, Heading)
        if isinstance(following, Paragraph):
            below = case.items[following.item].parent if following.item else ""
            titled = following.source in ("title", "bare")
            ends = following.source == "closing" or (titled and below != block.item)
        if ends:
            yield Problem(
                *_field(case, block.item),
                f"Câu “{cut(block.text)}” kết thúc bằng dấu hai chấm mà không có nội dung tiếp theo.",
                "Viết tiếp nội dung, hoặc kết thúc câu bằng dấu chấm.",
            )


@rule(Severity.WARNING)
def list_without_lead_in(case: Case) -> Iterator[Problem]:
    """Bullets that the clerk typed follow a heading or a line that leads to them.

    The use of the colon; the composed lines are put right by compose/tidy.py.
    """
    for above, block in pairwise(case.body):
        listed = (
            isinstance(block, Paragraph) and block.source == "clerk" and block.marker in BULLETS
        )
        if not listed:
            continue
        ended = isinstance(above, Table) or (
            isinstance(above, Paragraph)
            and not above.marker
            and above.source not in ("title", "bare")
            and not is_lead(above)
        )
        if ended:
            assert isinstance(block, Paragraph)
            yield Problem(
                *_field(case, block.item),
                f"Gạch đầu dòng “{cut(block.text)}” chưa có câu dẫn: câu ngay trên không kết thúc bằng dấu hai chấm.",
                "Thêm câu dẫn kết thúc bằng dấu hai chấm, hoặc bỏ gạch đầu dòng.",
                values_of(cut(block.text)),
            )


@rule(Severity.WARNING)
def bare_answer(case: Case) -> Iterator[Problem]:
    """A yes or no is told in a sentence, not as on a form (“…: Có thực hiện”).

    Official reports are prose; an outline tells such a figure as done or not yet done.
    """
    for block in _paragraphs(case):
        for before, run in pairwise(block.runs):
            figure = case.dossier.catalogue.get(run.figure)
            yes_no = figure and figure.kind == ValueKind.CODE and len(figure.choices) == 2
            if yes_no and before.text.replace(NBSP, " ").rstrip().endswith(":"):
                yield Problem(
                    *case.printed_place(run.figure, block.item),
                    f"Văn bản in “{cut(block.text)}” như trong biểu mẫu.",
                    "Viết thành câu trong lời văn của mục, thay cho câu soạn sẵn.",
                    values_of(run.text),
                )


@rule(Severity.ERROR)
def values_run_together(case: Case) -> Iterator[Problem]:
    """Between two values of a sentence stand words or a mark.

    Two figures side by side read as one number.
    """
    for block in _paragraphs(case):
        for before, run in pairwise(block.runs):
            touching = before.text[-1:].isalnum() and run.text[:1].isalnum()
            if before.figure and run.figure and touching:
                yield Problem(
                    *case.printed_place(run.figure, block.item),
                    f"Hai số liệu in liền nhau trong câu “{cut(block.text)}”.",
                    "Báo quản trị hệ thống sửa đề cương, hoặc viết lời văn thay cho câu soạn sẵn.",
                )


@rule(Severity.WARNING)
def zeros_mixed(case: Case) -> Iterator[Problem]:
    """Numbers under ten are written one way through the whole paper: 05 or 5.

    The habit of official prose; sentences of the outline follow it by themselves.
    """
    if not any(re.match(r"0[1-9](?!\d)", run.text) for run in case.runs if run.figure):
        return
    units = {figure.unit for figure in case.dossier.catalogue.values()} - {"", "%", "m²", "đồng"}
    for block in _paragraphs(case):
        if block.source != "clerk":
            continue
        text = "".join("" if run.figure else run.text for run in block.runs)
        for match in BARE_COUNT.finditer(text):
            noun = match[2].replace(NBSP, " ")
            is_unit = noun in units or noun.split()[0] in units
            if is_unit and not ORDINAL.search(text[: match.start()]):
                yield Problem(
                    *_field(case, block.item),
                    f"Lời văn ghi “{match[1]} {noun}”, các câu khác của báo cáo ghi số nhỏ hơn 10 có "
                    f"số 0 đứng trước (“0{match[1]} {noun}”).",
                    "Ghi thống nhất một cách trong cả báo cáo.",
                    values_of(match[1], noun),
                )
                break


@rule(Severity.ERROR)
def letter_not_in_font(case: Case) -> Iterator[Problem]:
    """No text holds a letter or sign that the font of the paper lacks: it would print as an empty box.

    Nghị định 30/2020/NĐ-CP, Phụ lục I: the paper is set in Times New Roman, Unicode TCVN 6909:2001.
    """
    for place, text in _typed_texts(case):
        missing = letters.unprintable(text, settings.FONT_DIR)
        if missing:
            yield Problem(
                *place,
                f"Phông chữ của văn bản không có ký hiệu {letters.listed(missing)}.",
                "Thay bằng chữ hoặc dấu khác; để nguyên thì khi in thành ô trống.",
            )


def _typed_texts(case: Case) -> Iterator[tuple[_Place, str]]:
    """Every text that people typed and paper prints, with its page and field."""
    dossier = case.dossier
    for code, narrative in dossier.narratives.items():
        if code in case.items and case.items[code].takes_narrative:
            yield _field(case, code), narrative.text
    for code, value in dossier.figures.items():
        if isinstance(value.content, str):
            yield case.place(code), value.content
    for place, runs in _notes(case):
        yield place, "".join("0" if run.figure else run.text for run in runs)
    yield from _cell_texts(case)
    yield from _frame_texts(case)


def _notes(case: Case) -> Iterator[tuple[_Place, tuple[Run, ...]]]:
    """The notes of the appendix as it prints them."""
    for row in case.dossier.indicators.rows if case.dossier.indicators else ():
        field = str(FieldName.note(row.code)) if row.reported else ""
        text = case.dossier.notes.get(row.code, "")
        if text:
            yield (Section.APPENDIX, field), live_runs(text, case.dossier)


def _cell_texts(case: Case) -> Iterator[tuple[_Place, str]]:
    """The texts in rows of tables."""
    for table, model in TABLES_BY_NAME.items():
        for row in case.rows(table):
            section = model.page_of(row.keys)
            for column, content in row.keys.items():
                if isinstance(content, str):
                    field = AS_PRINTED.get(column, column)
                    name = FieldName.cell(table, field, row.uid)
                    yield (section, "" if section in WITHOUT_TABLES else str(name)), content


def _frame_texts(case: Case) -> Iterator[tuple[_Place, str]]:
    """What was typed for the frame of the paper."""
    for name in ("place", "addressees", "recipients", "signer_title", "signer_name"):
        yield (Section.PAPER, name), getattr(case.dossier.paper, name)
