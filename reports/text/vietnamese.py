"""Vietnamese numbers, dates, spelling and alphabetical order, as pure text functions.

Official papers group thousands with ".", mark decimals with "," and write dates as ngày/tháng/năm
(Nghị định 30/2020/NĐ-CP, Phụ lục I). What can be read in two ways is asked back in an EntryError,
never guessed.
"""

import re
import unicodedata
from calendar import monthrange
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

from .glyphs import with_equivalents
from .lookalikes import fold_lookalikes

NBSP = "\u00a0"


class EntryError(ValueError):
    """Text that cannot be read; `message` says in Vietnamese what to write instead."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


def _quoted(text: str) -> str:
    """Return the subject of a message: what was found, in quotes and short enough."""
    if not text:
        return "Ô này"
    return f"“{text if len(text) <= 40 else text[:39] + '…'}”"


# --- Numbers ---

_MAX_DIGITS = 15  # the longest amount in đồng that a commune states

# "0.395" is no grouping: it is English for 0,395, so a group never starts with 0.
_WHOLE = r"[0-9]+|[1-9][0-9]{0,2}(?:\.[0-9]{3})+"
_COUNT = re.compile(_WHOLE)
_DECIMAL = re.compile(rf"(?P<whole>{_WHOLE})(?:,(?P<fraction>[0-9]+))?")
_ENGLISH_GROUPS = re.compile(r"[1-9][0-9]{0,2}(?:,[0-9]{3})+")
_ENGLISH_NUMBER = re.compile(r"[1-9][0-9]{0,2}(?:,[0-9]{3})+(?:\.[0-9]+)?")
_ENGLISH_DECIMAL = re.compile(r"[0-9]+\.[0-9]+")
_TO_VIETNAMESE = str.maketrans(",.", ".,")

# What is wrong with a number of either kind, in the order in which it is said.
_COMPLAINTS = (
    (re.compile(r"^[-−–—]"), "là số âm, ô này không nhận số âm"),
    (re.compile(r"^\+"), "có dấu cộng, chỉ ghi số"),
    (re.compile(r"(?![0-9])\d"), "có chữ số lạ, chỉ dùng các chữ số từ 0 đến 9"),
    (re.compile(r"[^\W\d_]"), "có chữ, chỉ ghi số"),
    (re.compile(r"%"), "có dấu %, chỉ ghi số"),
    (re.compile(r"[0-9] ?[-−–—] ?[0-9]"), "là một khoảng, ô này nhận một số"),
    (re.compile(r"^[~≈<>≤≥]|[+±]"), "là số ước chừng, ô này nhận một số"),
    (re.compile(r"/"), "có dấu /, ô này nhận một số"),
    (re.compile(r" "), "có dấu cách ở giữa, cần viết liền"),
)


def parse_count(text: str, example: str = "2.395") -> int:
    """Read a whole number such as `2.395`, `2395` or `05`.

    Raises EntryError for everything else, `2,395` and `1.23` included; `example` shows how to write.
    """
    text = clean_line(text)
    if not _COUNT.fullmatch(text):
        raise EntryError(_count_refusal(text, example))
    return int(_ungrouped(text))


def parse_decimal(text: str, places: int = 2, *, percent: bool = False) -> Decimal:
    """Read a number such as `97,37` or `1.234,5`, with at most `places` decimals.

    With `percent` a trailing % is allowed (and dropped), and `97.375` is asked back: there it is
    far likelier to be 97,375 than ninety-seven thousand.
    Raises EntryError for everything else, `97.37` and `1,234.5` included.
    """
    text = clean_line(text)
    number = text.removesuffix("%").rstrip() if percent else text
    match = _DECIMAL.fullmatch(number)
    if not match or (percent and _ENGLISH_DECIMAL.fullmatch(number)):
        raise EntryError(_decimal_refusal(number, percent))
    whole, fraction = _ungrouped(match["whole"]), match["fraction"] or ""
    if len(fraction) > places:
        allowed = f"tối đa {places} chữ số thập phân" if places else "số nguyên"
        found = f"{_quoted(number)} có {len(fraction)} chữ số thập phân; ô này nhận {allowed}"
        if _ENGLISH_GROUPS.fullmatch(number):
            found += f", viết {number.translate(_TO_VIETNAMESE)} nếu là số hàng nghìn"
        raise EntryError(f"{found}.")
    return Decimal(f"{whole}.{fraction}")


def _count_refusal(text: str, example: str) -> str:
    found = _quoted(text)
    if _ENGLISH_GROUPS.fullmatch(text):
        dotted, bare = text.translate(_TO_VIETNAMESE), text.replace(",", "")
        return f"{found} có dấu phẩy, ô này nhận số nguyên; viết {dotted} nếu là số {bare}."
    complaint = _complaint(text)
    if not complaint and "," in text:
        complaint = "có dấu phẩy, ô này nhận số nguyên"
    elif not complaint and "." in text:
        complaint = "có dấu chấm không đúng chỗ, mỗi nhóm sau dấu chấm có ba chữ số"
    return f"{found} {complaint or 'không phải số nguyên'}; ví dụ cách viết: {example}."


def _decimal_refusal(text: str, percent: bool) -> str:
    found = _quoted(text)
    if _ENGLISH_DECIMAL.fullmatch(text):
        comma, bare = text.replace(".", ","), text.replace(".", "")
        return f"{found} có dấu chấm; viết {comma} nếu là số thập phân, {bare} nếu là số nguyên."
    if _ENGLISH_NUMBER.fullmatch(text):
        return f"{found} viết theo lối Anh – Mỹ; viết {text.translate(_TO_VIETNAMESE)}."
    example = "97,37" if percent else "97,37 hoặc 1.234,5"
    return f"{found} {_complaint(text) or 'không phải số'}; ví dụ cách viết: {example}."


def _complaint(text: str) -> str | None:
    if not text:
        return "chưa có số"
    return next((complaint for sign, complaint in _COMPLAINTS if sign.search(text)), None)


def _ungrouped(whole: str) -> str:
    """Return the digits of a grouped whole number; EntryError when too many."""
    digits = whole.replace(".", "")
    if len(digits) > _MAX_DIGITS:
        found = f"{_quoted(whole)} có {len(digits)} chữ số"
        raise EntryError(f"{found}; ô này nhận tối đa {_MAX_DIGITS} chữ số.")
    return digits


def format_count(n: int, pad: bool = False) -> str:
    """Write `2.395`; `pad` writes 1–9 as prose by habit does, `05` (0 stays `0`)."""
    if pad and 1 <= n <= 9:
        return f"{n:02d}"
    return f"{n:,}".translate(_TO_VIETNAMESE)


def format_decimal(d: Decimal, places: int) -> str:
    """Write `1.234,50`: exactly `places` decimals, rounded half up."""
    rounded = d.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
    # Adding 0 turns the "-0,00" of a small negative number into "0,00".
    return f"{rounded + 0:,f}".translate(_TO_VIETNAMESE)


def format_percent(d: Decimal, places: int) -> str:
    """Write `97,37%`, `81,8%`, `100%`: at most `places` decimals, rounded half up."""
    text = format_decimal(d, places)
    if "," in text:
        text = text.rstrip("0").rstrip(",")
    return text + "%"


def format_size(size: int) -> str:
    """A size in bytes as people say it: `900 byte`, `14,6 KB`, `20 MB`."""
    if size < 1024:
        return f"{size} byte"
    unit, amount = ("MB", size / 1024**2) if size >= 1024**2 else ("KB", size / 1024)
    return f"{amount:.1f}".replace(".", ",").removesuffix(",0") + NBSP + unit


def percent(part: int | Decimal, whole: int | Decimal, places: int) -> Decimal | None:
    """Return `part` as a percentage of `whole`, rounded half up once; None when whole is 0."""
    if whole == 0:
        return None
    scaled = Fraction(part) / Fraction(whole) * 100 * 10**places
    rounded = int(abs(scaled) + Fraction(1, 2))
    return Decimal(rounded if scaled >= 0 else -rounded).scaleb(-places)


# --- Dates and document numbers ---

_FIRST_YEAR, _LAST_YEAR = 1945, 2100

_DATE = re.compile(r"([0-9]{1,2})([/.-])([0-9]{1,2})\2([0-9]{4}|[0-9]{2})")
_ISO_DATE = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})")


#: How many years before and after the period a year of two digits may lie without being asked back.
_YEARS_BEFORE, _YEARS_AFTER = 5, 1


def parse_date(text: str, near: date | None = None) -> date:
    """Read `05/8/2024`, `5-8-2024`, `05.8.2024` or the browser's `2024-08-05`.

    `15/8/23` is read when its year lies about that of `near`, the last day of a period.
    Raises EntryError for other shapes, days that do not exist, years outside 1945–2100.
    """
    text = clean_line(text)
    found = _quoted(text)
    if iso := _ISO_DATE.fullmatch(text):
        year_text, month_text, day_text = iso.groups()
    elif match := _DATE.fullmatch(text):
        day_text, _, month_text, year_text = match.groups()
    else:
        problem = "không phải ngày tháng" if text else "chưa có ngày"
        raise EntryError(f"{found} {problem}; viết ngày/tháng/năm, ví dụ 05/8/2024.")
    if len(year_text) == 2:
        year_text = f"20{year_text}"
        if near is None:
            raise EntryError(f"{found} có năm hai chữ số; ghi đủ bốn chữ số, ví dụ 05/8/2024.")
        if not near.year - _YEARS_BEFORE <= int(year_text) <= near.year + _YEARS_AFTER:
            full = f"{day_text}/{month_text}/{year_text}"
            raise EntryError(f"{found} có năm hai chữ số; viết {full} nếu đúng là năm {year_text}.")
    day, month, year = int(day_text), int(month_text), int(year_text)
    if not _FIRST_YEAR <= year <= _LAST_YEAR:
        raise EntryError(f"{found} có năm {year}; năm phải từ {_FIRST_YEAR} đến {_LAST_YEAR}.")
    if not 1 <= month <= 12:
        if not iso and 12 < month <= 31 and 1 <= day <= 12:
            expected = f"viết ngày/tháng/năm, ví dụ {_numeric_date(month, day, year)}"
            raise EntryError(f"{found} có vẻ theo lối Mỹ, tháng trước ngày; {expected}.")
        raise EntryError(f"{found} có tháng {month}; tháng phải từ 1 đến 12.")
    last = monthrange(year, month)[1]
    if not 1 <= day <= last:
        raise EntryError(f"{found} không có trong lịch; tháng {month} năm {year} có {last} ngày.")
    return date(year, month, day)


def format_date(d: date) -> str:
    """Write `05/8/2024`: zeros before days under 10 and before months 1 and 2 only.

    Source: Nghị định 30/2020/NĐ-CP, Phụ lục I.
    """
    return _numeric_date(d.day, d.month, d.year)


def _numeric_date(day: int, month: int, year: int) -> str:
    return f"{day:02d}/{_month(month)}/{year}"


def _month(month: int) -> str:
    return f"{month:02d}" if month <= 2 else str(month)


def format_date_words(d: date | None, year: int | None = None) -> str:
    """Write `ngày 05 tháng 8 năm 2024`; None leaves blanks to be filled in by hand.

    The blanks are non-breaking spaces, so that HTML and Word keep their width; `year` is printed
    after them when it is already known, and unused when there is a date.
    """
    if d:
        day, month, shown_year = f"{d.day:02d}", _month(d.month), str(d.year)
    else:
        day = month = NBSP * 5
        shown_year = str(year) if year else NBSP * 8
    return f"ngày{NBSP}{day} tháng{NBSP}{month} năm{NBSP}{shown_year}"


def format_document_number(number: int | None) -> str:
    """Write `05` of `05/BC-UBND`; None, a draft, leaves six non-breaking spaces to write in."""
    return NBSP * 6 if number is None else f"{number:02d}"


def bullet_letter(n: int) -> str:
    """Return the letter of point `n` (from 1): a b c d đ e g …; ValueError past 23."""
    letters = "abcdđeghiklmnopqrstuvxy"  # no f j w z in the Vietnamese alphabet
    if not 1 <= n <= len(letters):
        raise ValueError(f"no letter for point {n}: the alphabet has {len(letters)}")
    return letters[n - 1]


def roman(n: int) -> str:
    """Write `n` as a Roman numeral; ValueError outside 1–3999."""
    if not 1 <= n <= 3999:
        raise ValueError(f"no Roman numeral for {n}")
    values = (1000, 900, 500, 400, 100, 90, 50, 40, 10, 9, 5, 4, 1)
    numerals = ("M", "CM", "D", "CD", "C", "XC", "L", "XL", "X", "IX", "V", "IV", "I")
    written = ""
    for value, numeral in zip(values, numerals, strict=True):
        times, n = divmod(n, value)
        written += numeral * times
    return written


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


# --- Searching, comparing, sorting ---

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
    text = _INNER_DASH.sub("-", _in_full(clean_line(text)).casefold())
    text = re.sub(r"[^\W_]+", lambda match: "".join(_split_tone(match[0])), text)
    return unicodedata.normalize("NFC", text)


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
