"""Data from `fixtures/` into the database: the catalogue, and the demo world.

Both are idempotent: rows are found by their natural codes and written only where they differ.
"""

import json
import logging
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import transaction
from django.utils import timezone

from ..catalogue.figures import Catalogue, typed_figures
from ..catalogue.grammar import SentenceError
from ..catalogue.outlines import indicator_facts, outline_facts
from ..catalogue.questionnaire import named_figures
from ..checks import gate
from ..checks.gate import NotYet
from ..compose.sentences import unknown_names
from ..directory import DataError, give_passwords, load_directory, read, write
from ..dossier.json import from_json
from ..editing import writing
from ..enums import Role, Section, ValueKind
from ..models import (
    TABLES,
    Indicator,
    IndicatorSet,
    Outline,
    OutlineItem,
    PeriodKind,
    Report,
    ReportingPeriod,
    User,
)
from ..periods.opening import open_period
from .now import load_present, present_people
from .papers import printing_beside
from .story import tell

logger = logging.getLogger(__name__)
FIXTURES: Path = settings.BASE_DIR / "fixtures"


# --- the catalogue -------------------------------------------------------------------------------


@transaction.atomic
def load_catalogue() -> dict[str, int]:
    """Kinds of period, indicator sets and outlines; returns how many of each."""
    kinds = read(FIXTURES / "period_kinds.toml")["kinds"]
    for kind in kinds:
        columns = {name: value for name, value in kind.items() if name != "code"}
        write(PeriodKind, {"code": kind["code"]}, **columns)
    sets = sorted((FIXTURES / "indicators").glob("*.toml"))
    for path in sets:
        load_indicator_set(read(path), path.name)
    outlines = sorted((FIXTURES / "outlines").glob("*.toml"))
    for path in outlines:
        load_outline(read(path), path.name)
    return {"loại kỳ": len(kinds), "biểu số liệu": len(sets), "đề cương": len(outlines)}


def nested(rows: Iterable[Mapping[str, Any]]) -> Iterable[tuple[int, Mapping[str, Any], str]]:
    """Each row with its order and the code of its parent, the last row before it of a lower level."""
    above: list[tuple[int, str]] = []
    for order, row in enumerate(rows, start=1):
        above = [(level, code) for level, code in above if level < row["level"]]
        yield order, row, above[-1][1] if above else ""
        above.append((row["level"], row["code"]))


def load_indicator_set(data: Mapping[str, Any], source: str) -> IndicatorSet:
    """Write one indicator set with its rows. DataError naming the row of an unknown figure."""
    figures = typed_figures()
    for row in data["rows"]:
        if row.get("figure") and row["figure"] not in figures:
            raise DataError(f"{source}, dòng {row['code']}: không có số liệu “{row['figure']}”")
    columns = {name: data.get(name, "") for name in ("name", "title", "footnotes")}
    key = {"code": data["code"], "version": data["version"]}
    indicator_set = write(IndicatorSet, key, **columns)
    rows = []
    for order, row, parent in nested(data["rows"]):
        columns = {
            "order": order,
            "kind": row["kind"],
            "stt": row.get("stt", ""),
            "name": row["name"],
            "unit": row.get("unit", ""),
            "value_kind": ValueKind(row.get("value_kind", ValueKind.COUNT)).value,
            "legend": row.get("legend", ""),
            "applies": row.get("applies", True),
            "figure": row.get("figure", ""),
            "show": row.get("show", Indicator.Show.VALUE.value),
            "footnote": row.get("footnote", ""),
            "counting": row.get("counting", ""),
            "carries": row.get("carries", False),
            "evidence": row.get("evidence", False),
        }
        rows.append((row["code"], parent, columns))
    _write_tree(Indicator, "indicator_set", indicator_set, rows)
    return indicator_set


