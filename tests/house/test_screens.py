"""What `./run screens` prints: numbers beside their targets, and beside what they were."""

from dataclasses import replace
from pathlib import Path

import pytest
from screen_journeys import Journey
from screen_measures import Screen, Target
from screens import LOOKED_FOR, PAGES, Bound, printed, printed_journeys, read, write

pytestmark = pytest.mark.once

SECTION = Screen(
    page="section-figures", width=1366, status=200, first=414, first_is="form input", fields=4, rows=0,
    height=8090, primary=1, primary_page=2, links=5, target=Target(67, 23, "Cách tính"), contrast=5.41,
    contrast_of="<small>", overflow=0, first_bytes=91_800, later_bytes=15_600,
)  # fmt: skip
WALK = Journey("leader-signs", seconds=3.2, clicks=3, keys=0, screens=6.1)


@pytest.mark.parametrize(
    ("bound", "number", "told"),
    [
        (Bound(200), 200, "200 ≤ 200"),
        (Bound(200), 201, "201 > 200"),
        (Bound(8, least=True), 8, "8 ≥ 8"),
        (Bound(8, least=True), 7, "7 < 8"),
    ],
)
def test_a_number_stands_beside_what_is_promised(bound: Bound, number: int, told: str) -> None:
    assert bound.judged(number) == told


def test_targets_are_those_of_the_kind_of_page_and_of_the_width() -> None:
    desk, phone = printed([SECTION, replace(SECTION, width=390)], []).split("\n\n")
    assert "414 > 200" in desk
    assert "4 < 8" in desk
    assert "2 > 1" in desk
    assert "15.6 > 15" in desk
    assert "91.8 ≤ 100" in desk
    assert "414 > 220" in phone
    assert "<" not in phone


def test_only_what_changed_is_told_as_it_was() -> None:
    now = replace(SECTION, first=181, target=Target(44, 44, "Lưu"))
    row = printed([now], [SECTION]).splitlines()[-1]
    assert "414 → 181 ≤ 200" in row
    assert "67x23 → 44x44" in row
    assert row.count("→") == 2


def test_a_way_that_did_not_arrive_says_why() -> None:
    lost = replace(WALK, clicks=1, trouble="nothing to press")
    row = printed_journeys([lost], [WALK]).splitlines()[-1]
    assert "3 → 1" in row
    assert row.endswith("nothing to press")


def test_what_was_kept_is_read_as_it_was(tmp_path: Path) -> None:
    file = tmp_path / "measured" / "now.json"
    screens = [SECTION, replace(SECTION, page="login", first=None, target=None, contrast=None)]
    write(file, screens, [WALK])
    assert read(file) == (screens, [WALK])


def test_a_page_measured_again_takes_the_place_of_its_own_numbers_alone(tmp_path: Path) -> None:
    file = tmp_path / "now.json"
    login = replace(SECTION, page="login")
    write(file, [SECTION, login], [WALK])
    write(file, [again := replace(SECTION, first=181)], [])
    assert read(file) == ([again, login], [WALK])


def test_every_page_has_a_name_of_its_own_and_a_kind_that_is_known() -> None:
    assert len({page.name for page in PAGES}) == len(PAGES)
    assert {page.kind for page in PAGES} == set(LOOKED_FOR)
