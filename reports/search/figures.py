"""Figures, rows and texts of one report by their name."""

from django.db.models import BooleanField, Case, Value, When

from ..access import powers, require, visible_reports
from ..dossier import load
from ..entry.choices import choices_of
from ..entry.page_texts import named_fields
from ..enums import AT_UNIT, Verb
from ..models import Report, User
from ..text.names import fold
from ..web.places import field_place
from .query import Query
from .results import Group, Kind, Result, rank

#: How much of a text its line shows.
SHOWN = 60


def own_report(user: User) -> Report | None:
    """The report that somebody of a unit works on: the newest that may be typed into, else the newest. One query;
    none for whoever holds no role at a unit."""
    rights = powers(user)
    own = {role.unit_id for role in rights.roles if role.role in AT_UNIT}
    if not own:
        return None
    open_first = Case(
        When(rights.condition(Verb.EDIT), then=Value(True)), default=Value(False),
        output_field=BooleanField(),
    )  # fmt: skip
    reports = visible_reports(user).filter(unit__in=own).select_related("period__kind", "unit")
    return reports.order_by(open_first.desc(), "-period__data_to", "-pk").first()


def find_figures(user: User, query: Query, stretch: slice, report: Report | None) -> Group:
    """The fields of the report whose label holds all words, in the order of the paper, the best names
    first. As many queries as reading a dossier; without a report none.

    Labels are not in the database: they come from catalogue, outline and rows of the report.
    """
    if report is None or query.empty:
        return Group(Kind.FIGURES, [], 0)
    require(user, Verb.VIEW, report)
    dossier = load(report)
    ranked = []
    for number, (section, name, label, text) in enumerate(named_fields(dossier)):
        place = rank(query.label_words, [fold(label)])
        if place is not None:
            ranked.append((place, number, section, name, label, text))
    ranked.sort(key=lambda line: line[:2])
    shown = ranked[stretch]
    choices = {section: choices_of(dossier, section) for section in {line[2] for line in shown}}
    results = [
        Result(label, f"{section.label}: {_value(choices[section].label(name, text))}",
               field_place(report.pk, section, name))
        for _, _, section, name, label, text in shown
    ]  # fmt: skip
    return Group(Kind.FIGURES, results, len(ranked))


def _value(text: str) -> str:
    """A field's present text in one short line."""
    line = " ".join(text.split()) or "chưa nhập"
    return line if len(line) <= SHOWN else f"{line[: SHOWN - 1]}…"
