"""Files from outside, read by a child process with limits: the keeper, and what runs in the child.

A reader is a function of ours, `module:function`, that takes the bytes and yields JSON-able answers. It
runs in a process of its own that ends when it takes too much processor time, memory or waiting, that writes
no file and asks no other host. Each answer is a line, told as soon as it is known.
"""

import json
import logging
import os
import resource
import subprocess
import sys
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any

logger = logging.getLogger(__name__)
#: One file at a time in a web worker: several together would want the machine's memory.
_turn = threading.Lock()
ROOT = Path(__file__).resolve().parent.parent


@dataclass(frozen=True)
class Limits:
    """What reading one file may cost: processor time, memory in bytes, seconds of waiting."""

    cpu_seconds: int
    memory_bytes: int
    wait_seconds: float


@dataclass(frozen=True)
class Answers:
    """What a child could tell; `whole` is False when it was ended, or broke, before it was done."""

    lines: list[Any]
    whole: bool


class Busy(Exception):
    """Another file was being read all the while that could be waited."""


def ask(reader: str, content: bytes, limits: Limits, *arguments: str) -> Answers:
    """The answers of a reader, `module:function`, about the content. Busy when its turn does not come."""
    if not _turn.acquire(timeout=limits.wait_seconds):
        raise Busy(reader)
    try:
        return _run(reader, content, limits, arguments)
    finally:
        _turn.release()


def _run(reader: str, content: bytes, limits: Limits, arguments: tuple[str, ...]) -> Answers:
    bounds = [str(limits.cpu_seconds), str(limits.memory_bytes)]
    ended: int | str
    try:
        child = subprocess.run(
            [sys.executable, "-m", "reports.limited", reader, *bounds, *arguments],
            input=content,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            timeout=limits.wait_seconds,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            check=False,
        )
        told, ended = child.stdout, child.returncode
    except subprocess.TimeoutExpired as late:
        told, ended = late.stdout or b"", "too late"
    if ended != 0:
        logger.warning("%s ended: %s", reader, ended)
    lines = [json.loads(line) for line in told.splitlines(keepends=True) if line.endswith(b"\n")]
    return Answers(lines, ended == 0)


# --- in the child -------------------------------------------------------------------------------------


def refuse_network(event: str, _arguments: Any) -> None:
    """A hook of the interpreter: no library under this roof reaches for another host."""
    if event in ("socket.connect", "socket.getaddrinfo", "socket.gethostbyname", "socket.sendto"):
        raise PermissionError(event)


def bind(cpu_seconds: int, memory_bytes: int) -> None:
    """Put this process under its limits, for good."""
    resource.setrlimit(resource.RLIMIT_AS, (memory_bytes, memory_bytes))
    resource.setrlimit(resource.RLIMIT_CPU, (cpu_seconds, cpu_seconds))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    sys.addaudithook(refuse_network)


def main(reader: str, cpu_seconds: str, memory_bytes: str, *arguments: str) -> None:
    bind(int(cpu_seconds), int(memory_bytes))
    module, _, name = reader.partition(":")
    read: Callable[..., Any] = getattr(import_module(module), name)
    with suppress(BrokenPipeError):
        for answer in read(sys.stdin.buffer.read(), *arguments):
            sys.stdout.write(json.dumps(answer) + "\n")
            sys.stdout.flush()


if __name__ == "__main__":
    main(*sys.argv[1:])
