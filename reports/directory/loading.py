"""Units, people, periods and standard remarks from a data file (`docs/outlines.md`): `load_data FILE`.

Idempotent: rows are found by their natural codes and written only where they differ; nothing is ever
removed. DataError names the file, the row and the field.
"""

import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any, TypeVar

from django.contrib.auth.hashers import PBKDF2PasswordHasher, get_hasher, make_password
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import IntegrityError, transaction
from django.db.models import Model, Q
from django.utils import timezone

from .. import audit
from ..enums import Mailing, NoticeKind, Role, Verb
from ..models import (
    FormerName,
    IndicatorSet,
    Notice,
    Outline,
    PeriodKind,
    ReportingPeriod,
    RoleAssignment,
    StandardRemark,
    Superior,
    Unit,
    User,
)
from ..models.units import valid_on
from ..notifications.notices import NAMED, at_desks, facts, post_of, title
from ..notifications.notices import write as write_notices
from ..text.dates import format_date
from ..text.typography import clean_line

#: Codes stand in addresses and in names of files.
CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]*")
#: From when a unit stands whose founding the data does not tell.
FOUNDED = date(1945, 9, 2)
#: How many units a message names.
MOST_NAMED = 10


Written = TypeVar("Written", bound=Model)


class DataError(ValueError):
    """A data file holds something that cannot be loaded; the message names file and place, in Vietnamese."""


class InvalidValue(ValueError):
    """A value that a field cannot have; the message says what it must be, in Vietnamese."""


def read(path: Path) -> dict[str, Any]:
    """The data of a TOML file; DataError names the line that breaks it."""
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except tomllib.TOMLDecodeError as error:
        place = re.search(r"at line (\d+), column (\d+)", str(error))
        where = f"dòng {place[1]}, cột {place[2]}" if place else "cuối tệp"
        raise DataError(f"{path.name}: {where} không đúng cách viết của tệp TOML") from error
    except UnicodeDecodeError as error:
        raise DataError(f"{path.name}: tệp không phải UTF-8") from error


def write(model: type[Written], key: Mapping[str, Any], **columns: Any) -> Written:
    """Find or create the row with this natural key and set its columns; a row that has them already is not written."""
    row = model._default_manager.filter(**key).first()
    if row is None:
        return model._default_manager.create(**key, **columns)
    if any(getattr(row, name) != value for name, value in columns.items()):
        for name, value in columns.items():
            setattr(row, name, value)
        row.save()
    return row


#: The fields that each kind of row must have, and those it may have.
ROWS: Mapping[str, tuple[set[str], set[str]]] = {
    "units": (
        {"code", "kind", "name"},
        {"ref", "office", "valid_from", "valid_to", "predecessors", "former"},
    ),
    "superiors": ({"unit", "superior"}, {"valid_from", "valid_to"}),
    "users": ({"username", "full_name"}, {"password", "email", "mail"}),
    "roles": ({"user", "unit", "role"}, {"valid_from", "valid_to"}),
    "periods": (
        {
            "code",
            "kind",
            "year",
            "superior",
            "data_from",
            "data_to",
            "deadline",
            "outline",
            "units",
        },
        {"outline_version", "indicator_set", "indicator_set_version"},
    ),
    "standard_remarks": ({"office", "text"}, {"order"}),
}


#: The types of values, by the names of their fields; all others are text.
VALUES: tuple[tuple[set[str], type, str], ...] = (
    (
        {"valid_from", "valid_to", "data_from", "data_to", "deadline"},
        date,
        "một ngày như 2027-03-14",
    ),
    ({"year", "order", "outline_version", "indicator_set_version"}, int, "một số nguyên"),
    ({"units", "former", "predecessors"}, list, "một danh sách trong dấu [ ]"),
)
#: Constraints of the database, by name, as a message for whoever writes the file.
RULES = {
    "period_window": "data_to phải từ data_from trở đi",
    "period_deadline": "deadline phải từ data_from trở đi",
    "not_superior_of_itself": "một đơn vị không thể là cấp trên của chính mình",
    "interval": "valid_to phải từ valid_from trở đi",
    "valid": "valid_to phải từ valid_from trở đi",
}


