"""The papers of the demo's story, printed while the story is told on.

A paper takes the press most of a second, and the story goes on meanwhile: the release is written at once, its
files when all is told, before the transaction ends.
"""

from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from hashlib import sha256

from ..documents.tree import Document
from ..issuing import release
from ..models import Release, ReleasedFile

#: What stands in a release until its files are there.
AWAITED = {"pdf": b""}
Files = dict[str, bytes]


@contextmanager
def printing_beside() -> Iterator[None]:
    """Releases made inside have their files at the end of the block.

    The first paper is printed at once: NotYet when this machine prints none, as everywhere. NotYet at the end
    of the block when another could not be printed.
    """
    known: list[Future[Files]] = []
    first = Release.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    able = False

    def printed(document: Document) -> Files:
        nonlocal able
        if not able:
            files = release.print_all(document)
            able = True
            return files
        known.append(pool.submit(release.print_all, document))
        return AWAITED

    with ThreadPoolExecutor(1) as pool:  # the press has one child
        asked = release.printing.set(printed)
        try:
            yield
        except BaseException:
            pool.shutdown(cancel_futures=True)
            raise
        finally:
            release.printing.reset(asked)
        awaited = ReleasedFile.objects.filter(release__pk__gt=first, content=b"").order_by("pk")
        for empty, files in zip(list(awaited), known, strict=True):
            _deliver(empty, files.result())


def _deliver(empty: ReleasedFile, files: Files) -> None:
    kept = empty.release_id
    empty.delete()
    ReleasedFile.objects.bulk_create(
        ReleasedFile(
            release_id=kept, format=name, content=content, sha256=sha256(content).hexdigest()
        )
        for name, content in files.items()
    )
