"""Text of the old Vietnamese font encodings, TCVN3 (ABC) and VNI, recognised and made Unicode.

Before Unicode the fonts .VnTime and VNI-Times drew Vietnamese letters at the codes of Western ones.
Pasted today such text keeps those Western letters: `Céng hßa` (TCVN3), `Coäng hoøa` (VNI) for
`Cộng hòa`. Both functions want the text as pasted, before `typography.clean_line`: that drops the
soft hyphen, which is the letter ư of TCVN3. What was cleaned first still converts, without its ư.

Written here because PyPI holds no maintained converter (the one VNI package means the typing method).
"""

import re
from collections import Counter
from enum import Enum, StrEnum
from itertools import pairwise
from unicodedata import normalize


class Encoding(StrEnum):
    """An old encoding; its label is what officials call it."""

    TCVN3 = "tcvn3"
    VNI = "vni"

    @property
    def label(self) -> str:
        return {"tcvn3": "TCVN3 (ABC)", "vni": "VNI"}[self.value]


# --- The tables ---

#: TCVN 5712:1993 as far as the ABC fonts have it: of the capitals only those without a tone. The
#: fonts keep the quotes and dashes of Windows where the standard has more capitals.
_TCVN3 = str.maketrans(
    "¡¢£¤¥¦§¨©ª«¬\xad®µ¶·¸¹»¼½¾ÆÇÈÉÊËÌÎÏÐÑÒÓÔÕÖ×ØÜÝÞßáâãäåæçèéêëìíîïñòóôõö÷øùúûüýþ",
    "ĂÂÊÔƠƯĐăâêôơưđàảãáạằẳẵắặầẩẫấậèẻẽéẹềểễếệìỉĩíịòỏõóọồổỗốộờởỡớợùủũúụừửữứựỳỷỹýỵ",
)
_TCVN3_LETTERS = "".join(map(chr, _TCVN3))

_TONES = "\u0300\u0309\u0303\u0301\u0323"  # huyền, hỏi, ngã, sắc, nặng
#: VNI writes a letter and its tone apart, and hat or breve with its tone as one mark.
_VNI_TONES = dict(zip("øûõùï", _TONES, strict=True))
_VNI_HATS = {mark: "\u0302" + tone for mark, tone in zip("âàåãáä", ["", *_TONES], strict=True)}
_VNI_BREVES = {mark: "\u0306" + tone for mark, tone in zip("êèúüéë", ["", *_TONES], strict=True)}
_VNI_ALONE = dict(zip("íìæóòôöîñ", "íìỉĩịơưỵđ", strict=True))


def _vni_table() -> dict[str, str]:
    small = dict(_VNI_ALONE)
    for letter in "aeouyôö":
        marks = _VNI_TONES | (_VNI_HATS if letter in "aeo" else {})
        marks |= _VNI_BREVES if letter == "a" else {}
        plain = _VNI_ALONE.get(letter, letter)
        small |= {letter + mark: normalize("NFC", plain + tone) for mark, tone in marks.items()}
    table: dict[str, str] = {}
    for code, letter in small.items():  # the letter's case counts; clerks mix that of the mark
        table |= {code: letter, code[0] + code[1:].upper(): letter}
        table |= {code[0].upper() + code[1:]: letter.upper(), code.upper(): letter.upper()}
    return table


_VNI = _vni_table()
_VNI_CODE = re.compile("|".join(sorted(_VNI, key=len, reverse=True)))


def _from_table(text: str, encoding: Encoding) -> str:
    if encoding == Encoding.TCVN3:
        return text.translate(_TCVN3)
    return _VNI_CODE.sub(lambda code: _VNI[code[0]], text)


def _fits_table(word: str, encoding: Encoding) -> bool:
    if encoding == Encoding.TCVN3:
        return word.translate(dict.fromkeys(_TCVN3)).isascii()
    return _VNI_CODE.sub("", word).isascii()


# --- Syllables ---

