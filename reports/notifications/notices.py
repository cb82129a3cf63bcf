"""Who is told what, when a report moves on: the rules of the table of verbs, and the writing of notices.

Whatever tells is called inside the transaction of what it tells of: notices and letters are rows, so
they exist exactly when it commits. The doer is never told; others are told once, at the desk nearest
to the report, while their account and their role there are good today. Fixed queries for any number.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from ..access import powers, today, visible_periods, visible_reports, watches
from ..enums import Mailing, NoticeKind, Place, Post, Role, Section, State, Verb
from ..models import Letter, Notice, Report, ReportingPeriod, RoleAssignment, User
from ..models.units import valid_on
from ..text.dates import format_date
from ..verbs import VERBS, NoticeRule

#: How much of a reason, and of a remark, a notice repeats; the rest is read in the portal.
LONGEST_NOTE = 600
LONGEST_REMARK = 200
#: How many remarks one notice repeats, and how long its letter waits for more of them.
MOST_REMARKS = 10
_ADDRESS = re.compile(r"\S+@[^\s:]+")
GATHERING = timedelta(minutes=10)
#: What the words name beside the report itself, for whoever reads it.
NAMED = ("unit", "period__kind", "period__superior")


#: What a move of the report settles; remarks are read one by one.
SETTLED = (NoticeKind.MOVE, NoticeKind.DUE, NoticeKind.REMINDER, NoticeKind.LATE)


@dataclass(frozen=True)
class Recipient:
    """Somebody to be told, at one desk; `unit` is where they hold the role."""

    user: User
    place: Place
    unit: int


def tell(
    report: Report,
    verb: Verb,
    by: User,
    note: str = "",
    before: State | str = "",
    sections: Sequence[Section] = (),
    at: datetime | None = None,
) -> None:
    """Tell of a move; `before` is the state it was done in, `sections` what it opened or asks for."""
    if before:
        settle(report, by, at or timezone.now())
    rule = VERBS[verb].notice_in(before or report.state)
    if rule is None:
        return
    names = facts(report, by)
    text = rule.text.format(**names)
    if sections:
        labels = ", ".join(f"“{section.label}”" for section in sections)
        text += f"\nPhần: {labels}."
    if note:
        text += f"\n{VERBS[verb].note_label}: {_short(note, LONGEST_NOTE)}"
    at = at or timezone.now()
    write(
        Notice(
            user=to.user, place=to.place, kind=NoticeKind.MOVE, report=report, by=by,
            title=title(verb.label, names), text=text, at=at, post=post_of(to, rule.quiet),
        )
        for to in recipients(report, rule) if to.user.pk != by.pk
    )  # fmt: skip


def settle(report: Report, by: User, at: datetime) -> None:
    """Mark the open notices at the doer's desk as done: their report has moved on."""
    place = Place.SUPERIOR if reviews(by, report) else Place.OWN
    waiting = Notice.objects.filter(report=report, kind__in=SETTLED, read_at=None, done_at=None)
    waiting.filter(Q(place=place) | Q(user=by)).update(done_at=at)


def tell_remark(report: Report, by: User, text: str, section: str, at: datetime | None) -> None:
    """Tell the other desk of a remark: one unread notice gathers them, and its letter waits for more."""
    place = Place.OWN if reviews(by, report) else Place.SUPERIOR
    rule, names = VERBS[Verb.COMMENT].notice_at(place), facts(report, by)
    line = (
        "- "
        + (f"{Section(section).label}: " if section else "")
        + _short(" ".join(text.split()), LONGEST_REMARK)
    )
    growing = {notice.user_id: notice for notice in _gathering(report, place)}
    updated, new = [], []
    for to in recipients(report, rule):
        if to.user.pk == by.pk:
            continue
        notice = growing.get(to.user.pk)
        if notice is None:
            notice = Notice(
                user=to.user, place=place, kind=NoticeKind.REMARK, report=report, count=0,
                title=title("Ý kiến", names), post=post_of(to),
            )  # fmt: skip
            new.append(notice)
        notice.count, notice.by, notice.at = notice.count + 1, by, at or timezone.now()
        notice.text = _with_line(notice, rule.text.format(n=notice.count, **names), line)
        updated.append(notice)
    Notice.objects.bulk_update(
        [notice for notice in updated if notice.pk], ["count", "by", "at", "text"]
    )
    write(new, timezone.now() + GATHERING)