def load_outline(data: Mapping[str, Any], source: str) -> Outline:
    """Write one outline with its items. DataError as `check_outline`, and when reports are made by it already and
    more than wording changes."""
    check_outline(data, source, typed_figures())
    names = (
        "name", "subject", "basis", "opening", "closing", "addressees", "recipients", "numbering",
    )  # fmt: skip
    columns = {name: data.get(name, "").strip() for name in names}
    opened = Report.objects.filter(outline__code=data["code"], outline__version=data["version"])
    report = opened.select_related("outline").first()
    before = _structure(report.outline) if report else None
    outline = write(
        Outline,
        {"code": data["code"], "version": data["version"]},
        **columns,
        evidence="\n".join(data.get("evidence", ())),
        prints_superior=data.get("prints_superior", False),
    )
    rows = []
    for order, item, parent in nested(data["items"]):
        columns = {
            "order": order,
            "marker": item.get("marker", ""),
            "title": item.get("title", "").strip(),
            "prompt": item.get("prompt", "").strip(),
            "section": Section(item["section"]).value,
            "body": item.get("body", "").strip(),
            "takes_narrative": item.get("narrative", True),
        }
        rows.append((item["code"], parent, columns))
    _write_tree(OutlineItem, "outline", outline, rows)
    if before not in (None, _structure(outline)):
        raise DataError(
            f"{source}: đề cương “{outline.code}” phiên bản {outline.version} đã có báo cáo lập theo; chỉ sửa được "
            f"câu chữ. Thêm, bớt, chuyển mục hoặc số liệu: ghi thành phiên bản {outline.version + 1}."
        )
    return outline


def _structure(outline: Outline) -> object:
    """What may not change once a version has reports: items, their places, figures, evidence; not the wording."""
    facts = outline_facts(outline)
    items = [(item.code, item.parent, item.section, item.takes_narrative) for item in facts.items]
    return items, named_figures(facts, None), facts.evidence


def _write_tree(
    model: type[Indicator | OutlineItem],
    owner: str,
    of: IndicatorSet | Outline,
    rows: list[tuple[str, str, dict[str, Any]]],
) -> None:
    """Write the rows of an outline or indicator set with their parents; rows no longer in the data are deleted."""
    present = {row.code: row for row in model.objects.filter(**{owner: of})}
    columns_by_code = {code: columns for code, _, columns in rows}
    same = list(present) == [code for code, _, _ in rows] and all(
        getattr(present[code], name) == value
        for code, columns in columns_by_code.items()
        for name, value in columns.items()
    )
    if same:
        return
    # Positions are unique within their owner: move the old rows out of the way first.
    for row in present.values():
        row.order += 1_000_000
        row.save(update_fields=["order"])
    written: dict[str, Indicator | OutlineItem] = {}
    for code, parent, columns in rows:
        key = {owner: of, "code": code}
        written[code] = write(model, key, parent=written.get(parent), **columns)
    model.objects.filter(**{owner: of}).exclude(code__in=written).delete()
    of.save()  # its `changed_at` is part of the keys of stored papers


def check_outline(data: Mapping[str, Any], source: str, catalogue: Catalogue) -> None:
    """DataError naming the first sentence that breaks the grammar or names an unknown figure."""
    tables = {
        model.table: set(model.key_columns())
        | {code.partition(".")[2] for code, f in catalogue.items() if f.table == model.table}
        for model in TABLES
    }
    for code in data.get("evidence", ()):
        if code not in catalogue or catalogue[code].table:
            raise DataError(f"{source}, evidence: không có số liệu “{code}”")
    places = [(name, data.get(name, "")) for name in ("subject", "basis", "opening", "closing")]
    places += [(f"mục {item['code']}", item.get("body", "")) for item in data["items"]]
    for place, text in places:
        for line in text.splitlines():
            problem = line_problem(line.strip(), catalogue, tables)
            if problem:
                raise DataError(f"{source}, {place}: {problem}")


