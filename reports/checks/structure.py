"""The composed paper read as its reader will: nothing missing, nothing bare, nothing left over.

These rules look at what is printed, so they hold for any outline, also one written in the browser.
"""

import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise

from django.conf import settings

from ..compose.tidy import is_lead
from ..document import letters
from ..document.tree import Heading, Paragraph
from ..dossier import ItemFacts
from ..enums import Placement, Section, Severity, ValueKind
from ..progress import named_figures
from ..vietnamese import NBSP
from .case import TABLE_MODELS, WITHOUT_TABLES, Case, Problem, rule, values_of

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
LONGEST_SAID = 60
#: Texts of a cited document as its source printed them, with the field that shows them.
AS_PRINTED = {"cited_as": "number", "date_text": "date"}

_Place = tuple[Section, str]


def _cut(text: str) -> str:
    text = text.replace(NBSP, " ").strip()
    return text if len(text) <= LONGEST_SAID else text[:LONGEST_SAID].rsplit(" ", 1)[0] + "…"


def _field(case: Case, item_code: str) -> _Place:
    """The page of an outline item and the field its own words are typed in."""
    item = case.items[item_code]
    if item.takes_narrative:
        return item.section, f"text:{item_code}"
    for line in item.body.splitlines():
        verb, _, code = line.strip().partition(" ")
        if verb == "@text" and code.strip() in case.dossier.catalogue:
            return case.place(code.strip())
    return item.section, ""


def _figure(case: Case, name: str, item_code: str) -> _Place:
    """The field of a printed figure; in a row `code@uid`."""
    code, at, _ = name.partition("@")
    if not at:
        return case.place(code)
    section = TABLE_MODELS[case.dossier.catalogue[code].table].section
    return section or case.items[item_code].section, name


def _paragraphs(case: Case) -> Iterator[Paragraph]:
    yield from (block for block in case.body if isinstance(block, Paragraph) and block.item)


@rule(Severity.ERROR)
def missing_value_printed(case: Case) -> Iterator[Problem]:
    """No sentence of the paper prints dots for a value that was not entered.

    Nghị định 30/2020/NĐ-CP: a paper that is sent is complete; only its number and day come later.
    """
    required = named_figures(case.dossier.outline, case.dossier.indicators)
    for block in _paragraphs(case):
        if block.source == "clerk":
            continue  # told by text_names_missing_figure
        for run in block.runs:
            code = run.figure.partition("@")[0]
            # What is required and missing is told by figure_required.
            if run.missing and ("@" in run.figure or not required.get(code)):
                yield Problem(
                    *_figure(case, run.figure, block.item),
                    f"Câu “{_cut(block.text)}” còn chỗ trống: chưa có {case.label(code)}.",
                    "Nhập số liệu; nếu trong kỳ không có, ghi “Không phát sinh”.",
                )


@rule(Severity.ERROR)
def dots_typed(case: Case) -> Iterator[Problem]:
    """No text of the clerk holds dots or underscores that stand for something to be filled in.

    Nghị định 30/2020/NĐ-CP: a paper that is sent is complete; only its number and day come later.
    """
    for block in _paragraphs(case):
        typed = "".join(run.text for run in block.runs if not run.missing)
        found = DOTS.search(typed) if block.source == "clerk" else None
        if found:
            around = typed[max(0, found.start() - 30) : found.end() + 20]
            yield Problem(
                *_field(case, block.item),
                f"Lời văn còn chỗ trống “{_cut(around)}”.",
                "Điền nội dung vào chỗ trống, hoặc bỏ câu đó.",
            )


