"""The typed sections of a report: one row each, one column a figure.

Every column is a figure of the catalogue (`reports.figures`) under the code `<section>.<column>`. A
total is typed beside its parts, as a control total; ratios are never columns. What the sections hold
follows the reports that communes make (Bộ Nội vụ's outline, the national dossier table of Thông tư
01/2020/TT-VPCP, form II.06a).
"""

from datetime import date
from typing import ClassVar

from django.db import models

from ..enums import Applied, Connected, Section, SurveyMethod, VideoConferencing, YesNo
from .fields import CodeField, CountField, MeasureField, TextFigureField
from .reports import Report

#: Nghị định 42/2022/NĐ-CP: "mức độ 3, 4" ended on 14/8/2022, "một phần, toàn trình" began the day after.
LEVELS_END = date(2022, 8, 14)
PARTIAL_BEGINS = date(2022, 8, 15)


class ReportSection(models.Model):
    """What all typed sections share."""

    section: ClassVar[Section]

    report = models.OneToOneField(Report, models.CASCADE, related_name="%(class)s")

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.section.label


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


class Institutional(ReportSection):
    """Cải cách thể chế: legal normative documents, legal education, enforcement."""

    section = Section.INSTITUTIONAL

    documents_issued = CountField(
        "Số văn bản quy phạm pháp luật đã ban hành",
        unit="văn bản",
        group="Văn bản quy phạm pháp luật",
    )
    documents_checked = CountField(
        "Số văn bản quy phạm pháp luật đã kiểm tra theo thẩm quyền",
        unit="văn bản",
        group="Văn bản quy phạm pháp luật",
    )
    documents_reviewed = CountField(
        "Số văn bản quy phạm pháp luật đã rà soát",
        unit="văn bản",
        group="Văn bản quy phạm pháp luật",
    )
    documents_proposed = CountField(
        "Số văn bản kiến nghị xử lý sau kiểm tra, rà soát",
        unit="văn bản",
        group="Văn bản quy phạm pháp luật",
    )
    documents_handled = CountField(
        "Số văn bản có kiến nghị đã được xử lý xong",
        unit="văn bản",
        group="Văn bản quy phạm pháp luật",
    )
    documents_kept = CountField(
        "Số văn bản giữ nguyên sau rà soát", unit="văn bản", group="Văn bản quy phạm pháp luật"
    )
    documents_to_amend = CountField(
        "Số văn bản phải bổ sung, điều chỉnh sau rà soát",
        unit="văn bản",
        group="Văn bản quy phạm pháp luật",
    )
    conferences = CountField(
        "Số hội nghị phổ biến, giáo dục pháp luật",
        unit="hội nghị",
        group="Phổ biến, giáo dục pháp luật",
    )
    conferences_at_hall = CountField(
        "Trong đó tại hội trường xã, phường", unit="hội nghị", group="Phổ biến, giáo dục pháp luật"
    )
    conferences_in_villages = CountField(
        "Trong đó tại nhà văn hóa thôn, tổ dân phố",
        unit="hội nghị",
        group="Phổ biến, giáo dục pháp luật",
    )
    participants = CountField(
        "Số người dự hội nghị phổ biến, giáo dục pháp luật",
        unit="người",
        group="Phổ biến, giáo dục pháp luật",
    )
    sanction_decisions = CountField(
        "Số quyết định xử phạt vi phạm hành chính", unit="quyết định", group="Thi hành pháp luật"
    )