@transaction.atomic
def load_directory(data: Mapping[str, Any], source: str) -> dict[str, int]:
    """Write the rows of the data; returns how many there are of each kind. On DataError nothing is written."""
    for kind in data:
        if kind not in ROWS:
            raise DataError(f"{source}: không có bảng “{kind}”; cần {', '.join(ROWS)}")
    units = Units()
    for kind, write_row in WRITERS.items():
        for place, row in rows(data, kind, source):
            try:
                with transaction.atomic():
                    write_row(row, units)
            except DataError as error:
                raise DataError(f"{place}: {error}") from error
            except InvalidValue as error:
                raise DataError(f"{place}: giá trị không hợp lệ ({error})") from error
            except IntegrityError as error:
                raise DataError(f"{place}: giá trị không hợp lệ ({broken_rule(error)})") from error
            except (ValueError, ValidationError, TypeError) as error:
                raise DataError(f"{place}: giá trị không hợp lệ") from error
    return {kind: len(data.get(kind, ())) for kind in ROWS}


def rows(
    data: Mapping[str, Any], kind: str, source: str
) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """The rows of one kind, each with its place for messages.

    DataError for a field that is missing, unknown or of a wrong type.
    """
    must, may = ROWS[kind]
    for position, row in enumerate(data.get(kind, ()), start=1):
        place = f"{source}, {kind} thứ {position}"
        missing, unknown = must - set(row), set(row) - must - may
        if missing:
            raise DataError(f"{place}: thiếu {', '.join(sorted(missing))}")
        if unknown:
            raise DataError(f"{place}: không có mục {', '.join(sorted(unknown))}")
        for name, value in row.items():
            kind_of_value, expected = next(
                (typed for names, *typed in VALUES if name in names),
                (str, "chữ trong dấu nháy"),
            )
            if type(value) is not kind_of_value:
                raise DataError(f"{place}: {name} cần {expected}, tệp ghi “{value}”")
        yield place, row


def broken_rule(error: IntegrityError) -> str:
    """The message for the constraint of the database that a row breaks."""
    texts = (text for name, text in RULES.items() if name in str(error))
    return next(texts, "trùng với một dòng đã có, hoặc thiếu dữ liệu mà dòng này cần")


class Units(dict[str, Unit]):
    """Units by how the data names them: `ref`, else the code, else the newest stored of that code."""

    def __missing__(self, ref: str) -> Unit:
        unit = Unit.objects.filter(code=ref).order_by("-valid_from").first()
        if unit is None:
            raise DataError(f"không có đơn vị “{ref}”")
        self[ref] = unit
        return unit


def _unit(row: Mapping[str, Any], units: Units) -> None:
    key = {"code": _code(row), "valid_from": row.get("valid_from", FOUNDED)}
    columns: dict[str, Any] = {
        name: clean_line(row[name]) for name in ("kind", "name", "office") if name in row
    }
    if "valid_to" in row:
        columns["valid_to"] = row["valid_to"]
    _refuse_old_name(key, columns)
    unit = units[str(row.get("ref", row["code"]))] = write(Unit, key, **columns)
    for former in row.get("former", ()):
        names = {"kind": clean_line(former["kind"]), "name": clean_line(former["name"])}
        write(FormerName, {"unit": unit, "valid_to": former["valid_to"]}, **names)
    if "predecessors" in row:
        unit.predecessors.add(*(units[ref] for ref in row["predecessors"]))


def _refuse_old_name(key: Mapping[str, Any], columns: Mapping[str, str]) -> None:
    """DataError when the file has a former name of the unit: it was written before a renaming."""
    unit = Unit.objects.filter(**key).first()
    if unit is None or (unit.kind, unit.name) == (columns["kind"], columns["name"]):
        return
    if unit.former_names.filter(kind=columns["kind"], name=columns["name"]).exists():
        raise DataError(
            f"đơn vị {unit.code} nay là “{unit}”, tệp còn ghi tên cũ “{columns['kind']} {columns['name']}”; "
            "mời sửa tên trong tệp"
        )


def _superior(row: Mapping[str, Any], units: Units) -> None:
    key = {"unit": units[row["unit"]], "valid_from": row.get("valid_from", FOUNDED)}
    write(Superior, key, superior=units[row["superior"]], valid_to=row.get("valid_to"))


