"""Reminders: of a period just opened, by the clock around its deadline, by hand.

A report is to be reminded of while it lies in the commune and was not sent in this version: drafted,
presented or signed, and not being typed by the superior. Every reminder of a day has a key, so telling
it again tells nobody. Fixed queries for any number of units, bulk inserts.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import DateField, Exists, F, Max, OuterRef, Q, QuerySet
from django.db.models.functions import Coalesce
from django.utils import timezone

from ..access import Refused, asks, powers, today
from ..enums import NoticeKind, Role, Verb
from ..models import Notice, Report, ReportingPeriod, RoleAssignment, User
from ..models.units import valid_on
from ..periods.board import UNSENT
from ..periods.deadlines import time_left
from ..periods.opening import open_period
from ..text.dates import format_date
from ..text.numbers import format_count
from ..verbs import VERBS
from .mail import digest_time
from .notices import NAMED, Recipient, at_desks, facts, post_of, title, write

#: The notice of a reminder by hand, the roles reminded in a commune; how many units a message names.
REMINDER = VERBS[Verb.REMIND].notices[0]
REMINDED_ROLES = REMINDER.own
MOST_NAMED = 20
#: Unit → whoever is told there.
People = Mapping[int, Sequence[Recipient]]


def unsent(reports: QuerySet[Report]) -> QuerySet[Report]:
    """Those that the commune still has to send."""
    return reports.filter(state__in=UNSENT, on_behalf=False)


# --- a period is opened -----------------------------------------------------------------------------


def open_and_tell(period: ReportingPeriod, by: User | None = None) -> int:
    """Open the period and tell each unit of its new report; returns how many there are."""
    begun = timezone.now()
    with transaction.atomic():
        made = open_period(period)
        new = unsent(Report.objects.filter(period=period, opened_at__gte=begun))
        reports, people = _with_names(new), people_of(new)
        write(notice for report in reports for notice in _opened(report, people, by))
    return made


def without_account(period: ReportingPeriod) -> list[str]:
    """The units of the period where nobody has an account to enter with, by name. One query."""
    alone = Report.objects.filter(~Exists(_holders("unit", (Role.CLERK,))), period=period)
    return [report_name(report) for report in _with_names(unsent(alone))]


def unattended(period: ReportingPeriod) -> str:
    """`3 đơn vị chưa có tài khoản nhập báo cáo: …`; "" when every unit has one."""
    names = without_account(period)
    if not names:
        return ""
    return (
        f"{format_count(len(names))} đơn vị chưa có tài khoản nhập báo cáo: {named_units(names)}."
    )


def _opened(report: Report, people: People, by: User | None) -> Iterator[Notice]:
    names = facts(report)
    text = (
        f"{names['office_first']} mở kỳ báo cáo {names['period']}. "
        f"Báo cáo của {names['unit']} chờ nhập, hạn gửi {names['due']}."
    )
    heading, at = title("Mở kỳ báo cáo", names), timezone.now()
    for person in people.get(report.unit_id, ()):
        yield Notice(
            user=person.user, place=person.place, kind=NoticeKind.OPENED, report=report, by=by,
            key="opened", title=heading, text=text, at=at, post=post_of(person),
        )  # fmt: skip


# --- by the clock -------------------------------------------------------------------------------------


def remind_by_clock() -> None:
    """A chore: whoever owes is told on the days of REMINDER_DAYS around the day it is due.

    A day that no worker saw is made up for on the next, not later.
    """
    day = today()
    keys = due_keys(day)
    if keys and _untold(keys).exists():
        with transaction.atomic():
            _lock(_untold(keys).values_list("period", flat=True))
            _remind_due(_untold(keys), day, keys)
    for period in _just_ended(day):
        with transaction.atomic():
            _lock([period.pk])
            _tell_reviewers(period, day)


def due_keys(day: date) -> dict[date, str]:
    """Day due → key of the reminder that is told on `day`; yesterday's where today has none."""
    return {
        told_on - timedelta(offset): f"due:{told_on - timedelta(offset)}:{offset}"
        for told_on in (day - timedelta(1), day)
        for offset in settings.REMINDER_DAYS
    }


def _untold(keys: dict[date, str]) -> QuerySet[Report]:
    """The unsent reports that are due on one of these days and of which nobody was told so, though
    somebody could be."""
    where = Q(pk__in=[])
    for due, key in keys.items():
        notified = Notice.objects.filter(report=OuterRef("pk"), key=key)
        where |= Q(~Exists(notified), due_day=due)
    due_day = Coalesce("extended_to", F("period__deadline"), output_field=DateField())
    owed = unsent(Report.objects.annotate(due_day=due_day)).filter(where)
    return owed.filter(Exists(_holders("unit", REMINDED_ROLES)))


def _remind_due(reports: QuerySet[Report], day: date, keys: dict[date, str]) -> None:
    named, people = _with_names(reports), people_of(reports)
    notices = (
        notice for report in named
        for notice in _notices(report, people, NoticeKind.DUE, keys[report.due], day)
    )  # fmt: skip
    write(notices, _morning())


def _just_ended(day: date) -> list[ReportingPeriod]:
    """The periods that ended yesterday (or the day before, unseen) whose reviewers were not told yet."""
    notified = Notice.objects.filter(period=OuterRef("pk"), kind=NoticeKind.LATE)
    ended = ReportingPeriod.objects.filter(
        deadline__in=(day - timedelta(1), day - timedelta(2)), opened_at__isnull=False
    )
    late = _late(Report.objects.filter(period=OuterRef("pk")), day)
    owed = ended.filter(
        ~Exists(notified), Exists(late), Exists(_holders("superior", (Role.REVIEWER,)))
    )
    return list(owed.select_related("kind", "superior"))