class Procedures(ReportSection):
    """Cải cách thủ tục hành chính: the catalogue of procedures, dossiers, feedback, the one-stop desk."""

    section = Section.PROCEDURES

    in_force = CountField(
        "Tổng số thủ tục hành chính đang áp dụng tại cấp xã",
        unit="thủ tục",
        group="Danh mục thủ tục hành chính",
        carries=True,
    )
    newly_published = CountField(
        "Số thủ tục hành chính công bố mới", unit="thủ tục", group="Danh mục thủ tục hành chính"
    )
    abolished = CountField(
        "Số thủ tục hành chính bãi bỏ, thay thế",
        unit="thủ tục",
        group="Danh mục thủ tục hành chính",
    )
    at_desk = CountField(
        "Số thủ tục đưa ra tiếp nhận tại Bộ phận Một cửa",
        unit="thủ tục",
        group="Danh mục thủ tục hành chính",
        carries=True,
    )
    one_stop = CountField(
        "Số thủ tục theo cơ chế một cửa",
        unit="thủ tục",
        group="Danh mục thủ tục hành chính",
        carries=True,
    )
    interlinked = CountField(
        "Số thủ tục theo cơ chế một cửa liên thông",
        unit="thủ tục",
        group="Danh mục thủ tục hành chính",
        carries=True,
    )
    interlinked_same_level = CountField(
        "Trong đó liên thông cùng cấp",
        unit="thủ tục",
        group="Danh mục thủ tục hành chính",
        carries=True,
    )
    interlinked_across_levels = CountField(
        "Trong đó liên thông giữa các cấp chính quyền",
        unit="thủ tục",
        group="Danh mục thủ tục hành chính",
        carries=True,
    )
    military = CountField(
        "Số thủ tục thuộc lĩnh vực quân sự",
        unit="thủ tục",
        group="Danh mục thủ tục hành chính",
        carries=True,
    )
    police = CountField(
        "Số thủ tục thuộc lĩnh vực công an",
        unit="thủ tục",
        group="Danh mục thủ tục hành chính",
        carries=True,
    )
    fields = CountField(
        "Số lĩnh vực có thủ tục hành chính",
        unit="lĩnh vực",
        group="Danh mục thủ tục hành chính",
        carries=True,
    )
    publicly_listed = CountField(
        "Số thủ tục đã niêm yết công khai",
        unit="thủ tục",
        group="Danh mục thủ tục hành chính",
        carries=True,
    )
    process_approved = CountField(
        "Số thủ tục đã được phê duyệt quy trình nội bộ",
        unit="thủ tục",
        group="Danh mục thủ tục hành chính",
        carries=True,
    )
    process_digitised = CountField(
        "Số quy trình nội bộ đã được điện tử hóa",
        unit="quy trình",
        group="Danh mục thủ tục hành chính",
        carries=True,
    )
    payment_integrated = CountField(
        "Số thủ tục đã tích hợp thanh toán trực tuyến",
        unit="thủ tục",
        group="Danh mục thủ tục hành chính",
        carries=True,
    )
    reviewed = CountField("Số thủ tục được rà soát", unit="thủ tục", group="Rà soát, đơn giản hóa")
    registered_for_review = CountField(
        "Số thủ tục đăng ký rà soát, đơn giản hóa trong năm",
        unit="thủ tục",
        group="Rà soát, đơn giản hóa",
    )
    simplified = CountField(
        "Số thủ tục được đơn giản hóa", unit="thủ tục", group="Rà soát, đơn giản hóa"
    )
    simplification_approved = CountField(
        "Số thủ tục đã được phê duyệt phương án đơn giản hóa",
        unit="thủ tục",
        group="Rà soát, đơn giản hóa",
    )
    received = CountField(
        "Tổng số hồ sơ đã tiếp nhận",
        unit="hồ sơ",
        group="Hồ sơ tiếp nhận",
        counting="Gồm hồ sơ tiếp nhận mới trong kỳ (trực tuyến, trực tiếp, qua bưu chính) và hồ sơ từ "
        "kỳ trước chuyển sang: cột 3 = 4 + 5 + 6, biểu II.06 Thông tư 01/2020/TT-VPCP.",
    )
    received_one_stop = CountField(
        "Hồ sơ tiếp nhận theo cơ chế một cửa", unit="hồ sơ", group="Hồ sơ tiếp nhận"
    )
    received_interlinked = CountField(
        "Hồ sơ tiếp nhận theo cơ chế một cửa liên thông", unit="hồ sơ", group="Hồ sơ tiếp nhận"
    )
    received_direct = CountField("Hồ sơ tiếp nhận trực tiếp", unit="hồ sơ", group="Hồ sơ tiếp nhận")
    received_by_post = CountField(
        "Hồ sơ tiếp nhận qua dịch vụ bưu chính công ích", unit="hồ sơ", group="Hồ sơ tiếp nhận"
    )
    received_level3 = CountField(
        "Hồ sơ tiếp nhận trực tuyến mức độ 3",
        unit="hồ sơ",
        group="Hồ sơ tiếp nhận",
        valid_to=LEVELS_END,
    )
    received_level4 = CountField(
        "Hồ sơ tiếp nhận trực tuyến mức độ 4",
        unit="hồ sơ",
        group="Hồ sơ tiếp nhận",
        valid_to=LEVELS_END,
    )
    received_partial = CountField(
        "Hồ sơ tiếp nhận trực tuyến một phần",
        unit="hồ sơ",
        group="Hồ sơ tiếp nhận",
        valid_from=PARTIAL_BEGINS,
    )
    received_full = CountField(
        "Hồ sơ tiếp nhận trực tuyến toàn trình",
        unit="hồ sơ",
        group="Hồ sơ tiếp nhận",
        valid_from=PARTIAL_BEGINS,
    )
    carried_over = CountField(
        "Hồ sơ từ kỳ trước chuyển sang",
        unit="hồ sơ",
        group="Hồ sơ tiếp nhận",
        counting="Bằng số hồ sơ đang giải quyết cuối kỳ trước.",
    )
    resolved = CountField(
        "Tổng số hồ sơ đã giải quyết",
        unit="hồ sơ",
        group="Hồ sơ giải quyết",
        counting="Gồm trước hạn, đúng hạn và quá hạn: cột 7 = 8 + 9 + 10, biểu II.06 Thông tư "
        "01/2020/TT-VPCP.",
    )
    resolved_early = CountField(
        "Hồ sơ giải quyết trước hạn", unit="hồ sơ", group="Hồ sơ giải quyết"
    )
    resolved_on_time = CountField(
        "Hồ sơ giải quyết đúng hạn", unit="hồ sơ", group="Hồ sơ giải quyết"
    )
    resolved_late = CountField(
        "Hồ sơ đã giải quyết quá hạn", unit="hồ sơ", group="Hồ sơ giải quyết"
    )
    overdue = CountField(
        "Tổng số hồ sơ quá hạn",
        unit="hồ sơ",
        group="Hồ sơ giải quyết",
        counting="Gồm hồ sơ đã giải quyết quá hạn và hồ sơ đang giải quyết đã quá hạn.",
    )
    pending = CountField(
        "Tổng số hồ sơ đang giải quyết",
        unit="hồ sơ",
        group="Hồ sơ giải quyết",
        counting="Gồm trong hạn và quá hạn: cột 11 = 12 + 13, biểu II.06 Thông tư 01/2020/TT-VPCP.",
    )
    pending_in_time = CountField(
        "Hồ sơ đang giải quyết trong hạn", unit="hồ sơ", group="Hồ sơ giải quyết"
    )
    pending_overdue = CountField(
        "Hồ sơ đang giải quyết đã quá hạn", unit="hồ sơ", group="Hồ sơ giải quyết"
    )
    awaiting_supplement = CountField("Hồ sơ chờ bổ sung", unit="hồ sơ", group="Hồ sơ giải quyết")
    withdrawn = CountField(
        "Hồ sơ tổ chức, cá nhân xin rút hoặc trả lại", unit="hồ sơ", group="Hồ sơ giải quyết"
    )
    returned_on_time = CountField(
        "Hồ sơ trả kết quả đúng hẹn", unit="hồ sơ", group="Trả kết quả, số hóa, công khai"
    )
    returned_direct = CountField(
        "Hồ sơ trả kết quả trực tiếp", unit="hồ sơ", group="Trả kết quả, số hóa, công khai"
    )
    returned_by_post = CountField(
        "Hồ sơ trả kết quả qua dịch vụ bưu chính công ích",
        unit="hồ sơ",
        group="Trả kết quả, số hóa, công khai",
    )
    returned_level3 = CountField(
        "Hồ sơ giải quyết trực tuyến mức độ 3",
        unit="hồ sơ",
        group="Trả kết quả, số hóa, công khai",
        valid_to=LEVELS_END,
    )
    returned_level4 = CountField(
        "Hồ sơ giải quyết trực tuyến mức độ 4",
        unit="hồ sơ",
        group="Trả kết quả, số hóa, công khai",
        valid_to=LEVELS_END,
    )
    returned_partial = CountField(
        "Hồ sơ giải quyết trực tuyến một phần",
        unit="hồ sơ",
        group="Trả kết quả, số hóa, công khai",
        valid_from=PARTIAL_BEGINS,
    )
    returned_full = CountField(
        "Hồ sơ giải quyết trực tuyến toàn trình",
        unit="hồ sơ",
        group="Trả kết quả, số hóa, công khai",
        valid_from=PARTIAL_BEGINS,
    )
    land_on_time = CountField(
        "Hồ sơ lĩnh vực đất đai giải quyết đúng hẹn",
        unit="hồ sơ",
        group="Trả kết quả, số hóa, công khai",
    )
    construction_on_time = CountField(
        "Hồ sơ lĩnh vực xây dựng giải quyết đúng hẹn",
        unit="hồ sơ",
        group="Trả kết quả, số hóa, công khai",
    )
    digitised = CountField(
        "Hồ sơ tiếp nhận đã được số hóa", unit="hồ sơ", group="Trả kết quả, số hóa, công khai"
    )
    published_on_portal = CountField(
        "Hồ sơ đã công khai kết quả trên Cổng dịch vụ công của tỉnh",
        unit="hồ sơ",
        group="Trả kết quả, số hóa, công khai",
    )
    published_on_site = CountField(
        "Hồ sơ đã công khai kết quả trên trang thông tin điện tử của đơn vị",
        unit="hồ sơ",
        group="Trả kết quả, số hóa, công khai",
    )
    apologies = CountField(
        "Số trường hợp đã công khai xin lỗi",
        unit="trường hợp",
        group="Trả kết quả, số hóa, công khai",
    )
    payable_online = CountField(
        "Hồ sơ có nghĩa vụ tài chính thanh toán trực tuyến được",
        unit="hồ sơ",
        group="Trả kết quả, số hóa, công khai",
    )
    paid_online = CountField(
        "Hồ sơ đã thanh toán trực tuyến", unit="hồ sơ", group="Trả kết quả, số hóa, công khai"
    )
    feedback_received = CountField(
        "Số phản ánh, kiến nghị về thủ tục hành chính đã nhận",
        unit="phản ánh, kiến nghị",
        group="Phản ánh, sự hài lòng",
    )
    feedback_handled = CountField(
        "Số phản ánh, kiến nghị đã xử lý",
        unit="phản ánh, kiến nghị",
        group="Phản ánh, sự hài lòng",
    )
    satisfaction_forms = CountField(
        "Số phiếu đánh giá mức độ hài lòng", unit="phiếu", group="Phản ánh, sự hài lòng"
    )
    satisfaction_satisfied = CountField(
        "Số phiếu hài lòng", unit="phiếu", group="Phản ánh, sự hài lòng"
    )
    desk_area = MeasureField(
        "Diện tích Bộ phận Một cửa", unit="m²", group="Bộ phận Một cửa", carries=True
    )
    desk_rooms = CountField(
        "Số phòng của Bộ phận Một cửa", unit="phòng", group="Bộ phận Một cửa", carries=True
    )
    desk_counters = CountField(
        "Số quầy giao dịch của Bộ phận Một cửa", unit="quầy", group="Bộ phận Một cửa", carries=True
    )
    desk_officials = CountField(
        "Số cán bộ, công chức làm việc tại Bộ phận Một cửa",
        unit="người",
        group="Bộ phận Một cửa",
        carries=True,
    )
    desk_officials_university = CountField(
        "Trong đó có trình độ đại học trở lên",
        unit="người",
        group="Bộ phận Một cửa",
        carries=True,
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(desk_area__isnull=True) | models.Q(desk_area__gte=0),
                name="desk_area_not_negative",
            )
        ]


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


