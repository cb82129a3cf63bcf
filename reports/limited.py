"""Files from outside, each read by a process of its own with limits: its keeper, the helper, the child.

A reader is a function of ours, `module:function`, that takes the bytes and yields JSON-able answers. It
runs in a child that ends when it takes too much processor time, memory or waiting, that writes no file and
asks no other host. Each answer is a line, told as soon as it is known.

Loading the libraries of a reader takes a second, a fork some milliseconds: so a helper, kept warm by each
process that asks, has them loaded and forks a child for every file. The helper opens no file itself.

Over the helper's socket: a length and what is asked as JSON with the pipe that takes the answers, then the
bytes, one way; how the child ended and what it cost, the other.
"""

import atexit
import gc
import json
import logging
import os
import resource
import signal
import socket
import struct
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import asdict, dataclass
from importlib import import_module
from pathlib import Path
from selectors import EVENT_READ, DefaultSelector
from typing import Any, NoReturn

from .busy import Busy

logger = logging.getLogger(__name__)
ROOT = Path(__file__).resolve().parent.parent
LENGTH, ENDED = struct.Struct(">I"), struct.Struct(">id")
#: A helper is replaced after this many files: what it loads anew lies elsewhere in its memory.
FILES_A_HELPER = 200
#: All that a helper is told of its surroundings: no key, no password of the database.
SURROUNDINGS = ("PATH", "LANG", "LC_ALL", "LD_LIBRARY_PATH", "TZ")
BUSY = "Máy chủ đang đọc tệp khác nên chưa nhận tệp vừa gửi."


@dataclass(frozen=True)
class Limits:
    """What reading one file may cost: processor time, memory in bytes, seconds of waiting; and the seconds
    that its turn is waited for."""

    cpu_seconds: int
    memory_bytes: int
    wait_seconds: float
    turn_seconds: float = 5


@dataclass(frozen=True)
class Answers:
    """What a child could tell; `whole` is False when it was ended, or broke, before it was done.

    `seconds` of processor time are what it took; 0 when its helper was ended with it.
    """

    lines: list[Any]
    whole: bool
    seconds: float = 0


@dataclass(frozen=True)
class Asked:
    """What a helper is asked for; the content of `length` bytes follows."""

    reader: str
    cpu_seconds: int
    memory_bytes: int
    arguments: tuple[str, ...]
    length: int


def ask(reader: str, content: bytes, limits: Limits, *arguments: str) -> Answers:
    """The answers of a reader, `module:function`, about the content. Busy when its turn does not come."""
    return _keeper.ask(reader, content, limits, arguments)


class Keeper:
    """The keeper of one helper. One file at a time: several together would want the machine's memory."""

    def __init__(self) -> None:
        self._turn = threading.Lock()
        self._helper: subprocess.Popen[bytes] | None = None
        self._control: socket.socket | None = None
        self._files = 0

    def ask(
        self, reader: str, content: bytes, limits: Limits, arguments: tuple[str, ...]
    ) -> Answers:
        if not self._turn.acquire(timeout=limits.turn_seconds):
            raise Busy(BUSY)
        try:
            return self._read(reader, content, limits, arguments)
        finally:
            self._turn.release()

    def close(self) -> None:
        with self._turn:
            self._stop()

    def _read(
        self, reader: str, content: bytes, limits: Limits, arguments: tuple[str, ...]
    ) -> Answers:
        asked = Asked(reader, limits.cpu_seconds, limits.memory_bytes, arguments, len(content))
        deadline = time.monotonic() + limits.wait_seconds
        told = bytearray()
        ended: int | str
        seconds = 0.0
        answers, into = os.pipe()
        try:
            try:
                control = self._running()
                control.settimeout(limits.wait_seconds)
                _send(control, asked, content, into)
            finally:
                os.close(into)
            _gather(answers, told, deadline)
            control.settimeout(max(0.01, deadline - time.monotonic()))
            ended, seconds = ENDED.unpack(_exactly(control, ENDED.size))
        except (OSError, EOFError) as error:  # too late, or the helper itself is gone
            self._stop()
            ended = str(error)
        finally:
            os.close(answers)
        if ended != 0:
            logger.warning("%s ended: %s", reader, ended)
        lines = [
            json.loads(line) for line in told.splitlines(keepends=True) if line.endswith(b"\n")
        ]
        return Answers(lines, ended == 0, seconds)

    def _running(self) -> socket.socket:
        """The socket of a helper that lives."""
        dead = self._helper is not None and self._helper.poll() is not None
        if dead or self._files >= FILES_A_HELPER:
            self._stop()
        if self._control is None:
            self._control, theirs = socket.socketpair()
            with theirs:
                self._helper = subprocess.Popen(
                    [sys.executable, "-m", __name__],
                    stdin=theirs.fileno(),
                    stdout=subprocess.DEVNULL,
                    stderr=subprocess.DEVNULL,
                    env={
                        **{name: os.environ[name] for name in SURROUNDINGS if name in os.environ},
                        "PYTHONPATH": str(ROOT),
                    },
                    # A group of its own: its keeper ends helper and child together, a Ctrl-C neither.
                    start_new_session=True,
                )
            self._files = 0
        self._files += 1
        return self._control

    def _stop(self) -> None:
        if self._control is not None:
            self._control.close()
            self._control = None
        if self._helper is not None:
            with suppress(ProcessLookupError):
                os.killpg(self._helper.pid, signal.SIGKILL)
            self._helper.wait()
            self._helper = None


