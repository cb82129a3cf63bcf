"""What comes next with a report, for the person who reads: one thing, why, and the one button that does it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from django.urls import reverse

from ..checks.gate import Verdict
from ..dossier import Dossier
from ..enums import State, Verb
from ..models import Release, Report
from ..review.remarks import Thread
from ..text.dates import format_date
from ..text.numbers import format_count
from ..web.actions import Action
from .report_list import ReportList, SectionLine
from .report_way import Story, day, reason_for_more_time

#: What is said to whoever has nothing to do with a report now, by its state.
ELSEWHERE = {
    State.DRAFT: "Công chức của đơn vị đang soạn báo cáo",
    State.PRESENTED: "Báo cáo đang chờ lãnh đạo ký duyệt",
    State.SIGNED: "Báo cáo đã ký duyệt, đang chờ gửi",
    State.SENT: "Báo cáo đã gửi, đang chờ {office} thẩm định",
    State.REVIEWING: "{office_first} đang thẩm định",
    State.RETURNED: "Công chức của đơn vị đang chỉnh lý báo cáo",
    State.APPROVED: "Báo cáo đã phê duyệt, đang chờ văn thư cấp số, phát hành",
    State.ISSUED: "Báo cáo đã phát hành",
    State.EXCLUDED: "Đơn vị không phải báo cáo trong kỳ này",
}
#: What is said of a step that is the reader's, by the verb that ends it.
YOURS = {
    Verb.PRESENT: "Báo cáo chờ trình lãnh đạo",
    Verb.SIGN_OFF: "Báo cáo chờ ký duyệt",
    Verb.SEND: "Báo cáo đã ký duyệt, chờ gửi {office}",
    Verb.BEGIN_REVIEW: "Báo cáo chờ thẩm định",
    Verb.APPROVE: "Báo cáo đang thẩm định",
    Verb.ISSUE: "Báo cáo đã phê duyệt, chờ cấp số, phát hành",
}


@dataclass(frozen=True)
class NextStep:
    """The one thing that comes next: `subject` and `why`, then the button, a link to `address` or a press of `posts`.

    Without a `label` somebody else has the report, or nobody. `beside` is what one reads first: label and address.
    `starts`: the report may take over what the one before holds; `verb` is what the button brings about.
    """

    subject: str
    why: str = ""
    label: str = ""
    address: str = ""
    posts: Mapping[str, str] = field(default_factory=dict)
    beside: tuple[str, str] | None = None
    starts: bool = False
    verb: Verb | None = None

    @property
    def heading(self) -> str:
        return "Việc tiếp theo" if self.label or self.starts else "Hiện trạng"


@dataclass(frozen=True)
class Desk:
    """All that decides what comes next: the report, its list, what was found and said, what the reader may do.

    `writable`: the lines the reader may type into; `starts` as in `NextStep`; `asks`, `extends`: the reader may open a
    section that was asked for, may give more time; `kept` is the release in force.
    """

    report: Report
    dossier: Dossier
    listed: ReportList
    verdict: Verdict | None
    told: Story
    actions: Sequence[Action]
    writable: Sequence[SectionLine]
    threads: Sequence[Thread] = ()
    starts: bool = False
    asks: bool = False
    extends: bool = False
    kept: Release | None = None

    def words(self, text: str) -> str:
        office = f"{self.dossier.office} {self.dossier.superior}".strip()
        return text.format(office=office, office_first=office[:1].upper() + office[1:])

    def address(self, name: str) -> str:
        return reverse(name, args=[self.report.pk])

    def of(self, line: SectionLine) -> str:
        """The address of the section's page."""
        return reverse("section", args=[self.report.pk, line.section.value])

    @property
    def forward(self) -> Action | None:
        return next((action for action in self.actions if action.forward), None)

    @property
    def since(self) -> str:
        """When the report was moved last, as a sentence goes on."""
        last = self.told.moved
        word = "ngày" if self.report.state == State.ISSUED else "từ"
        return f"{word} {day(last.at if last else self.report.opened_at)}"


def next_step(desk: Desk) -> NextStep:
    """What comes next, decided in this order: what is written, what the reader's role ends, what is asked of him."""
    if desk.report.state == State.EXCLUDED:
        return NextStep(desk.words(ELSEWHERE[State.EXCLUDED]))
    if desk.writable:
        return _to_write(desk)
    return _to_end(desk) or _asked(desk) or _to_attach(desk) or _elsewhere(desk)