def _tell_reviewers(period: ReportingPeriod, day: date) -> None:
    if Notice.objects.filter(period=period, kind=NoticeKind.LATE).exists():
        return
    late = _with_names(_late(Report.objects.filter(period=period), day))
    reviewers = at_desks(Q(unit=period.superior_id, role=Role.REVIEWER), period.superior_id)
    names = named_units(report_name(report) for report in late)
    text = (
        f"{format_count(len(late))} đơn vị chưa gửi báo cáo {period.phrase}, "
        f"hạn {format_date(period.deadline)}: {names}."
    )
    write(
        (Notice(
            user=person.user, place=person.place, kind=NoticeKind.LATE, period=period, text=text,
            title=f"Chưa gửi báo cáo: {period.phrase}", at=timezone.now(),
            key=f"late:{period.deadline}", post=post_of(person),
        ) for person in reviewers),
        _morning(),
    )  # fmt: skip


def _late(reports: QuerySet[Report], day: date) -> QuerySet[Report]:
    """The unsent ones without more time."""
    return unsent(reports).exclude(extended_to__gte=day)


def _morning() -> datetime:
    """What the clock tells at midnight is mailed at the hour of the digest."""
    return digest_time(timezone.now())


# --- by hand ------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class ReminderResult:
    """Whom one click reminded: units and people now, units reminded earlier today, units with nobody to tell."""

    units: int
    people: int
    earlier: int
    unreachable: tuple[str, ...]


def remind(period: ReportingPeriod, by: User) -> ReminderResult:
    """Remind every unit of the period that has not sent, once a day. Refused but to the asking office."""
    if not asks(by, Verb.REMIND, period):
        raise Refused("Chỉ Người thẩm định, Quản trị tại cơ quan yêu cầu báo cáo được nhắc.")
    day = today()
    key = f"hand:{day}"
    with transaction.atomic():
        _lock([period.pk])
        owed = owing(by, period)
        reports, people = _with_names(owed), people_of(owed)
        reminded = set(
            Notice.objects.filter(report__in=owed, key=key).values_list("report", flat=True)
        )
        fresh = [report for report in reports if report.pk not in reminded]
        made = write(
            notice
            for report in fresh
            for notice in _notices(report, people, NoticeKind.REMINDER, key, day, by)
        )
    return ReminderResult(
        len({notice.report_id for notice in made}),
        len({notice.user_id for notice in made}),
        len(reminded),
        tuple(report_name(report) for report in fresh if report.unit_id not in people),
    )


def owing(user: User, period: ReportingPeriod) -> QuerySet[Report]:
    """The reports of the period that this person may remind of."""
    mine = Report.objects.filter(powers(user).condition(Verb.REMIND), period=period)
    return unsent(mine)


def last_reminded(reports: Sequence[Report]) -> dict[int, datetime]:
    """Report → when it was reminded last, by the clock or by hand. One query."""
    reminders = Notice.objects.filter(
        report__in=reports, kind__in=(NoticeKind.DUE, NoticeKind.REMINDER)
    )
    return dict(reminders.order_by().values_list("report").annotate(Max("at")))


# --- both ---------------------------------------------------------------------------------------------


def _lock(periods: Iterable[int]) -> None:
    """One reminder of a period at a time."""
    rows = ReportingPeriod.objects.select_for_update().filter(pk__in=list(periods)).order_by("pk")
    list(rows.values_list("pk", flat=True))


def _with_names(reports: QuerySet[Report]) -> list[Report]:
    """The reports with what their words name; two queries."""
    named = reports.select_related(*NAMED).prefetch_related("unit__former_names")
    return list(named.order_by("unit__sort_key", "unit__code", "pk"))


def people_of(reports: QuerySet[Report]) -> People:
    """Unit → whoever is reminded there. One query."""
    people: dict[int, list[Recipient]] = {}
    for person in at_desks(Q(unit__in=reports.values("unit"), role__in=REMINDED_ROLES), 0):
        people.setdefault(person.unit, []).append(person)
    return people


def _holders(unit: str, roles: Iterable[Role]) -> QuerySet[RoleAssignment]:
    """Whoever `at_desks` would find at the unit of that name, as a subquery."""
    holders = RoleAssignment.objects.filter(valid_on(today()), unit=OuterRef(unit), role__in=roles)
    return holders.filter(user__is_active=True)


def _notices(
    report: Report, people: People, kind: NoticeKind, key: str, day: date, by: User | None = None
) -> Iterator[Notice]:
    names = facts(report)
    left = time_left(report.due, day)[0]
    text = f"Báo cáo {names['period']} của {names['unit']} chưa gửi. {left}."
    if by is not None:
        text = REMINDER.text.format(left=left, **names)
    heading, at = title("Nhắc gửi báo cáo", names), timezone.now()
    for person in people.get(report.unit_id, ()):
        yield Notice(
            user=person.user, place=person.place, kind=kind, report=report, by=by, key=key,
            title=heading, text=text, at=at, post=post_of(person),
        )  # fmt: skip


def report_name(report: Report) -> str:
    """The unit as it was named in the period."""
    return " ".join(report.unit.named_on(report.period.data_to))


def named_units(names: Iterable[str]) -> str:
    """`xã Hà Tiến, xã Hà Tân và 3 đơn vị khác`."""
    units = list(names)
    more = len(units) - MOST_NAMED
    listed = ", ".join(units[:MOST_NAMED])
    return f"{listed} và {format_count(more)} đơn vị khác" if more > 0 else listed
