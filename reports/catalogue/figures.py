"""The catalogue of figures: every fact a report can hold, under one code.

Codes: `<section>.<column>` and `<table>.<column>` for typed columns, `indicator.<code>` for appendix
rows that are typed there, and the ratios and totals declared below. Forms, sentences, marks, the
appendix and JSON know codes only. A typed column registers itself (`models.fields`); to add a figure
see `docs/architecture.md`.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

from ..enums import DocumentPurpose, Rollup, Section, ValueKind
from ..models import SECTIONS, TABLES, Indicator, ReportSection, Row
from ..models.fields import FigureField
from ..models.rows import Staff


@dataclass(frozen=True)
class Figure:
    """One entry of the catalogue.

    Exactly one of these tells where its value comes from: a column of `section` or `table`
    (`column`), an indicator (`indicator`), the ratio of `parts` to `whole`, or a total over the rows
    of `rows_of` (the sum of `column`, or their number when there is none, where `where` holds).
    """

    code: str
    label: str
    section: Section | None
    kind: ValueKind
    unit: str = ""
    group: str = ""
    decimals: int = 0
    counting: str = ""
    carries: bool = False
    rollup: Rollup = Rollup.SUM
    valid_from: date | None = None
    valid_to: date | None = None
    choices: tuple[tuple[int, str], ...] = ()
    lines: int = 2
    table: str = ""
    column: str = ""
    indicator: str = ""
    parts: tuple[str, ...] = ()
    whole: str = ""
    rows_of: str = ""
    where: tuple[str, tuple[str, ...]] | None = None

    @property
    def typed(self) -> bool:
        """Whether a clerk types it. Ratios may be stated where their parts are missing."""
        return not self.rows_of

    def valid_on(self, day: date) -> bool:
        return (self.valid_from is None or self.valid_from <= day) and (
            self.valid_to is None or self.valid_to >= day
        )


Catalogue = Mapping[str, Figure]


def _ratio(
    code: str,
    label: str,
    section: Section,
    parts: str,
    whole: str,
    *,
    decimals: int = 1,
    group: str = "",
    counting: str = "",
    valid_from: date | None = None,
    valid_to: date | None = None,
) -> Figure:
    return Figure(
        code, label, section, ValueKind.PERCENT, "%", group, decimals, counting,
        rollup=Rollup.RATIO, valid_from=valid_from, valid_to=valid_to,
        parts=tuple(parts.split()), whole=whole,
    )  # fmt: skip


#: Ratios are computed from their parts, rounded half up (`text.numbers.percent`).
RATIOS = (
    _ratio("direction.instructions_rate", "Tỷ lệ ý kiến chỉ đạo đã xử lý", Section.DIRECTION,
           "direction.instructions_handled", "direction.instructions_received",
           group="Nhiệm vụ cấp trên giao"),
    _ratio("direction.plan_rate", "Tỷ lệ hoàn thành nhiệm vụ của kế hoạch năm", Section.DIRECTION,
           "direction.plan_tasks_done", "direction.plan_tasks_planned", group="Kế hoạch năm"),
    _ratio("procedures.process_approved_rate", "Tỷ lệ thủ tục đã được phê duyệt quy trình nội bộ",
           Section.PROCEDURES, "procedures.process_approved", "procedures.in_force",
           group="Danh mục thủ tục hành chính"),
    _ratio("procedures.process_digitised_rate", "Tỷ lệ quy trình nội bộ đã được điện tử hóa",
           Section.PROCEDURES, "procedures.process_digitised", "procedures.process_approved",
           group="Danh mục thủ tục hành chính"),
    _ratio("procedures.on_time_rate", "Tỷ lệ hồ sơ giải quyết đúng hạn", Section.PROCEDURES,
           "procedures.resolved_early procedures.resolved_on_time", "procedures.resolved",
           decimals=2, group="Hồ sơ giải quyết",
           counting="(Trước hạn + đúng hạn) / tổng số đã giải quyết."),
    _ratio("procedures.resolved_on_time_rate", "Tỷ lệ hồ sơ đã giải quyết đúng hạn",
           Section.PROCEDURES, "procedures.resolved_on_time", "procedures.resolved",
           group="Hồ sơ giải quyết", counting="Chỉ tính hồ sơ đúng hạn, không gồm trước hạn."),
    _ratio("procedures.late_rate", "Tỷ lệ hồ sơ đã giải quyết quá hạn", Section.PROCEDURES,
           "procedures.resolved_late", "procedures.resolved", group="Hồ sơ giải quyết"),
    _ratio("procedures.pending_in_time_rate", "Tỷ lệ hồ sơ đang giải quyết trong hạn",
           Section.PROCEDURES, "procedures.pending_in_time", "procedures.pending",
           group="Hồ sơ giải quyết"),
    _ratio("procedures.pending_overdue_rate", "Tỷ lệ hồ sơ đang giải quyết quá hạn",
           Section.PROCEDURES, "procedures.pending_overdue", "procedures.pending",
           group="Hồ sơ giải quyết"),
    _ratio("procedures.digitised_rate", "Tỷ lệ hồ sơ tiếp nhận được số hóa", Section.PROCEDURES,
           "procedures.digitised", "procedures.received", group="Trả kết quả, số hóa, công khai"),
    _ratio("procedures.paid_online_rate", "Tỷ lệ hồ sơ thanh toán trực tuyến", Section.PROCEDURES,
           "procedures.paid_online", "procedures.payable_online",
           group="Trả kết quả, số hóa, công khai"),
    _ratio("procedures.satisfaction_rate", "Tỷ lệ hài lòng của tổ chức, cá nhân",
           Section.PROCEDURES, "procedures.satisfaction_satisfied",
           "procedures.satisfaction_forms", group="Phản ánh, sự hài lòng"),
    _ratio("organisation.payroll_cut_rate", "Tỷ lệ biên chế đã tinh giản so với năm 2015",
           Section.ORGANISATION, "organisation.payroll_cut_since_2015",
           "organisation.payroll_base_2015", group="Biên chế"),
    _ratio("egov.outgoing_electronic_rate", "Tỷ lệ văn bản đi gửi hoàn toàn điện tử",
           Section.EGOV, "egov.outgoing_electronic", "egov.outgoing", group="Văn bản điện tử"),
    _ratio("egov.outgoing_both_rate", "Tỷ lệ văn bản đi gửi điện tử song song bản giấy",
           Section.EGOV, "egov.outgoing_both", "egov.outgoing", group="Văn bản điện tử"),
    _ratio("egov.incoming_handled_rate", "Tỷ lệ văn bản đến xử lý trên phần mềm", Section.EGOV,
           "egov.incoming_handled", "egov.incoming", group="Văn bản điện tử"),
    _ratio("egov.level3_rate", "Tỷ lệ hồ sơ trực tuyến mức độ 3", Section.EGOV,
           "procedures.received_level3", "procedures.received", decimals=2,
           group="Dịch vụ công trực tuyến", valid_to=date(2022, 8, 14)),
    _ratio("egov.level4_rate", "Tỷ lệ hồ sơ trực tuyến mức độ 4", Section.EGOV,
           "procedures.received_level4", "procedures.received", decimals=2,
           group="Dịch vụ công trực tuyến", valid_to=date(2022, 8, 14)),
    _ratio("egov.level3_resolved_rate", "Tỷ lệ giải quyết hồ sơ trực tuyến mức độ 3", Section.EGOV,
           "procedures.returned_level3", "procedures.received_level3", decimals=2,
           group="Dịch vụ công trực tuyến", valid_to=date(2022, 8, 14)),
    _ratio("egov.level4_resolved_rate", "Tỷ lệ giải quyết hồ sơ trực tuyến mức độ 4", Section.EGOV,
           "procedures.returned_level4", "procedures.received_level4", decimals=2,
           group="Dịch vụ công trực tuyến", valid_to=date(2022, 8, 14)),
    _ratio("egov.partial_rate", "Tỷ lệ hồ sơ trực tuyến một phần", Section.EGOV,
           "procedures.received_partial", "procedures.received", decimals=2,
           group="Dịch vụ công trực tuyến", valid_from=date(2022, 8, 15)),
    _ratio("egov.full_rate", "Tỷ lệ hồ sơ trực tuyến toàn trình", Section.EGOV,
           "procedures.received_full", "procedures.received", decimals=2,
           group="Dịch vụ công trực tuyến", valid_from=date(2022, 8, 15)),
    _ratio("egov.catalogue_deployed_rate", "Tỷ lệ thủ tục thuộc danh mục trực tuyến mức độ 3, 4 "
           "được triển khai", Section.EGOV, "egov.offered_level3 egov.offered_level4",
           "egov.online_catalogue", group="Dịch vụ công trực tuyến", valid_to=date(2022, 8, 14)),
)  # fmt: skip

#: Totals over rows: what is not typed because the rows say it.
TOTALS = (
    Figure("direction.plan_tasks_planned", "Tổng số nhiệm vụ đề ra trong kế hoạch năm",
           Section.DIRECTION, ValueKind.COUNT, "nhiệm vụ", "Kế hoạch năm", rows_of="plan_tasks",
           column="planned"),
    Figure("direction.plan_tasks_done", "Tổng số nhiệm vụ của kế hoạch năm đã hoàn thành",
           Section.DIRECTION, ValueKind.COUNT, "nhiệm vụ", "Kế hoạch năm", rows_of="plan_tasks",
           column="done"),
    Figure("direction.plan_tasks_planned_list", "Nhiệm vụ đề ra theo lĩnh vực", Section.DIRECTION,
           ValueKind.TEXT, group="Kế hoạch năm", rollup=Rollup.NONE, rows_of="plan_tasks",
           column="planned"),
    Figure("direction.plan_tasks_done_list", "Nhiệm vụ đã hoàn thành theo lĩnh vực",
           Section.DIRECTION, ValueKind.TEXT, group="Kế hoạch năm", rollup=Rollup.NONE,
           rows_of="plan_tasks", column="done"),
    Figure("direction.guiding_documents", "Số văn bản chỉ đạo đã ban hành", Section.DIRECTION,
           ValueKind.COUNT, "văn bản", "Văn bản", rows_of="documents",
           where=("purpose", (DocumentPurpose.PLAN, DocumentPurpose.GUIDANCE,
                              DocumentPurpose.REGULATION, DocumentPurpose.DECISION)),
           counting="Đếm từ danh sách văn bản của phần Chỉ đạo, điều hành, trừ văn bản của cấp trên."),
    Figure("egov.outgoing_listed", "Cộng văn bản đi theo loại", Section.EGOV, ValueKind.COUNT,
           "văn bản", "Văn bản điện tử", rows_of="outgoing", column="quantity"),
)  # fmt: skip

#: Control totals: what each is the sum of. Typed all the same, so that a check can compare them.
SUMS: Mapping[str, tuple[str, ...]] = {
    "institutional.conferences": (
        "institutional.conferences_at_hall", "institutional.conferences_in_villages",
    ),
    "procedures.interlinked": (
        "procedures.interlinked_same_level", "procedures.interlinked_across_levels",
    ),
    "procedures.received": (
        "procedures.received_direct", "procedures.received_by_post", "procedures.received_level3",
        "procedures.received_level4", "procedures.received_partial", "procedures.received_full",
        "procedures.carried_over",
    ),
    "procedures.resolved": (
        "procedures.resolved_early", "procedures.resolved_on_time", "procedures.resolved_late",
    ),
    "procedures.overdue": ("procedures.resolved_late", "procedures.pending_overdue"),
    "procedures.pending": ("procedures.pending_in_time", "procedures.pending_overdue"),
    "egov.outgoing": ("egov.outgoing_listed",),
    "direction.tasks_assigned": (
        "direction.tasks_done_on_time", "direction.tasks_done_late", "direction.tasks_open",
    ),
}  # fmt: skip

#: The counts of a staff row that print with their share of the headcount.
STAFF_SHARES = (
    "postgraduate", "university", "college", "intermediate", "elementary", "untrained",
    "theory_advanced", "theory_intermediate", "theory_elementary", "informatics",
    "foreign_language", "state_management",
)  # fmt: skip


def _columns() -> Iterable[Figure]:
    for section in SECTIONS:
        for field in section.figure_columns():
            yield _column(section, "", field)
    for row in TABLES:
        for field in row.figure_columns():
            yield _column(row, row.table, field)


def _column(model: type[ReportSection | Row], table: str, field: "FigureField[Any, Any]") -> Figure:
    return Figure(
        code=f"{table or model.section}.{field.name}",
        label=str(field.verbose_name),
        section=model.section,
        kind=field.kind,
        unit=field.unit,
        group=field.group,
        decimals=field.decimals,
        counting=field.counting,
        carries=field.carries,
        rollup=field.rollup,
        valid_from=field.valid_from,
        valid_to=field.valid_to,
        choices=tuple((int(code), label) for code, label in model.choices(field.name)),
        lines=field.rows,
        table=table,
        column=field.name,
    )


def _row_shares() -> Iterable[Figure]:
    for column in STAFF_SHARES:
        yield Figure(
            f"staff.{column}_share", f"Tỷ lệ {Staff.label(column)}", Section.CIVIL_SERVICE, ValueKind.PERCENT,
            "%", decimals=1, rollup=Rollup.RATIO, table="staff", parts=(f"staff.{column}",),
            whole=f"staff.{Staff.whole}",
        )  # fmt: skip


@cache
def typed_figures() -> Catalogue:
    """The figures that code knows, in the order of the paper: columns, then ratios and totals."""
    figures = [*_columns(), *RATIOS, *TOTALS, *_row_shares()]
    catalogue = {figure.code: figure for figure in figures}
    assert len(catalogue) == len(figures), "two figures share one code"
    return catalogue


def indicator_figure(indicator: Indicator) -> Figure:
    """The figure of an appendix row that is typed in the appendix."""
    kind = ValueKind(indicator.value_kind)
    choices = []
    for line in indicator.legend.splitlines():
        label, _, number = line.rpartition("=")
        choices.append((int(number), label.strip()))
    return Figure(
        code=indicator.figure_code,
        label=indicator.name,
        section=Section.APPENDIX,
        kind=kind,
        unit=indicator.unit,
        decimals=2 if kind in (ValueKind.PERCENT, ValueKind.DECIMAL) else 0,
        counting=indicator.counting,
        carries=indicator.carries,
        rollup=Rollup.SUM if kind in (ValueKind.COUNT, ValueKind.AMOUNT) else Rollup.NONE,
        choices=tuple(choices),
        indicator=indicator.code,
    )


def catalogue_with(indicators: Iterable[Indicator]) -> Catalogue:
    """The whole catalogue of a report whose appendix has these rows."""
    own = {i.figure_code: indicator_figure(i) for i in indicators if not i.figure}
    return {**typed_figures(), **own}