_keeper = Keeper()
atexit.register(_keeper.close)


def _send(control: socket.socket, asked: Asked, content: bytes, into: int) -> None:
    told = json.dumps(asdict(asked)).encode()
    socket.send_fds(control, [LENGTH.pack(len(told))], [into])
    control.sendall(told)
    control.sendall(content)


def _gather(answers: int, told: bytearray, deadline: float) -> None:
    """What comes through the pipe until the child leaves; TimeoutError, with `told` as far as it came."""
    with DefaultSelector() as selector:
        selector.register(answers, EVENT_READ)
        while selector.select(max(0.0, deadline - time.monotonic())):
            part = os.read(answers, 1 << 20)
            if not part:
                return
            told += part
    raise TimeoutError("too late")


def _exactly(stream: socket.socket, size: int) -> bytes:
    """So many bytes; EOFError when the other side left before."""
    gathered = bytearray()
    while len(gathered) < size:
        part = stream.recv(min(size - len(gathered), 1 << 20))
        if not part:
            raise EOFError("the other side left")
        gathered += part
    return bytes(gathered)


# --- the helper ---------------------------------------------------------------------------------------


def serve(control: socket.socket) -> None:
    """Load each reader that is asked for, fork a child for its file, tell how it ended; until nobody asks."""
    readers: dict[str, Callable[..., Iterable[Any]]] = {}
    while True:
        head, passed, _, _ = socket.recv_fds(control, LENGTH.size, 1)
        if len(head) < LENGTH.size:
            return
        asked = Asked(**json.loads(_exactly(control, *LENGTH.unpack(head))))
        content = _exactly(control, asked.length)
        if asked.reader not in readers:
            module, _, name = asked.reader.partition(":")
            readers[asked.reader] = getattr(import_module(module), name)
            gc.freeze()  # a collection in the child would copy all of it
        child = os.fork()
        if child == 0:
            _read_alone(readers[asked.reader], content, asked, passed[0])
        os.close(passed[0])
        del content
        _, status, used = os.wait4(child, 0)
        ended = os.waitstatus_to_exitcode(status)
        control.sendall(ENDED.pack(ended, used.ru_utime + used.ru_stime))


def refuse_network(event: str, _arguments: Any) -> None:
    """A hook of the interpreter: no library under this roof reaches for another host."""
    if event in ("socket.connect", "socket.getaddrinfo", "socket.gethostbyname", "socket.sendto"):
        raise PermissionError(event)


def shut_in() -> None:
    """No file is written from here on and no host is asked, by this process and its children."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    sys.addaudithook(refuse_network)


# --- in the child -------------------------------------------------------------------------------------


def _read_alone(
    read: Callable[..., Iterable[Any]], content: bytes, asked: Asked, answers: int
) -> NoReturn:
    """Read one file with nothing open but the way its answers take."""
    status = 1
    try:
        nothing = os.open(os.devnull, os.O_RDONLY)
        os.dup2(nothing, 0)
        os.dup2(answers, 1)
        os.closerange(3, 256)
        bind(asked.cpu_seconds, asked.memory_bytes)
        with os.fdopen(1, "wb", closefd=False) as sink:
            for answer in read(content, *asked.arguments):
                sink.write(json.dumps(answer).encode() + b"\n")
                sink.flush()
        status = 0
    finally:
        os._exit(status)


def bind(cpu_seconds: int, memory_bytes: int) -> None:
    """Put this process under its limits, for good."""
    resource.setrlimit(resource.RLIMIT_AS, (memory_bytes, memory_bytes))
    resource.setrlimit(resource.RLIMIT_CPU, (cpu_seconds, cpu_seconds))


if __name__ == "__main__":
    shut_in()
    serve(socket.socket(fileno=0))
