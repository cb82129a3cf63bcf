"""Who may do what, where, and why not: the rules of the table of verbs, spent on people and reports.

Fetching is the check. `report_for` gives a report to whoever may act on it, tells a colleague who may
look but not act why (`Refused`, 403), and is silent to a stranger (404). Lists come from the same
roles (`visible_reports`), so a list and a button never disagree.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from django.core.exceptions import PermissionDenied
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import Http404
from django.utils import timezone

from ..enums import AT_SUPERIOR, Given, Place, Role, Section, State, Verb
from ..models import Report, ReportingPeriod, RoleAssignment, Superior, Unit, User
from ..models.units import valid_on
from ..models.users import HeldRoles
from ..verbs import VERBS


class Refused(PermissionDenied):
    """A person who may look may not act; the message says why, in Vietnamese."""


def today() -> date:
    return timezone.localdate()


@dataclass(frozen=True)
class Grant:
    """One rule spent on one person and day: where it carries.

    `below` are the units under an office the person holds, each with the days it stood there: the
    office that asks for a period keeps its reports, whoever stands above it then sees them too, and
    does nothing with them.
    """

    states: frozenset[State]
    place: Place
    units: frozenset[int]
    below: tuple[tuple[int, date, date | None], ...] = ()
    given: Given | None = None

    @property
    def somewhere(self) -> bool:
        """Whether it reaches any report at all."""
        return bool(self.units or self.below)

    def condition(self) -> Q:
        if self.place == Place.OWN:
            where = Q(unit__in=self.units)
        else:
            where = period_condition(self, "period__")
        where &= Q(state__in=self.states)
        return where & given_condition(self.given) if self.given else where

    def covers(self, report: Report) -> bool:
        if report.state not in self.states or not self._reaches(report):
            return False
        return self.given is None or holds(self.given, report)

    def _reaches(self, report: Report) -> bool:
        if self.place == Place.OWN:
            return report.unit_id in self.units
        period = report.period
        return period.superior_id in self.units or any(
            period.superior_id == unit and begun <= period.data_to <= (ended or period.data_to)
            for unit, begun, ended in self.below
        )


def holds(given: Given, report: Report) -> bool:
    """Whether a rule's condition holds for the report. One query for the unit's accounts, then kept."""
    if given == Given.ON_BEHALF:
        return report.on_behalf
    if report.roles_at_unit is None:
        at_unit = RoleAssignment.objects.filter(valid_on(today()), unit=report.unit_id)
        roles = at_unit.filter(user__is_active=True).values_list("role", flat=True)
        report.roles_at_unit = frozenset(roles)
    if given == Given.NO_RECORDS:
        return Role.RECORDS not in report.roles_at_unit
    return (Role.LEADER in report.roles_at_unit) == (given == Given.LEADER)


def given_condition(given: Given) -> Q:
    """`holds` as a condition on reports."""
    if given == Given.ON_BEHALF:
        return Q(on_behalf=True)
    role = Role.RECORDS if given == Given.NO_RECORDS else Role.LEADER
    at_unit = RoleAssignment.objects.filter(valid_on(today()), unit=OuterRef("unit"), role=role)
    exists = Q(Exists(at_unit.filter(user__is_active=True)))
    return exists if given == Given.LEADER else ~exists


def period_condition(grant: Grant, prefix: str = "") -> Q:
    """The condition that a period was asked for where the grant reaches."""
    where = Q(**{f"{prefix}superior__in": grant.units})
    spans: dict[tuple[date, date | None], list[int]] = {}
    for unit, begun, ended in grant.below:  # most units of an office stand there since the same day
        spans.setdefault((begun, ended), []).append(unit)
    for (begun, ended), units in spans.items():
        stood = Q(**{f"{prefix}superior__in": units, f"{prefix}data_to__gte": begun})
        where |= stood & Q(**{f"{prefix}data_to__lte": ended}) if ended else stood
    return where


@dataclass(frozen=True)
class Powers(HeldRoles):
    """Everything a person may do on one day. `condition` and `may` say the same of many and of one."""

    def grants(self, verb: Verb) -> Iterator[Grant]:
        facts = VERBS[verb]
        for rule in facts.rules:
            units = frozenset(r.unit_id for r in self.roles if r.role in rule.roles)
            sees = rule.place == Place.SUPERIOR and facts.open_above
            below = self.below if sees else ()
            yield Grant(rule.states, rule.place, units, below, rule.given)

    def condition(self, verb: Verb) -> Q:
        where = Q(pk__in=[])
        for grant in self.grants(verb):
            if grant.somewhere:
                where |= grant.condition()
        return where

    def may(self, verb: Verb, report: Report, section: Section | None = None) -> bool:
        if not any(grant.covers(report) for grant in self.grants(verb)):
            return False
        return verb != Verb.EDIT or section is None or open_for_entry(report, section)


def open_for_entry(report: Report, section: Section) -> bool:
    """Whether the section may be typed into: of a returned report only those the return named."""
    if report.state != State.RETURNED:
        return True
    return report.section_states.filter(section=section, open=True).exists()


def closed_sections(report: Report) -> frozenset[Section]:
    """The sections that a return left closed. One query for a returned report, none for others."""
    if report.state != State.RETURNED:
        return frozenset()
    closed = report.section_states.filter(open=False).values_list("section", flat=True)
    return frozenset(map(Section, closed))


def powers(user: User, fresh: bool = False) -> Powers:
    """What the user's roles allow today; nothing for an inactive user.

    One query, two for whoever holds an office that may have others below it; then kept with the
    user object, which lives for one request. `fresh` asks again: whoever holds a lock does.
    """
    if user.held_today is None or fresh:
        user.held_today = _held_today(user)
    return Powers(user.held_today.roles, user.held_today.below)


def _held_today(user: User) -> HeldRoles:
    if not user.is_active:
        return HeldRoles((), ())
    assignments = RoleAssignment.objects.filter(valid_on(today()), user=user).select_related("unit")
    roles = tuple(assignments)
    offices = {role.unit_id for role in roles if role.role in AT_SUPERIOR}
    below = Superior.objects.filter(superior__in=offices) if offices else Superior.objects.none()
    # Only who asks for reports has any below it: a province's hundreds of communes need no condition each, of which
    # SQLite takes a thousand at most.
    asking = ReportingPeriod.objects.filter(superior=OuterRef("unit"))
    below = below.filter(Exists(asking))
    return HeldRoles(roles, tuple(below.values_list("unit_id", "valid_from", "valid_to")))


def visible_reports(user: User, verb: Verb = Verb.VIEW) -> QuerySet[Report]:
    """Every report the user may look at, or to which `verb` is open."""
    return Report.objects.filter(powers(user).condition(verb))


def previous_report(user: User, report: Report) -> Report | None:
    """The unit's last report before this one that the user may look at and that holds anything."""
    earlier = visible_reports(user).filter(
        unit=report.unit_id, period__data_to__lt=report.period.data_to, revision__gt=0
    )
    return earlier.select_related("period").order_by("-period__data_to").first()


