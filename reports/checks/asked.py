"""Figures entered though the report does not ask for them: of another time, or of another level."""

from collections.abc import Iterator

from ..compose.sentences import show
from ..enums import Section, Severity
from ..models import Indicator
from ..text.dates import format_date
from .case import Case, Problem, rule, values_of


@rule(Severity.WARNING)
def figure_out_of_time(case: Case) -> Iterator[Problem]:
    """No figure is answered in terms that did not hold on the period's last day.

    Nghị định 42/2022/NĐ-CP: "mức độ 3, 4" until 14/8/2022, "một phần, toàn trình" since 15/8/2022.
    """
    last = case.dossier.period.data_to
    for code, figure in case.dossier.catalogue.items():
        if figure.table or figure.valid_on(last) or not (figure.valid_from or figure.valid_to):
            continue
        value = case.dossier.figures.get(code)
        if value is None or not value.answered:
            continue
        until = ""
        if figure.valid_from:
            until = f"chỉ dùng từ ngày {format_date(figure.valid_from)}"
        if figure.valid_to:
            until = f"chỉ dùng đến ngày {format_date(figure.valid_to)}"
        yield Problem(
            *case.place(code),
            f"“{figure.label}” (đang ghi {show(figure, value)}) {until}; kỳ báo cáo kết thúc ngày "
            f"{format_date(last)}.",
            "Xóa số liệu này và ghi theo cách gọi đang áp dụng, hoặc giải trình.",
            values_of(show(figure, value)[:40]),
        )  # fmt: skip


@rule(Severity.WARNING)
def appendix_row_not_asked(case: Case) -> Iterator[Problem]:
    """Headings of the appendix and rows not reported at this level hold no value.

    The form of the appendix ("không phải báo cáo mục này").
    """
    headings = (Indicator.Kind.SECTION, Indicator.Kind.GROUP)
    for row in case.dossier.indicators.rows if case.dossier.indicators else ():
        if row.kind == Indicator.Kind.LABEL or not row.typed:
            continue
        value = case.dossier.value(row.figure)
        if not value.answered or (row.applies and row.kind not in headings):
            continue
        text = show(case.dossier.catalogue[row.figure], value)[:60]
        why = "là dòng tiêu đề" if row.kind in headings else "cấp xã không phải báo cáo"
        line = f"{row.stt.rstrip('.')} “{row.name}”".lstrip()
        yield Problem(
            Section.APPENDIX, row.figure,
            f"Dòng {line} {why} nhưng đang ghi “{text}”.",
            "Xóa số liệu ở dòng này, hoặc giải trình.",
            values_of(text),
        )  # fmt: skip