class Finance(ReportSection):
    """Cải cách tài chính công: audit recommendations, public assets, autonomy."""

    section = Section.FINANCE

    audit_recommendations = CountField(
        "Số kiến nghị sau thanh tra, kiểm toán", unit="kiến nghị", group="Thanh tra, kiểm toán"
    )
    audit_carried_out = CountField(
        "Số kiến nghị sau thanh tra, kiểm toán đã thực hiện",
        unit="kiến nghị",
        group="Thanh tra, kiểm toán",
    )
    violations_found = CountField(
        "Số sai phạm tài chính phát hiện", unit="sai phạm", group="Thanh tra, kiểm toán"
    )
    properties_rearranged = CountField(
        "Số cơ sở nhà, đất đã sắp xếp lại", unit="cơ sở", group="Tài sản công"
    )
    asset_inspections = CountField(
        "Số cuộc kiểm tra quản lý, sử dụng tài sản công", unit="cuộc", group="Tài sản công"
    )
    autonomy = CodeField(
        "Thực hiện chế độ tự chủ về biên chế, kinh phí quản lý hành chính",
        choices=Applied.choices,
        group="Tự chủ tài chính",
        carries=True,
    )


class Egov(ReportSection):
    """Chính quyền điện tử, chính quyền số: documents, accounts, website, online services, systems."""

    section = Section.EGOV

    documents_exchanged = CountField(
        "Số văn bản điện tử trao đổi", unit="văn bản", group="Văn bản điện tử"
    )
    outgoing = CountField("Tổng số văn bản đi", unit="văn bản", group="Văn bản điện tử")
    outgoing_electronic = CountField(
        "Văn bản đi gửi hoàn toàn điện tử",
        unit="văn bản",
        group="Văn bản điện tử",
        counting="Văn bản ký số và chỉ gửi trên môi trường điện tử, không gửi bản giấy.",
    )
    outgoing_both = CountField(
        "Văn bản đi gửi điện tử song song với bản giấy", unit="văn bản", group="Văn bản điện tử"
    )
    outgoing_signed = CountField("Văn bản đi được ký số", unit="văn bản", group="Văn bản điện tử")
    incoming = CountField("Tổng số văn bản đến", unit="văn bản", group="Văn bản điện tử")
    incoming_handled = CountField(
        "Văn bản đến được xử lý trên phần mềm", unit="văn bản", group="Văn bản điện tử"
    )
    accounts = CountField(
        "Số cán bộ, công chức có tài khoản quản lý văn bản",
        unit="người",
        group="Tài khoản, chứng thư số",
        carries=True,
    )
    mailboxes = CountField(
        "Số cán bộ, công chức có hộp thư công vụ",
        unit="người",
        group="Tài khoản, chứng thư số",
        carries=True,
    )
    mailboxes_unused = CountField(
        "Số hộp thư công vụ không dùng thường xuyên",
        unit="hộp thư",
        group="Tài khoản, chứng thư số",
    )
    certificates = CountField(
        "Số cán bộ, công chức có chứng thư số",
        unit="người",
        group="Tài khoản, chứng thư số",
        carries=True,
    )
    units_with_certificates = CountField(
        "Số đơn vị được cấp chứng thư số",
        unit="đơn vị",
        group="Tài khoản, chứng thư số",
        carries=True,
    )
    articles_on_reform = CountField(
        "Số tin, bài về cải cách hành chính trên trang thông tin điện tử",
        unit="tin, bài",
        group="Trang thông tin điện tử",
    )
    articles = CountField(
        "Tổng số tin, bài trên trang thông tin điện tử",
        unit="tin, bài",
        group="Trang thông tin điện tử",
    )
    offered_level3 = CountField(
        "Số thủ tục cung cấp trực tuyến mức độ 3",
        unit="thủ tục",
        group="Dịch vụ công trực tuyến",
        valid_to=LEVELS_END,
        carries=True,
    )
    offered_level4 = CountField(
        "Số thủ tục cung cấp trực tuyến mức độ 4",
        unit="thủ tục",
        group="Dịch vụ công trực tuyến",
        valid_to=LEVELS_END,
        carries=True,
    )
    offered_partial = CountField(
        "Số thủ tục cung cấp trực tuyến một phần",
        unit="thủ tục",
        group="Dịch vụ công trực tuyến",
        valid_from=PARTIAL_BEGINS,
        carries=True,
    )
    offered_full = CountField(
        "Số thủ tục cung cấp trực tuyến toàn trình",
        unit="thủ tục",
        group="Dịch vụ công trực tuyến",
        valid_from=PARTIAL_BEGINS,
        carries=True,
    )
    online_level34 = CountField(
        "Hồ sơ dịch vụ công trực tuyến mức độ 3, 4 phát sinh",
        unit="hồ sơ",
        group="Dịch vụ công trực tuyến",
        valid_to=LEVELS_END,
    )
    online_catalogue = CountField(
        "Số thủ tục thuộc danh mục trực tuyến mức độ 3, 4 đã công bố",
        unit="thủ tục",
        group="Dịch vụ công trực tuyến",
        valid_to=LEVELS_END,
        carries=True,
    )
    it_contents = CountField(
        "Số nội dung ứng dụng công nghệ thông tin, chuyển đổi số cần triển khai",
        unit="nội dung",
        group="Hệ thống thông tin",
    )
    exchange_connected = CodeField(
        "Kết nối, liên thông hệ thống quản lý văn bản",
        choices=Connected.choices,
        group="Hệ thống thông tin",
        carries=True,
    )
    one_stop_connected = CodeField(
        "Kết nối với hệ thống một cửa điện tử cấp tỉnh",
        choices=Connected.choices,
        group="Hệ thống thông tin",
        carries=True,
    )
    video_conferencing = CodeField(
        "Hệ thống họp trực tuyến",
        choices=VideoConferencing.choices,
        group="Hệ thống thông tin",
        carries=True,
    )
    iso_applied = CodeField(
        "Duy trì, áp dụng hệ thống quản lý chất lượng ISO 9001",
        choices=Applied.choices,
        group="Hệ thống thông tin",
        carries=True,
    )
    data_cleaned = CodeField(
        "Làm sạch dữ liệu dân cư, hộ tịch", choices=YesNo.choices, group="Hệ thống thông tin"
    )


class Evaluation(ReportSection):
    """Đánh giá chung: strengths, limits, causes, in the clerk's words."""

    section = Section.EVALUATION

    strengths = TextFigureField("Ưu điểm, mặt tích cực", rows=8)
    limits = TextFigureField("Tồn tại, hạn chế", rows=8)
    causes = TextFigureField("Nguyên nhân", rows=6)


class Plan(ReportSection):
    """Phương hướng, nhiệm vụ: the tasks ahead."""

    section = Section.PLAN

    tasks = TextFigureField("Phương hướng, nhiệm vụ thời gian tới", rows=12)


class Recommendations(ReportSection):
    """Kiến nghị, đề xuất: proposals to the superior."""

    section = Section.RECOMMENDATIONS

    proposals = TextFigureField("Kiến nghị, đề xuất với cấp trên", rows=8)


#: The typed sections in the order of the paper.
SECTIONS: tuple[type[ReportSection], ...] = (
    Direction,
    Institutional,
    Procedures,
    Organisation,
    CivilService,
    Finance,
    Egov,
    Evaluation,
    Plan,
    Recommendations,
)
