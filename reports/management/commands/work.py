"""Run the workers beside the web server: mail, exports, periodic chores.

The command itself only keeps its workers running: one that dies is started again, and another worker takes over
its row once the lease has run out (`reports.jobs.queue`).
"""

import contextlib
import os
import signal
import subprocess
import sys
import time
from argparse import ArgumentParser
from threading import Event, Thread
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from reports.management import worker

#: Seconds that the workers have to finish or give back their rows when the command is stopped.
PATIENCE = 25


class Command(BaseCommand):
    help = "Chạy hàng đợi việc nền: gửi thư, xuất tệp, nhắc hạn."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--processes", type=int, default=1, help="số tiến trình (mặc định 1)")
        parser.add_argument("--once", action="store_true", help="làm hết việc đang chờ rồi thôi")
        parser.add_argument(
            "--with-parent", action="store_true", help="dừng khi tiến trình gọi lệnh này dừng"
        )
        parser.add_argument("--alone", action="store_true", help="chính tiến trình này làm việc")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["once"]:
            worker.drain()
            return
        stop, parent = Event(), os.getppid()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: stop.set())
        if options["alone"]:
            follow(stop, parent)
            worker.serve(stop)
        else:
            keep(stop, options["processes"], parent if options["with_parent"] else None)


def keep(stop: Event, processes: int, parent: int | None) -> None:
    """Start the workers, and each that ends again, until `stop` is set or the process `parent` is gone."""
    command = [sys.executable, str(settings.BASE_DIR / "manage.py"), "work", "--alone"]
    running: list[subprocess.Popen[bytes]] = []
    while not stop.is_set() and (parent is None or os.getppid() == parent):
        running = [child for child in running if child.poll() is None]
        while len(running) < processes:
            running.append(subprocess.Popen(command))
        stop.wait(1)
    for child in running:
        child.terminate()
    deadline = time.monotonic() + PATIENCE
    for child in running:
        with contextlib.suppress(subprocess.TimeoutExpired):
            child.wait(max(0.0, deadline - time.monotonic()))
        child.kill()


def follow(stop: Event, parent: int) -> None:
    """Set `stop` when the process `parent` is gone, which may be killed without a signal to this one."""

    def watch() -> None:
        while not stop.wait(2):
            if os.getppid() != parent:
                stop.set()

    Thread(target=watch, daemon=True).start()
