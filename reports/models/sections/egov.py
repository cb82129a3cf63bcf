"""E-government: documents, accounts, website, online services, systems."""

from ...enums import Applied, Connected, Section, VideoConferencing, YesNo
from ..fields import CodeField, CountField
from .base import LEVELS_END, PARTIAL_BEGINS, ReportSection


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