_RIMES = """
    a ac ach ai am an ang anh ao ap at au ay ăc ăk ăm ăn ăng ăp ăt âc âm ân âng âp ât âu ây
    e ec em en eng eo ep et ê êch êm ên ênh êp êt êu
    i ia ich iêc iêm iên iêng iêp iêt iêu im in inh ip it iu y yêm yên yêng yêt yêu ych ynh yt
    o oa oac oach oai oam oan oang oanh oao oap oat oay oc oe oem oen oeo oet oi om on ong ooc oong
    op ot oăc oăm oăn oăng oăt ô ôc ôi ôm ôn ông ôp ôt ơ ơi ơm ơn ơp ơt
    u ua uc ui um un ung uôc uôi uôm uôn uông uôt up ut uê uêch uênh uy uya uych uyên uyêt uynh uyt
    uyu uân uâng uât uây uơ ư ưa ưc ưi ưm ưn ưng ươc ươi ươm ươn ương ươp ươt ươu ưt ưu
"""
_SYLLABLE = re.compile(
    r"(?:(?:k|gh|ngh)(?=[eêiy])|(?:c|g|ng)(?![eêiy])|g(?=i)|gi|qu|b|ch|d|đ|h|kh|l|m|nh|n|p|ph|r|s|th"
    rf"|tr|t|v|x)?(?:{'|'.join(_RIMES.split())})"
)
#: After these only sắc and nặng are heard; names of the Central Highlands go without (`Đăk`).
_STOPPED = re.compile(r".*(?:c|ch|p|t)")
_ABBREVIATION = re.compile(r"(?=.*Đ)[BCDĐGHKLMNPQRSTUVX]{2,}")


_ACCENTED = frozenset(map(chr, _TCVN3.values()))


def _is_syllable(word: str) -> bool:
    """Whether the word is spelt as Vietnamese is; where the tone stands does not count."""
    word = word.lower()
    if not all(char.isascii() or char in _ACCENTED for char in word):
        return False  # ñ would pass for an n with a tone
    marks = normalize("NFD", word)
    tones = [mark for mark in marks if mark in _TONES]
    letters = normalize("NFC", "".join(mark for mark in marks if mark not in _TONES))
    if len(tones) > 1 or not _SYLLABLE.fullmatch(letters):
        return False
    return not _STOPPED.fullmatch(letters) or tones in (["\u0301"], ["\u0323"])


# --- Words ---

_WORD = re.compile(rf"(?:[^\W\d_]|[{_TCVN3_LETTERS}])+")
#: Signs between numbers, bullets: as TCVN3 they are ì ữ ã ẵ ẳ ắ, which are no words by themselves.
_SIGNS = re.compile("[×÷·½¼¾]+")
#: Units of measure that happen to be spelt as TCVN3: µm, N·m.
_UNIT = re.compile("µ[A-Za-z]|[A-Za-z]·[A-Za-z]")
#: Addresses of pages and mailboxes are in no language.
_ADDRESS = re.compile(r"@|://|www\.|[a-z]\.[a-z]")


class _Spelling(Enum):
    """How a word can be read; PLAIN and FOREIGN are ASCII, which every encoding shares."""

    OLD = 1
    UNICODE = 2
    EITHER = 3
    NEITHER = 4
    PLAIN = 5
    FOREIGN = 6


def _is_wide(word: str) -> bool:
    """Whether a letter has no place in an old encoding at all, so the word is Unicode."""
    return any(char > "\xff" for char in word)


def _reads_as_unicode(word: str) -> bool:
    # Soft hyphens come with text from web pages; the Icelandic Ð passes for Đ to the eye.
    word = word.replace("\xad", "").replace("Ð", "Đ")
    cased = word.islower() or word.isupper() or (word[:1].isupper() and word[1:].islower())
    return cased and _is_syllable(word)


def _reads_as_old(word: str, encoding: Encoding) -> bool:
    made = _from_table(word, encoding)
    fits = _fits_table(word, encoding)
    return fits and (_is_syllable(made) or bool(_ABBREVIATION.fullmatch(made)))


def _spelling(word: str, encoding: Encoding) -> _Spelling:
    if word.isascii():
        foreign = len(word) > 1 and not word.isupper() and not _is_syllable(word)
        return _Spelling.FOREIGN if foreign else _Spelling.PLAIN
    if _is_wide(word):
        return _Spelling.UNICODE
    if _UNIT.fullmatch(word) or not re.search("[A-Za-z]", word):
        return _Spelling.EITHER  # too short to tell
    old, unicode = _reads_as_old(word, encoding), _reads_as_unicode(word)
    if old:
        return _Spelling.EITHER if unicode else _Spelling.OLD
    return _Spelling.UNICODE if unicode else _Spelling.NEITHER


# --- Recognising ---