def _user(row: Mapping[str, Any], units: Units) -> None:
    """Passwords are not read from a file: `changepassword` sets them (the demo sets its own).

    Address and way of mail are written only where there is none yet, so that people keep what they chose.
    """
    user = User.objects.filter(username=row["username"]).first() or User(username=row["username"])
    columns = {"full_name": clean_line(row["full_name"])}
    if row.get("email") and not user.email:
        try:
            validate_email(row["email"])
        except ValidationError as error:
            raise InvalidValue(f"“{row['email']}” không phải địa chỉ thư") from error
        columns["email"] = row["email"]
    if row.get("mail") and not user.mail:
        columns["mail"] = _choice(Mailing, row["mail"], "cách nhận thư")
    if not user.password:
        columns["password"] = make_password(None)  # none that anybody could type
    if any(getattr(user, name) != value for name, value in columns.items()):
        for name, value in columns.items():
            setattr(user, name, value)
        user.save()


#: Rounds of hashing for a password that the portal itself prints, which needs no more. Django hashes it again,
#: with all its rounds, when its owner first logs in.
FEW_ROUNDS = 1000


def give_passwords(passwords: Mapping[str, str]) -> None:
    """Set the passwords, by username, of accounts that have none yet. For the demo alone, which prints them."""
    users = [u for u in User.objects.filter(username__in=passwords) if not u.has_usable_password()]
    hasher = get_hasher()
    few = {"iterations": FEW_ROUNDS} if isinstance(hasher, PBKDF2PasswordHasher) else {}
    for user in users:
        user.password = hasher.encode(passwords[user.username], hasher.salt(), **few)
    User.objects.bulk_update(users, ["password"])


def _role(row: Mapping[str, Any], units: Units) -> None:
    user = _named(User, "username", row["user"], "người dùng")
    key = {"user": user, "unit": units[row["unit"]], "role": _choice(Role, row["role"], "vai trò")}
    key["valid_from"] = row.get("valid_from", FOUNDED)
    write(RoleAssignment, key, valid_to=row.get("valid_to"))


def _period(row: Mapping[str, Any], units: Units) -> None:
    outline = (row["outline"], row.get("outline_version", 1))
    columns: dict[str, Any] = {
        name: row[name] for name in ("year", "data_from", "data_to", "deadline")
    }
    columns["kind"] = _named(PeriodKind, "code", row["kind"], "loại kỳ")
    columns["superior"] = units[row["superior"]]
    columns["outline"] = _version(Outline, *outline, "đề cương")
    columns["indicator_set"] = None
    if row.get("indicator_set"):
        version = row.get("indicator_set_version", 1)
        columns["indicator_set"] = _version(
            IndicatorSet, row["indicator_set"], version, "biểu số liệu"
        )
    before = ReportingPeriod.objects.filter(code=_code(row), opened_at__isnull=False).first()
    if before is not None:
        _refuse_changes(before, columns)
    owing = [units[ref] for ref in row["units"]]
    _refuse_strangers(owing, columns["superior"], row["data_to"])
    period = write(ReportingPeriod, {"code": _code(row)}, **columns)
    period.units.add(*owing)
    if before is not None and before.deadline != period.deadline:
        deadline_moved(period, before.deadline)


#: Columns that cannot change once the period is open, because its reports were made by them, with their labels.
FIXED = {
    "kind": "loại kỳ", "year": "năm", "superior": "cơ quan yêu cầu", "data_from": "ngày đầu kỳ số liệu",
    "data_to": "ngày cuối kỳ số liệu", "outline": "đề cương", "indicator_set": "biểu số liệu",
}  # fmt: skip


def _refuse_changes(period: ReportingPeriod, columns: Mapping[str, Any]) -> None:
    """DataError when the file would change one of the `FIXED` columns of an opened period."""
    for name, label in FIXED.items():
        current = getattr(period, name)
        if current != columns[name]:
            was, becomes = (
                format_date(value) if isinstance(value, date) else value or "không có"
                for value in (current, columns[name])
            )
            raise DataError(
                f"kỳ {period.code} đã mở nên không đổi được {label}: kỳ đang dùng “{was}”, "
                f"tệp ghi “{becomes}”"
            )


