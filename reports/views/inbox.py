"""The first page after login: what waits for me, then the rest."""

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, TypedDict

from django.db.models import Case, CharField, Count, OuterRef, Q, Subquery, Value, When
from django.http import HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from ..access import powers, today, visible_periods, visible_reports
from ..enums import AT_UNIT, State, Verb
from ..guides.first_visit import Point, points_for
from ..models import Event, Report, ReportingPeriod, SectionState, User
from ..periods.deadlines import period_words
from ..verbs import MOVES, VERBS
from ..web.page import render_page, standing
from ..web.request import Request

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from django_stubs_ext import WithAnnotations


@dataclass(frozen=True)
class Turn:
    """Why a report waits for somebody: whoever may do `verb` to it in one of `states` (none named: in any) finds it
    under `label`; its title leads to `page`, the button `act` to where the work begins."""

    code: str
    label: str
    verb: Verb
    act: str
    states: tuple[State, ...] = ()
    page: str = "report"

    def begins(self, report: Report) -> str:
        """Where the work begins: on the page of the verb; what is typed begins on the report's page."""
        page = VERBS[self.verb].page
        if page == "act":
            return reverse("act", args=[report.pk, self.verb.value])
        return reverse(self.page if self.verb == Verb.EDIT else page, args=[report.pk])


@dataclass(frozen=True)
class Row:
    """One report of the user's units: its turn, why it is not owed, who saved it last, and the time that
    is left until it is due (`left`, `urgency` as in `web.page.standing`)."""

    report: Report
    turn: Turn | None
    sent_back: bool
    not_owed: str | None
    unit: str
    last: SectionState | None
    left: str
    urgency: str

    @property
    def place(self) -> str:
        """Where the title leads."""
        return reverse(self.turn.page if self.turn else "report", args=[self.report.pk])

    @property
    def act(self) -> str:
        """What the button is called."""
        if self.turn is None:
            return ""
        return "Bắt đầu nhập" if self.turn.code == "write" and self.last is None else self.turn.act

    @property
    def begins(self) -> str:
        """Where the button leads."""
        return self.turn.begins(self.report) if self.turn else ""


@dataclass(frozen=True)
class Watched:
    """A period that the user watches; `left` as `period_words` returns it: text and urgency."""

    period: ReportingPeriod
    left: tuple[str, str]


@dataclass(frozen=True)
class InboxPage:
    """What waits for a person, then the rest; `waiting` counts the reports of `to_review`, `busy`: something waits.

    `first` is the report whose button is filled, where nothing is to be reviewed: the first that waits. `first_visit`:
    what is shown until the person has said to have seen it.
    """

    rows: list[Row]
    groups: list[tuple[Turn, list[Row]]]
    rest: list[Row]
    periods: list[Watched]
    past: list[ReportingPeriod]
    to_review: list[tuple[ReportingPeriod, int]]
    waiting: int
    first_visit: tuple[Point, ...]
    first: Report | None
    busy: bool
    title: str


class Annotations(TypedDict):
    """What the query adds to a report: the code of its turn, why it is not owed, the verb by which it last moved."""

    turn: str
    not_owed: str | None
    last_move: str | None


if TYPE_CHECKING:
    OwnReport = WithAnnotations[Report, Annotations]

#: How far back the periods go that stand on the first page in full.
RECENT = timedelta(days=365)
#: In this order; a report stands under the first that fits.
TURNS = (
    Turn("sign", "Chờ ký duyệt", Verb.SIGN_OFF, "Ký duyệt", page="sign_off"),
    Turn("issue", "Chờ phát hành", Verb.ISSUE, "Phát hành"),
    Turn("send", "Đã ký duyệt, chờ gửi", Verb.SEND, "Gửi báo cáo", (State.SIGNED,)),
    Turn("mend", "Báo cáo cần chỉnh lý", Verb.EDIT, "Chỉnh lý", (State.RETURNED,)),
    Turn("write", "Báo cáo cần lập", Verb.EDIT, "Nhập tiếp", (State.DRAFT,)),
)


