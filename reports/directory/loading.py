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
    """A file of data says something that cannot be; the message names file and place."""


class Wrong(ValueError):
    """A value that cannot be; the message says in Vietnamese what it must be."""


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
    """Find a row by its natural key and make its columns so; touch nothing that is so already."""
    row = model._default_manager.filter(**key).first()
    if row is None:
        return model._default_manager.create(**key, **columns)
    if any(getattr(row, name) != value for name, value in columns.items()):
        for name, value in columns.items():
            setattr(row, name, value)
        row.save()
    return row


#: What each kind of row must say, and what it may.
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


#: What values are, by name; all others are text.
VALUES: tuple[tuple[set[str], type, str], ...] = (
    (
        {"valid_from", "valid_to", "data_from", "data_to", "deadline"},
        date,
        "một ngày như 2027-03-14",
    ),
    ({"year", "order", "outline_version", "indicator_set_version"}, int, "một số nguyên"),
    ({"units", "former", "predecessors"}, list, "một danh sách trong dấu [ ]"),
)
#: Rules that the database keeps, in the words of whoever writes a file.
RULES = {
    "period_window": "data_to phải từ data_from trở đi",
    "period_deadline": "deadline phải từ data_from trở đi",
    "not_superior_of_itself": "một đơn vị không thể là cấp trên của chính mình",
    "interval": "valid_to phải từ valid_from trở đi",
    "valid": "valid_to phải từ valid_from trở đi",
}


@transaction.atomic
def load_directory(data: Mapping[str, Any], source: str) -> dict[str, int]:
    """Write what the data tells; returns how many rows of each kind. DataError changes nothing."""
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
            except Wrong as error:
                raise DataError(f"{place}: giá trị không hợp lệ ({error})") from error
            except IntegrityError as error:
                raise DataError(f"{place}: giá trị không hợp lệ ({broken_rule(error)})") from error
            except (ValueError, ValidationError, TypeError) as error:
                raise DataError(f"{place}: giá trị không hợp lệ") from error
    return {kind: len(data.get(kind, ())) for kind in ROWS}


def rows(
    data: Mapping[str, Any], kind: str, source: str
) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """The rows of one kind with their place, each with all it must say and nothing unknown."""
    must, may = ROWS[kind]
    for position, row in enumerate(data.get(kind, ()), start=1):
        place = f"{source}, {kind} thứ {position}"
        missing, unknown = must - set(row), set(row) - must - may
        if missing:
            raise DataError(f"{place}: thiếu {', '.join(sorted(missing))}")
        if unknown:
            raise DataError(f"{place}: không có mục {', '.join(sorted(unknown))}")
        for name, told in row.items():
            kind_of_value, words = next(
                (told_as for names, *told_as in VALUES if name in names),
                (str, "chữ trong dấu nháy"),
            )
            if type(told) is not kind_of_value:
                raise DataError(f"{place}: {name} cần {words}, tệp ghi “{told}”")
        yield place, row


def broken_rule(error: IntegrityError) -> str:
    """Which rule of the database a row breaks, in words."""
    named = (words for name, words in RULES.items() if name in str(error))
    return next(named, "trùng với một dòng đã có, hoặc thiếu dữ liệu mà dòng này cần")


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


def _refuse_old_name(key: Mapping[str, Any], told: Mapping[str, str]) -> None:
    """A file from before a renaming, loaded again, would name the unit as it was."""
    unit = Unit.objects.filter(**key).first()
    if unit is None or (unit.kind, unit.name) == (told["kind"], told["name"]):
        return
    if unit.former_names.filter(kind=told["kind"], name=told["name"]).exists():
        raise DataError(
            f"đơn vị {unit.code} nay là “{unit}”, tệp còn ghi tên cũ “{told['kind']} {told['name']}”; "
            "mời sửa tên trong tệp"
        )


def _superior(row: Mapping[str, Any], units: Units) -> None:
    key = {"unit": units[row["unit"]], "valid_from": row.get("valid_from", FOUNDED)}
    write(Superior, key, superior=units[row["superior"]], valid_to=row.get("valid_to"))


def _user(row: Mapping[str, Any], units: Units) -> None:
    """Passwords are not read from a file: `changepassword` sets them (the demo sets its own).

    Address and way of mail are written where there is none yet: what people chose since is theirs.
    """
    user = User.objects.filter(username=row["username"]).first() or User(username=row["username"])
    told = {"full_name": clean_line(row["full_name"])}
    if row.get("email") and not user.email:
        try:
            validate_email(row["email"])
        except ValidationError as error:
            raise Wrong(f"“{row['email']}” không phải địa chỉ thư") from error
        told["email"] = row["email"]
    if row.get("mail") and not user.mail:
        told["mail"] = _choice(Mailing, row["mail"], "cách nhận thư")
    if not user.password:
        told["password"] = make_password(None)  # none that anybody could type
    if any(getattr(user, name) != value for name, value in told.items()):
        for name, value in told.items():
            setattr(user, name, value)
        user.save()


