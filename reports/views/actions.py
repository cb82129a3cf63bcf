"""What a reader may do with a report now: the buttons of its pages, asked from the rule table."""

from dataclasses import dataclass

from .. import workflow
from ..access import may
from ..enums import State, Verb
from ..models import Report, User
from ..signed_copies import counting

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
    Verb.TAKE_BACK: "Báo cáo trở lại bàn của công chức để sửa.",
    Verb.SEND_BACK: "Báo cáo trở lại bàn của công chức để sửa theo lý do ghi dưới đây.",
    Verb.SIGN_OFF: "Báo cáo được ký duyệt như trên phiếu ký duyệt, rồi chờ gửi cơ quan cấp trên.",
    Verb.APPROVE: "Báo cáo được phê duyệt và lưu nguyên văn; sau đó văn thư của đơn vị ghi số, ngày và phát hành.",
    Verb.WITHDRAW: "Báo cáo được rút về đơn vị để sửa, rồi phải trình, gửi lại.",
    Verb.ISSUE: "Số và ngày được in vào văn bản; bản phát hành được lưu nguyên vẹn.",
    Verb.CORRECT_ISSUE: "Bản phát hành được lập lại với số, ngày mới; bản cũ vẫn đọc được.",
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


def asked(verb: Verb, report: Report) -> str:
    """What the verb will do, said before it is done."""
    words = ASKED.get(verb, "")
    if verb in (Verb.TAKE_BACK, Verb.SEND_BACK) and report.state == State.SIGNED:
        words += " Chữ ký duyệt trước đó không còn giá trị; báo cáo phải trình và ký duyệt lại."
    return words


def too_late(verb: Verb, report: Report) -> str:
    """Why a verb that the table opens is shut by what happened since; "" when it is not."""
    if verb == Verb.CORRECT_ISSUE and counting(report) is not None:
        return "Đã nạp bản đã ký nên số và ngày ban hành không sửa được nữa."
    return ""


def actions(user: User, report: Report) -> list[Action]:
    """What the reader may do: first what brings the report on, each in the order of its way."""
    verbs = [*workflow.TRANSITIONS, *workflow.ON_BEHALF, Verb.ATTACH_SIGNED]
    open_to = [verb for verb in verbs if may(user, verb, report) and not too_late(verb, report)]
    if report.on_behalf:
        open_to = [verb for verb in open_to if verb != Verb.TAKE_OVER]
    known = [Action(verb, PAGES.get(verb, ""), verb in ASKED, verb.label) for verb in open_to]
    return sorted(known, key=lambda action: not action.forward)
