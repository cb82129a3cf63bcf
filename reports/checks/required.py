"""What a report needs to be sent: its figures, as numbers; confirmations, frame, evidence."""

from collections.abc import Iterator

from ..catalogue.field_names import FieldName
from ..catalogue.figures import Figure
from ..catalogue.questionnaire import REQUIRED_OF_PAPER
from ..catalogue.values import MISSING
from ..compose.sentences import show
from ..dossier import Dossier
from ..enums import Section, Severity, ValueKind
from ..evidence import missing_evidence
from ..models import TABLES_BY_NAME
from .case import Case, Problem, rule, values_of


@rule(Severity.ERROR)
def figure_required(case: Case) -> Iterator[Problem]:
    """Every figure that the outline or the appendix requires is answered.

    The outline and appendix of the period, as progress counts them.
    """
    for figure in case.dossier.questionnaire.required:
        if not case.dossier.value(figure.code).answered:
            message, fix = _unanswered(case, figure)
            yield Problem(*case.place(figure.code), message, fix)


def _unanswered(case: Case, figure: Figure) -> tuple[str, str]:
    label = case.label(figure.code)
    if figure.whole:
        return _not_computed(case, figure)
    if figure.rows_of:
        title = TABLES_BY_NAME[figure.rows_of].title
        return f"Chưa có {label}.", f"Nhập bảng “{title}”; số này được cộng từ bảng."
    if figure.kind == ValueKind.TEXT:
        return f"Chưa có nội dung {label}.", "Nhập nội dung; nếu không có, ghi “Không phát sinh”."
    if figure.kind == ValueKind.CODE:
        return f"Chưa chọn {label}.", "Chọn một mức theo chú giải."
    return (
        f"Chưa có số liệu {label}.",
        "Nhập số liệu; nếu trong kỳ không có, ghi “Không phát sinh”.",
    )


def _not_computed(case: Case, figure: Figure) -> tuple[str, str]:
    label, parts = case.label(figure.code), (*figure.parts, figure.whole)
    missing = tuple(code for code in parts if case.number(code) is None)
    if missing:
        return (
            f"Chưa tính được {label}: còn thiếu {case.labels(missing)}.",
            "Nhập đủ số liệu để tính, hoặc ghi tỷ lệ.",
        )
    return (
        f"Chưa tính được {label}: {case.label(figure.whole)} bằng 0.",
        "Kiểm tra số liệu; nếu trong kỳ không có, ghi tỷ lệ là “Không phát sinh”.",
    )


@rule(Severity.ERROR)
def words_in_cell(case: Case) -> Iterator[Problem]:
    """Words that a source printed where a number belongs are replaced by the number.

    The four values of a figure (docs/architecture.md, Values).
    """
    for code, figure in case.dossier.catalogue.items():  # in the order of the paper
        stated = case.dossier.figures.get(code, MISSING).stated
        if stated and figure.typed and not figure.table:
            yield from _words(figure, stated, *case.place(code))
    for table, rows in case.dossier.tables.items():
        for row in rows:
            for code, value in row.values.items():
                figure = case.dossier.catalogue[code]
                if value.stated and figure.column:
                    section = TABLES_BY_NAME[table].page_of(row.keys)
                    yield from _words(figure, value.stated, section, row.place(code))


def _words(figure: Figure, stated: str, section: Section, name: str) -> Iterator[Problem]:
    if figure.kind == ValueKind.PERCENT:
        return
    short = stated if len(stated) <= 80 else f"{stated[:80].rstrip()}…"
    yield Problem(
        section, name,
        f"“{figure.label}” đang ghi chữ “{' '.join(short.split())}”; cần {figure.kind.label}.",
        "Ghi lại bằng con số; phần lời ghi vào ghi chú hoặc thuyết minh.",
        values_of(stated[:80]),
    )  # fmt: skip


@rule(Severity.ERROR)
def carried_unconfirmed(case: Case) -> Iterator[Problem]:
    """What was taken over from the report before is confirmed or changed.

    What is taken over stays marked until a person confirms or changes it (carrying.py).
    """
    by_section: dict[Section, list[str]] = {}
    for name in _in_page_order(case.dossier):
        section = case.page_of(name)
        if section:
            by_section.setdefault(section, []).append(name)
    for section, names in by_section.items():
        yield Problem(
            section, case.carried_place(names[0], section),
            f"Còn {len(names)} nội dung lấy từ kỳ trước chưa xác nhận.",
            "Xác nhận từng nội dung nếu còn đúng, hoặc sửa lại.",
            values_of(len(names)),
        )  # fmt: skip


def _in_page_order(dossier: Dossier) -> list[str]:
    """What was taken over, figures first, then rows, then texts, as pages show them."""
    order = {code: position for position, code in enumerate(dossier.catalogue)}
    rows = [FieldName.row(table, row.uid) for table, rows in dossier.tables.items() for row in rows]
    texts = [FieldName.text(item.code) for item in dossier.outline.items]
    for name in (*rows, *texts):
        order[str(name)] = len(order)
    return sorted(dossier.carried, key=lambda name: (order.get(name, len(order)), name))


#: What the required facts of the frame are called in a remark.
FACTS_OF_PAPER = {"place": "địa danh", "signer_title": "chức vụ của người ký"}


@rule(Severity.ERROR)
def frame_missing(case: Case) -> Iterator[Problem]:
    """The paper names its place and the title of who signs.

    Nghị định 30/2020/NĐ-CP, Phụ lục I: địa danh; quyền hạn, chức vụ của người ký.
    """
    facts = vars(case.dossier.paper)
    for name in REQUIRED_OF_PAPER:
        if not facts[name].strip():
            label = FACTS_OF_PAPER[name]
            yield Problem(
                Section.PAPER, name,
                f"Thể thức văn bản chưa có {label}.", f"Ghi {label} ở trang Thể thức văn bản.",
            )  # fmt: skip


@rule(Severity.WARNING)
def evidence_missing(case: Case) -> Iterator[Problem]:
    """A figure that asks for evidence has a file or an explanation.

    The outline's list of figures with evidence, and the appendix rows that ask for it.
    """
    for subject in missing_evidence(case.dossier, case.with_evidence):
        section, name = case.place(subject.code)
        value = case.dossier.value(subject.code)
        yield Problem(
            section, name,
            f"“{subject.label}” ({show(case.dossier.catalogue[subject.code], value)}) chưa có tài liệu kiểm chứng.",
            "Đính kèm tài liệu ở trang Tài liệu kiểm chứng, hoặc giải trình.",
            values_of(value.number),
        )  # fmt: skip
