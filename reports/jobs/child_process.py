"""A child process kept running beside the process that needs it: started, limited, replaced, ended.

Printing papers (`press`) and reading files from outside (`limited`) may take long and must not hold up other
requests, so a child does it. Loading its libraries takes a second, so one child serves many tasks. Here are its
keeper and its limits; those two modules say what it does.

The child's standard input is a socket. Over it go frames, both ways: four bytes of length, then the content.
"""

import atexit
import os
import resource
import signal
import socket
import struct
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LENGTH = struct.Struct(">I")
CLOSED = "the other end was closed"


class NoTurn(Exception):
    """Other tasks kept the child busy; this one was not begun."""


class ChildEnded(Exception):
    """The child took too long or ended by itself in the middle of a task; the next task gets a new one."""


class Link:
    """One end of the connection between a child and its keeper.

    EOFError when the other end is closed. After `deadline`, a reading of `time.monotonic`, TimeoutError;
    without one, frames are waited for without end.
    """

    def __init__(self, end: socket.socket, deadline: float | None = None) -> None:
        self._end, self._deadline = end, deadline

    @property
    def seconds_left(self) -> float | None:
        """Seconds until the deadline, at least 0.01; None without one."""
        return self._deadline and max(0.01, self._deadline - time.monotonic())

    def send(self, content: bytes, passing: Sequence[int] = ()) -> None:
        """One frame; whoever receives it gets the open files `passing` with its head."""
        self._end.settimeout(self.seconds_left)
        head = LENGTH.pack(len(content))
        if passing:
            socket.send_fds(self._end, [head], passing)
        else:
            self._end.sendall(head)
        self._end.sendall(content)

    def receive(self) -> bytes:
        """The content of the next frame."""
        return self._exactly(*LENGTH.unpack(self._exactly(LENGTH.size)))

    def receive_passed(self) -> tuple[bytes, int]:
        """The content of the next frame, and the open file that came with it."""
        self._end.settimeout(self.seconds_left)
        head, passed, _, _ = socket.recv_fds(self._end, LENGTH.size, 1)
        if len(head) < LENGTH.size:
            raise EOFError(CLOSED)
        return self._exactly(*LENGTH.unpack(head)), passed[0]

    def _exactly(self, size: int) -> bytes:
        gathered = bytearray()
        while len(gathered) < size:
            self._end.settimeout(self.seconds_left)
            part = self._end.recv(min(size - len(gathered), 1 << 20))
            if not part:
                raise EOFError(CLOSED)
            gathered += part
        return bytes(gathered)


# --- in the process that keeps it ---------------------------------------------------------------------


@dataclass(frozen=True)
class Program:
    """What a child runs: a module of ours, with arguments and the environment it may know.

    After `most_tasks` it is replaced, whatever it may have gathered.
    """

    module: str
    environment: Mapping[str, str]
    most_tasks: int
    arguments: tuple[str, ...] = ()


class Keeper:
    """The keeper of one child, which starts with the first task and ends with this process at the latest.

    One task at a time, for which threads take turns: several together would want the machine's memory.
    """

    def __init__(self, program: Program) -> None:
        self.program = program
        self.lock = threading.Lock()
        self.child: subprocess.Popen[bytes] | None = None
        self.tasks = 0
        self._end: socket.socket | None = None
        atexit.register(self.close)

    @contextmanager
    def turn(self, patience: float, wait: float) -> Iterator[Link]:
        """The link to a running child, for one task of at most `wait` seconds, after at most `patience` seconds in
        the queue.

        NoTurn. ChildEnded when the child or the connection broke. Any error of the task ends the child as well,
        so that what it still sends is not taken for the answer to the next.
        """
        if not self.lock.acquire(timeout=patience):
            raise NoTurn
        deadline = time.monotonic() + wait
        try:
            yield Link(self._running(), deadline)
        except TimeoutError as error:
            self._stop()
            raise ChildEnded("it took too long") from error
        except (OSError, EOFError) as error:
            self._stop()
            raise ChildEnded(str(error) or type(error).__name__) from error
        except BaseException:
            self._stop()
            raise
        finally:
            self.lock.release()

    def close(self) -> None:
        """End the child; the next task starts another."""
        with self.lock:
            self._stop()

    def _running(self) -> socket.socket:
        """This end of the connection to a running child; starts one when there is none."""
        dead = self.child is not None and self.child.poll() is not None
        if dead or self.tasks >= self.program.most_tasks:
            self._stop()
        if self._end is None:
            self._end, theirs = socket.socketpair()
            with theirs:
                self.child = subprocess.Popen(
                    [sys.executable, "-m", self.program.module, *self.program.arguments],
                    stdin=theirs.fileno(),
                    stdout=subprocess.DEVNULL,
                    stderr=subprocess.DEVNULL,
                    env={**self.program.environment, "PYTHONPATH": str(ROOT)},
                    # A group of its own: its keeper ends it with all it forked, a Ctrl-C meant for the
                    # whole terminal does not.
                    start_new_session=True,
                )
            self.tasks = 0
        self.tasks += 1
        return self._end

    def _stop(self) -> None:
        if self._end is not None:
            self._end.close()
            self._end = None
        if self.child is not None:
            with suppress(ProcessLookupError):
                os.killpg(self.child.pid, signal.SIGKILL)
            self.child.wait()
            self.child = None


# --- in the child -------------------------------------------------------------------------------------


def keeper_link() -> Link:
    """The link to the keeper. Also turns core dumps off, which would hold what a child had in memory."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    return Link(socket.socket(fileno=0))


def limit_memory(size: int) -> None:
    """Let this process have at most so many bytes of memory, for good."""
    resource.setrlimit(resource.RLIMIT_AS, (size, size))


def limit_time(seconds: int, last: bool = False) -> None:
    """Let the kernel end this process after so many more seconds of processor time.

    `last` when no later task gets more: then the limit cannot be raised.
    """
    used = resource.getrusage(resource.RUSAGE_SELF)
    limit = int(used.ru_utime + used.ru_stime) + seconds
    resource.setrlimit(resource.RLIMIT_CPU, (limit, limit if last else resource.RLIM_INFINITY))


def shut_in() -> None:
    """From here on this process and its children cannot write files or reach the network."""
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    sys.addaudithook(refuse_network)


def refuse_network(event: str, _arguments: object) -> None:
    """An audit hook of the interpreter: PermissionError when any library opens a connection."""
    if event in ("socket.connect", "socket.getaddrinfo", "socket.gethostbyname", "socket.sendto"):
        raise PermissionError(event)
