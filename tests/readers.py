"""Readers of `limited` that do what a hostile file might make one do; loaded by its helper alone."""

import os
import socket
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any


def who(content: bytes, *arguments: str) -> Iterator[Any]:
    """Which process reads, under which helper, and what it was given."""
    yield {"pid": os.getpid(), "helper": os.getppid(), "read": len(content), "told": arguments}


def surroundings(_content: bytes) -> Iterator[Any]:
    yield dict(os.environ)
    yield sorted(int(name) for name in os.listdir("/proc/self/fd"))


def write(_content: bytes, path: str) -> Iterator[Any]:
    try:
        Path(path).write_bytes(b"x")
    except OSError as error:
        yield error.errno


def connect(_content: bytes, port: str) -> Iterator[Any]:
    try:
        socket.create_connection(("127.0.0.1", int(port)))
    except PermissionError:
        yield "refused"


def remember(content: bytes) -> Iterator[Any]:
    """What the reading of another file left behind."""
    yield getattr(sys, "left_behind", "")
    sys.left_behind = content.decode()  # type: ignore[attr-defined]


def sleep(_content: bytes) -> Iterator[Any]:
    yield "begun"
    time.sleep(60)


def burn(_content: bytes) -> Iterator[Any]:
    yield "begun"
    while True:
        pass


def hoard(_content: bytes) -> Iterator[Any]:
    yield "begun"
    yield len(bytearray(2 * 1024**3))


def close(_content: bytes) -> Iterator[Any]:
    """Says nothing more, and stays."""
    yield "begun"
    os.close(1)
    time.sleep(60)
