"""The press: a child process kept warm that makes PDFs, and its keeper in the web worker.

A page being rendered would hold the interpreter for a second and make everybody's saving wait, and
a hostile page could take minutes: so papers are made in a process of their own, with limits on its
processor time and memory. When it dies, the next paper gets a new one.

Over the pipes: a 4-byte length and the page as UTF-8 one way; one byte (`P` a PDF, `L` libraries
missing, `E` an error), a length and the bytes the other way.
"""

import gc
import os
import resource
import selectors
import struct
import subprocess
import sys
import threading
import time
from collections.abc import Mapping
from contextlib import suppress
from typing import IO

from .pdf import NativeLibrariesMissing, make_pdf

LENGTH = struct.Struct(">I")
#: A child is replaced after this many papers, whatever it may have gathered.
PAPERS_A_CHILD = 200
WARM_UP = "<!doctype html><title>x</title><p style='font-family:Tinos'>Ữ <b>ợ</b> <i>ặ</i></p>"


class PaperTooCostly(RuntimeError):
    """The page took more processor time, memory or waiting than one paper may."""


class PressBusy(PaperTooCostly):
    """Other papers are being made; the page itself was not tried."""


class PaperFailed(RuntimeError):
    """The page could not be turned into a PDF."""


class Press:
    """The keeper of one child. Threads take turns; a paper takes at most `wait` seconds, and its turn is
    waited for at most `patience`: who answers browsers has little, who works in the background much."""

    def __init__(
        self, cpu_seconds: int, memory_bytes: int, wait: float, environment: Mapping[str, str]
    ) -> None:
        self.cpu_seconds, self.memory_bytes, self.wait = cpu_seconds, memory_bytes, wait
        self.patience = wait
        self.environment = environment
        self._lock = threading.Lock()
        self._child: subprocess.Popen[bytes] | None = None
        self._papers = 0

    def make(self, html: str) -> bytes:
        """One PDF. PressBusy, PaperTooCostly, PaperFailed, NativeLibrariesMissing."""
        if not self._lock.acquire(timeout=min(self.patience, self.wait)):
            raise PressBusy("the press is busy")
        deadline = time.monotonic() + self.wait
        try:
            kind, content = self._exchange(html.encode(), deadline)
        except (OSError, EOFError, TimeoutError) as error:
            self._stop()
            raise PaperTooCostly(str(error) or type(error).__name__) from error
        finally:
            self._lock.release()
        if kind == b"P":
            return content
        message = content.decode()
        raise NativeLibrariesMissing(message) if kind == b"L" else PaperFailed(message)

    def close(self) -> None:
        with self._lock:
            self._stop()

    def _exchange(self, page: bytes, deadline: float) -> tuple[bytes, bytes]:
        child = self._running()
        assert child.stdin
        assert child.stdout
        child.stdin.write(LENGTH.pack(len(page)) + page)
        child.stdin.flush()
        kind = _read(child.stdout, 1, deadline)
        (length,) = LENGTH.unpack(_read(child.stdout, LENGTH.size, deadline))
        self._papers += 1
        return kind, _read(child.stdout, length, deadline)

    def _running(self) -> subprocess.Popen[bytes]:
        dead = self._child is not None and self._child.poll() is not None
        if dead or self._papers >= PAPERS_A_CHILD:
            self._stop()
        if self._child is None:
            limits = [str(self.cpu_seconds), str(self.memory_bytes)]
            self._child = subprocess.Popen(
                [sys.executable, "-m", __name__, *limits],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                bufsize=0,
                env=dict(self.environment),
                # Its keeper ends it: a Ctrl-C meant for the whole terminal must spoil no paper.
                start_new_session=True,
            )
            self._papers = 0
        return self._child

    def _stop(self) -> None:
        if self._child is not None:
            self._child.kill()
            self._child.wait()
            for pipe in (self._child.stdin, self._child.stdout):
                if pipe:
                    pipe.close()
            self._child = None


def _read(stream: IO[bytes], size: int, deadline: float) -> bytes:
    """Exactly `size` bytes before the deadline; EOFError when the child died, TimeoutError."""
    gathered = bytearray()
    with selectors.DefaultSelector() as selector:
        selector.register(stream, selectors.EVENT_READ)
        while len(gathered) < size:
            if not selector.select(max(0.0, deadline - time.monotonic())):
                raise TimeoutError("the paper took too long")
            part = os.read(stream.fileno(), min(size - len(gathered), 1 << 20))
            if not part:
                raise EOFError("the press stopped in the middle of a paper")
            gathered += part
    return bytes(gathered)


def main(cpu_seconds: int, memory_bytes: int) -> None:
    """The child: bounded, warmed up, then one paper after the other until its keeper leaves."""
    resource.setrlimit(resource.RLIMIT_AS, (memory_bytes, memory_bytes))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    source, sink = sys.stdin.buffer, sys.stdout.buffer
    with suppress(NativeLibrariesMissing):  # each paper is told
        make_pdf(WARM_UP)
    gc.freeze()
    gc.set_threshold(50_000, 20, 20)
    while head := source.read(LENGTH.size):
        page = source.read(LENGTH.unpack(head)[0]).decode()
        used = resource.getrusage(resource.RUSAGE_SELF)
        spent = int(used.ru_utime + used.ru_stime)
        # Past the soft limit the kernel ends the child; the keeper sees the pipe close.
        resource.setrlimit(resource.RLIMIT_CPU, (spent + cpu_seconds, resource.RLIM_INFINITY))
        try:
            kind, content = b"P", make_pdf(page)
        except NativeLibrariesMissing as error:
            kind, content = b"L", str(error).encode()
        except Exception as error:  # noqa: BLE001 – told to the keeper, who raises PaperFailed
            kind, content = b"E", f"{type(error).__name__}: {error}".encode()
        sink.write(kind + LENGTH.pack(len(content)) + content)
        sink.flush()


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
