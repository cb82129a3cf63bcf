"""Units, people, periods and standard remarks from a data file (`docs/outlines.md`): `load_data FILE`.

Idempotent: rows are found by their natural codes and written only where they differ; nothing is ever
removed. DataError names the file, the row and the field.
"""

import re
import tomllib
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

from django.contrib.auth.hashers import make_password
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import IntegrityError, transaction
from django.db.models import Model

from .enums import Mailing, Role
from .models import (
    FormerName,
    IndicatorSet,
    Outline,
    PeriodKind,
    ReportingPeriod,
    RoleAssignment,
    StandardRemark,
    Superior,
    Unit,
    User,
)
from .vietnamese import clean_text

#: Codes stand in addresses and in names of files.
CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]*")
#: From when a unit stands whose founding the data does not tell.
FOUNDED = date(1945, 9, 2)


class DataError(ValueError):
    """A file of data says something that cannot be; the message names file and place."""


def read(path: Path) -> dict[str, Any]:
    """The data of a TOML file; DataError names the line that breaks it."""
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise DataError(f"{path.name}: {error}") from error


def write(model: type[Model], key: Mapping[str, Any], **columns: Any) -> Any:
    """Find a row by its natural key and make its columns so; touch nothing that is so already."""
    manager: Any = model._default_manager
    row = manager.filter(**key).first()
    if row is None:
        return manager.create(**key, **columns)
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
            except (ValueError, ValidationError, IntegrityError, TypeError) as error:
                if isinstance(error, DataError):
                    raise DataError(f"{place}: {error}") from error
                raise DataError(f"{place}: giá trị không hợp lệ ({error})") from error
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
        yield place, row


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
        name: _line(row[name]) for name in ("kind", "name", "office") if name in row
    }
    if "valid_to" in row:
        columns["valid_to"] = row["valid_to"]
    unit = units[str(row.get("ref", row["code"]))] = write(Unit, key, **columns)
    for former in row.get("former", ()):
        names = {"kind": _line(former["kind"]), "name": _line(former["name"])}
        write(FormerName, {"unit": unit, "valid_to": former["valid_to"]}, **names)
    if "predecessors" in row:
        unit.predecessors.add(*(units[ref] for ref in row["predecessors"]))


def _superior(row: Mapping[str, Any], units: Units) -> None:
    key = {"unit": units[row["unit"]], "valid_from": row.get("valid_from", FOUNDED)}
    write(Superior, key, superior=units[row["superior"]], valid_to=row.get("valid_to"))


def _user(row: Mapping[str, Any], units: Units) -> None:
    """Passwords are not read from a file: `changepassword` sets them (the demo sets its own).

    Address and way of mail are written where there is none yet: what people chose since is theirs.
    """
    user: User = write(User, {"username": row["username"]}, full_name=_line(row["full_name"]))
    if row.get("email") and not user.email:
        validate_email(row["email"])
        user.email = row["email"]
        user.save(update_fields=["email"])
    if row.get("mail") and not user.mail:
        user.mail = Mailing(row["mail"]).value
        user.save(update_fields=["mail"])
    if not user.password:
        user.set_unusable_password()
        user.save(update_fields=["password"])


@contextmanager
def giving_passwords(told: Mapping[str, str]) -> Iterator[None]:
    """At the end of the block accounts without a password have theirs.

    Hashing is slow on purpose: it is done once, on all cores, beside what the block does.
    """
    users = [u for u in User.objects.filter(username__in=told) if not u.has_usable_password()]
    with ThreadPoolExecutor() as cores:
        hashes = cores.map(make_password, [told[user.username] for user in users])
        yield
        for user, encoded in zip(users, hashes, strict=True):
            user.password = encoded
            user.save(update_fields=["password"])


def _role(row: Mapping[str, Any], units: Units) -> None:
    user = _named(User, "username", row["user"], "người dùng")
    key = {"user": user, "unit": units[row["unit"]], "role": Role(row["role"]).value}
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
    period = write(ReportingPeriod, {"code": _code(row)}, **columns)
    period.units.add(*(units[ref] for ref in row["units"]))


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


def _code(row: Mapping[str, Any]) -> str:
    code = str(row["code"])
    if not CODE.fullmatch(code):
        raise DataError(f"mã “{code}” chỉ được gồm chữ cái không dấu, chữ số, dấu - và _")
    return code


def _line(text: str) -> str:
    """Text of one line, with nothing invisible in it: names stand in subjects and lists."""
    return clean_text(text, multiline=False)


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
