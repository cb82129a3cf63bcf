"""Which letters and signs the paper's font can print, read from the font itself."""

from functools import cache
from pathlib import Path


@cache
def printable(folder: Path) -> frozenset[int]:
    """Code points that every face in the folder holds; empty when there is none to read."""
    from fontTools.ttLib import TTFont  # reads tables of a megabyte: only where a text is judged

    faces = []
    for path in folder.rglob("*.ttf"):
        with TTFont(path, lazy=True) as face:
            faces.append(frozenset(face.getBestCmap()))
    return frozenset.intersection(*faces) if faces else frozenset()


def unprintable(text: str, folder: Path) -> str:
    """The letters of the text that the fonts in the folder lack, each once, in their order: empty boxes."""
    if text.isascii():
        return ""
    in_fonts = printable(folder)
    strange = (char for char in text if ord(char) not in in_fonts and not char.isspace())
    return "".join(dict.fromkeys(strange)) if in_fonts else ""


def listed(letters: str) -> str:
    """`“★” (U+2605), “囍” (U+56CD)`: the sign and its code, since the screen may lack it too."""
    return ", ".join(f"“{char}” (U+{ord(char):04X})" for char in letters)
