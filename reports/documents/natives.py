"""Versions of the native libraries that lay out the text of a paper.

They are read in a process of their own that loads these libraries and nothing else (some 50 ms): a web
worker, whose papers a child prints, never loads them.
"""

import ctypes
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress

#: As WeasyPrint names the files, on Linux, macOS, Windows; and the function that tells the version.
LIBRARIES = {
    "pango": ("libpango-1.0.so.0", "libpango-1.0.dylib", "libpango-1.0-0.dll"),
    "harfbuzz": ("libharfbuzz.so.0", "libharfbuzz.0.dylib", "libharfbuzz-0.dll"),
    "fontconfig": ("libfontconfig.so.1", "libfontconfig.1.dylib", "libfontconfig-1.dll"),
}
VERSION_FUNCTIONS = {"pango": "pango_version_string", "harfbuzz": "hb_version_string"}


def native_versions() -> list[str]:
    """One line a library, as `pango 1.50.12`; a library that is not installed has none."""
    command = [sys.executable, "-I", "-S", __file__]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    return done.stdout.splitlines()


def loaded_versions() -> Iterator[str]:
    """The same in this process, which loads the libraries."""
    for name, files in LIBRARIES.items():
        for file in files:
            with suppress(OSError):
                library = ctypes.CDLL(file)
                yield f"{name} {_version(name, library)}"
                break


def _version(name: str, library: ctypes.CDLL) -> str:
    if name not in VERSION_FUNCTIONS:
        return str(library.FcGetVersion())
    version_string = getattr(library, VERSION_FUNCTIONS[name])
    version_string.restype = ctypes.c_char_p
    return bytes(version_string()).decode()


if __name__ == "__main__":
    sys.stdout.write("\n".join(loaded_versions()))