def may(user: User, verb: Verb, report: Report, section: Section | None = None) -> bool:
    """Whether the user may do this to this report now."""
    return powers(user).may(verb, report, section)


def report_for(
    user: User,
    pk: int,
    verb: Verb = Verb.VIEW,
    section: Section | None = None,
    queryset: QuerySet[Report] | None = None,
    fresh: bool = False,
) -> Report:
    """The report, for whoever may do `verb` to it. Http404 to strangers, Refused to lookers-on.

    `fresh` reads the roles again, for whoever asks under the lock of the report's row.
    """
    reports = Report.objects.select_related("period") if queryset is None else queryset
    report = reports.filter(pk=pk).first()
    rights = powers(user, fresh)
    if report is None or not rights.may(Verb.VIEW, report):
        raise Http404("Không có báo cáo này.")
    if not rights.may(verb, report, section):
        raise Refused(refusal(verb, report, section))
    return report


def locked_report(
    user: User, pk: int, verb: Verb, section: Section | None = None, related: tuple[str, ...] = ()
) -> Report:
    """`report_for` under the lock of the report's row, roles read afresh; inside a transaction."""
    reports = Report.objects.select_for_update(of=("self",)).select_related("period", *related)
    return report_for(user, pk, verb, section, reports, fresh=True)


def require(user: User, verb: Verb, report: Report, section: Section | None = None) -> None:
    """Refused unless the user may do this to a report that is at hand already."""
    if not may(user, verb, report, section):
        raise Refused(refusal(verb, report, section))


def refusal(verb: Verb, report: Report, section: Section | None = None) -> str:
    """Why somebody who may look at the report may not do this."""
    rules = VERBS[verb].rules
    if all(report.state not in rule.states for rule in rules):
        return f"Báo cáo đang ở trạng thái “{report.get_state_display()}” nên không {verb.label.lower()} được."
    if verb == Verb.EDIT and section and not open_for_entry(report, section):
        return (
            f"Cơ quan cấp trên trả lại báo cáo nhưng không mở phần “{section.label}”. "
            "Có thể đề nghị mở thêm phần này ở trang báo cáo."
        )
    fitting = [
        rule for rule in rules
        if report.state in rule.states and (rule.given is None or holds(rule.given, report))
    ] or rules  # fmt: skip
    action = verb.label.lower().removesuffix(" báo cáo")
    roles = sorted({f"{role.label} {rule.place.label}" for rule in fitting for role in rule.roles})
    return f"Chỉ {', '.join(roles)} được {action} báo cáo này."


def visible_periods(user: User, verb: Verb = Verb.VIEW) -> QuerySet[ReportingPeriod]:
    """The periods asked for by a unit where the user may do `verb` as a superior, or by one below it."""
    where = Q(pk__in=[])
    for grant in powers(user).grants(verb):
        if grant.place == Place.SUPERIOR and grant.somewhere:
            where |= period_condition(grant)
    return ReportingPeriod.objects.filter(where)


def watches(user: User, report: Report) -> bool:
    """Whether the user sees the report's whole period: `visible_periods` of a report at hand."""
    grants = powers(user).grants(Verb.VIEW)
    return any(grant.place == Place.SUPERIOR and grant.covers(report) for grant in grants)


def asks(user: User, verb: Verb, period: ReportingPeriod) -> bool:
    """Whether the user's role at the office that asked for the period, itself, carries this verb."""
    return any(period.superior_id in grant.units for grant in powers(user).grants(verb))


def administers(user: User, unit: Unit) -> bool:
    """Whether the user is admin at the unit now."""
    return any(r.role == Role.ADMIN and r.unit_id == unit.pk for r in powers(user).roles)