def recognise(text: str) -> Encoding | None:
    """Return the old encoding that a text, or a line of it, is written in; None for all else.

    None for Unicode Vietnamese (composed or not), ASCII, Western languages and loose symbols. Two
    words that are Vietnamese in the encoding and not as they stand are enough; a single one counts
    when every other accented word can be read so too. Takes the text as pasted, before `clean_line`.
    """
    lines = [_words(line) for line in normalize("NFC", text).splitlines() if not line.isascii()]
    every = set().union(*lines)
    scores = {}
    for encoding in Encoding:
        parts = sum(_evidence(words, encoding, beside_unicode=True) for words in lines)
        scores[encoding] = parts or _evidence(every, encoding, beside_unicode=False)
    best = max(scores, key=lambda encoding: scores[encoding])
    return best if scores[best] > sum(scores.values()) - scores[best] else None


def _words(line: str) -> set[str]:
    parts = [part for part in line.split() if not _ADDRESS.search(part)]
    return set(_WORD.findall(" ".join(parts)))


def _evidence(words: set[str], encoding: Encoding, beside_unicode: bool) -> int:
    """Return how many words speak for the encoding; 0 when too few do, or others against it."""
    counts = Counter(_spelling(word, encoding) for word in words)
    old, either = counts[_Spelling.OLD], counts[_Spelling.EITHER]
    against = counts[_Spelling.NEITHER] + counts[_Spelling.FOREIGN]
    if beside_unicode and old >= 2:
        return old if old > against else 0
    alone = not against and not counts[_Spelling.UNICODE]
    return old if alone and old + either >= 2 else 0


# --- Converting ---


def convert(text: str, encoding: Encoding) -> str:
    """Return the text in Unicode, NFC; what is Unicode already stays.

    When a text is part old, part Unicode, a word that could be either goes with the nearest word of
    its line that could not. The capitals font .VnTimeH shows small letters as capitals and is lost in
    pasting: its text comes out small, to be set in capitals by hand. Capitals are kept where plain
    letters show them (`CéNG HßA` → `CỘNG HÒA`). Takes the text as pasted, before `clean_line`.
    """
    text = normalize("NFC", text)
    mixed = any(map(_is_wide, _WORD.findall(text)))
    written, last = [], True
    for line in text.splitlines(keepends=True):
        words = list(_WORD.finditer(line))
        old = _which_are_old(line, words, encoding, last) if mixed else [True] * len(words)
        last = old[-1] if old else last
        written.append(_convert_words(line, words, old, encoding))
    return "".join(written)


def _which_are_old(
    line: str, words: list[re.Match[str]], encoding: Encoding, before: bool
) -> list[bool]:
    """Tell of each word of a line whether it is old; `before` answers for a line that cannot tell."""
    spellings = [_spelling(word[0], encoding) for word in words]
    decided = [at for at, s in enumerate(spellings) if s in (_Spelling.OLD, _Spelling.UNICODE)]
    if not decided:
        return [before] * len(words)
    places = _places(line, words)
    answers, nearest = [], 0
    for place in places:
        while nearest + 1 < len(decided) and (
            places[decided[nearest + 1]] - place < abs(place - places[decided[nearest]])
        ):
            nearest += 1
        answers.append(spellings[decided[nearest]] == _Spelling.OLD)
    return answers


def _places(line: str, words: list[re.Match[str]]) -> list[int]:
    """Where each word stands, in words; texts are joined at commas and stops, which count for ten."""
    places = [0]
    for word, following in pairwise(words):
        plain_gap = line[word.end() : following.start()].isspace()
        places.append(places[-1] + (1 if plain_gap else 10))
    return places


def _convert_words(
    line: str, words: list[re.Match[str]], old: list[bool], encoding: Encoding
) -> str:
    loud_line = any(_is_loud(word[0]) for word in words) and not re.search("[a-z]", line)
    written, end = [], 0
    for word, is_old in zip(words, old, strict=True):
        made = word[0]
        if is_old and not _SIGNS.fullmatch(made):
            made = _from_table(made, encoding)
            made = made.upper() if loud_line or _is_loud(word[0]) else made
        written += [line[end : word.start()], made]
        end = word.end()
    return "".join(written) + line[end:]


def _is_loud(word: str) -> bool:
    """Whether a word was typed in capitals, as far as its letters have any."""
    return len(re.findall("[A-Z¡-§]", word)) > 1 and not re.search("[a-z]", word)
