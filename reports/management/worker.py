"""What a worker does: the lines of the queue in turn, and the chores of the clock.

`serve` is one worker, for as long as `stop` is not set; `manage.py work` keeps several of them alive.
"""

import logging
import time
from collections.abc import Callable, Sequence
from datetime import timedelta
from threading import Event, Thread

from django.conf import settings
from django.db import DatabaseError, InterfaceError, close_old_connections, connections

from .. import exports
from ..issuing.papers import press
from ..jobs.queue import Line, step
from ..notifications import mail, reminders
from ..workflow import approvals

log = logging.getLogger(__name__)

#: The post and the clock, done by one hand; files, which may take minutes, by the other. So neither waits:
#: a mail server that hangs holds up no export, and a long export no letter.
POST: tuple[Line, ...] = (mail.LINE,)
FILES: tuple[Line, ...] = (approvals.LINE, exports.PARTS, exports.EXPORTS)
#: What the clock brings; each says by itself whether there is anything to do, and doing it twice is once.
CHORES: tuple[Callable[[], None], ...] = (
    reminders.remind_by_clock, mail.digests, exports.expire, approvals.forget
)  # fmt: skip

#: Seconds between two looks into an empty queue, between two rounds of chores, and before a database
#: that is away is asked again.
PAUSE = 1.0
ROUND = timedelta(minutes=1).total_seconds()
AWAY = 5.0


def serve(stop: Event) -> None:
    """Work with both hands until `stop` is set; when one dies the other ends too, for the keeper to see."""
    press().patience = settings.PAPER_WAIT_SECONDS  # nobody waits at a browser
    post = Thread(target=work, args=(stop, POST, CHORES), name="post")
    post.start()
    work(stop, FILES)
    post.join()


def work(stop: Event, lines: Sequence[Line], chores: Sequence[Callable[[], None]] = ()) -> None:
    """One hand: these lines and chores until `stop` is set; a database that is away is waited for."""
    chores_at = 0.0
    try:
        while not stop.is_set():
            try:
                close_old_connections()
                if chores and time.monotonic() >= chores_at:
                    chores_at = time.monotonic() + ROUND
                    do_chores(chores)
                # One row of each line in turn: none waits for another to run dry.
                worked = [step(line, stop) for line in lines]
            except (DatabaseError, InterfaceError) as error:
                log.error("The database does not answer; trying again: %s", error)
                worked = []
                stop.wait(AWAY)
            if not any(worked):
                stop.wait(PAUSE)
    finally:
        stop.set()
        connections.close_all()


def do_chores(chores: Sequence[Callable[[], None]] = CHORES) -> None:
    for chore in chores:
        try:
            chore()
        except (DatabaseError, InterfaceError):
            raise
        except Exception:  # one chore's trouble must not stop the queue
            log.exception("%s failed", chore.__name__)


def drain() -> int:
    """Do everything that is ready now, once; returns how many rows. For tests and for a clock outside."""
    do_chores()
    done = 0
    while any(step(line) for line in (*POST, *FILES)):
        done += 1
    return done