def _to_write(desk: Desk) -> NextStep:
    """For who types: errors first, then what is incomplete, then what was asked for, then on to the next desk."""
    if desk.starts:
        return NextStep("Bắt đầu báo cáo", starts=True)
    for line in desk.writable:
        if line.wrong:
            return _section(desk, line, "Nhập tiếp phần" if line.unanswered else "Sửa phần")
    for line in desk.writable:
        if line.to_do:
            return _section(desk, line, "Nhập tiếp phần" if line.answered else "Nhập phần")
    mended = _unmended(desk)
    if mended:
        why = "được yêu cầu chỉnh lý, chưa sửa"
        return NextStep(mended.title, why, f"Sửa phần {mended.name}", desk.of(mended))
    return _to_hand_on(desk)


def _section(desk: Desk, line: SectionLine, label: str) -> NextStep:
    place = desk.of(line) + (line.anchor if line.answered or line.wrong else "")
    return NextStep(line.title, line.why, f"{label} {line.name}", place)


def _unmended(desk: Desk) -> SectionLine | None:
    """The first section that the return named, or a remark is about, and nobody has written in since."""
    back = desk.told.last(Verb.RETURN, Verb.REOPEN)
    if desk.report.state != State.RETURNED or back is None:
        return None
    about = {thread.remark.section for thread in desk.threads}
    named = len(desk.writable) < len(desk.listed.lines)
    for line in desk.writable:
        unsaved = line.saved_at is None or line.saved_at < back.at
        if unsaved and (named or line.section.value in about):
            return line
    return None


def _to_hand_on(desk: Desk) -> NextStep:
    forward, verdict = desk.forward, desk.verdict
    moving = forward is not None and forward.verb == Verb.SEND
    if forward and verdict and verdict.ready:
        why = "đã đủ, hết lỗi" + (", cảnh báo đều đã giải trình" if verdict.warnings else "")
        address = desk.address(forward.page)
        return NextStep(
            f"Cả {len(desk.listed.lines)} phần", why, forward.label, address, verb=forward.verb
        )
    open_ones = format_count(len(verdict.unexplained)) if verdict else ""
    why = f"còn {open_ones} cảnh báo cần giải trình hoặc sửa"
    if verdict and verdict.errors:
        why = f"còn {format_count(len(verdict.errors))} lỗi phải sửa"
    label = "Kiểm tra trước khi gửi" if moving else "Kiểm tra trước khi trình"
    return NextStep(f"{desk.listed.done} phần đã đủ", why, label, desk.address("checks"))


def _to_end(desk: Desk) -> NextStep | None:
    """For whose role ends the present step: to sign, to send, to review, to issue."""
    forward = desk.forward
    if forward is None:
        return None
    subject = f"{desk.words(YOURS[forward.verb])} {desk.since}"
    read = ("Xem toàn văn", desk.address("preview"))
    if forward.verb in (Verb.BEGIN_REVIEW, Verb.APPROVE):
        return NextStep(subject, "", "Thẩm định", desk.address("review"), beside=read)
    address = (
        desk.address(forward.page)
        if forward.page
        else reverse("act", args=[desk.report.pk, forward.verb.value])
    )
    return NextStep(subject, "", forward.label, address, beside=read, verb=forward.verb)


def _asked(desk: Desk) -> NextStep | None:
    """For the superior whom the unit asks for something."""
    asked = [line for line in desk.listed.lines if line.state and line.state.asked]
    if desk.asks and asked and asked[0].state:
        line, reason = asked[0], asked[0].state.asked
        address = reverse("more_sections", args=[desk.report.pk, line.section.value])
        posts = {"open": "1", "step": str(desk.report.step)}
        subject = f"Đơn vị đề nghị mở thêm phần {line.title}"
        return NextStep(subject, reason, f"Mở phần {line.name}", address, posts)
    if desk.extends and desk.report.extension_asked:
        subject = f"Đơn vị xin gia hạn đến {format_date(desk.report.extension_asked)}"
        reason = reason_for_more_time(desk.report, desk.told)
        return NextStep(subject, reason, Verb.EXTEND.label, desk.address("more_time"))
    return None


def _to_attach(desk: Desk) -> NextStep | None:
    """For who keeps the papers: the signed copy, as long as there is none."""
    attach = next((one for one in desk.actions if one.verb == Verb.ATTACH_SIGNED), None)
    copies = desk.kept.signed_copies.all() if desk.kept else ()
    if attach is None or any(copy.replaced_at is None for copy in copies):
        return None
    subject = f"Báo cáo đã phát hành {desk.since}"
    why = "chưa có bản đã ký"
    return NextStep(subject, why, attach.label, desk.address(attach.page), verb=attach.verb)


def _elsewhere(desk: Desk) -> NextStep:
    return NextStep(f"{desk.words(ELSEWHERE[State(desk.report.state)])} {desk.since}")
