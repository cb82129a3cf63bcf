"""What is wrong with a ZIP package, by its list of parts alone."""

import io
import warnings
import zipfile
from dataclasses import replace

import pytest

from reports.uploads.zip_packages import (
    Bounds,
    BrokenPackage,
    CutPackage,
    Flaw,
    Package,
    listed_parts,
)

BOUNDS = Bounds(parts=5, unpacked_bytes=100_000, ratio=10, small_bytes=1_000)


def packed(*names: str, content: bytes = b"x", method: int = zipfile.ZIP_STORED) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", method) as package, warnings.catch_warnings():
        warnings.simplefilter("ignore")  # a name may stand twice here
        for name in names:
            package.writestr(name, content)
    return made.getvalue()


@pytest.mark.parametrize(
    ("names", "flaws"),
    [
        (["a.xml", "b/c.xml"], set()),
        (["a.xml", "a.xml"], {Flaw.PATHS}),
        (["/a.xml"], {Flaw.PATHS}),
        (["a/../b.xml"], {Flaw.PATHS}),
        (["a\\..\\b.xml"], {Flaw.PATHS, Flaw.SIGNS}),
        (["a/b:c.xml"], {Flaw.SIGNS}),
        (["word/embeddings/Book.XLSX"], {Flaw.NESTED}),
        (["xl/vbaProject.bin"], {Flaw.MACROS}),
        (["a", "b", "c", "d", "e"], set()),
        (["a", "b", "c", "d", "e", "f"], {Flaw.LARGE}),
    ],
)
def test_names_tell_their_flaws(names: list[str], flaws: set[Flaw]) -> None:
    package = Package(packed(*names), BOUNDS)
    assert (package.flaws, package.names) == (flaws, tuple(names))


@pytest.mark.parametrize(
    ("size", "method", "flaws"),
    [
        (1_000, zipfile.ZIP_DEFLATED, set()),
        (1_001, zipfile.ZIP_DEFLATED, {Flaw.LARGE}),
        (100_000, zipfile.ZIP_STORED, set()),
        (100_001, zipfile.ZIP_STORED, {Flaw.LARGE}),
    ],
    ids=["small", "dense", "as large as may be", "too large"],
)
def test_sizes_are_bounded_and_what_shrinks_a_lot_only_beyond_a_small_form(
    size: int, method: int, flaws: set[Flaw]
) -> None:
    assert Package(packed("a.xml", content=b" " * size, method=method), BOUNDS).flaws == flaws


def test_a_list_out_of_bounds_is_not_read() -> None:
    content = packed("../a.xml", "b.xml")
    for bounds in (replace(BOUNDS, list_bytes=10), replace(BOUNDS, parts=1, list_bytes=1_000)):
        package = Package(content, bounds)
        assert (package.flaws, package.names) == ({Flaw.LARGE}, ())


def test_a_locked_part_is_a_flaw_and_cannot_be_read() -> None:
    content = bytearray(packed("a.xml"))
    content[content.index(b"PK\x01\x02") + 8] |= 1
    content[6] |= 1
    package = Package(bytes(content), BOUNDS)
    assert package.flaws == {Flaw.LOCKED}
    with pytest.raises(BrokenPackage):
        package.read("a.xml")


def test_a_package_that_is_cut_or_damaged_says_so() -> None:
    content = packed("a.xml", content=b"Nghi Lam")
    with pytest.raises(CutPackage):
        Package(content[:-1], BOUNDS)
    damaged = Package(content.replace(b"Nghi", b"Nghe"), BOUNDS)
    with pytest.raises(BrokenPackage):
        damaged.require_whole()
    with pytest.raises(BrokenPackage):
        damaged.read("a.xml")
    whole = Package(content, BOUNDS)
    whole.require_whole()
    assert whole.read("a.xml") == b"Nghi Lam"
    with pytest.raises(BrokenPackage):
        Package(content.replace(b"PK\x01\x02", b"PK\x01\x03"), BOUNDS)


def test_a_package_behind_a_file_of_another_kind_is_seen() -> None:
    assert listed_parts(b"%PDF-1.4\n%%EOF\n") is None
    assert listed_parts(b"%PDF-1.4\n" + packed("a", "b") + b"%%EOF\n") == (2, 94)
