"""Prints the papers of the demo's story in the background.

A paper takes most of a second, and the story goes on meanwhile: the release is written at once, its files at the
end of the story, before the transaction ends.
"""

from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from hashlib import sha256

from ..documents.tree import Document
from ..issuing import release
from ..models import Release, ReleasedFile

#: The files of a release until the real ones are printed.
AWAITED = {"pdf": b""}
Files = dict[str, bytes]


@contextmanager
def printing_beside() -> Iterator[None]:
    """Releases made inside the block get their files at its end.

    The first paper is printed at once, so that NotYet comes at once on a machine that cannot print. NotYet at the
    end of the block when a later one could not be printed.
    """
    pending: list[Future[Files]] = []
    first = Release.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    prints_pdf = False

    def printed(document: Document) -> Files:
        nonlocal prints_pdf
        if not prints_pdf:
            files = release.print_all(document)
            prints_pdf = True
            return files
        pending.append(pool.submit(release.print_all, document))
        return AWAITED

    with ThreadPoolExecutor(1) as pool:  # the press has one child
        token = release.printing.set(printed)
        try:
            yield
        except BaseException:
            pool.shutdown(cancel_futures=True)
            raise
        finally:
            release.printing.reset(token)
        awaited = ReleasedFile.objects.filter(release__pk__gt=first, content=b"").order_by("pk")
        for empty, files in zip(list(awaited), pending, strict=True):
            _deliver(empty, files.result())


def _deliver(empty: ReleasedFile, files: Files) -> None:
    """Replace the empty file of a release by the printed ones."""
    release_id = empty.release_id
    empty.delete()
    ReleasedFile.objects.bulk_create(
        ReleasedFile(
            release_id=release_id, format=name, content=content, sha256=sha256(content).hexdigest()
        )
        for name, content in files.items()
    )
