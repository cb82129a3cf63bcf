"""Organisation and civil service: payroll, reception, training, discipline."""

from ...enums import Section
from ..fields import CountField, TextFigureField
from .base import ReportSection


class Organisation(ReportSection):
    """Cải cách tổ chức bộ máy: payroll, streamlining, citizen reception."""

    section = Section.ORGANISATION

    payroll_assigned = CountField(
        "Tổng số biên chế được giao trong năm", unit="người", group="Biên chế", carries=True
    )
    payroll_present = CountField(
        "Tổng số biên chế có mặt tại thời điểm báo cáo",
        unit="người",
        group="Biên chế",
        carries=True,
    )
    contract_workers = CountField(
        "Số hợp đồng lao động", unit="người", group="Biên chế", carries=True
    )
    payroll_cut = CountField("Số biên chế đã tinh giản trong kỳ", unit="người", group="Biên chế")
    payroll_cut_since_2015 = CountField(
        "Số biên chế đã tinh giản so với năm 2015", unit="người", group="Biên chế", carries=True
    )
    payroll_base_2015 = CountField(
        "Số biên chế năm 2015", unit="người", group="Biên chế", carries=True
    )
    transfers_in = CountField("Số người chuyển đến", unit="người", group="Biên chế")
    transfers_out = CountField("Số người chuyển đi", unit="người", group="Biên chế")
    reception_schedule = TextFigureField(
        "Lịch tiếp công dân hằng tuần", group="Tiếp công dân", carries=True
    )


class CivilService(ReportSection):
    """Cải cách chế độ công vụ: headcount, training, discipline."""

    section = Section.CIVIL_SERVICE

    headcount = CountField(
        "Tổng số cán bộ, công chức",
        unit="người",
        group="Đội ngũ cán bộ, công chức",
        counting="Bằng số cán bộ cộng số công chức; không tính người hoạt động không chuyên trách và "
        "lao động hợp đồng.",
        carries=True,
    )
    training_courses = CountField(
        "Số lớp đào tạo, bồi dưỡng đã cử người dự", unit="lớp", group="Đào tạo, bồi dưỡng"
    )
    training_participants = CountField(
        "Số lượt người được đào tạo, bồi dưỡng", unit="lượt người", group="Đào tạo, bồi dưỡng"
    )
    violations = CountField(
        "Số vụ vi phạm kỷ luật, kỷ cương hành chính", unit="vụ", group="Kỷ luật, kỷ cương"
    )
    disciplined = CountField(
        "Số cán bộ, công chức bị kỷ luật", unit="người", group="Kỷ luật, kỷ cương"
    )
    personnel_files_digitised = CountField(
        "Số hồ sơ cán bộ, công chức đã số hóa", unit="hồ sơ", group="Hồ sơ công chức", carries=True
    )
