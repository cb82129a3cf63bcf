"""Child rows of the sections: tables whose length the commune decides.

Every column declared with a figure field is in the catalogue under `<table>.<column>`; a value is
found by that code and the row's `uid`, which the browser makes, so that a repeated autosave makes no
twin. Columns of other kinds (`keys`) say what the row is about.
"""

import uuid
from collections.abc import Mapping
from typing import ClassVar

from django.db import models

from ..enums import DocumentKind, DocumentPurpose, Field, Section, StaffCategory
from .fields import AmountField, CountField, DateFigureField, FigureField
from .parts import ReportPart
from .reports import Report


def new_uid() -> str:
    return str(uuid.uuid4())


class Row(ReportPart):
    """What all child rows share.

    `table` is the code, `section` the page it is typed on (None when each row says it), `keys` the
    columns that a page shows before its figures.
    A table with `fixed` has one row for each choice of that column and no others. With `carries` the
    next period's report starts with the same rows, and of their figures with those that carry. `whole`
    is the figure of which every other one of a row is a part.
    """

    table: ClassVar[str]
    title: ClassVar[str]
    section: ClassVar[Section | None]
    keys: ClassVar[tuple[str, ...]]
    fixed: ClassVar[str] = ""
    carries: ClassVar[bool] = False
    whole: ClassVar[str] = ""

    report = models.ForeignKey(Report, models.CASCADE, related_name="%(class)s_rows")
    uid = models.CharField(max_length=36, default=new_uid)
    order = models.PositiveIntegerField(default=0)

    class Meta:
        abstract = True
        ordering = ["order", "id"]

    def __str__(self) -> str:
        return " ".join(str(getattr(self, key)) for key in self.keys)

    @classmethod
    def key_columns(cls) -> tuple[str, ...]:
        """All columns that say what a row is about, in the order they are stored."""
        shared = {"id", *(field.name for field in Row._meta.local_fields)}
        return tuple(
            field.name
            for field in cls._meta.concrete_fields
            if field.name not in shared and not isinstance(field, FigureField)
        )

    @classmethod
    def unique_column(cls) -> str:
        """The column whose values differ between the rows of a report; "" when there is none."""
        for constraint in cls._meta.constraints:
            if isinstance(constraint, models.UniqueConstraint):
                _, column = constraint.fields
                if column != "uid":
                    return column
        return ""

    @classmethod
    def filled_by_page(cls) -> frozenset[str]:
        """Columns of a new row that its page fills in: alone they make no row."""
        return frozenset({cls.fixed} - {""})

    @classmethod
    def page_of(cls, keys: Mapping[str, object]) -> Section:
        """The page on which a row with these keys is typed."""
        return cls.section or Section(str(keys["part"]))


def one_uid(name: str) -> models.UniqueConstraint:
    return models.UniqueConstraint(fields=["report", "uid"], name=f"{name}_uid")


class IssuedDocument(Row):
    """A document issued or cited, shared by all sections.

    `cited_as` keeps how it was written where it cannot be parsed or contradicts itself; `number` and
    `symbol` are as printed (`09`, `876/2017`), `date` is null when unknown or unreadable, and then
    `date_text` holds what was printed.
    """

    table = "documents"
    title = "Văn bản ban hành, viện dẫn"
    section = None
    keys = ("kind", "number", "symbol", "date", "issuer", "subject", "purpose", "item")
    carries = True

    part = models.CharField("thuộc phần", max_length=16, choices=Section.choices)
    item = models.SlugField("mục đề cương", max_length=60, blank=True)
    kind = models.CharField("loại văn bản", max_length=16, choices=DocumentKind.choices)
    number = models.CharField("số", max_length=40, blank=True)
    symbol = models.CharField("ký hiệu", max_length=40, blank=True)
    date = models.DateField("ngày ban hành", null=True, blank=True)
    date_text = models.CharField("ngày như đã ghi", max_length=60, blank=True)
    issuer = models.CharField("cơ quan ban hành", max_length=160, blank=True)
    subject = models.TextField("trích yếu", blank=True)
    purpose = models.CharField(
        "mục đích", max_length=12, choices=DocumentPurpose.choices, default=DocumentPurpose.PLAN
    )
    cited_as = models.TextField("như đã viện dẫn", blank=True)

    class Meta(Row.Meta):
        constraints = [one_uid("document")]

    @classmethod
    def filled_by_page(cls) -> frozenset[str]:
        return frozenset({"part", "purpose", "item"})


class PlanTask(Row):
    """Tasks of the year's plan by field of reform: planned and done."""

    table = "plan_tasks"
    title = "Nhiệm vụ của kế hoạch năm theo lĩnh vực"
    section = Section.DIRECTION
    keys = ("field",)
    fixed = "field"
    whole = "planned"

    field = models.CharField("lĩnh vực", max_length=16, choices=Field.choices)
    planned = CountField("Số nhiệm vụ đề ra", unit="nhiệm vụ")
    done = CountField("Số nhiệm vụ đã hoàn thành", unit="nhiệm vụ")

    class Meta(Row.Meta):
        constraints = [
            one_uid("plan_task"),
            models.UniqueConstraint(fields=["report", "field"], name="one_plan_task_a_field"),
        ]


