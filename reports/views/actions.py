"""What a reader may do with a report now: the buttons of its pages, asked from the rule table."""

from dataclasses import dataclass

from .. import workflow
from ..access import may, powers
from ..enums import Role, Verb
from ..models import Report, User

#: Verbs that begin on a page of their own, where what must be seen first is seen.
PAGES = {
    Verb.PRESENT: "checks",
    Verb.SEND: "checks",
    Verb.SIGN_OFF: "sign_off",
    Verb.RETURN: "review",
    Verb.APPROVE: "review",
    Verb.ATTACH_SIGNED: "attach_signed",
}
#: What each verb does, said before it is done; those without are done at once.
ASKED = {
    Verb.TAKE_BACK: "Báo cáo trở lại bàn của công chức để sửa; chữ ký duyệt trước đó không còn giá trị.",
    Verb.WITHDRAW: "Báo cáo được rút về đơn vị để sửa, rồi phải trình, gửi lại.",
    Verb.ISSUE: "Số và ngày được in vào văn bản; bản phát hành được lưu nguyên vẹn.",
    Verb.REOPEN: "Báo cáo được mở lại thành một lần báo cáo mới; bản cũ vẫn đọc được.",
    Verb.EXCLUDE: "Đơn vị không phải báo cáo trong kỳ này và không bị tính là chậm.",
    Verb.TAKE_OVER: "Cơ quan cấp trên nhập thay đơn vị, cho đến khi giao lại hoặc gửi.",
}


@dataclass(frozen=True)
class Action:
    """One thing the reader may do with the report now."""

    verb: Verb
    page: str
    asks: bool
    label: str

    @property
    def forward(self) -> bool:
        """Whether it brings the report on; the others stand back."""
        return self.verb in (
            Verb.PRESENT, Verb.SIGN_OFF, Verb.SEND, Verb.BEGIN_REVIEW, Verb.APPROVE, Verb.ISSUE
        )  # fmt: skip


def wording(user: User, verb: Verb, report: Report) -> str:
    """What the button says: a leader who does not type hands a report back rather than taking it."""
    here = {role.role for role in powers(user).roles if role.unit_id == report.unit_id}
    if verb == Verb.TAKE_BACK and Role.LEADER in here and Role.CLERK not in here:
        return "Trả lại để sửa"
    return verb.label


def actions(user: User, report: Report) -> list[Action]:
    """What the reader may do: first what brings the report on, each in the order of its way."""
    verbs = [*workflow.TRANSITIONS, *workflow.ON_BEHALF, Verb.ATTACH_SIGNED]
    open_to = [verb for verb in verbs if may(user, verb, report)]
    if report.on_behalf:
        open_to = [verb for verb in open_to if verb != Verb.TAKE_OVER]
    known = [
        Action(verb, PAGES.get(verb, ""), verb in ASKED, wording(user, verb, report))
        for verb in open_to
    ]
    return sorted(known, key=lambda action: not action.forward)
