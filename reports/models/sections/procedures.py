"""Procedures: their catalogue, citizens' dossiers, feedback, the one-stop desk."""

from django.db import models

from ...enums import Section
from ..fields import CountField, MeasureField
from .base import LEVELS_END, PARTIAL_BEGINS, ReportSection


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
