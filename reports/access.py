"""Who may do what, where, and why not: the one rule table.

Fetching is the check. `report_for` gives a report to whoever may act on it, tells a colleague who may
look but not act why (`Refused`, 403), and is silent to a stranger (404). Lists come from the same
roles (`visible_reports`), so a list and a button never disagree.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.core.exceptions import PermissionDenied
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import Http404
from django.utils import timezone

from .enums import Place, Role, Section, State, Verb
from .models import Report, ReportingPeriod, RoleAssignment, Superior, Unit, User
from .models.units import valid_on


@dataclass(frozen=True)
class Rule:
    """`verb` is open in `states` to whoever holds one of `roles` at `place`."""

    verb: Verb
    states: frozenset[State]
    roles: frozenset[Role]
    place: Place


ANY_STATE = frozenset(State)
AT_UNIT = frozenset({Role.CLERK, Role.LEADER, Role.RECORDS})
AT_SUPERIOR = frozenset({Role.REVIEWER, Role.ADMIN})

RULES: tuple[Rule, ...] = (
    Rule(Verb.VIEW, ANY_STATE, AT_UNIT, Place.OWN),
    Rule(Verb.VIEW, ANY_STATE, AT_SUPERIOR, Place.SUPERIOR),
    Rule(Verb.EDIT, frozenset({State.DRAFT}), frozenset({Role.CLERK}), Place.OWN),
    Rule(Verb.EXPORT, ANY_STATE, AT_UNIT, Place.OWN),
    Rule(Verb.EXPORT, ANY_STATE, AT_SUPERIOR, Place.SUPERIOR),
)


class Refused(PermissionDenied):
    """A person who may look may not act; the message says why, in Vietnamese."""


def today() -> date:
    return timezone.localdate()


def _holds(user: User, roles: Iterable[Role], unit: str, at: date) -> Exists:
    """The condition that `user` holds one of `roles` at the unit named by `unit` on `at`."""
    return Exists(
        RoleAssignment.objects.filter(
            valid_on(at), user=user, role__in=list(roles), unit=OuterRef(unit)
        )
    )


def _stands_above(user: User, roles: Iterable[Role], at: date) -> Exists:
    """The condition that `user` holds one of `roles` at a superior of the asking unit itself.

    The office that asks for a period keeps its reports; whoever stands above it then sees them too.
    """
    held = RoleAssignment.objects.filter(
        valid_on(at), user=user, role__in=list(roles), unit=OuterRef("superior")
    )
    return Exists(
        Superior.objects.filter(
            Exists(held),
            unit=OuterRef("period__superior"),
            valid_from__lte=OuterRef("period__data_to"),
        ).filter(Q(valid_to__isnull=True) | Q(valid_to__gte=OuterRef("period__data_to")))
    )


def _may(user: User, verb: Verb, at: date) -> Q:
    """The condition under which `user` may do `verb` to a report."""
    allowed = Q(pk__in=[])
    if not user.is_active:
        return allowed
    for rule in RULES:
        if rule.verb != verb:
            continue
        if rule.place == Place.OWN:
            held: Q | Exists = _holds(user, rule.roles, "unit", at)
            where = Q(held)
        else:
            where = Q(_holds(user, rule.roles, "period__superior", at)) | Q(
                _stands_above(user, rule.roles, at)
            )
        allowed |= where & Q(state__in=rule.states)
    return allowed


def visible_reports(user: User, at: date | None = None) -> QuerySet[Report]:
    """Every report the user may look at."""
    return Report.objects.filter(_may(user, Verb.VIEW, at or today()))


def may(user: User, verb: Verb, report: Report, section: Section | None = None) -> bool:
    """Whether the user may do this to this report now. One query."""
    return Report.objects.filter(_may(user, verb, today()), pk=report.pk).exists()


def report_for(
    user: User,
    pk: int,
    verb: Verb = Verb.VIEW,
    section: Section | None = None,
    queryset: QuerySet[Report] | None = None,
) -> Report:
    """The report, for whoever may do `verb` to it. Http404 to strangers, Refused to lookers-on."""
    reports = Report.objects.all() if queryset is None else queryset
    report = (
        reports.filter(_may(user, Verb.VIEW, today()), pk=pk)
        .annotate(
            allowed=Exists(Report.objects.filter(_may(user, verb, today()), pk=OuterRef("pk")))
        )
        .first()
    )
    if report is None:
        raise Http404("Không có báo cáo này.")
    if not report.allowed:  # type: ignore[attr-defined]
        raise Refused(refusal(verb, report))
    return report


def refusal(verb: Verb, report: Report) -> str:
    """Why somebody who may look at the report may not do this."""
    rules = [rule for rule in RULES if rule.verb == verb]
    if all(report.state not in rule.states for rule in rules):
        return f"Báo cáo đang ở trạng thái “{report.get_state_display()}” nên không {verb.label.lower()} được."
    roles = sorted({f"{role.label} {rule.place.label}" for rule in rules for role in rule.roles})
    return f"Chỉ {', '.join(roles)} được {verb.label.lower()} báo cáo này."


def roles_of(user: User, at: date | None = None) -> QuerySet[RoleAssignment]:
    """The roles the user holds now, with their units."""
    return RoleAssignment.objects.filter(valid_on(at or today()), user=user).select_related("unit")


def visible_periods(user: User, at: date | None = None) -> QuerySet[ReportingPeriod]:
    """The periods asked for by a unit where the user reviews, or one below it."""
    day = at or today()
    held = RoleAssignment.objects.filter(valid_on(day), user=user, role__in=list(AT_SUPERIOR))
    return ReportingPeriod.objects.filter(
        Q(Exists(held.filter(unit=OuterRef("superior"))))
        | Q(
            Exists(
                Superior.objects.filter(
                    Exists(held.filter(unit=OuterRef("superior"))),
                    unit=OuterRef("superior"),
                    valid_from__lte=OuterRef("data_to"),
                ).filter(Q(valid_to__isnull=True) | Q(valid_to__gte=OuterRef("data_to")))
            )
        )
    )


def administers(user: User, unit: Unit) -> bool:
    """Whether the user is admin at the unit now."""
    return roles_of(user).filter(role=Role.ADMIN, unit=unit).exists()
