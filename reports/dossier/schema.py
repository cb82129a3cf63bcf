"""The JSON Schema of the report format, made from the catalogue and the models.

Draft 2020-12. What a schema cannot say (that unit and period exist, that an item is in the outline)
`reports.imports.report_json` checks beside it.
"""

from typing import Any

from ..catalogue.figures import Catalogue, Figure
from ..enums import Authority, Placement, State, ValueKind
from ..models import TABLES, Paper, Row
from ..models.fields import MAX_COUNT
from .json import NONE_ARISEN, SCHEMA_VERSION

Schema = dict[str, Any]

DAY: Schema = {"type": "string", "pattern": r"^\d{4}-\d{2}-\d{2}$", "format": "date"}
TEXT: Schema = {"type": "string", "maxLength": 20_000}
#: Decimals beyond what a float holds are written as strings.
DECIMAL: Schema = {
    "anyOf": [
        {"type": "number", "minimum": 0, "maximum": MAX_COUNT},
        {"type": "string", "pattern": r"^\d{1,15}\.\d{1,2}$"},
    ]
}


def report_schema(catalogue: Catalogue) -> Schema:
    """The schema of a report whose appendix belongs to this catalogue."""
    figures = {c: value(f) for c, f in catalogue.items() if f.typed and not f.table}
    return closed(
        {
            "schema_version": {"const": SCHEMA_VERSION},
            "unit": named(),
            "superior": named(),
            "office": TEXT,
            "period": closed(
                {
                    "code": {"type": "string"},
                    "phrase": TEXT,
                    "next_phrase": TEXT,
                    "year": {"type": "integer"},
                    **dict.fromkeys(("data_from", "data_to", "deadline"), DAY),
                }
            ),
            "outline": version(),
            "indicator_set": {"anyOf": [{"type": "null"}, version()]},
            "state": {"enum": State.values},
            "revision": {"type": "integer", "minimum": 0},
            "paper": paper(),
            "figures": closed(figures, required=()),
            "tables": closed({m.table: table(m, catalogue) for m in TABLES}, required=()),
            "narratives": {
                "type": "object",
                "additionalProperties": closed(
                    {"text": TEXT, "placement": {"enum": Placement.values}, "made_from": TEXT},
                    required=("text", "placement"),
                ),
            },
            "notes": {"type": "object", "additionalProperties": TEXT},
            "carried": {"type": "array", "uniqueItems": True, "items": {"type": "string"}},
        },
        optional=("carried",),
    ) | {"$schema": "https://json-schema.org/draft/2020-12/schema"}


def closed(
    properties: Schema, required: tuple[str, ...] | None = None, optional: tuple[str, ...] = ()
) -> Schema:
    """An object that holds these names and no others, all of them unless said otherwise."""
    names = properties if required is None else required
    return {
        "type": "object",
        "properties": properties,
        "required": [name for name in names if name not in optional],
        "additionalProperties": False,
    }


def named() -> Schema:
    return closed({name: {"type": "string", "minLength": 1} for name in ("code", "kind", "name")})


def version() -> Schema:
    return closed({"code": {"type": "string"}, "version": {"type": "integer"}})


def paper() -> Schema:
    columns: Schema = {
        "number": {"type": ["integer", "null"], "minimum": 1},
        "issued_on": {"anyOf": [DAY, {"type": "null"}]},
        "addressees": {"type": "string", "maxLength": 2000},
        "recipients": {"type": "string", "maxLength": 2000},
        "authority": {"enum": Authority.values},
    }
    for name in ("symbol", "place", "signer_title", "signer_name"):
        columns[name] = {"type": "string", "maxLength": Paper.column(name).max_length}
    return closed(columns)


def value(figure: Figure) -> Schema:
    """A value: the content, "none_arisen", null, or with what its source printed."""
    inner = content(figure)
    wrapped = closed(
        {"value": {"anyOf": [inner, {"type": "null"}]}, "stated": TEXT}, required=("value",)
    )
    return {"anyOf": [inner, {"const": NONE_ARISEN}, {"type": "null"}, wrapped]}


def content(figure: Figure) -> Schema:
    if figure.kind in (ValueKind.COUNT, ValueKind.AMOUNT):
        return {"type": "integer", "minimum": 0, "maximum": MAX_COUNT}
    if figure.kind == ValueKind.CODE:
        return {"enum": [code for code, _ in figure.choices]}
    if figure.kind == ValueKind.DATE:
        return DAY
    return TEXT if figure.kind == ValueKind.TEXT else DECIMAL


def table(model: type[Row], catalogue: Catalogue) -> Schema:
    columns: Schema = {"uid": {"type": "string", "pattern": r"^[A-Za-z0-9_-]{1,36}$"}}
    columns |= {name: key(model, name) for name in model.key_columns()}
    columns |= {
        code.partition(".")[2]: value(figure)
        for code, figure in catalogue.items()
        if figure.table == model.table
    }
    return {"type": "array", "maxItems": 300, "items": closed(columns, required=("uid",))}


def key(model: type[Row], name: str) -> Schema:
    """A column that says what a row is about."""
    column = model.column(name)
    kind = column.get_internal_type()
    if kind == "DateField":
        entry = DAY
    elif kind == "PositiveSmallIntegerField":
        entry = {"type": "integer", "minimum": 1945, "maximum": 2100}
    elif choices := model.choices(name):
        entry = {"enum": [str(code) for code, _ in choices]}
    else:
        entry = {"type": "string", "maxLength": column.max_length or 2000}
    return {"anyOf": [entry, {"type": "null"}]} if column.null else entry
