"""Who is told what, when a report moves on: the one table, and the writing of it.

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

from .access import powers, today, visible_periods, visible_reports, watches
from .enums import Mailing, Place, Post, Role, Section, State, Told, Verb
from .models import Letter, Notice, Report, ReportingPeriod, RoleAssignment, User
from .models.units import valid_on
from .vietnamese import format_date

#: How much of a reason, and of a remark, a notice repeats; the rest is read in the portal.
LONGEST_NOTE = 600
LONGEST_REMARK = 200
#: How many remarks one notice repeats, and how long its letter waits for more of them.
MOST_REMARKS = 10
_ADDRESS = re.compile(r"\S+@[^\s:]+")
GATHERING = timedelta(minutes=10)
#: What the words name beside the report itself, for whoever reads it.
NAMED = ("unit", "period__kind", "period__superior")


@dataclass(frozen=True)
class Telling:
    """`verb`, done to a report in `states`, is told to these roles at its unit and at its superior.

    `words` say it: {who} did it, {unit}, {office}, {period}, {due}. `quiet`: in the portal, without mail.
    """

    verb: Verb
    states: frozenset[State]
    own: frozenset[Role]
    superior: frozenset[Role]
    words: str
    quiet: bool = False


def telling(
    verb: Verb, own: str, superior: str, words: str, states: str = "", quiet: bool = False
) -> Telling:
    """A line of the table, roles and states parted by spaces; no states: all."""
    return Telling(
        verb,
        frozenset(map(State, states.split())) or frozenset(State),
        frozenset(map(Role, own.split())),
        frozenset(map(Role, superior.split())),
        words,
        quiet,
    )


REPORT = "báo cáo {period} của {unit}"
TABLE: tuple[Telling, ...] = (
    # In the commune.
    telling(Verb.PRESENT, "leader", "", "{who} trình lãnh đạo " + REPORT + ", hạn gửi {due}."),
    telling(Verb.TAKE_BACK, "clerk leader", "", "{who} lấy lại " + REPORT + " để sửa.", "presented"),
    telling(Verb.TAKE_BACK, "clerk leader records", "",
            "{who} lấy lại " + REPORT + " để sửa; báo cáo phải trình và ký duyệt lại.", "signed"),
    telling(Verb.SEND_BACK, "clerk leader", "", "{who} trả lại " + REPORT + " để sửa.", "presented"),
    telling(Verb.SEND_BACK, "clerk leader records", "",
            "{who} trả lại " + REPORT + " để sửa; báo cáo phải trình và ký duyệt lại.", "signed"),
    telling(Verb.SIGN_OFF, "clerk records", "",
            "{who} ký duyệt " + REPORT + ". Báo cáo chờ gửi, hạn {due}."),
    telling(Verb.SEND, "clerk leader", "reviewer", "{who} gửi " + REPORT + " đến {office}."),
    telling(Verb.WITHDRAW, "clerk leader", "reviewer", "{who} rút lại " + REPORT + " để sửa."),
    telling(Verb.ASK_REOPEN, "", "reviewer", "{who} đề nghị mở thêm phần trong " + REPORT + "."),
    telling(Verb.ASK_EXTENSION, "", "reviewer", "{who} xin gia hạn " + REPORT + "."),
    telling(Verb.ISSUE, "", "reviewer", "{unit_first} đã phát hành báo cáo {period}."),
    telling(Verb.CORRECT_ISSUE, "clerk leader", "reviewer",
            "{who} sửa số, ngày ban hành của " + REPORT + "; bản phát hành được lập lại."),
    # In the superior office. Who reads a report is told in the portal alone: nothing is to be done.
    telling(Verb.BEGIN_REVIEW, "clerk leader", "", "{office_first} bắt đầu thẩm định " + REPORT + ".",
            quiet=True),
    telling(Verb.PUT_BACK, "", "reviewer", "{who} thôi thẩm định " + REPORT + "; báo cáo chờ người khác.",
            quiet=True),
    telling(Verb.RETURN, "clerk leader", "", "{office_first} yêu cầu chỉnh lý " + REPORT + "."),
    telling(Verb.OPEN_SECTION, "clerk leader", "", "{office_first} mở thêm phần để sửa trong " + REPORT + "."),
    telling(Verb.CLOSE_SECTION, "clerk leader", "",
            "{office_first} khóa lại phần đã mở thêm trong " + REPORT + "."),
    telling(Verb.APPROVE, "clerk leader records", "",
            "{office_first} phê duyệt " + REPORT + ". Văn thư ghi số, ngày và phát hành."),
    telling(Verb.REOPEN, "clerk leader", "", "{office_first} mở lại " + REPORT + " để lập lần mới."),
    telling(Verb.EXCLUDE, "clerk leader", "", "{office_first} ghi nhận {unit} không phải báo cáo {period}."),
    telling(Verb.INCLUDE, "clerk leader", "",
            "{office_first} đưa {unit} trở lại danh sách phải báo cáo {period}, hạn gửi {due}."),
    telling(Verb.TAKE_OVER, "clerk leader", "", "{office_first} nhập thay " + REPORT + "."),
    telling(Verb.HAND_BACK, "clerk leader", "",
            "{office_first} giao lại " + REPORT + " để đơn vị tự nhập, hạn gửi {due}."),
    telling(Verb.EXTEND, "clerk leader", "", "{office_first} gia hạn gửi " + REPORT + " đến {due}."),
)  # fmt: skip
#: What a move of the report settles; remarks are read one by one.
SETTLED = (Told.MOVE, Told.DUE, Told.REMINDER, Told.LATE)
#: Who hears of a remark: the other desk.
REMARK = {
    Place.OWN: telling(Verb.COMMENT, "clerk leader", "", "{office_first} ghi {n} ý kiến về " + REPORT + "."),
    Place.SUPERIOR: telling(Verb.COMMENT, "", "reviewer", "{unit_first} ghi {n} ý kiến về báo cáo {period}."),
}  # fmt: skip


@dataclass(frozen=True)
class Person:
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
    told = next(
        (one for one in TABLE if one.verb == verb and (before or report.state) in one.states), None
    )
    if told is None:
        return
    said = facts(report, by)
    words = told.words.format(**said)
    if sections:
        named = ", ".join(f"“{section.label}”" for section in sections)
        words += f"\nPhần: {named}."
    if note:
        words += f"\n{_what(verb)}: {_short(note, LONGEST_NOTE)}"
    at = at or timezone.now()
    write(
        Notice(
            user=person.user, place=person.place, kind=Told.MOVE, report=report, by=by,
            title=title(verb.label, said), text=words, at=at,
            post=post_of(person, told.quiet),
        )
        for person in people(report, told) if person.user.pk != by.pk
    )  # fmt: skip


def settle(report: Report, by: User, at: datetime) -> None:
    """A report moved on: what its doer's desk was told before needs nobody's eye any more."""
    place = Place.SUPERIOR if reviews(by, report) else Place.OWN
    waiting = Notice.objects.filter(report=report, kind__in=SETTLED, read_at=None, done_at=None)
    waiting.filter(Q(place=place) | Q(user=by)).update(done_at=at)


def tell_remark(report: Report, by: User, text: str, section: str, at: datetime | None) -> None:
    """Tell the other desk of a remark: one unread notice gathers them, and its letter waits for more."""
    place = Place.OWN if reviews(by, report) else Place.SUPERIOR
    said = facts(report, by)
    line = (
        "- "
        + (f"{Section(section).label}: " if section else "")
        + _short(" ".join(text.split()), LONGEST_REMARK)
    )
    growing = {notice.user_id: notice for notice in _gathering(report, place)}
    told, new = [], []
    for person in people(report, REMARK[place]):
        if person.user.pk == by.pk:
            continue
        notice = growing.get(person.user.pk)
        if notice is None:
            notice = Notice(
                user=person.user, place=place, kind=Told.REMARK, report=report, count=0,
                title=title("Ý kiến", said), post=post_of(person),
            )  # fmt: skip
            new.append(notice)
        notice.count, notice.by, notice.at = notice.count + 1, by, at or timezone.now()
        notice.text = _with_line(notice, REMARK[place].words.format(n=notice.count, **said), line)
        told.append(notice)
    Notice.objects.bulk_update(
        [notice for notice in told if notice.pk], ["count", "by", "at", "text"]
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
    rows = Notice.objects.filter(report=report, kind=Told.REMARK, place=place, read_at=None)
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


def people(report: Report, told: Telling) -> list[Person]:
    """Everybody a line of the table means, each once, at the unit rather than above. One query."""
    superior = report.period.superior_id
    where = Q(unit=report.unit_id, role__in=told.own) | Q(unit=superior, role__in=told.superior)
    found = at_desks(where, superior)
    return list({one.user.pk: one for one in sorted(found, key=lambda one: one.place != Place.OWN,
                                                    reverse=True)}.values())  # fmt: skip


def at_desks(where: Q, superior: int) -> list[Person]:
    """Whoever holds such a role today with a good account, at most once a unit. One query."""
    held = RoleAssignment.objects.filter(where, valid_on(today()), user__is_active=True)
    found: dict[tuple[int, int], Person] = {}
    for role in held.select_related("user").order_by("user_id", "pk"):
        place = Place.SUPERIOR if role.unit_id == superior else Place.OWN
        found.setdefault((role.user_id, role.unit_id), Person(role.user, place, role.unit_id))
    return list(found.values())


def post_of(person: Person, quiet: bool = False) -> Post:
    """What mail the person has of it; whoever chose nothing has each in a commune, a digest above."""
    user = person.user
    usual = Mailing.DIGEST if person.place == Place.SUPERIOR else Mailing.EACH
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
    told = list(notices)
    own = [one for one in told if one.post == Post.LETTER]
    letters = Letter.objects.bulk_create(
        Letter(user=one.user, address=one.user.email, made_at=one.at, not_before=not_before)
        for one in own
    )
    for one, letter in zip(own, letters, strict=True):
        one.letter = letter
    return Notice.objects.bulk_create(told)


# --- in words -----------------------------------------------------------------------------------------


def facts(report: Report, by: User | None = None) -> dict[str, str]:
    """What the words of a telling may name. One query for the unit's former names."""
    period = report.period
    unit = " ".join(report.unit.named_on(period.data_to))
    office = office_of(period)
    return {
        "who": str(by or ""), "unit": unit, "unit_first": _first(unit), "office": office,
        "office_first": _first(office), "period": period.phrase, "due": format_date(report.due),
    }  # fmt: skip


