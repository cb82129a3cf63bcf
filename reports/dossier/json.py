"""The report format: a dossier as JSON (`docs/report-format.md`), with a `schema_version`.

A value is a number, a string for words and days, `"none_arisen"`, or null; with what its source
printed, `{"value": …, "stated": "…"}`. Words that happen to read `none_arisen` are wrapped likewise.
"""

from collections.abc import Mapping
from dataclasses import asdict, fields
from datetime import date
from decimal import Decimal
from typing import Any

from ..catalogue.figures import Catalogue, Figure, typed_figures
from ..catalogue.outlines import IndicatorFacts, IndicatorSetFacts, ItemFacts, OutlineFacts
from ..catalogue.values import Content, TableRow, Value
from ..enums import Authority, MarkKind, Placement, Rollup, Section, ValueKind
from ..models import TABLES, Row
from .facts import Dossier, NarrativeFacts, PaperFacts, PeriodFacts, UnitFacts

#: The newest version of the format, and of what is kept beside it (`frame_to_json`). Every version since
#: the first is read for ever; data without a number is of the first. `tests/kept/` holds one of each.
SCHEMA_VERSION = 1
FRAME_VERSION = 2
NONE_ARISEN = MarkKind.NONE_ARISEN.value


class FormatError(ValueError):
    """The data is not a report in this format; the message names the path."""


def to_json(dossier: Dossier) -> dict[str, Any]:
    """The dossier as plain data. Figures valid in the period stand there even when not entered."""
    last = dossier.period.data_to
    figures = {
        code: _value_out(dossier.figures.get(code, Value()))
        for code, figure in dossier.catalogue.items()
        if not figure.table
        and figure.typed
        and (
            (code in dossier.figures and dossier.figures[code].answered) or _expected(figure, last)
        )
    }
    indicators = dossier.indicators
    return {
        "schema_version": SCHEMA_VERSION,
        "unit": vars(dossier.unit),
        "superior": vars(dossier.superior),
        "office": dossier.office,
        "period": {key: _plain(value) for key, value in vars(dossier.period).items()},
        "outline": {"code": dossier.outline.code, "version": dossier.outline.version},
        "indicator_set": indicators and {"code": indicators.code, "version": indicators.version},
        "state": dossier.state,
        "revision": dossier.revision,
        "paper": {key: _plain(value) for key, value in vars(dossier.paper).items()},
        "figures": figures,
        "tables": {
            model.table: [_row_out(model, row) for row in dossier.tables.get(model.table, ())]
            for model in TABLES
        },
        "narratives": {
            item: {
                "text": narrative.text,
                "placement": narrative.placement.value,
                "made_from": narrative.made_from,
            }
            for item, narrative in sorted(dossier.narratives.items())
        },
        "notes": dict(sorted(dossier.notes.items())),
        "carried": sorted(dossier.carried),
    }


def _expected(figure: Figure, day: date) -> bool:
    return not figure.whole and figure.valid_on(day)


def _plain(content: Any) -> Any:
    if isinstance(content, date):
        return content.isoformat()
    if isinstance(content, Decimal):
        if content == content.to_integral_value():
            return int(content)
        exact = Decimal(str(float(content))) == content
        return float(content) if exact else str(content)  # no digit is lost on the way
    return content


def _value_out(value: Value) -> Any:
    if value.stated or value.content == NONE_ARISEN:
        wrapped = {"value": _plain(value.content)}
        return {**wrapped, "stated": value.stated} if value.stated else wrapped
    if value.none_arisen:
        return NONE_ARISEN
    return None if value.content == "" else _plain(value.content)


def _row_out(model: type[Row], row: TableRow) -> dict[str, Any]:
    keys = {name: _plain(row.keys.get(name)) for name in model.key_columns()}
    values = {code.partition(".")[2]: _value_out(value) for code, value in row.values.items()}
    return {"uid": row.uid, **keys, **values}


def from_json(
    data: Mapping[str, Any],
    outline: OutlineFacts,
    indicators: IndicatorSetFacts | None,
    catalogue: Catalogue,
) -> Dossier:
    """The dossier that the data describes. FormatError for a newer version or an unknown code."""
    version_of(data, SCHEMA_VERSION)
    period = data["period"]
    days = {key: date.fromisoformat(period[key]) for key in ("data_from", "data_to", "deadline")}
    paper = dict(data["paper"])
    paper["issued_on"] = paper["issued_on"] and date.fromisoformat(paper["issued_on"])
    paper["authority"] = Authority(paper["authority"])
    return Dossier(
        unit=UnitFacts(**data["unit"]),
        superior=UnitFacts(**data["superior"]),
        office=data["office"],
        period=PeriodFacts(**{**period, **days}),
        outline=outline,
        indicators=indicators,
        catalogue=catalogue,
        state=data["state"],
        revision=data["revision"],
        paper=PaperFacts(**paper),
        figures={
            code: _value_in(_figure(catalogue, code, "figures"), raw, f"figures.{code}")
            for code, raw in data["figures"].items()
        },
        tables={
            model.table: tuple(
                _row_in(model, raw, catalogue, f"tables.{model.table}[{position}]")
                for position, raw in enumerate(data["tables"].get(model.table, []))
            )
            for model in TABLES
        },
        narratives={
            item: NarrativeFacts(raw["text"], Placement(raw["placement"]), raw.get("made_from", ""))
            for item, raw in data["narratives"].items()
        },
        notes=dict(data["notes"]),
        carried=frozenset(data.get("carried", ())),
    )