def _with_line(notice: Notice, head: str, line: str) -> str:
    """The text of a gathering notice with one remark more; beyond the first ten they are only counted."""
    lines = notice.text.splitlines()[1 : MOST_REMARKS + 1]
    return "\n".join([head, *lines, line if len(lines) < MOST_REMARKS else "…"])


def _gathering(report: Report, place: Place) -> Iterator[Notice]:
    """The unread notices of remarks that may still grow: no worker has begun with their letter.

    Locked letters wait for this transaction, so one that goes meanwhile tells of all.
    """
    rows = Notice.objects.filter(report=report, kind=NoticeKind.REMARK, place=place, read_at=None)
    open_letters = Letter.objects.select_for_update().filter(attempt=0, finished_at=None)
    waiting = set(open_letters.filter(notices__in=rows).values_list("pk", flat=True))
    for notice in rows.order_by("pk"):
        if notice.letter_id in waiting or (notice.letter_id is None and notice.post != Post.LETTER):
            yield notice


def reviews(by: User, report: Report) -> bool:
    """Whether the person speaks for the superior; whoever holds a desk on both sides does."""
    superior = report.period.superior_id
    return any(role.role == Role.REVIEWER and role.unit_id == superior for role in powers(by).roles)


# --- to whom ------------------------------------------------------------------------------------------


def recipients(report: Report, rule: NoticeRule) -> list[Recipient]:
    """Everybody whom a rule tells, each once, at the unit rather than above. One query."""
    superior = report.period.superior_id
    where = Q(unit=report.unit_id, role__in=rule.own) | Q(unit=superior, role__in=rule.superior)
    at_all = at_desks(where, superior)
    nearest_last = sorted(at_all, key=lambda to: to.place != Place.OWN, reverse=True)
    return list({to.user.pk: to for to in nearest_last}.values())


def at_desks(where: Q, superior: int) -> list[Recipient]:
    """Whoever holds such a role today with a good account, at most once a unit. One query."""
    assignments = RoleAssignment.objects.filter(where, valid_on(today()), user__is_active=True)
    desks: dict[tuple[int, int], Recipient] = {}
    for assignment in assignments.select_related("user").order_by("user_id", "pk"):
        place = Place.SUPERIOR if assignment.unit_id == superior else Place.OWN
        desks.setdefault(
            (assignment.user_id, assignment.unit_id),
            Recipient(assignment.user, place, assignment.unit_id),
        )
    return list(desks.values())


def post_of(to: Recipient, quiet: bool = False) -> Post:
    """What mail they have of it; whoever chose nothing has each in a commune, a digest above."""
    user = to.user
    usual = Mailing.DIGEST if to.place == Place.SUPERIOR else Mailing.EACH
    choice = user.mail or usual
    if quiet:
        return Post.QUIET
    if choice == Mailing.NONE:
        return Post.UNWANTED
    if not settings.MAIL:
        return Post.OFF
    if not user.email:
        return Post.NO_ADDRESS
    return Post.LETTER if choice == Mailing.EACH else Post.DIGEST


def write(notices: Iterable[Notice], not_before: datetime | None = None) -> list[Notice]:
    """Write notices, with a letter for each that has one of its own. Two bulk inserts."""
    new = list(notices)
    mailed = [notice for notice in new if notice.post == Post.LETTER]
    letters = Letter.objects.bulk_create(
        Letter(user=n.user, address=n.user.email, made_at=n.at, not_before=not_before)
        for n in mailed
    )
    for notice, letter in zip(mailed, letters, strict=True):
        notice.letter = letter
    return Notice.objects.bulk_create(new)


