"""ZIP packages from outside, judged before any part of them is read: files of Word and Excel are such packages.

`Package.flaws` are what is wrong with it: paths that lead outside, macros, more bytes than a reader can hold. Its
reader decides which of them are refused and with which message: `file_reader` for evidence, `workbook_reader` for
Excel forms. Runs only in the child process of `limited`.
"""

import lzma
import struct
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import Enum, auto
from io import BytesIO

#: The record at the end of a ZIP, and the longest comment that may follow it.
END, END_BYTES, LONGEST_COMMENT = b"PK\x05\x06", 22, 65_535
#: Endings of archives that have no business in a package that holds nothing but cells.
ARCHIVES = (".zip", ".xlsx", ".xlsm", ".docx", ".jar", ".7z", ".rar")
#: What `zipfile` raises for a package that is damaged, or packed as it cannot read.
DAMAGE = (
    zipfile.BadZipFile, zlib.error, lzma.LZMAError, NotImplementedError, RuntimeError, OSError, EOFError,
    ValueError, struct.error,
)  # fmt: skip


class Flaw(Enum):
    """What may be wrong with a package that opens."""

    #: More parts or bytes than its bounds allow: a bomb, or more than is wanted.
    LARGE = auto()
    #: A name that leads out of the package, or stands twice.
    PATHS = auto()
    #: A name with a sign that no office program writes.
    SIGNS = auto()
    #: An archive among its parts; Word and Excel do put one there.
    NESTED = auto()
    #: Parts that only a password opens.
    LOCKED = auto()
    MACROS = auto()


class BrokenPackage(ValueError):
    """The package cannot be opened, or a part of it not be read."""


class CutPackage(BrokenPackage):
    """Its end is missing, and with it the list of its parts."""


@dataclass(frozen=True)
class Bounds:
    """The most that a package may be: parts, bytes unpacked, and times that it shrinks when packed.

    Below `small_bytes` unpacked any ratio will do: it is a form of blank rows and no bomb. With `list_bytes`
    the list of parts is bounded, in bytes and entries, before it is read.
    """

    parts: int
    unpacked_bytes: int
    ratio: int
    small_bytes: int
    list_bytes: int | None = None


class Package:
    """A package with its flaws; its parts are read one by one. BrokenPackage, CutPackage.

    One whose list is out of bounds is not opened: it has no names, and Flaw.LARGE.
    """

    def __init__(self, content: bytes, bounds: Bounds) -> None:
        listed = listed_parts(content)
        if listed is None:
            raise CutPackage
        entries, size = listed
        self.names: tuple[str, ...] = ()
        self.flaws = frozenset({Flaw.LARGE})
        if bounds.list_bytes is not None and (entries > bounds.parts or size > bounds.list_bytes):
            return
        try:
            self._archive = zipfile.ZipFile(BytesIO(content))
        except DAMAGE as error:
            raise BrokenPackage from error
        parts = self._archive.infolist()
        self.names = tuple(part.filename for part in parts)
        self.flaws = frozenset(_flaws(parts, bounds))

    def read(self, name: str) -> bytes:
        """The content of a part, never longer than the list of parts says. BrokenPackage."""
        try:
            return self._archive.read(name)
        except DAMAGE as error:
            raise BrokenPackage(name) from error

    def require_whole(self) -> None:
        """BrokenPackage unless every part can be read and is what its checksum says."""
        try:
            damaged = self._archive.testzip()
        except DAMAGE as error:
            raise BrokenPackage from error
        if damaged is not None:
            raise BrokenPackage(damaged)


def listed_parts(content: bytes) -> tuple[int, int] | None:
    """How many parts a ZIP has and how many bytes their list, as its end says; None when there is no such end.

    A file of another kind that has one carries a ZIP in it.
    """
    at = content.rfind(END, max(0, len(content) - LONGEST_COMMENT - END_BYTES))
    if at < 0 or len(content) < at + END_BYTES:
        return None
    entries, size = struct.unpack_from("<HL", content, at + 10)
    return entries, size


def _flaws(parts: Sequence[zipfile.ZipInfo], bounds: Bounds) -> Iterator[Flaw]:
    names = [part.filename for part in parts]
    unpacked = sum(part.file_size for part in parts)
    packed = sum(part.compress_size for part in parts)
    dense = unpacked > bounds.small_bytes and unpacked > bounds.ratio * packed
    if len(parts) > bounds.parts or unpacked > bounds.unpacked_bytes or dense:
        yield Flaw.LARGE
    if len(set(names)) < len(names) or any(map(_leads_out, names)):
        yield Flaw.PATHS
    if any("\\" in name or ":" in name for name in names):
        yield Flaw.SIGNS
    if any(name.lower().endswith(ARCHIVES) for name in names):
        yield Flaw.NESTED
    if any(part.flag_bits & 1 for part in parts):
        yield Flaw.LOCKED
    if any("vbaproject" in name.lower() for name in names):
        yield Flaw.MACROS


def _leads_out(name: str) -> bool:
    return name.startswith(("/", "\\")) or ".." in name.replace("\\", "/").split("/")
