"""The one door through which the content of a report changes.

`save` locks the report's row, asks `access` under the lock, writes only what differs, counts the
revision and notes who saved the section. Autosave never refuses for a figure not entered. Text is
cleaned here once more, so nothing invisible is stored wherever it came from.

A caller who read the report before deciding what to write passes the `revision` read; when the report
has a newer one, nothing is written (`Moved`) and the caller reads again.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import F, Model, Q
from django.utils import timezone

from .. import audit
from ..access import locked_report
from ..catalogue.field_names import FieldName
from ..catalogue.figures import Catalogue, Figure
from ..catalogue.values import Content, Value
from ..dossier import Dossier, load
from ..enums import MarkKind, Placement, Section, ValueKind, Verb
from ..models import (
    SECTIONS,
    SECTIONS_BY_CODE,
    TABLES_BY_NAME,
    Indicator,
    IndicatorNote,
    IndicatorValue,
    Mark,
    Narrative,
    Paper,
    Report,
    ReportingPeriod,
    SectionState,
    User,
)
from ..models.fields import column_text
from ..text.typography import clean_lines


def cell_of(name: str) -> FieldName | None:
    """The cell of one of our tables that a posted name stands for; None for names of other kinds."""
    cell = FieldName.read_cell(name)
    return cell if cell and cell.table in TABLES_BY_NAME else None


class Moved(Exception):
    """Somebody else wrote to the report since it was read."""


@dataclass
class Edits:
    """Changes to a report. Figures by (code, row uid), keys of rows by (table, uid), and the rest by name.

    `carried` are the names (`Dossier.carried`) that are taken over from the report before by these
    edits, `confirmed` those a person has confirmed or changed. `typed` holds by field the texts before and
    after a person typed, for the audit log.
    """

    figures: dict[tuple[str, str], Value] = field(default_factory=dict)
    rows: dict[tuple[str, str], dict[str, Content]] = field(default_factory=dict)
    deleted: set[tuple[str, str]] = field(default_factory=set)
    narratives: dict[str, dict[str, str]] = field(default_factory=dict)
    notes: dict[str, str] = field(default_factory=dict)
    paper: dict[str, Any] = field(default_factory=dict)
    carried: set[str] = field(default_factory=set)
    confirmed: set[str] = field(default_factory=set)
    typed: dict[str, tuple[str, str]] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return any(content for name, content in vars(self).items() if name != "typed")


def save(
    report: Report,
    section: Section,
    edits: Edits,
    by: User,
    catalogue: Catalogue,
    revision: int | None = None,
    at: datetime | None = None,
    then: Callable[[Report], object] | None = None,
) -> Report:
    """Write the edits to one section, as of `at` or now. Returns the report after the change.

    `then` is done after a change in the same transaction, with the report locked. Refused, Http404 as
    `access`; Moved when the report no longer stands at `revision`.
    """
    with transaction.atomic():
        locked = locked_report(by, report.pk, Verb.EDIT, section)
        if revision is not None and locked.revision != revision:
            raise Moved
        if apply(locked, edits, catalogue):
            Report.objects.filter(pk=locked.pk).update(revision=F("revision") + 1)
            state = SectionState.objects.filter(report=locked, section=section)
            # What was taken over from the period before was not typed by anybody.
            signed = {} if edits.carried else {"saved_by": by, "saved_at": at or timezone.now()}
            state.update(version=F("version") + 1, **signed)
            if edits.typed:
                audit.note_edit(locked, section, by, edits.typed, at)
            locked.revision += 1
            if then is not None:
                then(locked)
    return locked


def apply(report: Report, edits: Edits, catalogue: Catalogue) -> bool:
    """Write the edits; True when anything differed."""
    changed = [
        _delete_rows(report, edits.deleted),
        _save_rows(report, edits, catalogue),
        _save_figures(report, edits.figures, catalogue),
        _save_narratives(report, edits.narratives),
        _save_notes(report, edits.notes),
        _update(report.paper, edits.paper),
        _mark_carried(report, edits.carried - edits.confirmed),
        _confirm(report, edits.confirmed),
    ]
    return any(changed)


def _update(instance: Model, changes: Mapping[str, Any]) -> bool:
    """Write the columns of one row that differ."""
    differing = {name: new for name, new in changes.items() if getattr(instance, name) != new}
    for name, new in differing.items():
        setattr(instance, name, clean(instance, name, new))
    if differing:
        instance.save(update_fields=list(differing))
    return bool(differing)


def clean(instance: Model, name: str, content: Any) -> Any:
    if not isinstance(content, str):
        return content
    return column_text(instance._meta.get_field(name), content)


def _delete_rows(report: Report, deleted: Iterable[tuple[str, str]]) -> bool:
    count = 0
    for table, uid in deleted:
        count += TABLES_BY_NAME[table].objects.filter(report=report, uid=uid).delete()[0]
        of_row = Q(figure=table) | Q(figure__startswith=f"{table}.")
        report.marks.filter(of_row, row=uid).delete()
    return count > 0


def _save_rows(report: Report, edits: Edits, catalogue: Catalogue) -> bool:
    """New rows are made, and columns written. A repeated save of one uid makes no twin."""
    columns_by_row: dict[tuple[str, str], dict[str, Any]] = {
        k: dict(v) for k, v in edits.rows.items()
    }
    for (code, uid), value in edits.figures.items():
        figure = catalogue[code]
        if figure.table and figure.column:
            columns_by_row.setdefault((figure.table, uid), {})[figure.column] = _column(
                figure, value
            )
    # A row may hold nothing but a "không phát sinh".
    marked = {(catalogue[c].table, uid) for (c, uid), v in edits.figures.items() if v.answered}
    changed = False
    for table in {table for table, _ in columns_by_row}:
        model = TABLES_BY_NAME[table]
        instances = {row.uid: row for row in model.objects.filter(report=report)}
        last = max((row.order for row in instances.values()), default=0)
        made = []
        for (of_table, uid), columns in columns_by_row.items():
            if of_table != table or (table, uid) in edits.deleted:
                continue
            if uid in instances:
                changed |= _update(instances[uid], columns)
            elif (table, uid) in marked or any(
                content not in (None, "")
                for name, content in columns.items()
                if name not in model.filled_by_page()
            ):
                last += 1
                row = model(report=report, uid=uid, order=last)
                for name, content in columns.items():
                    setattr(row, name, clean(row, name, content))
                made.append(row)
        model.objects.bulk_create(made)
        changed |= bool(made)
    return changed


def _column(figure: Figure, value: Value) -> Content:
    if value.none_arisen or value.content is None:
        return "" if figure.kind == ValueKind.TEXT else None
    return value.content


def _save_figures(
    report: Report, figures: Mapping[tuple[str, str], Value], catalogue: Catalogue
) -> bool:
    by_section: dict[Section, dict[str, Content]] = {}
    own: dict[str, Value] = {}
    for (code, _row), value in figures.items():
        figure = catalogue[code]
        if figure.indicator:
            own[figure.indicator] = value
        elif figure.column and not figure.table and figure.section:
            by_section.setdefault(figure.section, {})[figure.column] = _column(figure, value)
    changed = False
    for section, columns in by_section.items():
        changed |= _update(SECTIONS_BY_CODE[section].objects.get(report=report), columns)
    changed |= _save_indicators(report, own, catalogue)
    return _save_marks(report, figures) or changed


def _save_indicators(report: Report, own: Mapping[str, Value], catalogue: Catalogue) -> bool:
    if not own:
        return False
    indicators = Indicator.objects.filter(indicator_set=report.indicator_set_id, code__in=own)
    present = {v.indicator_id: v for v in report.indicator_values.filter(indicator__in=indicators)}
    changed = False
    for indicator in indicators:
        content = _column(catalogue[indicator.figure_code], own[indicator.code])
        number = content if isinstance(content, (int, Decimal)) else None
        columns = {"number": number, "text": content if isinstance(content, str) else ""}
        row = present.get(indicator.pk)
        if row is None and any(c not in (None, "") for c in columns.values()):
            row = IndicatorValue(report=report, indicator=indicator)
            row.number, row.text = number, clean(row, "text", columns["text"])
            row.save()
            changed = True
        elif row is not None:
            changed |= _update(row, columns)
    return changed


def _save_marks(report: Report, figures: Mapping[tuple[str, str], Value]) -> bool:
    present = {(m.figure, m.row, m.kind): m for m in report.marks.all()}
    made, removed, changed = [], [], False
    for (code, row), value in figures.items():
        stated = clean_lines(value.stated)
        texts = {
            MarkKind.NONE_ARISEN: "" if value.none_arisen and value.content in (None, "") else None,
            MarkKind.STATED: stated or None,
        }
        for kind, text in texts.items():
            mark = present.get((code, row, kind.value))
            if mark is None and text is not None:
                made.append(Mark(report=report, figure=code, row=row, kind=kind, text=text))
            elif mark is not None and text is None:
                removed.append(mark.pk)
            elif mark is not None:
                changed |= _update(mark, {"text": text})
    Mark.objects.bulk_create(made)
    if removed:
        report.marks.filter(pk__in=removed).delete()
    return changed or bool(made or removed)


def _mark_carried(report: Report, names: Iterable[str]) -> bool:
    marks = []
    for name in names:
        figure, row = FieldName.parse(name).mark
        marks.append(Mark(report=report, figure=figure, row=row, kind=MarkKind.CARRIED))
    Mark.objects.bulk_create(marks, ignore_conflicts=True)
    return bool(marks)


def _confirm(report: Report, names: Iterable[str]) -> bool:
    """Remove the marks of contents taken over; True when there were any."""
    where = Q(pk__in=[])
    for name in names:
        figure, row = FieldName.parse(name).mark
        where |= Q(figure=figure, row=row)
    if not where.children[1:]:
        return False
    return report.marks.filter(where, kind=MarkKind.CARRIED).delete()[0] > 0


def _save_narratives(report: Report, narratives: Mapping[str, Mapping[str, str]]) -> bool:
    if not narratives:
        return False
    present = {n.item: n for n in report.narratives.filter(item__in=narratives)}
    changed, made = False, []
    for item, columns in narratives.items():
        row = present.get(item)
        if row is not None:
            changed |= _update(row, columns)
        elif columns.get("text") or columns.get("placement", "") not in ("", Placement.AFTER):
            row = Narrative(report=report, item=item)
            for name, content in columns.items():
                setattr(row, name, clean(row, name, content))
            made.append(row)
    Narrative.objects.bulk_create(made)
    return changed or bool(made)


def _save_notes(report: Report, notes: Mapping[str, str]) -> bool:
    if not notes:
        return False
    changed = False
    for indicator in Indicator.objects.filter(
        indicator_set=report.indicator_set_id, code__in=notes
    ):
        text = clean_lines(notes[indicator.code])
        row = IndicatorNote.objects.filter(report=report, indicator=indicator).first()
        if not text:
            changed |= bool(row and row.delete())
        elif row is None or row.text != text:
            IndicatorNote.objects.update_or_create(
                report=report, indicator=indicator, defaults={"text": text}
            )
            changed = True
    return changed


def replace(report: Report, dossier: Dossier) -> None:
    """Make the report's content that of the dossier: what the dossier lacks is emptied.

    For loading whole reports (demo data, snapshots); it asks for no permission.
    """
    catalogue = dossier.catalogue
    edits = Edits()
    for code, figure in catalogue.items():
        if figure.typed and not figure.table:
            edits.figures[code, ""] = dossier.figures.get(code, Value())
    for table, rows in dossier.tables.items():
        names = TABLES_BY_NAME[table].key_columns()
        for row in rows:
            edits.rows[table, row.uid] = {name: row.keys[name] for name in names}
            edits.figures |= {(code, row.uid): value for code, value in row.values.items()}
        uids = {row.uid for row in rows}
        stored = TABLES_BY_NAME[table].objects.filter(report=report)
        edits.deleted |= {(table, row.uid) for row in stored if row.uid not in uids}
    edits.narratives = {
        item: {"text": n.text, "placement": n.placement.value, "made_from": n.made_from}
        for item, n in dossier.narratives.items()
    }
    edits.notes = dict(dossier.notes)
    facts = dossier.paper
    edits.paper = {name: getattr(facts, name) for name in vars(facts)}
    with transaction.atomic():
        locked = Report.objects.select_for_update().get(pk=report.pk)
        removed = report.narratives.exclude(item__in=edits.narratives).delete()[0]
        removed += report.indicator_notes.exclude(indicator__code__in=edits.notes).delete()[0]
        present = load(report).carried
        edits.carried = set(dossier.carried - present)
        edits.confirmed = set(present - dossier.carried)
        if apply(locked, edits, catalogue) or removed:
            Report.objects.filter(pk=report.pk).update(revision=F("revision") + 1)


def open_report(unit_id: int, period: ReportingPeriod) -> Report:
    """The unit's empty report for the period, with a row for each of its sections."""
    (report,) = open_reports([unit_id], period)
    return report


def open_reports(unit_ids: Iterable[int], period: ReportingPeriod) -> list[Report]:
    """An empty report for each of these units. Bulk inserts: a country's units in seconds."""
    reports = Report.objects.bulk_create(
        Report(
            unit_id=unit_id, period=period,
            outline_id=period.outline_id, indicator_set_id=period.indicator_set_id,
        ) for unit_id in unit_ids
    )  # fmt: skip
    Paper.objects.bulk_create(Paper(report=report) for report in reports)
    for model in SECTIONS:
        model.objects.bulk_create(model(report=report) for report in reports)
    SectionState.objects.bulk_create(
        SectionState(report=report, section=section) for report in reports for section in Section
    )
    return reports


def owed_report(unit_code: str, period: ReportingPeriod) -> Report | None:
    """The report the unit owes for the period, made when it has none yet; None when it owes none."""
    reports = Report.objects.select_related("outline", "indicator_set")
    report = reports.filter(period=period, unit__code=unit_code).first()
    unit = period.units.filter(code=unit_code).first()
    if report is None and unit is not None:
        report = reports.get(pk=open_report(unit.pk, period).pk)
    return report