def version_of(data: Mapping[str, Any], newest: int) -> int:
    """The format version of the data. FormatError for a newer one, or for what is no version."""
    version = data.get("schema_version", 1)
    if type(version) is not int or not 1 <= version <= newest:
        accepted = "1" if newest == 1 else f"một số từ 1 đến {newest}"
        raise FormatError(f"schema_version: {version!r}, cần {accepted}")
    return version


def _figure(catalogue: Catalogue, code: str, path: str) -> Figure:
    if code not in catalogue:
        raise FormatError(f"{path}.{code}: không có số liệu này")
    return catalogue[code]


def _value_in(figure: Figure, raw: Any, path: str) -> Value:
    if isinstance(raw, dict):
        return Value(_content_in(figure, raw.get("value"), path), stated=raw.get("stated", ""))
    if raw == NONE_ARISEN:
        return Value(none_arisen=True)
    return Value(_content_in(figure, raw, path))


def _content_in(figure: Figure, raw: Any, path: str) -> Content:
    if raw is None:
        return "" if figure.kind == ValueKind.TEXT else None
    try:
        if figure.kind == ValueKind.TEXT:
            return str(raw)
        if figure.kind == ValueKind.DATE:
            return date.fromisoformat(raw)
        if figure.kind in (ValueKind.DECIMAL, ValueKind.PERCENT):
            number = Decimal(str(raw))
            if isinstance(raw, bool) or not number.is_finite() or number < 0:
                raise ValueError
            return number
        if isinstance(raw, bool) or not isinstance(raw, int) or raw < 0:
            raise ValueError
    except (ValueError, ArithmeticError) as error:
        raise FormatError(f"{path}: “{raw}” không phải {figure.kind.label}") from error
    return raw


def _row_in(model: type[Row], raw: Mapping[str, Any], catalogue: Catalogue, path: str) -> TableRow:
    keys: dict[str, Content] = {}
    for name in model.key_columns():
        column = model.column(name)
        given = raw.get(name)
        if given is None:
            given = None if column.null else (column.get_default() or "")
        elif column.get_internal_type() == "DateField":
            given = date.fromisoformat(given)
        keys[name] = given
        if labels := dict(model.choices(name)):
            keys[f"{name}_label"] = labels.get(given, "")
    values = {}
    for name, given in raw.items():
        if name == "uid" or name in keys:
            continue
        code = f"{model.table}.{name}"
        values[code] = _value_in(_figure(catalogue, code, path), given, f"{path}.{name}")
    return TableRow(str(raw["uid"]), keys, values)


# --- what the dossier only names ----------------------------------------------------------------------


def frame_to_json(dossier: Dossier) -> dict[str, Any]:
    """What the format names and does not hold, whole: the outline, the appendix and the catalogue.

    Version 1 kept of the catalogue only the figures of the appendix's own, so that a label changed in
    a newer release of the portal changed what was issued of an older approval.
    """
    return {
        "schema_version": FRAME_VERSION,
        "outline": asdict(dossier.outline),
        "indicators": dossier.indicators and asdict(dossier.indicators),
        "figures": [_figure_out(figure) for figure in dossier.catalogue.values()],
    }


def _figure_out(figure: Figure) -> dict[str, Any]:
    """The attributes that differ from their defaults: every release stores some hundreds of figures."""
    return {
        attribute.name: _plain(getattr(figure, attribute.name))
        for attribute in fields(Figure)
        if getattr(figure, attribute.name) != attribute.default
    }


def frame_from_json(
    data: Mapping[str, Any],
) -> tuple[OutlineFacts, IndicatorSetFacts | None, Catalogue]:
    """Outline, appendix and catalogue as `frame_to_json` wrote them, in this version or an earlier one.

    FormatError for a newer one.
    """
    version = version_of(data, FRAME_VERSION)
    items = tuple(
        ItemFacts(**{**item, "section": Section(item["section"])})
        for item in data["outline"]["items"]
    )
    outline = OutlineFacts(**{**_tuples(data["outline"]), "items": items})
    figures = {figure_data["code"]: _figure_from(figure_data) for figure_data in data["figures"]}
    if version == 1:
        figures = {**typed_figures(), **figures}
    indicators = None
    if indicator_data := data["indicators"]:
        rows = tuple(
            IndicatorFacts(**{**_tuples(row), "value_kind": ValueKind(row["value_kind"])})
            for row in indicator_data["rows"]
        )
        footnotes = tuple((mark, text) for mark, text in indicator_data["footnotes"])
        indicators = IndicatorSetFacts(**{**indicator_data, "rows": rows, "footnotes": footnotes})
    return outline, indicators, figures


def _figure_from(data: Mapping[str, Any]) -> Figure:
    arguments = _tuples(data)
    arguments["section"] = Section(data["section"]) if data.get("section") else None
    arguments["kind"] = ValueKind(data["kind"])
    arguments["rollup"] = Rollup(data.get("rollup", Rollup.SUM))
    arguments["choices"] = tuple((number, label) for number, label in data.get("choices", ()))
    for name in ("valid_from", "valid_to"):
        arguments[name] = date.fromisoformat(data[name]) if data.get(name) else None
    if data.get("where"):
        column, allowed = data["where"]
        arguments["where"] = (column, tuple(allowed))
    return Figure(**arguments)


def _tuples(data: Mapping[str, Any]) -> dict[str, Any]:
    return {key: tuple(value) if isinstance(value, list) else value for key, value in data.items()}
