"""Files from outside are read by a process of their own: what it may cost, what it cannot do."""

import os
import socket
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from reports.busy import Busy
from reports.limited import FILES_A_HELPER, Answers, Keeper, Limits

PLENTY = Limits(5, 512 * 1024**2, 20)


@pytest.fixture(scope="module")
def keeper() -> Iterator[Keeper]:
    kept = Keeper()
    yield kept
    kept.close()


def ask(keeper: Keeper, name: str, *arguments: str, limits: Limits = PLENTY) -> Answers:
    return keeper.ask(f"tests.readers:{name}", b"abc", limits, arguments)


def helper(keeper: Keeper) -> int:
    return int(ask(keeper, "who").lines[0]["helper"])


def test_each_file_has_a_process_of_its_own_under_one_helper(keeper: Keeper) -> None:
    first, second = (ask(keeper, "who", "x").lines[0] for _ in range(2))
    assert first["pid"] != second["pid"] and first["helper"] == second["helper"]
    assert first["helper"] not in (os.getpid(), first["pid"])
    assert (first["read"], first["told"]) == (3, ["x"])


def test_what_the_reading_of_one_file_leaves_behind_no_other_file_meets(keeper: Keeper) -> None:
    assert [ask(keeper, "remember").lines for _ in range(2)] == [[""], [""]]


def test_a_reader_knows_no_secret_and_holds_nothing_open_but_the_way_of_its_answers(
    keeper: Keeper, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SECRET_KEY", "x")
    monkeypatch.setenv("DATABASE_URL", "x")
    fresh = Keeper()
    environment, held = ask(fresh, "surroundings").lines
    fresh.close()
    assert not {"SECRET_KEY", "DATABASE_URL", "EMAIL_URL"} & set(environment)
    assert held[:3] == [0, 1, 2] and len(held) == 4, "and the list of what is open itself"


def test_a_reader_writes_no_file_and_asks_no_other_host(keeper: Keeper, tmp_path: Path) -> None:
    assert ask(keeper, "write", str(tmp_path / "x")).lines == [27]  # EFBIG
    assert (tmp_path / "x").read_bytes() == b""
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = str(server.getsockname()[1])
        assert ask(keeper, "connect", port).lines == ["refused"]


@pytest.mark.parametrize(
    ("name", "limits"),
    [("burn", replace(PLENTY, cpu_seconds=1)), ("hoard", PLENTY)],
)
def test_a_reader_that_takes_too_much_is_ended_with_what_it_told_and_its_helper_stays(
    keeper: Keeper, name: str, limits: Limits
) -> None:
    before = helper(keeper)
    answers = ask(keeper, name, limits=limits)
    assert (answers.lines, answers.whole) == (["begun"], False)
    assert helper(keeper) == before


@pytest.mark.parametrize("name", ["sleep", "close"])
def test_a_reader_that_takes_too_long_is_ended_together_with_its_helper(
    keeper: Keeper, name: str
) -> None:
    before = helper(keeper)
    answers = ask(keeper, name, limits=replace(PLENTY, wait_seconds=1))
    # Neither was waited for: a reader that had come to its end would have told all.
    assert (answers.lines, answers.whole) == (["begun"], False)
    with pytest.raises(ProcessLookupError):
        os.kill(before, 0)
    assert helper(keeper) != before


def test_a_helper_that_is_gone_is_replaced_and_so_is_one_that_served_long(
    keeper: Keeper, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = helper(keeper)
    os.kill(before, 9)
    assert keeper._helper
    keeper._helper.wait()
    second = helper(keeper)
    keeper._files = FILES_A_HELPER
    assert len({before, second, helper(keeper)}) == 3


def test_a_reader_that_does_not_exist_is_a_failure_and_nothing_hangs(keeper: Keeper) -> None:
    answers = keeper.ask("tests.readers:nobody", b"", PLENTY, ())
    assert (answers.lines, answers.whole) == ([], False)
    assert ask(keeper, "who").whole


def test_one_file_at_a_time_and_the_next_is_told_to_wait(keeper: Keeper) -> None:
    with keeper._turn, pytest.raises(Busy) as busy:
        ask(keeper, "who", limits=replace(PLENTY, turn_seconds=0.01))
    assert busy.value.wait == 5


def test_a_helper_leaves_when_nobody_is_there_to_ask_it(keeper: Keeper) -> None:
    alone: Any = Keeper()
    assert ask(alone, "who").whole
    alone._control.close()
    assert alone._helper.wait(timeout=10) == 0
