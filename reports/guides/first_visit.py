"""What somebody is shown who comes for the first time: three things and no more, by role."""

from collections.abc import Collection
from dataclasses import dataclass

from ..enums import Role
from . import markdown


@dataclass(frozen=True)
class Point:
    """One thing worth knowing, and the chapter (`guide/chapter`) that says more, under these words."""

    sentence: str
    more: str
    chapter: str

    @property
    def address(self) -> str:
        guide, chapter = self.chapter.split("/")
        return markdown.address(guide, chapter)


_HELP = Point(
    "Trang nào cũng có Hướng dẫn ở đầu trang, mở đúng bài nói về trang đó.",
    "Tra cứu hướng dẫn",
    "nguoi-lap/tra-cuu-huong-dan",
)

#: In this order: somebody with several roles is shown the points of the first.
POINTS: dict[Role, tuple[Point, Point, Point]] = {
    Role.CLERK: (
        Point(
            "Báo cáo của đơn vị đã có sẵn ở trang này, không phải tạo: nhấn vào tên kỳ, rồi nhập các phần theo thứ "
            "tự tùy ý.",
            "Danh sách các phần",
            "nguoi-lap/trang-bao-cao-danh-sach-cac-phan",
        ),
        Point(
            "Mỗi số chỉ nhập một lần và tự lưu; văn bản, phụ lục được soạn từ số đó.",
            "Nhập một phần",
            "nguoi-lap/nhap-mot-phan",
        ),
        _HELP,
    ),
    Role.LEADER: (
        Point(
            "Báo cáo chờ ký đứng đầu trang này: nhấn vào tên kỳ để đọc Phiếu ký duyệt; mở phiếu chưa phải là ký.",
            "Phiếu ký duyệt",
            "lanh-dao/phieu-ky-duyet",
        ),
        Point(
            "Ký duyệt là bước nội bộ, không phải chữ ký số; chưa gửi thì vẫn trả lại công chức để sửa được.",
            "Ký duyệt",
            "lanh-dao/ky-duyet",
        ),
        _HELP,
    ),
    Role.RECORDS: (
        Point(
            "Việc của văn thư đứng đầu trang này: báo cáo chờ phát hành, rồi báo cáo đã ký duyệt chờ gửi.",
            "Báo cáo nào đang chờ",
            "van-thu/bao-cao-nao-dang-cho",
        ),
        Point(
            "Cấp trên phê duyệt xong mới ghi số, ngày; ghi nhầm thì sửa được khi chưa nạp bản đã ký.",
            "Phát hành",
            "van-thu/phat-hanh",
        ),
        _HELP,
    ),
    Role.REVIEWER: (
        Point(
            "Báo cáo đã gửi đứng đầu trang này, ở mục Chờ thẩm định; nhấn vào để mở danh sách của kỳ, đã lọc sẵn.",
            "Báo cáo của các đơn vị",
            "tham-dinh/bao-cao-cua-cac-don-vi-trong-mot-ky",
        ),
        Point(
            "Ở trang thẩm định, nhấn vào một số trong văn bản là ghi được ý kiến về đúng số đó.",
            "Thẩm định",
            "tham-dinh/tham-dinh",
        ),
        _HELP,
    ),
    Role.ADMIN: (
        Point(
            "Kỳ ghi Chưa mở thì các đơn vị chưa thấy báo cáo: nhấn vào kỳ, xem lại rồi mở.",
            "Mở kỳ báo cáo",
            "quan-tri/mo-ky-bao-cao",
        ),
        Point(
            "Ai làm được việc gì là do vai trò tại đơn vị; tài khoản chưa có vai trò thì không thấy báo cáo nào.",
            "Tài khoản và vai trò",
            "quan-tri/tai-khoan-va-vai-tro",
        ),
        _HELP,
    ),
}


def points_for(roles: Collection[Role | str]) -> tuple[Point, ...]:
    """The three things for somebody with these roles; none for somebody without, who has nothing to do here yet."""
    return next((points for role, points in POINTS.items() if role in roles), ())