def office_of(period: ReportingPeriod) -> str:
    """`Phòng Nội vụ huyện Hà Trung`; the unit itself when it names no office."""
    return f"{period.superior.office} {period.superior}".strip()


def title(what: str, said: Mapping[str, str]) -> str:
    """`Yêu cầu chỉnh lý: xã Hà Tiến, 6 tháng đầu năm 2023`, which is also the subject of its letter."""
    return f"{what}: {said['unit']}, {said['period']}"[:300]


def _what(verb: Verb) -> str:
    return "Nội dung" if verb == Verb.ASK_EXTENSION else "Lý do"


def _first(words: str) -> str:
    return words[:1].upper() + words[1:]


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


# --- what was told ------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Hearer:
    """One who was told, as the reader may know it: by name, or by the desk alone."""

    name: str
    read_at: datetime | None = None
    done_at: datetime | None = None
    post: str = ""


@dataclass(frozen=True)
class Heard:
    """One telling, and everybody who was told."""

    at: datetime
    what: str
    hearers: tuple[Hearer, ...]


def heard(report: Report, user: User) -> list[Heard]:
    """Who was told what about a report, newest first. One query.

    A commune reads the names of its own people; of the superior, that its office was told.
    """
    rows = Notice.objects.filter(report=report).select_related("user", "letter")
    above = watches(user, report)
    office = office_of(report.period)
    found: dict[tuple[datetime, str], list[Hearer]] = {}
    for notice in rows:
        hidden = not above and notice.place == Place.SUPERIOR
        hearer = (
            Hearer(office)
            if hidden
            else Hearer(str(notice.user), notice.read_at, notice.done_at, posted(notice))
        )
        what = notice.title.partition(":")[0]  # whose report it is, the page says
        hearers = found.setdefault((notice.at, what), [])
        if hearer not in hearers:
            hearers.append(hearer)
    return [Heard(at, what, tuple(hearers)) for (at, what), hearers in found.items()]


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