class FieldDossiers(Row):
    """Dossiers by field (lĩnh vực): Thông tư 01/2020/TT-VPCP, form II.06, columns 3 to 13."""

    table = "dossiers"
    title = "Hồ sơ thủ tục hành chính theo lĩnh vực"
    section = Section.PROCEDURES
    keys = ("name",)
    carries = True

    name = models.CharField("lĩnh vực", max_length=160)
    received = CountField("Tiếp nhận", unit="hồ sơ")
    online = CountField("Trực tuyến", unit="hồ sơ")
    direct = CountField("Trực tiếp, bưu chính", unit="hồ sơ")
    carried_over = CountField("Kỳ trước chuyển sang", unit="hồ sơ")
    resolved = CountField("Đã giải quyết", unit="hồ sơ")
    early = CountField("Trước hạn", unit="hồ sơ")
    on_time = CountField("Đúng hạn", unit="hồ sơ")
    late = CountField("Quá hạn", unit="hồ sơ")
    pending = CountField("Đang giải quyết", unit="hồ sơ")
    pending_in_time = CountField("Đang giải quyết trong hạn", unit="hồ sơ")
    pending_overdue = CountField("Đang giải quyết quá hạn", unit="hồ sơ")

    class Meta(Row.Meta):
        constraints = [
            one_uid("field_dossiers"),
            models.UniqueConstraint(
                fields=["report", "name"],
                condition=~models.Q(name=""),
                name="one_row_a_dossier_field",
            ),
        ]


class Equipment(Row):
    """Equipment of the one-stop desk."""

    table = "equipment"
    title = "Trang thiết bị của Bộ phận Một cửa"
    section = Section.PROCEDURES
    keys = ("name", "measure")
    carries = True

    name = models.CharField("tên thiết bị", max_length=160)
    measure = models.CharField("đơn vị tính", max_length=20, blank=True)
    quantity = CountField("Số lượng", carries=True)

    class Meta(Row.Meta):
        constraints = [one_uid("equipment")]


class Staff(Row):
    """Staff by category: headcount and qualifications."""

    table = "staff"
    title = "Cán bộ, công chức theo trình độ"
    section = Section.CIVIL_SERVICE
    keys = ("category",)
    fixed = "category"
    carries = True
    whole = "headcount"

    category = models.CharField("đối tượng", max_length=16, choices=StaffCategory.choices)
    headcount = CountField("Tổng số", unit="người", carries=True)
    postgraduate = CountField("Chuyên môn: sau đại học", unit="người", carries=True)
    university = CountField("Chuyên môn: đại học", unit="người", carries=True)
    college = CountField("Chuyên môn: cao đẳng", unit="người", carries=True)
    intermediate = CountField("Chuyên môn: trung cấp", unit="người", carries=True)
    elementary = CountField("Chuyên môn: sơ cấp", unit="người", carries=True)
    untrained = CountField("Chuyên môn: chưa qua đào tạo", unit="người", carries=True)
    theory_advanced = CountField("Lý luận chính trị: cao cấp", unit="người", carries=True)
    theory_intermediate = CountField("Lý luận chính trị: trung cấp", unit="người", carries=True)
    theory_elementary = CountField("Lý luận chính trị: sơ cấp", unit="người", carries=True)
    informatics = CountField("Tin học", unit="người", carries=True)
    foreign_language = CountField("Ngoại ngữ", unit="người", carries=True)
    state_management = CountField("Quản lý nhà nước", unit="người", carries=True)
    studying = CountField("Đang đi học", unit="người")

    class Meta(Row.Meta):
        constraints = [
            one_uid("staff"),
            models.UniqueConstraint(fields=["report", "category"], name="one_staff_category"),
        ]


class Position(Row):
    """A post of the commune: who holds it, who is missing, who is too many."""

    table = "positions"
    title = "Cán bộ, công chức theo chức danh"
    section = Section.CIVIL_SERVICE
    keys = ("name",)
    carries = True

    name = models.CharField("chức danh", max_length=160)
    present = CountField("Hiện có", unit="người", carries=True)
    missing = CountField("Còn thiếu", unit="người", carries=True)
    surplus = CountField("Dôi dư", unit="người", carries=True)

    class Meta(Row.Meta):
        constraints = [
            one_uid("position"),
            models.UniqueConstraint(
                fields=["report", "name"], condition=~models.Q(name=""), name="one_position_a_title"
            ),
        ]


class Disbursement(Row):
    """Money spent of the estimate for one purpose, in đồng, as of a day."""

    table = "disbursements"
    title = "Giải ngân"
    section = Section.FINANCE
    keys = ("name", "year")

    name = models.CharField("nội dung", max_length=240)
    year = models.PositiveSmallIntegerField("năm", null=True, blank=True)
    amount = AmountField("Số đã giải ngân")
    estimate = AmountField("Dự toán giao")
    as_of = DateFigureField("Tính đến ngày")

    class Meta(Row.Meta):
        constraints = [one_uid("disbursement")]


class OutgoingDocuments(Row):
    """Outgoing documents by kind."""

    table = "outgoing"
    title = "Văn bản đi theo loại"
    section = Section.EGOV
    keys = ("kind",)
    carries = True

    kind = models.CharField("loại văn bản", max_length=16, choices=DocumentKind.choices)
    quantity = CountField("Số văn bản", unit="văn bản")

    class Meta(Row.Meta):
        constraints = [
            one_uid("outgoing"),
            models.UniqueConstraint(
                fields=["report", "kind"],
                condition=~models.Q(kind=""),
                name="one_row_an_outgoing_kind",
            ),
        ]


#: Every table, in the order of the paper.
TABLES: tuple[type[Row], ...] = (
    IssuedDocument,
    PlanTask,
    FieldDossiers,
    Equipment,
    Staff,
    Position,
    Disbursement,
    OutgoingDocuments,
)
TABLES_BY_NAME: Mapping[str, type[Row]] = {model.table: model for model in TABLES}