@require_safe
def inbox(request: Request) -> HttpResponse:
    """My unit's reports, those that wait for me first; for reviewers, the periods they watch.

    8 queries for a clerk, 7 for a reviewer.
    """
    user = request.user
    rows = [row(report) for report in own_reports(user)]
    groups = [(turn, [row for row in rows if row.turn == turn]) for turn in TURNS]
    groups = [(turn, waiting_rows) for turn, waiting_rows in groups if waiting_rows]
    watched = list(visible_periods(user).select_related("kind", "superior"))
    waiting = to_review(user) if watched else {}
    past = past_periods(watched)
    page = InboxPage(
        rows=rows,
        groups=groups,
        rest=[row for row in rows if not row.turn],
        periods=[
            Watched(period, period_words(period.deadline, today()))
            for period in watched
            if period not in past
        ],
        past=past,
        to_review=[(period, waiting[period.pk]) for period in watched if period.pk in waiting],
        waiting=sum(waiting.values()),
        first_visit=shown_first(user),
        first=groups[0][1][0].report if groups and not waiting else None,
        busy=bool(groups or waiting),
        title="Việc đang chờ" if groups or waiting else "Trang chủ",
    )
    return render_page(request, "reports/inbox.html", page)


def shown_first(user: User) -> tuple[Point, ...]:
    """What a first visit shows; nothing to somebody who has seen it."""
    held = {role.role for role in powers(user).roles}
    return () if user.introduced_at else points_for(held)


def own_reports(user: User) -> "QuerySet[OwnReport]":
    """The reports of the user's units, newest period first, each with whose turn it is, and why it is
    not owed."""
    rights = powers(user)
    own = {role.unit_id for role in rights.roles if role.role in AT_UNIT}
    turns = [
        When(rights.condition(turn.verb) & Q(state__in=turn.states or State.values),
             then=Value(turn.code))
        for turn in TURNS
    ]  # fmt: skip
    moves = Event.objects.filter(report=OuterRef("pk"), verb__in=MOVES)
    excluded = Event.objects.filter(report=OuterRef("pk"), verb=Verb.EXCLUDE).order_by("-seq")
    return (
        visible_reports(user)
        .filter(unit__in=own)
        .annotate(turn=Case(*turns, default=Value(""), output_field=CharField()))
        .annotate(not_owed=Subquery(excluded.values("note")[:1]))
        .annotate(last_move=Subquery(moves.order_by("-seq").values("verb")[:1]))
        .select_related("unit", "period__kind", "period__superior")
        .prefetch_related("unit__former_names", "section_states__saved_by")
        .order_by("-period__data_to", "period__code", "unit__sort_key")
    )


def row(report: "OwnReport") -> Row:
    """One report as a line of the page."""
    saved = [(state.saved_at, state) for state in report.section_states.all() if state.saved_at]
    latest = max(saved, key=lambda pair: pair[0], default=None)
    left, urgency = standing(report)
    return Row(
        report=report,
        turn=next((turn for turn in TURNS if turn.code == report.turn), None),
        sent_back=report.last_move == Verb.SEND_BACK,
        not_owed=report.not_owed if report.state == State.EXCLUDED else "",
        unit=" ".join(report.unit.named_on(report.period.data_to)),
        last=latest[1] if latest else None,
        left=left,
        urgency=urgency,
    )


def past_periods(watched: list[ReportingPeriod]) -> list[ReportingPeriod]:
    """Periods that ended more than a year before the newest; the page folds them away."""
    newest = max((period.data_to for period in watched), default=None)
    return [period for period in watched if newest and newest - period.data_to > RECENT]


def to_review(user: User) -> dict[int, int]:
    """How many reports wait for the user's review, by period."""
    waiting = visible_reports(user).filter(powers(user).condition(Verb.APPROVE))
    return dict(waiting.order_by().values_list("period").annotate(Count("pk")))