def _refuse_strangers(owing: Sequence[Unit], superior: Unit, day: date) -> None:
    """DataError naming the units that were not below the superior, at any level, on that day."""
    below: set[int] = {superior.pk}
    newest = below
    while newest:
        links = Superior.objects.filter(valid_on(day), superior__in=newest)
        newest = set(links.values_list("unit", flat=True)) - below
        below = below | newest
    strangers = [f"{unit} ({unit.code})" for unit in owing if unit.pk not in below]
    if strangers:
        more = f" và {len(strangers) - MOST_NAMED} đơn vị khác" if strangers[MOST_NAMED:] else ""
        raise DataError(
            f"không thuộc {superior} vào ngày {format_date(day)}: "
            f"{', '.join(strangers[:MOST_NAMED])}{more}"
        )


def deadline_moved(period: ReportingPeriod, before: date) -> None:
    """Record the new deadline in every report of the period, and notify clerks, leaders and reviewers."""
    note = f"Hạn gửi của cả kỳ đổi từ {format_date(before)} thành {format_date(period.deadline)}"
    reports = list(
        period.reports.select_for_update(of=("self",))
        .select_related(*NAMED).order_by("pk")
    )  # fmt: skip
    office = period.superior_id
    recipients = at_desks(
        Q(unit__in=[r.unit_id for r in reports], role__in=(Role.CLERK, Role.LEADER)), 0
    )
    notices: list[Notice] = []
    now, key = timezone.now(), f"deadline:{timezone.now():%Y%m%d%H%M%S%f}"
    days = {"deadline": before.isoformat()}, {"deadline": period.deadline.isoformat()}
    for report in reports:
        audit.record(report, Verb.EDIT, None, note, before=days[0], after=days[1])
        names = facts(report)
        notices += [
            Notice(user=recipient.user, place=recipient.place, kind=NoticeKind.DUE, report=report, key=key, at=now,
                   title=title("Đổi hạn gửi", names), text=f"{note}: báo cáo {names['period']} của {names['unit']}.",
                   post=post_of(recipient))
            for recipient in recipients if recipient.unit == report.unit_id
        ]  # fmt: skip
    notices += [
        Notice(user=recipient.user, place=recipient.place, kind=NoticeKind.DUE, period=period, key=key, at=now,
               title=f"Đổi hạn gửi: {period.phrase}", text=f"{note}: {period.phrase}.", post=post_of(recipient))
        for recipient in at_desks(Q(unit=office, role=Role.REVIEWER), office)
    ]  # fmt: skip
    write_notices(notices)


def _standard_remark(row: Mapping[str, Any], units: Units) -> None:
    key = {"office": units[row["office"]], "text": row["text"]}
    write(StandardRemark, key, order=row.get("order", 0))


WRITERS = {
    "units": _unit,
    "superiors": _superior,
    "users": _user,
    "roles": _role,
    "periods": _period,
    "standard_remarks": _standard_remark,
}


def _choice(choices: Any, code: str, vocabulary: str) -> str:
    """The code, when it is one of the choices; InvalidValue names them all."""
    if code not in choices.values:
        options = ", ".join(f"{code} ({label})" for code, label in choices.choices)
        raise InvalidValue(f"không có {vocabulary} “{code}”; cần {options}")
    return code


def _code(row: Mapping[str, Any]) -> str:
    code = str(row["code"])
    if not CODE.fullmatch(code):
        raise DataError(f"mã “{code}” chỉ được gồm chữ cái không dấu, chữ số, dấu - và _")
    return code


def _named(model: type[Model], column: str, value: str, label: str) -> Any:
    manager: Any = model._default_manager
    row = manager.filter(**{column: value}).first()
    if row is None:
        raise DataError(f"không có {label} “{value}”")
    return row


def _version(model: type[Model], code: str, version: int, label: str) -> Any:
    manager: Any = model._default_manager
    row = manager.filter(code=code, version=version).first()
    if row is None:
        raise DataError(f"không có {label} “{code}” phiên bản {version}")
    return row
