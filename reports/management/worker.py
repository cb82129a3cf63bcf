"""A worker: takes rows of each line of the queue in turn, and does the periodic chores.

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

#: Mail and chores have one thread; files, which may take minutes, the other. So a mail server that hangs holds up
#: no export, and a long export no letter.
POST: tuple[Line, ...] = (mail.LINE,)
FILES: tuple[Line, ...] = (approvals.LINE, exports.PARTS, exports.EXPORTS)
#: Periodic chores; each finds out by itself whether there is anything to do, and may run twice without harm.
CHORES: tuple[Callable[[], None], ...] = (
    reminders.remind_by_clock, mail.digests, exports.expire, approvals.forget
)  # fmt: skip

#: Seconds between two looks into an empty queue, between two rounds of chores, and before the next try when the
#: database does not answer.
PAUSE = 1.0
ROUND = timedelta(minutes=1).total_seconds()
AWAY = 5.0


def serve(stop: Event) -> None:
    """Run both threads until `stop` is set; when one dies the other ends too, and the keeper starts a new worker."""
    press().patience = settings.PAPER_WAIT_SECONDS  # nobody waits at a browser
    post = Thread(target=work, args=(stop, POST, CHORES), name="post")
    post.start()
    work(stop, FILES)
    post.join()


def work(stop: Event, lines: Sequence[Line], chores: Sequence[Callable[[], None]] = ()) -> None:
    """One thread: these lines and chores until `stop` is set; waits while the database does not answer."""
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
    """Run each chore; an error is logged, but those of the connection to the database are raised."""
    for chore in chores:
        try:
            chore()
        except (DatabaseError, InterfaceError):
            raise
        except Exception:  # one chore's trouble must not stop the queue
            log.exception("%s failed", chore.__name__)


def drain() -> int:
    """Do all work that is ready now; returns how many rows. For tests and for `work --once`."""
    do_chores()
    done = 0
    while any(step(line) for line in (*POST, *FILES)):
        done += 1
    return done