def line_problem(line: str, catalogue: Catalogue, tables: Mapping[str, set[str]]) -> str:
    """The problem of one line of a body, in Vietnamese; "" when there is none."""
    if line.startswith("@"):
        verb, _, rest = line[1:].partition(" ")
        if verb == "text":
            return "" if rest in catalogue else f"không có số liệu “{rest}”"
        if verb in ("table", "each"):
            table, _, sentence = rest.partition(":")
            if table.strip() not in tables:
                return f"không có bảng “{table}”"
            line = f"<{table}: {sentence}>" if sentence else ""
        elif verb == "documents":
            return ""
        else:
            return f"không có lệnh “@{verb}”"
    try:
        return "; ".join(unknown_names(line, catalogue, tables))
    except SentenceError as error:
        return str(error)


# --- the demo world ------------------------------------------------------------------------------


@transaction.atomic
def load_demo(
    say: Callable[[str], object] = logger.warning,
    today: date | None = None,
    introduced: bool = False,
) -> list[tuple[str, str, str]]:
    """The demo world; returns user name, password and office of each account, those of today first.

    Loads the archive, and with `today` the story as it stands on that day, in place of the two quiet periods of
    2026 (`fixtures/demo/this_year.toml`). `introduced`: its people have seen what a first visit shows, for pictures
    and tests that are about something else; who tries the demo sees it once an account. `say` is called with each step that was left out. ImproperlyConfigured
    outside a demonstration, because its passwords are printed.
    """
    if not (settings.DEMO or settings.DEBUG):
        raise ImproperlyConfigured("Dữ liệu mẫu chỉ nạp được khi DEMO=1 hoặc DEBUG=1.")
    folder = FIXTURES / "demo"
    data = read(folder / "demo.toml")
    load_directory(data, "demo.toml")
    periods = data["periods"]
    if today is None:
        quiet = read(folder / "this_year.toml")
        load_directory(quiet, "this_year.toml")
        periods = periods + quiet["periods"]
    opened = {row["code"] for row in periods}
    people = [*(present_people(folder) if today else ()), *data["users"]]
    people = list({row["username"]: row for row in people}.values())
    for row in periods:
        open_period(ReportingPeriod.objects.get(code=row["code"]))
    for path in sorted(folder.glob("*.json")):
        report_data = json.loads(path.read_text(encoding="utf-8"))
        if report_data["period"]["code"] in opened and _report_of(report_data).revision == 0:
            _sign_entries(
                load_report(report_data)
            )  # a report that somebody edited since stays as it is
    try:
        with printing_beside():
            tell(read(folder / "way.toml"), read(folder / "pages.toml"), say)
            if today:
                load_present(folder, today, say)
    except NotYet as refused:
        raise DataError(f"Câu chuyện mẫu: {refused}") from refused
    give_passwords({row["username"]: row["password"] for row in people})
    if introduced:
        User.objects.filter(introduced_at=None).update(introduced_at=timezone.now())
    return [(row["username"], row["password"], row["full_name"]) for row in people]


def _sign_entries(report: Report) -> None:
    """Mark the sections of a demo report as saved by the unit's clerk."""
    role = report.unit.roles.filter(role=Role.CLERK).select_related("user").first()
    unsaved = report.section_states.filter(saved_at__isnull=True)
    if role is not None:
        unsaved.update(saved_by=role.user, saved_at=timezone.now(), version=1)


def _report_of(data: Mapping[str, Any]) -> Report:
    return Report.objects.select_related("outline", "indicator_set").get(
        unit__code=data["unit"]["code"], period__code=data["period"]["code"]
    )


def load_report(data: Mapping[str, Any]) -> Report:
    """Load one report in the JSON format into the empty report that its period opened."""
    report = _report_of(data)
    indicators, catalogue = indicator_facts(report.indicator_set)
    dossier = from_json(data, outline_facts(report.outline), indicators, catalogue)
    with gate.counting(report):
        writing.replace(report, dossier)
    return report
