"""Names of fields are parsed and printed; the scripts' twin reads the same examples."""

import json
from dataclasses import dataclass
from pathlib import Path

import pytest

from reports.catalogue.field_names import KEY, PAPER, FieldKind, FieldName, keyed

EXAMPLES = json.loads((Path(__file__).parents[1] / "data" / "field_names.json").read_text("utf-8"))
PARTS = ("code", "table", "column", "uid", "item", "indicator")
NAMES = [example["name"] for example in EXAMPLES["valid"]]
CELL = FieldName.parse("staff.headcount@u1")


@pytest.mark.parametrize("example", EXAMPLES["valid"], ids=NAMES)
def test_a_name_is_taken_apart_and_printed_again(example: dict[str, str]) -> None:
    name = FieldName.parse(example["name"])
    assert str(name) == example["name"]
    assert name.kind == example["kind"]
    assert {part: getattr(name, part) for part in PARTS} == {
        part: example.get(part, "") for part in PARTS
    }
    if "of" in example:
        assert str(name.of) == example["of"]


@pytest.mark.parametrize("name", EXAMPLES["invalid"])
def test_what_names_no_field_is_refused(name: str) -> None:
    assert FieldName.read(name) is None
    with pytest.raises(ValueError, match="names no field"):
        FieldName.parse(name)


def test_the_examples_hold_every_kind() -> None:
    assert {example["kind"] for example in EXAMPLES["valid"]} == set(FieldKind)


@dataclass(frozen=True)
class Made:
    """A name made from its parts, and how it prints."""

    name: FieldName
    prints: str


@pytest.mark.parametrize(
    "made",
    [
        Made(FieldName.figure("direction.radio_broadcasts"), "direction.radio_broadcasts"),
        Made(FieldName.figure("staff.headcount", "u1"), "staff.headcount@u1"),
        Made(FieldName.cell("staff", "headcount", "u1"), "staff.headcount@u1"),
        Made(FieldName.row("staff", "u1"), "staff@u1"),
        Made(FieldName.text("direction"), "text:direction"),
        Made(FieldName.placement("direction"), "placement:direction"),
        Made(FieldName.note("r1_1"), "note:r1_1"),
        Made(PAPER, "paper"),
    ],
    ids=lambda made: made.prints,
)
def test_a_name_made_from_its_parts_is_the_one_parsed(made: Made) -> None:
    assert str(made.name) == made.prints
    assert FieldName.parse(made.prints) == made.name


def test_a_cell_names_its_row_its_base_and_its_deletion() -> None:
    assert str(CELL.own_row) == "staff@u1"
    assert str(CELL.base) == "base:staff.headcount@u1"
    assert CELL.base.of == CELL
    assert str(CELL.deletion) == "delete:staff@u1"
    assert CELL.deletion.own_row == CELL.own_row
    with pytest.raises(ValueError, match="is no base"):
        _ = CELL.of


@pytest.mark.parametrize(
    ("name", "carried"),
    [
        ("staff.headcount@u1", "staff@u1"),
        ("placement:direction", "text:direction"),
        ("text:direction", "text:direction"),
        ("signer_name", "paper"),
        ("direction.radio_broadcasts", "direction.radio_broadcasts"),
    ],
)
def test_what_is_taken_over_as_one(name: str, carried: str) -> None:
    assert str(FieldName.parse(name).carried_as) == carried


@pytest.mark.parametrize(
    "name", ["direction.radio_broadcasts", "staff@u1", "text:direction", "paper"]
)
def test_a_mark_keeps_a_name_in_two_columns(name: str) -> None:
    parsed = FieldName.parse(name)
    assert FieldName.of_mark(*parsed.mark) == parsed


def test_a_pattern_takes_the_key_of_its_row() -> None:
    assert keyed(str(FieldName.cell("staff", "headcount", KEY)), "u1") == "staff.headcount@u1"
    assert keyed(str(FieldName.text(KEY)), "direction") == "text:direction"