#: Rounds of hashing for a password that the portal itself prints: more would hide nothing. Django hashes it
#: anew, with all its rounds, when its owner first logs in.
FEW_ROUNDS = 1000


def give_passwords(told: Mapping[str, str]) -> None:
    """Accounts without a password have theirs, which is no secret: for the demo alone."""
    users = [u for u in User.objects.filter(username__in=told) if not u.has_usable_password()]
    hasher = get_hasher()
    few = {"iterations": FEW_ROUNDS} if isinstance(hasher, PBKDF2PasswordHasher) else {}
    for user in users:
        user.password = hasher.encode(told[user.username], hasher.salt(), **few)
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


#: What reports are made by: it stays as it was when the period was opened.
FIXED = {
    "kind": "loại kỳ", "year": "năm", "superior": "cơ quan yêu cầu", "data_from": "ngày đầu kỳ số liệu",
    "data_to": "ngày cuối kỳ số liệu", "outline": "đề cương", "indicator_set": "biểu số liệu",
}  # fmt: skip


def _refuse_changes(period: ReportingPeriod, told: Mapping[str, Any]) -> None:
    """DataError when the file would change what reports of an opened period are made by."""
    for name, what in FIXED.items():
        held = getattr(period, name)
        if held != told[name]:
            was, wanted = (
                format_date(one) if isinstance(one, date) else one or "không có"
                for one in (held, told[name])
            )
            raise DataError(
                f"kỳ {period.code} đã mở nên không đổi được {what}: kỳ đang dùng “{was}”, "
                f"tệp ghi “{wanted}”"
            )


def _refuse_strangers(owing: Sequence[Unit], superior: Unit, day: date) -> None:
    """DataError naming units that were not under the office that asks, at whatever level, on that day."""
    below: set[int] = {superior.pk}
    newest = below
    while newest:
        found = Superior.objects.filter(valid_on(day), superior__in=newest)
        newest = set(found.values_list("unit", flat=True)) - below
        below = below | newest
    strangers = [f"{unit} ({unit.code})" for unit in owing if unit.pk not in below]
    if strangers:
        more = f" và {len(strangers) - MOST_NAMED} đơn vị khác" if strangers[MOST_NAMED:] else ""
        raise DataError(
            f"không thuộc {superior} vào ngày {format_date(day)}: "
            f"{', '.join(strangers[:MOST_NAMED])}{more}"
        )


def deadline_moved(period: ReportingPeriod, before: date) -> None:
    """Record in every report of the period that it is due on another day, and tell its people."""
    words = f"Hạn gửi của cả kỳ đổi từ {format_date(before)} thành {format_date(period.deadline)}"
    reports = list(
        period.reports.select_for_update(of=("self",))
        .select_related(*NAMED).order_by("pk")
    )  # fmt: skip
    office = period.superior_id
    desks = at_desks(
        Q(unit__in=[r.unit_id for r in reports], role__in=(Role.CLERK, Role.LEADER)), 0
    )
    told: list[Notice] = []
    now, key = timezone.now(), f"deadline:{timezone.now():%Y%m%d%H%M%S%f}"
    days = {"deadline": before.isoformat()}, {"deadline": period.deadline.isoformat()}
    for report in reports:
        audit.record(report, Verb.EDIT, None, words, before=days[0], after=days[1])
        said = facts(report)
        told += [
            Notice(user=one.user, place=one.place, kind=NoticeKind.DUE, report=report, key=key, at=now,
                   title=title("Đổi hạn gửi", said), text=f"{words}: báo cáo {said['period']} của {said['unit']}.",
                   post=post_of(one))
            for one in desks if one.unit == report.unit_id
        ]  # fmt: skip
    told += [
        Notice(user=one.user, place=one.place, kind=NoticeKind.DUE, period=period, key=key, at=now,
               title=f"Đổi hạn gửi: {period.phrase}", text=f"{words}: {period.phrase}.", post=post_of(one))
        for one in at_desks(Q(unit=office, role=Role.REVIEWER), office)
    ]  # fmt: skip
    write_notices(told)


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


def _choice(choices: Any, told: str, what: str) -> str:
    """One of the codes of a vocabulary; Wrong names them all."""
    if told not in choices.values:
        known = ", ".join(f"{code} ({label})" for code, label in choices.choices)
        raise Wrong(f"không có {what} “{told}”; cần {known}")
    return told


def _code(row: Mapping[str, Any]) -> str:
    code = str(row["code"])
    if not CODE.fullmatch(code):
        raise DataError(f"mã “{code}” chỉ được gồm chữ cái không dấu, chữ số, dấu - và _")
    return code


def _named(model: type[Model], column: str, told: str, what: str) -> Any:
    manager: Any = model._default_manager
    found = manager.filter(**{column: told}).first()
    if found is None:
        raise DataError(f"không có {what} “{told}”")
    return found


def _version(model: type[Model], code: str, version: int, what: str) -> Any:
    manager: Any = model._default_manager
    found = manager.filter(code=code, version=version).first()
    if found is None:
        raise DataError(f"không có {what} “{code}” phiên bản {version}")
    return found
