"""Names of places and people: folded to be found, compared, and sorted the Vietnamese way."""

import re
import unicodedata
from functools import lru_cache

from .typography import clean_line

_TONES = "\u0300\u0309\u0303\u0301\u0323"  # huyền, hỏi, ngã, sắc, nặng: in this order


# Between words the four styles of dash are one: `Chân Mây – Lăng Cô`, `Chân Mây-Lăng Cô`.
_INNER_DASH = re.compile(r"(?<=[^\s‐‑‒–—―−-])(?: *[‐‑‒–—―−-])+ *(?=\S)")
_KINDS = {
    "x": "xã", "p": "phường", "tt": "thị trấn", "tx": "thị xã", "h": "huyện", "q": "quận",
    "tp": "thành phố", "t": "tỉnh", "đk": "đặc khu",
}  # fmt: skip
_SHORT_KIND = re.compile(r"(x|p|tt|tx|h|q|tp|t|đk)\. ?(?=[^\W\d_]{2}|[0-9])", re.IGNORECASE)


def _in_full(name: str) -> str:
    """Return a unit's name with its kind in full: `X. Hà Tiến` → `xã Hà Tiến`."""
    kind = _SHORT_KIND.match(name)
    return f"{_KINDS[kind[1].lower()]} {name[kind.end() :]}" if kind else name


def fold(text: str) -> str:
    """Return text for searching: `Uỷ ban Đà Nẵng` → `uy ban da nang`, `X. A – B` → `xa a b`."""
    text = _in_full(clean_line(text)).casefold()
    text = unicodedata.normalize("NFKD", _INNER_DASH.sub(" ", text))
    text = "".join(char for char in text if not unicodedata.combining(char))
    return " ".join(text.replace("đ", "d").split())  # đ is a letter: NFKD leaves it


def matches(query: str, text: str) -> bool:
    """Tell whether every word of the query occurs in the text, both folded."""
    folded = fold(text)
    return all(word in folded for word in fold(query).split())


def _split_tone(word: str) -> tuple[str, str]:
    """Return a syllable without its tone, in NFC, and the tone mark (or "")."""
    marks = unicodedata.normalize("NFD", word)
    letters = "".join(char for char in marks if char not in _TONES)
    tones = "".join(char for char in marks if char in _TONES)
    return unicodedata.normalize("NFC", letters), tones


def name_key(text: str) -> str:
    """Return a key equal for two spellings of one name: `Ủy`/`Uỷ`, `HÒA`/`hoà`, `A – B`/`A-B`, `X.`/`xã`.

    The tone moves to the end of its syllable, so its place no longer counts; all diacritics are
    kept, so that `Hòa` and `Hoa` differ. A key, not for showing.
    """
    return _short_key(text) if len(text) <= _SHORT else _key(text)


#: Keys of texts up to this length are kept: labels and names, which a form compares again and again.
_SHORT = 200


def _key(text: str) -> str:
    text = _INNER_DASH.sub("-", _in_full(clean_line(text)).casefold())
    text = re.sub(r"[^\W_]+", lambda match: "".join(_split_tone(match[0])), text)
    return unicodedata.normalize("NFC", text)


_short_key = lru_cache(maxsize=4096)(_key)


# f j w z stand where foreign names need them. Codes 10–19 are digits, 20–52 letters.
_ORDER = {
    char: f"{code}" for code, char in enumerate("0123456789aăâbcdđeêfghijklmnoôơpqrstuưvwxyz", 10)
}
_SORTED_PART = re.compile(r"[0-9]+|[^\W_0-9]+")
_UNIT_PREFIX = re.compile(
    r"(?:xã|phường|đặc khu|thị trấn|thị xã|huyện|quận|thành phố|tỉnh) ", re.IGNORECASE
)


def sort_key(text: str) -> str:
    """Return a key in Vietnamese alphabetical order; tones decide between equal letters.

    A string of digits only, so every database sorts it alike, whatever its collation: up to three
    a letter and fifteen a number. Numbers of up to six digits go by value (2 before 10); case and
    the place of the tone do not count.
    """
    parts = _SORTED_PART.findall(clean_line(text).casefold())
    letters, tones = [], []
    for part in parts:
        plain, tone = _split_tone(part.zfill(6) if part.isdecimal() else part)
        letters.append("".join(_ORDER.get(char, "99") for char in plain))
        tones.append(str(_TONES.index(tone[0]) + 1) if tone else "0")
    return "01".join(letters) + "00" + "".join(tones)


def unit_sort_key(name: str) -> str:
    """Return the sort_key of a unit's name without its `Xã`, `Phường`, `Đặc khu`, …"""
    name = _in_full(clean_line(name))
    prefix = _UNIT_PREFIX.match(name)
    return sort_key(name[prefix.end() :] if prefix else name)
