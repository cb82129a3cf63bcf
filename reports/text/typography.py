"""Text as it is printed and stored: blanks that must not break, official quotes, nothing invisible."""

import re
import unicodedata

from .glyphs import with_equivalents
from .lookalikes import fold_lookalikes

NBSP = "\u00a0"


# The year needs four digits, or "năm 05 cán bộ" would be tied as a year.
_TIED = re.compile(
    r"\b(?:(?i:số|ngày|tháng|điều|khoản) (?=[0-9])"
    r"|(?i:năm) (?=[0-9]{4}(?![0-9]))"
    r"|(?i:quý) (?=(?:I{1,3}|IV|[1-4])\b))"
)


# A dash within a sentence: at the start of a line it would look like a bullet.
_DASH = re.compile(r"(?<=\S) ([-–]) (?=\S)")


def tie(text: str) -> str:
    """Keep `số 30`, `ngày 05`, `Điều 7`, `quý I` on one line with non-breaking spaces.

    Expects NFC text; touches no other space, and doing it twice changes nothing.
    """
    text = _TIED.sub(lambda match: match[0][:-1] + NBSP, text)
    return _DASH.sub(rf"{NBSP}\1 ", text)


# --- Quotes ---

# Quotes of other countries and typefaces, which become the “ ” and ‘ ’ of official papers.
_FIXED_QUOTES = str.maketrans("„‟〝❝〞〟❞‚‛❛❜", "““““”””‘‘‘’")
# The same sign on both sides; ″ and ′ may also be inches, seconds, minutes.
_TURNING_QUOTES = {"″": "“”", "＂": "“”", "′": "‘’", "＇": "‘’"}
_ODD_QUOTE = re.compile("[„‟〝❝〞〟❞‚‛❛❜″＂′＇»]")
# In German “ and ‘ close.
_LOW_DOUBLE, _LOW_SINGLE = re.compile("„([^„“”\n]*)“"), re.compile("‚([^‚‘’\n]*)‘")
_BEFORE_OPENING = r"(?<![^\s(\[{/“‘–—-])"
_DOUBLE_PRIMES = re.compile(rf"{_BEFORE_OPENING}″([^″\n]+)″")
_SINGLE_PRIMES = re.compile(rf"{_BEFORE_OPENING}′([^′\n]+)′")
_TURNING_QUOTE = re.compile(rf"({_BEFORE_OPENING}[″＂′＇])|(?<![0-9])[″′]|[＂＇]")
# In text of the old encoding TCVN3 « and » are ô and ằ. No word ends in ằ: a » that ends one is a
# quote, and so is what stands around it on its line.
_RIGHT_GUILLEMET = re.compile(r" ?»(?!\w)")
_LEFT_GUILLEMET = re.compile(r"(?<!\w)« ?")


def _official_quotes(text: str) -> str:
    """Return the text with “ ” and ‘ ’ for odd quotes, by position where one sign serves for both.

    Straight quotes stay, and a prime after a digit (30″) unless it closes what another opened.
    """
    if not _ODD_QUOTE.search(text):
        return text
    text = _LOW_SINGLE.sub(r"‘\1’", _LOW_DOUBLE.sub(r"“\1”", text)).translate(_FIXED_QUOTES)
    text = _DOUBLE_PRIMES.sub(r"“\1”", _SINGLE_PRIMES.sub(r"‘\1’", text))
    text = _TURNING_QUOTE.sub(lambda sign: _TURNING_QUOTES[sign[0]][not sign[1]], text)
    return "\n".join(map(_official_guillemets, text.split("\n")))


def _official_guillemets(line: str) -> str:
    if not _RIGHT_GUILLEMET.search(line):
        return line
    return _LEFT_GUILLEMET.sub("“", _RIGHT_GUILLEMET.sub("”", line))


# --- Text as stored ---

# \v is Word's line break inside a paragraph; dropping it would join two words.
_LINE_ENDS = re.compile(r"\r\n|[\n\r\v\f\x85\u2028\u2029]")
_SPACES = re.compile(r"[ \t\xa0\u1680\u2000-\u200a\u202f\u205f\u2800\u3000]+")
# Nothing visible is lost with these: controls, soft hyphen, joiners, bidi controls, fillers,
# variation selectors, byte order mark, tags; and what XML, hence Word and Excel files, cannot hold:
# lone surrogates, U+FFFE, U+FFFF.
_INVISIBLE = re.compile(
    r"[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\xad\u034f\u061c\u115f\u1160\u17b4\u17b5"
    r"\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164\ud800-\udfff"
    r"\ufe00-\ufe0f\ufeff\uffa0\ufff9-\ufffc\ufffe\uffff"
    r"\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff]"
)
# U+F0B7 and U+F0A7 are Word's round and square bullets, from its symbol fonts. A dash right before
# a digit may be a minus sign and stays.
_BULLET = re.compile(r"^ *(?:[•·●▪◦‣\uf0b7\uf0a7] *|[–—](?![0-9]) *)+", re.MULTILINE)


def clean_line(text: str, longest: int | None = None) -> str:
    """Return text of one line fit to store: line ends become spaces, and what exceeds `longest` is cut.

    NFC, plain single spaces, nothing invisible, trimmed. Quotes of any kind become “ ” and ‘ ’, straight
    ones and … stay. Letters that only look Vietnamese become Vietnamese. Doing it twice changes nothing.
    """
    return _cleaned(text, multiline=False).strip(" ")[:longest]


def clean_lines(text: str, longest: int | None = None) -> str:
    """Return text of several lines fit to store; what exceeds `longest` is cut.

    As `clean_line`, but line ends become LF, blank lines never follow one another and Word's bullets become
    `- `.
    """
    text = _BULLET.sub("- ", _cleaned(text, multiline=True))
    text = "\n".join(line.strip(" ") for line in text.split("\n"))
    return re.sub(r"\n{3,}", "\n\n", text).strip("\n")[:longest]


def _cleaned(text: str, multiline: bool) -> str:
    text = _INVISIBLE.sub("", _LINE_ENDS.sub("\n" if multiline else " ", text))
    text = fold_lookalikes(unicodedata.normalize("NFC", with_equivalents(text, multiline)))
    return _official_quotes(_SPACES.sub(" ", text))
