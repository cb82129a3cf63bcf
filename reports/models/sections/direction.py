"""Direction: plan and its progress, tasks, inspection, propaganda, survey."""

from ...enums import Section, SurveyMethod
from ..fields import CodeField, CountField, TextFigureField
from .base import ReportSection


class Direction(ReportSection):
    """Chỉ đạo, điều hành: plan and its progress, tasks, inspection, propaganda, survey."""

    section = Section.DIRECTION

    plan_main_tasks = CountField(
        "Số nhiệm vụ chính trong kế hoạch năm", unit="nhiệm vụ", group="Kế hoạch năm", carries=True
    )
    plan_contents = CountField(
        "Số nội dung nêu trong kế hoạch năm", unit="nội dung", group="Kế hoạch năm", carries=True
    )
    tasks_assigned = CountField(
        "Số nhiệm vụ cấp trên giao",
        unit="nhiệm vụ",
        group="Nhiệm vụ cấp trên giao",
        counting="Nhiệm vụ do Ủy ban nhân dân, Chủ tịch Ủy ban nhân dân cấp trên giao trong kỳ.",
    )
    tasks_done_on_time = CountField(
        "Số nhiệm vụ đã hoàn thành đúng hạn", unit="nhiệm vụ", group="Nhiệm vụ cấp trên giao"
    )
    tasks_done_late = CountField(
        "Số nhiệm vụ đã hoàn thành nhưng quá hạn", unit="nhiệm vụ", group="Nhiệm vụ cấp trên giao"
    )
    tasks_open = CountField(
        "Số nhiệm vụ chưa hoàn thành", unit="nhiệm vụ", group="Nhiệm vụ cấp trên giao"
    )
    instructions_received = CountField(
        "Số ý kiến chỉ đạo của cấp trên đã nhận", unit="ý kiến", group="Nhiệm vụ cấp trên giao"
    )
    instructions_handled = CountField(
        "Số ý kiến chỉ đạo đã xử lý", unit="ý kiến", group="Nhiệm vụ cấp trên giao"
    )
    inspections_planned = CountField(
        "Số cuộc kiểm tra theo kế hoạch", unit="cuộc", group="Kiểm tra cải cách hành chính"
    )
    inspections_unplanned = CountField(
        "Số cuộc kiểm tra đột xuất", unit="cuộc", group="Kiểm tra cải cách hành chính"
    )
    inspection_findings = CountField(
        "Số hạn chế phát hiện qua kiểm tra", unit="hạn chế", group="Kiểm tra cải cách hành chính"
    )
    inspection_findings_fixed = CountField(
        "Số hạn chế đã khắc phục sau kiểm tra",
        unit="hạn chế",
        group="Kiểm tra cải cách hành chính",
    )
    radio_broadcasts = CountField(
        "Số lượt tuyên truyền trên loa truyền thanh",
        unit="lượt",
        group="Tuyên truyền",
        counting="Mỗi lần phát một nội dung về cải cách hành chính trên hệ thống truyền thanh của xã, "
        "phường tính là một lượt.",
    )
    news_items = CountField(
        "Số tin, bài tuyên truyền về cải cách hành chính", unit="tin, bài", group="Tuyên truyền"
    )
    propaganda_conferences = CountField(
        "Số hội nghị tuyên truyền cải cách hành chính", unit="hội nghị", group="Tuyên truyền"
    )
    propaganda_participants = CountField(
        "Số người dự hội nghị tuyên truyền cải cách hành chính",
        unit="người",
        group="Tuyên truyền",
    )
    propaganda_other = TextFigureField("Hình thức tuyên truyền khác", group="Tuyên truyền")
    survey_forms_sent = CountField(
        "Số phiếu khảo sát phát ra", unit="phiếu", group="Khảo sát, đối thoại"
    )
    survey_forms_returned = CountField(
        "Số phiếu khảo sát thu về", unit="phiếu", group="Khảo sát, đối thoại"
    )
    survey_method = CodeField(
        "Hình thức khảo sát", choices=SurveyMethod.choices, group="Khảo sát, đối thoại"
    )
    dialogues_held = CountField(
        "Số cuộc đối thoại với người dân, doanh nghiệp", unit="cuộc", group="Khảo sát, đối thoại"
    )
