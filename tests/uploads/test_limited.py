"""Files from outside are read by a process of their own: what it may cost, what it cannot do."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from reports.jobs.busy import Busy
from reports.uploads.limited import FILES_A_HELPER, Answers, Limits, Readers

PLENTY = Limits(5, 512 * 1024**2, 20)


@pytest.fixture(scope="module")
def readers() -> Iterator[Readers]:
    kept = Readers()
    yield kept
    kept.close()


def ask(readers: Readers, name: str, *arguments: str, limits: Limits = PLENTY) -> Answers:
    return readers.ask(f"tests.readers:{name}", b"abc", limits, arguments)


def helper(readers: Readers) -> int:
    return int(ask(readers, "who").lines[0]["helper"])


def test_each_file_has_a_process_of_its_own_under_one_helper(readers: Readers) -> None:
    first, second = (ask(readers, "who", "x").lines[0] for _ in range(2))
    assert first["pid"] != second["pid"] and first["helper"] == second["helper"]
    assert first["helper"] not in (os.getpid(), first["pid"])
    assert (first["read"], first["told"]) == (3, ["x"])


def test_what_the_reading_of_one_file_leaves_behind_no_other_file_meets(readers: Readers) -> None:
    assert [ask(readers, "remember").lines for _ in range(2)] == [[""], [""]]


def test_a_reader_knows_no_secret_and_holds_nothing_open_but_the_way_of_its_answers(
    readers: Readers, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SECRET_KEY", "x")
    monkeypatch.setenv("DATABASE_URL", "x")
    fresh = Readers()
    environment, held = ask(fresh, "surroundings").lines
    fresh.close()
    assert not {"SECRET_KEY", "DATABASE_URL", "EMAIL_URL"} & set(environment)
    assert held[:3] == [0, 1, 2] and len(held) == 4, "and the list of what is open itself"


def test_a_reader_writes_no_file_and_asks_no_other_host(readers: Readers, tmp_path: Path) -> None:
    assert ask(readers, "write", str(tmp_path / "x")).lines == [27]  # EFBIG
    assert (tmp_path / "x").read_bytes() == b""
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = str(server.getsockname()[1])
        assert ask(readers, "connect", port).lines == ["refused"]


@pytest.mark.parametrize(
    ("name", "limits"),
    [("burn", replace(PLENTY, cpu_seconds=1)), ("hoard", PLENTY)],
)
def test_a_reader_that_takes_too_much_is_ended_with_what_it_told_and_its_helper_stays(
    readers: Readers, name: str, limits: Limits
) -> None:
    before = helper(readers)
    answers = ask(readers, name, limits=limits)
    assert (answers.lines, answers.whole) == (["begun"], False)
    assert helper(readers) == before


@pytest.mark.parametrize("name", ["sleep", "close"])
def test_a_reader_that_takes_too_long_is_ended_together_with_its_helper(
    readers: Readers, name: str
) -> None:
    before = helper(readers)
    answers = ask(readers, name, limits=replace(PLENTY, wait_seconds=1))
    # Neither was waited for: a reader that had come to its end would have told all.
    assert (answers.lines, answers.whole) == (["begun"], False)
    with pytest.raises(ProcessLookupError):
        os.kill(before, 0)
    assert helper(readers) != before


def test_a_helper_that_is_gone_is_replaced_and_so_is_one_that_served_long(
    readers: Readers, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = helper(readers)
    os.kill(before, 9)
    assert readers.keeper.child
    readers.keeper.child.wait()
    second = helper(readers)
    readers.keeper.tasks = FILES_A_HELPER
    assert len({before, second, helper(readers)}) == 3


def test_a_reader_that_does_not_exist_is_a_failure_and_nothing_hangs(readers: Readers) -> None:
    answers = readers.ask("tests.readers:nobody", b"", PLENTY, ())
    assert (answers.lines, answers.whole) == ([], False)
    assert ask(readers, "who").whole


def test_one_file_at_a_time_and_the_next_is_told_to_wait(readers: Readers) -> None:
    with readers.keeper.lock, pytest.raises(Busy) as busy:
        ask(readers, "who", limits=replace(PLENTY, turn_seconds=0.01))
    assert busy.value.wait == 5


def test_a_helper_leaves_when_nobody_is_there_to_ask_it(readers: Readers) -> None:
    alone: Any = Readers()
    assert ask(alone, "who").whole
    alone.keeper._end.close()
    assert alone.keeper.child.wait(timeout=10) == 0


def test_a_task_that_breaks_off_ends_its_child_so_that_no_later_one_gets_its_answer(
    readers: Readers,
) -> None:
    before = helper(readers)
    with pytest.raises(KeyboardInterrupt), readers.keeper.turn(1, 20):
        raise KeyboardInterrupt
    assert helper(readers) != before


#: A process that has a file read, says which helper it has, and is ended or ends.
ASKING = (
    "import time; from reports.uploads.limited import Limits, ask;"
    "told = ask('tests.readers:who', b'abc', Limits(5, 2**29, 20)).lines[0];"
    "print(told['helper'], flush=True);"
)


@pytest.mark.parametrize("end", [None, signal.SIGTERM, signal.SIGKILL])
def test_a_process_that_ends_leaves_no_helper_behind(end: signal.Signals | None) -> None:
    command = [sys.executable, "-c", ASKING + ("time.sleep(60)" if end else "")]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as asking:
        assert asking.stdout
        child = int(asking.stdout.readline())
        if end:
            asking.send_signal(end)
        asking.wait(timeout=20)
    deadline = time.monotonic() + 10
    while not gone(child) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert gone(child)


def gone(pid: int) -> bool:
    """Whether a process has ended; whoever adopted it may not have noticed."""
    status = Path(f"/proc/{pid}/stat")
    return not status.exists() or status.read_text().rpartition(") ")[2].startswith("Z")
