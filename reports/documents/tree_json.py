"""The document tree as JSON: stored of an approved paper, so that the same text is issued later.

A field equal to its default is left out; a block names its kind under `is`; a decimal number is
`{"decimal": "97.37"}`, since JSON would make a float of it.
"""

import json
import zlib
from dataclasses import fields, is_dataclass
from decimal import Decimal
from functools import cache
from types import UnionType
from typing import Any, get_args, get_origin, get_type_hints

from .tree import Block, Document, Heading, Paragraph, Ruling, Table

#: The newest version of this form. Every version since the first is read for ever (`tests/kept/`): whoever
#: changes a class of the tree or a default in it counts one further and reads the older one as well.
TREE_VERSION = 1
BLOCKS = {"heading": Heading, "paragraph": Paragraph, "table": Table, "ruling": Ruling}
NAMES = {kind: name for name, kind in BLOCKS.items()}


class UnknownTree(ValueError):
    """The data is no tree, or one of a newer release of this software."""


def pack(document: Document) -> bytes:
    """The tree as compressed JSON, some ten kilobytes."""
    text = json.dumps(to_json(document), ensure_ascii=False, separators=(",", ":"))
    return zlib.compress(text.encode(), 9)


def unpack(packed: bytes) -> Document:
    """The tree that was packed, by this version or an earlier one. Raises UnknownTree."""
    return from_json(json.loads(zlib.decompress(packed)))


def to_json(document: Document) -> dict[str, Any]:
    """The tree as plain data."""
    return {"schema_version": TREE_VERSION, **_out(document)}


def from_json(data: dict[str, Any]) -> Document:
    """The tree from plain data. Raises UnknownTree."""
    version = data.get("schema_version")
    if type(version) is not int or not 1 <= version <= TREE_VERSION:
        raise UnknownTree(f"schema_version: {version!r}, from 1 to {TREE_VERSION} is known")
    document: Document = _in(Document, {k: v for k, v in data.items() if k != "schema_version"})
    return document


def _out(value: Any) -> Any:
    if isinstance(value, tuple):
        return [_out(part) for part in value]
    if isinstance(value, Decimal):
        return {"decimal": str(value)}
    if not is_dataclass(value):
        return value
    data: dict[str, Any] = {"is": NAMES[type(value)]} if isinstance(value, Block) else {}
    for field in fields(value):
        content = getattr(value, field.name)
        if content != field.default or type(content) is not type(field.default):
            data[field.name] = _out(content)
    return data


def _in(kind: Any, raw: Any) -> Any:
    """The value of a field that is annotated as `kind`."""
    if get_origin(kind) is tuple:
        parts = get_args(kind)
        if parts[-1] is Ellipsis:
            return tuple(_in(parts[0], part) for part in raw)
        return tuple(_in(part_kind, part) for part_kind, part in zip(parts, raw, strict=True))
    if isinstance(raw, dict):
        if "decimal" in raw:
            return Decimal(raw["decimal"])
        if "is" in raw:
            kind = BLOCKS[raw["is"]]
        elif isinstance(kind, UnionType):  # a signature, or none
            kind = next(option for option in get_args(kind) if is_dataclass(option))
        kinds = _kinds(kind)
        return kind(**{name: _in(kinds[name], part) for name, part in raw.items() if name != "is"})
    return raw


@cache
def _kinds(kind: type) -> dict[str, Any]:
    return get_type_hints(kind)