# --- in words -----------------------------------------------------------------------------------------


def facts(report: Report, by: User | None = None) -> dict[str, str]:
    """What the words of a notice may name. One query for the unit's former names."""
    period = report.period
    unit = " ".join(report.unit.named_on(period.data_to))
    office = office_of(period)
    return {
        "who": str(by or ""), "unit": unit, "unit_first": _capitalised(unit), "office": office,
        "office_first": _capitalised(office), "period": period.phrase, "due": format_date(report.due),
    }  # fmt: skip


def office_of(period: ReportingPeriod) -> str:
    """`Phòng Nội vụ huyện Hà Trung`; the unit itself when it names no office."""
    return f"{period.superior.office} {period.superior}".strip()


def title(action: str, names: Mapping[str, str]) -> str:
    """`Yêu cầu chỉnh lý: xã Hà Tiến, 6 tháng đầu năm 2023`, which is also the subject of its letter."""
    return f"{action}: {names['unit']}, {names['period']}"[:300]


def _capitalised(text: str) -> str:
    return text[:1].upper() + text[1:]


def _short(text: str, most: int) -> str:
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"


# --- to read --------------------------------------------------------------------------------------------


def readable(user: User) -> QuerySet[Notice]:
    """What the person was told of reports and periods that they may look at today.

    A role that ended takes its notices along, in the portal and in the mail. Asked of each notice,
    for a person has few and may see a hundred thousand reports.
    """
    report = visible_reports(user).filter(pk=OuterRef("report"))
    period = visible_periods(user).filter(pk=OuterRef("period"))
    return Notice.objects.filter(Q(Exists(report)) | Q(Exists(period)), user=user)


# --- what was sent -------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Delivery:
    """One who was told, as the reader may know it: by name, or by the desk alone."""

    name: str
    read_at: datetime | None = None
    done_at: datetime | None = None
    post: str = ""


@dataclass(frozen=True)
class Announcement:
    """One action made known at one moment, and everybody who was told."""

    at: datetime
    action: str
    deliveries: tuple[Delivery, ...]


def announcements(report: Report, user: User) -> list[Announcement]:
    """Who was told what about a report, newest first. One query.

    A commune reads the names of its own people; of the superior, that its office was told.
    """
    rows = Notice.objects.filter(report=report).select_related("user", "letter")
    above = watches(user, report)
    office = office_of(report.period)
    gathered: dict[tuple[datetime, str], list[Delivery]] = {}
    for notice in rows:
        hidden = not above and notice.place == Place.SUPERIOR
        delivery = (
            Delivery(office)
            if hidden
            else Delivery(str(notice.user), notice.read_at, notice.done_at, posted(notice))
        )
        action = notice.title.partition(":")[0]  # whose report it is, the page says
        deliveries = gathered.setdefault((notice.at, action), [])
        if delivery not in deliveries:
            deliveries.append(delivery)
    return [Announcement(at, action, tuple(to)) for (at, action), to in gathered.items()]


def posted(notice: Notice) -> str:
    """What became of the mail of a notice, in words."""
    letter = notice.letter
    if letter is None:
        waits = notice.post == Post.DIGEST and notice.read_at is None and notice.done_at is None
        return "chờ thư tổng hợp" if waits else _unposted(Post(notice.post))
    if letter.finished_at is None:
        return "thư đang chờ gửi"
    if letter.problem:
        # What a mail server says names the address, which is nobody else's business.
        return f"thư không gửi được: {_ADDRESS.sub('…', letter.problem)}"
    at = timezone.localtime(letter.finished_at)
    return f"đã gửi thư lúc {at:%H:%M} ngày {format_date(at.date())}"


def _unposted(post: Post) -> str:
    return (
        "đã đọc trước khi có thư"
        if post == Post.DIGEST
        else post.label[:1].lower() + post.label[1:]
    )
