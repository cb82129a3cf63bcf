"""One heavy request of a person at a time, over all threads and processes of this machine.

The turn is a file lock of the kernel, which is released however its holder ends.
"""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings

from .busy import Busy

WAITING = "Tài khoản này đang gửi hoặc tạo một tệp khác; mỗi lần một tệp."


@contextmanager
def one_at_a_time(user: int) -> Iterator[None]:
    """Busy while another heavy request of this person is being answered."""
    settings.TURN_DIR.mkdir(mode=0o700, parents=True, exist_ok=True)
    with (settings.TURN_DIR / str(user)).open("w") as turn:
        try:
            fcntl.flock(turn, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise Busy(WAITING, wait=3) from error
        yield


def in_turn(user: int, pieces: Iterator[bytes]) -> Iterator[bytes]:
    """The pieces of a file that is written while it is sent; the turn ends with the last, or when nobody reads on.

    Busy at once, before the first piece, while another heavy request of this person is being answered.
    """
    sent = _in_turn(user, pieces)
    next(sent)  # takes the turn
    return sent


def _in_turn(user: int, pieces: Iterator[bytes]) -> Iterator[bytes]:
    with one_at_a_time(user):
        yield b""
        yield from pieces
