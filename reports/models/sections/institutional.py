"""Institutional reform: legal normative documents, legal education, enforcement."""

from ...enums import Section
from ..fields import CountField
from .base import ReportSection


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
