"""Public finance: audit recommendations, public assets, autonomy."""

from ...enums import Applied, Section
from ..fields import CodeField, CountField
from .base import ReportSection


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
