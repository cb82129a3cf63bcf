"""The way of a report from the desk to the issued paper: who did each step and when, who has it now, what is missing."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone

from ..access import holds
from ..checks.gate import Verdict
from ..dossier import Dossier
from ..enums import Given, State, Verb
from ..models import Event, Report
from ..text.dates import format_date
from ..text.numbers import format_count
from ..verbs import MOVES, RETURNING
from .report_list import ReportList, short_name

#: The steps of the way in their order: the state in which a report waits for each, and the verb that ends it.
WAITING = {
    State.DRAFT: 0, State.RETURNED: 0, State.PRESENTED: 1, State.SIGNED: 2, State.SENT: 3,
    State.REVIEWING: 3, State.APPROVED: 4, State.ISSUED: 5,
}  # fmt: skip
#: Where a report is written.
AT_DESK = tuple(state for state, step in WAITING.items() if step == 0)
#: The verbs that say where the report stands; requests for more time come with them.
TOLD = (*MOVES, Verb.ASK_EXTENSION)


@dataclass(frozen=True)
class Stage:
    """One step of the way: done, now or ahead (`shape` as `status.css` names it), with its facts, one a line."""

    label: str
    shape: str
    facts: tuple[str, ...]

    @property
    def now(self) -> bool:
        return self.shape == "begun"

    @property
    def words(self) -> str:
        """Where it stands, for who does not see its shape."""
        return {"complete": "đã xong", "begun": "đang ở bước này", "empty": "chưa đến"}[self.shape]


@dataclass(frozen=True)
class Story:
    """What happened to a report, oldest first: every move, and the requests for more time."""

    events: tuple[Event, ...]

    def last(self, *verbs: Verb) -> Event | None:
        """The last event of these verbs."""
        return next((event for event in reversed(self.events) if event.verb in verbs), None)

    @property
    def moved(self) -> Event | None:
        """The last move; None when the report never left the desk."""
        return self.last(*MOVES)

    def ended(self, *verbs: Verb) -> Event | None:
        """The last event of these verbs in the present round, which began when the report came back to be written."""
        found = self.last(*verbs)
        begun = self.last(*RETURNING)
        return found if found and (begun is None or found.seq > begun.seq) else None


def story(report: Report) -> Story:
    """Everything that moved a report. One query."""
    events = report.events.filter(verb__in=TOLD).order_by("seq")
    return Story(tuple(events.only("seq", "verb", "by_name", "at", "note", "report_id")))


def way(
    report: Report, dossier: Dossier, told: Story, listed: ReportList, leader: bool
) -> list[Stage]:
    """The steps of a report's way; none for one that is not owed. `leader`: somebody must sign it first."""
    if report.state == State.EXCLUDED:
        return []
    at = WAITING[State(report.state)]
    signing = at in (1, 2) or (leader if at == 0 else told.ended(Verb.SIGN_OFF) is not None)
    steps = (
        ("Soạn", _writing(report, dossier, told, listed, at)),
        ("Trình, ký duyệt", _signing(dossier, told, at)),
        (f"Gửi {dossier.office or dossier.superior}", _sending(report, dossier, told, at)),
        ("Thẩm định, phê duyệt", _reviewing(dossier, told, at)),
        ("Cấp số, phát hành", _issuing(dossier, told, at)),
    )
    return [
        Stage(label, "complete" if step < at else "begun" if step == at else "empty", tuple(facts))
        for step, (label, facts) in enumerate(steps)
        if signing or step != 1
    ]


def is_signed_first(report: Report) -> bool:
    """Whether a leader of the unit signs what is still being written. One query where that is not known yet."""
    return report.state in AT_DESK and holds(Given.LEADER, report)


def day(moment: datetime) -> str:
    return format_date(timezone.localtime(moment).date())


def _by(dossier: Dossier, event: Event | None, words: str = "") -> Iterator[str]:
    """`Công chức Văn phòng trình, 02/9/2026`; nothing without an event."""
    if event:
        who = short_name(event.by_name or "Hệ thống", dossier)
        yield f"{who}{words and f' {words}'}, {day(event.at)}"


def _writing(
    report: Report, dossier: Dossier, told: Story, listed: ReportList, at: int
) -> Iterator[str]:
    if at > 0:
        yield from _by(dossier, told.ended(Verb.PRESENT) or told.ended(Verb.SEND))
        return
    began = told.moved
    since = day(began.at if began else report.opened_at)
    saved = [(line.saved_at, line.writer) for line in listed.lines if line.saved_at]
    who = max(saved)[1] if saved else "Chưa có ai nhập"
    if report.on_behalf:
        who = "Cơ quan cấp trên nhập thay"
    yield f"{who}, từ {since}"


def _signing(dossier: Dossier, told: Story, at: int) -> Iterator[str]:
    if at > 1:
        yield from _by(dossier, told.ended(Verb.SIGN_OFF))
    else:
        yield "Lãnh đạo Ủy ban nhân dân " + dossier.unit.kind
        if at == 1:
            yield from _by(dossier, told.moved, "trình")


def _sending(report: Report, dossier: Dossier, told: Story, at: int) -> Iterator[str]:
    if at > 2:
        yield from _by(dossier, told.ended(Verb.SEND))
    if report.sent_on:
        late = (report.sent_on - report.due).days
        first = "" if at > 2 and late <= 0 else f"Gửi lần đầu {format_date(report.sent_on)}"
        yield from filter(None, [first + (f", chậm {format_count(late)} ngày" if late > 0 else "")])
        return
    extended = f", gia hạn đến {format_date(report.due)}" if report.extended_to else ""
    yield f"Hạn {format_date(report.period.deadline)}{extended}"
    if report.extension_asked:
        yield f"Đã xin gia hạn đến {format_date(report.extension_asked)}"
        yield from filter(None, [reason_for_more_time(report, told)])


def _reviewing(dossier: Dossier, told: Story, at: int) -> Iterator[str]:
    if at > 3:
        yield from _by(dossier, told.ended(Verb.APPROVE))
        return
    yield f"{dossier.office} {dossier.superior}".strip()
    if at == 3:
        yield from _by(dossier, told.ended(Verb.BEGIN_REVIEW), "bắt đầu thẩm định")


def _issuing(dossier: Dossier, told: Story, at: int) -> Iterator[str]:
    paper = dossier.paper
    if at > 4:
        yield from _by(dossier, told.ended(Verb.ISSUE))
    else:
        yield f"Văn thư {dossier.unit.kind}"
    if paper.number and paper.issued_on:
        yield f"Số {paper.number:02d}/{paper.symbol}, ngày {format_date(paper.issued_on)}"


def reason_for_more_time(report: Report, told: Story) -> str:
    """Why the unit asked for more time, without the day, which stands beside it."""
    asked = told.last(Verb.ASK_EXTENSION)
    if asked is None or report.extension_asked is None:
        return ""
    return asked.note.removeprefix(f"Xin gia hạn đến {format_date(report.extension_asked)}: ")


def lacking(listed: ReportList, verdict: Verdict | None, forward: str) -> str:
    """What stands before the next step of a report that is being written; "" where the checks are not asked."""
    if verdict is None:
        return ""
    verb = "Trình" if forward == Verb.PRESENT else "Gửi"
    if verdict.errors:
        return f"{verb} được khi đủ {len(listed.lines)} phần và hết lỗi."
    if verdict.unexplained:
        number = format_count(len(verdict.unexplained))
        return f"{verb} được khi {number} cảnh báo có lời giải trình."
    return "Đủ điều kiện " + verb.lower() + "."
