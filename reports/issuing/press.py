"""The press: PDFs of pages, printed in a child process that is kept warm.

A page being laid out would hold the interpreter for a second and make everybody's saving wait, and a hostile
page could take minutes. One child prints page after page: fonts and stylesheet, once read, stay with it. A
page past its limits ends the child, and the next gets a new one.

A frame to the child is a page as UTF-8; the frame back is one byte (`P` a PDF, `L` libraries missing, `E` an
error) and the PDF or the message.
"""

import gc
import sys
from collections.abc import Mapping
from contextlib import suppress

from ..documents.pdf import NativeLibrariesMissing, make_pdf
from ..jobs.child_process import (
    ChildEnded,
    Keeper,
    Link,
    NoTurn,
    Program,
    keeper_link,
    limit_memory,
    limit_time,
)

#: A child is replaced after this many papers.
PAPERS_A_CHILD = 200
WARM_UP = "<!doctype html><title>x</title><p style='font-family:Tinos'>Ữ <b>ợ</b> <i>ặ</i></p>"


class PaperTooCostly(RuntimeError):
    """The page took more processor time, memory or waiting than one paper may."""


class PressBusy(PaperTooCostly):
    """Other papers are being made; the page itself was not tried."""


class PaperFailed(RuntimeError):
    """The page could not be turned into a PDF."""


class Press:
    """Prints in one child of this process. A paper takes at most `wait` seconds; it waits at most `patience`
    seconds for its turn: few in a web request, many in the background."""

    def __init__(
        self, cpu_seconds: int, memory_bytes: int, wait: float, environment: Mapping[str, str]
    ) -> None:
        self.wait = self.patience = wait
        limits = (str(cpu_seconds), str(memory_bytes))
        self.keeper = Keeper(Program(__name__, environment, PAPERS_A_CHILD, limits))

    def make(self, html: str) -> bytes:
        """One PDF. PressBusy, PaperTooCostly, PaperFailed, NativeLibrariesMissing."""
        page = html.encode()
        try:
            with self.keeper.turn(min(self.patience, self.wait), self.wait) as link:
                link.send(page)
                answer = link.receive()
        except NoTurn as error:
            raise PressBusy("the press is busy") from error
        except ChildEnded as error:
            raise PaperTooCostly(str(error)) from error
        kind, content = answer[:1], answer[1:]
        if kind == b"P":
            return content
        message = content.decode()
        raise NativeLibrariesMissing(message) if kind == b"L" else PaperFailed(message)

    def close(self) -> None:
        """End the child; the next paper starts another."""
        self.keeper.close()


# --- in the child -------------------------------------------------------------------------------------


def serve(link: Link, cpu_seconds: int) -> None:
    """Print one page after the other, each within `cpu_seconds`, until the keeper leaves (EOFError)."""
    while True:
        page = link.receive().decode()
        limit_time(cpu_seconds)
        link.send(printed(page))


def printed(page: str) -> bytes:
    """The answer to one page."""
    try:
        return b"P" + make_pdf(page)
    except NativeLibrariesMissing as error:
        return b"L" + str(error).encode()
    except Exception as error:  # noqa: BLE001 – told to the keeper, who raises PaperFailed
        return b"E" + f"{type(error).__name__}: {error}".encode()


def main(cpu_seconds: int, memory_bytes: int) -> None:
    """The child: bounded and warmed up, then at work."""
    link = keeper_link()
    limit_memory(memory_bytes)
    printed(WARM_UP)  # a failure is told with each paper
    gc.freeze()
    gc.set_threshold(50_000, 20, 20)
    with suppress(EOFError):
        serve(link, cpu_seconds)


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
