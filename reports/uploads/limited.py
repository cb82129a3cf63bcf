"""Reads each file from outside in a process of its own, with limits.

A reader is a function of ours, `module:function`, that takes the bytes and yields answers as JSON. Its process
is ended when it takes too much processor time, memory or waiting; it cannot write files or reach the network.
Each answer is a line, which is kept even when the process is ended later.

A file may be hostile, so no two are read by one process. The child that `child_process` keeps is a helper: it
has the readers' libraries loaded, opens no file itself, and forks for each file, which takes milliseconds.

The first frame to the helper is the task as JSON, with the pipe for the answers; the second is the file. The
frame back is the exit code and the seconds of processor time.
"""

import gc
import json
import logging
import os
import struct
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import asdict, dataclass
from importlib import import_module
from selectors import EVENT_READ, DefaultSelector
from typing import Any, NoReturn

from ..jobs.busy import Busy
from ..jobs.child_process import (
    ChildEnded,
    Keeper,
    Link,
    NoTurn,
    Program,
    keeper_link,
    limit_memory,
    limit_time,
    shut_in,
)

logger = logging.getLogger(__name__)
#: The exit code of a child and the seconds of processor time it took.
ENDED = struct.Struct(">id")
#: A helper is replaced after this many files, so that its layout of memory changes.
FILES_A_HELPER = 200
#: The only variables of the environment that a helper gets: no key, no password of the database.
SURROUNDINGS = ("PATH", "LANG", "LC_ALL", "LD_LIBRARY_PATH", "TZ")
BUSY = "Máy chủ đang đọc tệp khác nên chưa nhận tệp vừa gửi."


@dataclass(frozen=True)
class Limits:
    """The most that reading one file may take: seconds of processor time, bytes of memory, seconds in all; and
    the seconds it may wait for its turn."""

    cpu_seconds: int
    memory_bytes: int
    wait_seconds: float
    turn_seconds: float = 5


@dataclass(frozen=True)
class Answers:
    """The answers of a reader; `whole` is False when it failed or was ended before the last.

    `seconds` is the processor time it took; 0 when its helper was ended with it.
    """

    lines: list[Any]
    whole: bool
    seconds: float = 0


@dataclass(frozen=True)
class Task:
    """What a helper gets beside the file: which reader to run, with which limits and arguments."""

    reader: str
    cpu_seconds: int
    memory_bytes: int
    arguments: tuple[str, ...]


def ask(reader: str, content: bytes, limits: Limits, *arguments: str) -> Answers:
    """The answers of a reader, `module:function`, about the content. Busy when its turn does not come."""
    return _readers.ask(reader, content, limits, arguments)


class Readers:
    """Reads files in forks of one helper."""

    def __init__(self) -> None:
        environment = {name: os.environ[name] for name in SURROUNDINGS if name in os.environ}
        self.keeper = Keeper(Program(__name__, environment, FILES_A_HELPER))

    def ask(
        self, reader: str, content: bytes, limits: Limits, arguments: tuple[str, ...]
    ) -> Answers:
        """As `limited.ask`."""
        task = Task(reader, limits.cpu_seconds, limits.memory_bytes, arguments)
        written = bytearray()
        ended: int | str
        seconds = 0.0
        try:
            with self.keeper.turn(limits.turn_seconds, limits.wait_seconds) as link:
                _read(link, task, content, written)
                ended, seconds = ENDED.unpack(link.receive())
        except NoTurn as error:
            raise Busy(BUSY) from error
        except ChildEnded as error:  # too late, or the helper itself is gone
            ended = str(error)
        if ended != 0:
            logger.warning("%s ended: %s", reader, ended)
        lines = [
            json.loads(line) for line in written.splitlines(keepends=True) if line.endswith(b"\n")
        ]
        return Answers(lines, ended == 0, seconds)

    def close(self) -> None:
        """End the helper; the next file starts another."""
        self.keeper.close()


_readers = Readers()


def _read(link: Link, task: Task, content: bytes, written: bytearray) -> None:
    """Send one file to the helper; what its reader writes is added to `written` as it comes."""
    answers, into = os.pipe()
    try:
        try:
            link.send(json.dumps(asdict(task)).encode(), [into])
            link.send(content)
        finally:
            os.close(into)
        _gather(answers, written, link)
    finally:
        os.close(answers)


def _gather(answers: int, written: bytearray, link: Link) -> None:
    """Add what comes through the pipe to `written` until the reader ends; TimeoutError after the deadline."""
    with DefaultSelector() as selector:
        selector.register(answers, EVENT_READ)
        while selector.select(link.seconds_left):
            part = os.read(answers, 1 << 20)
            if not part:
                return
            written += part
    raise TimeoutError


# --- the helper ---------------------------------------------------------------------------------------


def serve(link: Link) -> None:
    """Fork for each file, run its reader there, send back how that ended; until the keeper leaves (EOFError)."""
    readers: dict[str, Callable[..., Iterable[Any]]] = {}
    while True:
        head, answers = link.receive_passed()
        task, content = Task(**json.loads(head)), link.receive()
        if task.reader not in readers:
            module, _, name = task.reader.partition(":")
            readers[task.reader] = getattr(import_module(module), name)
            gc.freeze()  # a collection in the child would copy all of it
        child = os.fork()
        if child == 0:
            _read_alone(readers[task.reader], content, task, answers)
        os.close(answers)
        del content
        _, status, used = os.wait4(child, 0)
        ended = os.waitstatus_to_exitcode(status)
        link.send(ENDED.pack(ended, used.ru_utime + used.ru_stime))


# --- in the child of the helper -----------------------------------------------------------------------


def _read_alone(
    read: Callable[..., Iterable[Any]], content: bytes, task: Task, answers: int
) -> NoReturn:
    """Read one file in this process, with nothing open but the pipe for the answers, and exit."""
    status = 1
    try:
        nothing = os.open(os.devnull, os.O_RDONLY)
        os.dup2(nothing, 0)
        os.dup2(answers, 1)
        os.closerange(3, 256)
        limit_memory(task.memory_bytes)
        limit_time(task.cpu_seconds, last=True)
        with os.fdopen(1, "wb", closefd=False) as sink:
            for answer in read(content, *task.arguments):
                sink.write(json.dumps(answer).encode() + b"\n")
                sink.flush()
        status = 0
    finally:
        os._exit(status)


if __name__ == "__main__":
    shut_in()
    with suppress(EOFError):
        serve(keeper_link())