@rule(Severity.ERROR)
def grammar_printed(case: Case) -> Iterator[Problem]:
    """The paper prints no braces or other marks of the grammar of outlines.

    compose/sentences.py: braces name a figure and are replaced by its value.
    """
    for block in _paragraphs(case):
        found = GRAMMAR.search(block.text)
        if found:
            clerk = block.source == "clerk"
            yield Problem(
                *(_field(case, block.item) if clerk else (case.items[block.item].section, "")),
                f"Văn bản in ra ký hiệu “{_cut(found[0])}” trong câu “{_cut(block.text)}”.",
                "Sửa lời văn: bỏ ký hiệu, hoặc chọn số liệu từ danh sách chèn số liệu."
                if clerk
                else "Báo quản trị hệ thống sửa đề cương, hoặc viết lời văn thay cho câu soạn sẵn.",
            )


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
                f"Mục “{_cut(item.title)}” chưa có nội dung: văn bản chỉ in đề mục.",
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
                f"Câu “{_cut(block.text)}” kết thúc bằng dấu hai chấm mà không có nội dung tiếp theo.",
                "Viết tiếp nội dung, hoặc kết thúc câu bằng dấu chấm.",
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
                    *_figure(case, run.figure, block.item),
                    f"Văn bản in “{_cut(block.text)}” như trong biểu mẫu.",
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
                    *_figure(case, run.figure, block.item),
                    f"Hai số liệu in liền nhau trong câu “{_cut(block.text)}”.",
                    "Báo quản trị hệ thống sửa đề cương, hoặc viết lời văn thay cho câu soạn sẵn.",
                )


@rule(Severity.WARNING)
def figure_not_printed(case: Case) -> Iterator[Problem]:
    """A figure that the outline asks for and the clerk gave stands somewhere in the paper.

    Báo cáo in đủ số liệu đã hỏi: what is typed is not dropped in silence.
    """
    dossier = case.dossier
    printed = {run.figure for run in case.runs} | {
        row.figure for row in (dossier.indicators.rows if dossier.indicators else ())
    }
    replaced = {
        code
        for item in dossier.outline.items
        if (told := dossier.narratives.get(item.code)) and told.placement == Placement.INSTEAD
        for code in re.findall(r"[a-z_]+\.[a-z0-9_]+", item.body)
    }
    parts = {
        part
        for code in printed
        if (figure := dossier.catalogue.get(code))
        for part in (*figure.parts, figure.whole)
    }
    for code in named_figures(dossier.outline, None):
        figure, value = dossier.catalogue[code], dossier.value(code)
        # A total of rows is told by its rows; "không phát sinh" may be said by the sentence itself.
        hidden = code not in printed and code not in parts and code not in replaced
        if hidden and figure.section and not figure.rows_of and value.number:
            yield Problem(
                *case.place(code),
                f"Đã có số liệu {case.label(code)} nhưng văn bản không in ở đâu.",
                "Nhập các số liệu cùng câu để câu được in, hoặc nhắc số liệu này trong lời văn.",
                values_of(value.number),
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
        for found in BARE_COUNT.finditer(text):
            said = found[2].replace(NBSP, " ")
            known = said in units or said.split()[0] in units
            if known and not ORDINAL.search(text[: found.start()]):
                yield Problem(
                    *_field(case, block.item),
                    f"Lời văn ghi “{found[1]} {said}”, các câu khác của báo cáo ghi số nhỏ hơn 10 có "
                    f"số 0 đứng trước (“0{found[1]} {said}”).",
                    "Ghi thống nhất một cách trong cả báo cáo.",
                    values_of(found[1], said),
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
                f"Phông chữ của văn bản không có ký hiệu {letters.said(missing)}.",
                "Thay bằng chữ hoặc dấu khác; để nguyên thì khi in thành ô trống.",
            )


def _typed_texts(case: Case) -> Iterator[tuple[_Place, str]]:
    """Every text that people typed and paper prints, with its page and field."""
    dossier = case.dossier
    for code, narrative in dossier.narratives.items():
        if code in case.items:
            yield _field(case, code), narrative.text
    for code, value in dossier.figures.items():
        if isinstance(value.content, str):
            yield case.place(code), value.content
    for asked in dossier.indicators.rows if dossier.indicators else ():
        field = f"note:{asked.code}" if asked.kind == "value" and asked.applies else ""
        yield (Section.APPENDIX, field), dossier.notes.get(asked.code, "")
    for table, model in TABLE_MODELS.items():
        for row in case.rows(table):
            section = model.section or Section(str(row.keys["part"]))
            for column, content in row.keys.items():
                if isinstance(content, str):
                    shown = AS_PRINTED.get(column, column)
                    field = "" if section in WITHOUT_TABLES else f"{table}.{shown}@{row.uid}"
                    yield (section, field), content
    for name in ("place", "addressees", "recipients", "signer_title", "signer_name"):
        yield (Section.PAPER, name), getattr(dossier.paper, name)
