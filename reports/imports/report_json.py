"""A report from a file: one pass lists every problem with its path; with any problem nothing is written.

The file is read into a neutral form, judged, and only then accepted through `editing`, like any
change. It fills a draft: the unit's report of that period, made if the period was not opened yet.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction
from jsonschema import Draft202012Validator, FormatChecker
from jsonschema.exceptions import ValidationError

from .. import audit
from ..catalogue.field_names import PAPER, FieldName
from ..catalogue.outlines import indicator_facts, outline_facts
from ..checks import gate
from ..dossier.json import NONE_ARISEN, SCHEMA_VERSION, from_json
from ..dossier.schema import report_schema
from ..editing import writing
from ..editing.writing import owed_report
from ..enums import State, Verb
from ..models import TABLES_BY_NAME, Report, ReportingPeriod


@dataclass(frozen=True)
class Problem:
    """A problem at one place of the file: `tables.staff[2].headcount`."""

    path: str
    message: str

    def __str__(self) -> str:
        return f"{self.path}: {self.message}" if self.path else self.message


class ImportRefused(ValueError):
    """The file was not accepted; `problems` lists all that is wrong with it."""

    def __init__(self, problems: list[Problem]) -> None:
        self.problems = problems
        super().__init__("\n".join(map(str, problems)))


def import_report(text: str, unit: str = "", period: str = "") -> Report:
    """Fill the draft of the unit and period that the file names. ImportRefused, with every problem, changes nothing.

    `unit` and `period` are the codes that the file is expected to name, "" for any.
    """
    data = parse(text)
    if problems := [*identity_problems(data, unit, period)]:
        raise ImportRefused(problems)
    with transaction.atomic():
        report = draft_for(data)
        indicators, catalogue = indicator_facts(report.indicator_set)
        outline = outline_facts(report.outline)
        problems = [*schema_problems(data, report_schema(catalogue))]
        if not problems:
            items = {item.code for item in outline.items}
            rows = {row.code for row in indicators.rows} if indicators else set()
            problems = [*content_problems(data, report, items, rows)]
        if problems:
            raise ImportRefused(problems)  # and the draft made above is rolled back
        before = report.revision
        with gate.counting(report):
            writing.replace(report, from_json(data, outline, indicators, catalogue))
        report.refresh_from_db()
        if report.revision != before:
            audit.record(report, Verb.EDIT, None, "Nạp từ tệp dữ liệu")
    return report


def parse(text: str) -> Mapping[str, Any]:
    """The file as data. ImportRefused for what is not JSON, not an object, or a newer version."""
    try:
        data = json.loads(text, parse_constant=_refuse_constant)
    except (ValueError, RecursionError) as error:
        where = (
            f"dòng {error.lineno}, cột {error.colno}"
            if isinstance(error, json.JSONDecodeError)
            else ""
        )
        raise ImportRefused([Problem(where, "tệp không phải JSON hoặc bị cắt ngang")]) from error
    if not isinstance(data, dict):
        raise ImportRefused([Problem("", "tệp cần là một báo cáo, bắt đầu bằng dấu {")])
    version = data.get("schema_version")
    if isinstance(version, int) and version > SCHEMA_VERSION:
        message = f"phiên bản {version} mới hơn phiên bản {SCHEMA_VERSION} mà hệ thống đọc được"
        raise ImportRefused([Problem("schema_version", message)])
    return data


def identity_problems(data: Mapping[str, Any], unit: str, period: str) -> Iterator[Problem]:
    """Problems with the unit and period that the file names, where they are not the expected ones."""
    for part, expected in (("unit", unit), ("period", period)):
        if expected and (code := _code(data, part)) != expected:
            noun = "đơn vị" if part == "unit" else "kỳ báo cáo"
            message = (
                f"tệp của {noun} {code_and_name(data, part, code)}, cần tệp của {noun} “{expected}”"
            )
            yield Problem(f"{part}.code", message)


def code_and_name(data: Mapping[str, Any], part: str, code: str) -> str:
    """`“20146” (phường Lê Lợi)`: a code with the name that the file gives it."""
    name = data[part].get("name")
    return f"“{code}”" + (f" ({name[:80]})" if isinstance(name, str) and name else "")


def _refuse_constant(name: str) -> None:
    raise ValueError(f"{name} is no JSON")


def draft_for(data: Mapping[str, Any]) -> Report:
    """The draft of the unit and period that the file names, made when it is owed and not opened."""
    unit_code, period_code = (_code(data, part) for part in ("unit", "period"))
    period = ReportingPeriod.objects.filter(code=period_code).first()
    if period is None:
        raise ImportRefused(
            [
                Problem(
                    "period.code",
                    f"không có kỳ báo cáo {code_and_name(data, 'period', period_code)}",
                )
            ]
        )
    report = owed_report(unit_code, period)
    if report is None:
        who, when = (
            code_and_name(data, "unit", unit_code),
            code_and_name(data, "period", period_code),
        )
        message = f"đơn vị {who} không phải báo cáo trong kỳ {when}"
        raise ImportRefused([Problem("unit.code", message)])
    if report.state != State.DRAFT:
        message = f"báo cáo đang ở trạng thái “{report.get_state_display()}” nên không nạp được"
        raise ImportRefused([Problem("state", message)])
    return report


def _code(data: Mapping[str, Any], part: str) -> str:
    facts = data.get(part)
    code = facts.get("code") if isinstance(facts, dict) else None
    if not isinstance(code, str) or not code or "\x00" in code:
        raise ImportRefused([Problem(f"{part}.code", "thiếu mã")])
    return code


# --- the schema's problems, in words ----------------------------------------------------------------


def schema_problems(data: Mapping[str, Any], schema: dict[str, Any]) -> Iterator[Problem]:
    validator = Draft202012Validator(schema, format_checker=FormatChecker(["date"]))
    for error in sorted(validator.iter_errors(data), key=lambda e: list(map(str, e.absolute_path))):
        if error.validator == "additionalProperties":
            properties = error.schema["properties"]
            for name in error.instance:
                if name not in properties:
                    yield Problem(_path(error, name), "không có số liệu hoặc mục này")
        elif error.validator == "required":
            for name in error.validator_value:
                if name not in error.instance:
                    yield Problem(_path(error, name), "thiếu mục này")
        else:
            yield Problem(_path(error), schema_message(error))


def _path(error: ValidationError, *more: str) -> str:
    path = ""
    for part in (*error.absolute_path, *more):
        path += f"[{part}]" if isinstance(part, int) else f".{part}"
    return path.removeprefix(".")


def schema_message(error: ValidationError) -> str:
    """The problem in Vietnamese: the content of the file, and what is expected."""
    if error.validator == "anyOf":
        # The first form is the value itself, the last the value with what its source printed.
        forms: list[Any] = error.validator_value  # type: ignore[assignment]
        form = len(forms) - 1 if isinstance(error.instance, dict) else 0
        inner = next((e for e in error.context or () if e.schema_path[0] == form), None)
        if inner is not None:
            return schema_message(inner)
    text = json.dumps(error.instance, ensure_ascii=False)
    content, limit = f"“{text[:60]}”", error.validator_value
    if error.validator in ("enum", "const"):
        allowed = limit if isinstance(limit, list) else [limit]
        return f"{content}: cần một trong {', '.join(map(str, allowed))}"
    return {
        "type": f"{content}: cần {TYPES.get(str(limit), limit)}",
        "minimum": f"{content}: không nhận số nhỏ hơn {limit}",
        "maximum": f"{content}: số quá lớn, tối đa 15 chữ số",
        "maxLength": f"có {len(str(error.instance))} ký tự, tối đa {limit}",
        "uniqueItems": "có nội dung ghi hai lần",
        "maxItems": f"có {len(error.instance) if isinstance(error.instance, list) else 0} dòng, tối đa {limit}",
        "format": f"{content}: không có ngày này",
        "pattern": f"{content}: viết không đúng mẫu {limit}",
    }.get(str(error.validator), f"{content}: không hợp lệ")


TYPES = {
    "integer": "số nguyên",
    "number": "số",
    "string": "chuỗi ký tự",
    "object": "nhóm { … }",
    "array": "danh sách [ … ]",
    "null": "null",
}


# --- what a schema cannot say -------------------------------------------------------------------------


def content_problems(
    data: Mapping[str, Any], report: Report, items: set[str], rows: set[str]
) -> Iterator[Problem]:
    for name, of in (("outline", report.outline), ("indicator_set", report.indicator_set)):
        expected = of and {"code": of.code, "version": of.version}
        if data[name] != expected:
            yield Problem(name, f"báo cáo này theo {json.dumps(expected, ensure_ascii=False)}")
    if (data["paper"]["number"] is None) != (data["paper"]["issued_on"] is None):
        yield Problem("paper.number", "số và ngày ban hành phải cùng có hoặc cùng để trống")
    for item in data["narratives"]:
        if item not in items:
            yield Problem(f"narratives.{item}", "đề cương không có mục này")
    for code in data["notes"]:
        if code not in rows:
            yield Problem(f"notes.{code}", "biểu số liệu không có dòng này")
    yield from _carried(data)
    for table, table_rows in data["tables"].items():
        yield from _twins(table, table_rows)
        for position, row in enumerate(table_rows):
            if row.get("item") and row["item"] not in items:
                yield Problem(f"tables.{table}[{position}].item", "đề cương không có mục này")
            for name in ("date", "as_of"):
                yield from _day(f"tables.{table}[{position}].{name}", row.get(name))


def _carried(data: Mapping[str, Any]) -> Iterator[Problem]:
    names = [PAPER, *map(FieldName.text, data["narratives"])]
    names += [
        FieldName.row(table, r["uid"]) for table, rows in data["tables"].items() for r in rows
    ]
    names_in_file = {*data["figures"], *map(str, names)}
    for position, name in enumerate(data.get("carried", ())):
        if name not in names_in_file:
            yield Problem(f"carried[{position}]", f"“{name}”: tệp không có nội dung này")


def _twins(table: str, rows: list[Mapping[str, Any]]) -> Iterator[Problem]:
    for column in filter(None, ("uid", TABLES_BY_NAME[table].unique_column())):
        seen: set[Any] = set()
        for position, row in enumerate(rows):
            content = row.get(column)
            if content and content in seen:
                yield Problem(
                    f"tables.{table}[{position}].{column}", f"“{content}” đã có ở dòng khác"
                )
            seen.add(content)


def _day(path: str, content: Any) -> Iterator[Problem]:
    if (
        isinstance(content, str)
        and content != NONE_ARISEN
        and not 1945 <= date.fromisoformat(content).year <= 2100
    ):
        yield Problem(path, f"“{content}”: cần một năm từ 1945 đến 2100")
