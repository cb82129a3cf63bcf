"""Letters of other alphabets that look like Vietnamese ones, folded to the letter that is meant.

Text from old Word files, PDF and phones writes `Ð` (Icelandic) for `Đ`, `ǎ` (Pinyin) for `ă`, a Cyrillic `о`
amid a Latin word. Nobody sees it, and nothing finds, sorts or compares it. Breves on e, i, o, u stay:
names in Ê Đê and Gia Rai are written with them (`Krông Pŏng`).
"""

import re
import unicodedata
from collections.abc import Mapping

#: Always the Vietnamese letter; a capital Ð after a small letter is the é of TCVN3 and stays.
_ALWAYS = dict(zip("ÐðƉɖǍǎıɑ", "ĐđĐđĂăia", strict=True))
#: A caron where the tilde of ngã is meant, in a word that reads as a Vietnamese syllable.
_CARONS = dict(zip("ĚěǏǐǑǒǓǔ", "ẼẽĨĩÕõŨũ", strict=True))
_CYRILLIC = dict(
    zip("АВЕЅЗІЈКМНОРСТУХаеѕіјорсухһԁԛԝ", "ABESZIJKMHOPCTYXaesijopcyxhdqw", strict=True)
)
del _CYRILLIC["З"]  # looks like a digit, is no letter of ours
_GREEK = dict(zip("ΑΒΕΖΗΙΚΜΝΟΡΤΥΧονρικυχ", "ABEZHIKMNOPTYXovpikux", strict=True))
_FOREIGN = _CYRILLIC | _GREEK
#: d with a stroke put over it, as some PDF files hold đ.
_STROKED = re.compile("([dD])[\u0335\u0336]")
#: Letters drawn wide, bold or slanted by their code: of East Asian keyboards and social networks.
_STYLED = re.compile("[\uff21-\uff3a\uff41-\uff5a\U0001d400-\U0001d6a5]")

_SUSPECT = re.compile(
    f"[{''.join(_ALWAYS)}{''.join(_CARONS)}{''.join(_FOREIGN)}\u0335\u0336]|{_STYLED.pattern}"
)
_WORD = re.compile("(?:[^\\W\\d_][\u0300-\u036f]*)+")
_SYLLABLE = re.compile("(?:[bcdghklmnpqrstvx]*)(?:[aeiouy]+)(?:[cghmnpt]*)")


def fold_lookalikes(text: str, replaced: dict[str, str] | None = None) -> str:
    """Return NFC text with look-alike letters folded; `replaced` collects each letter and its new one.

    Doing it twice changes nothing. Words of Cyrillic or Greek in a text that is in these stay.
    """
    if text.isascii() or not _SUSPECT.search(text):
        return text
    pairs: dict[str, str] = {} if replaced is None else replaced

    def stroke(match: re.Match[str]) -> str:
        pairs[match[0]] = made = "đ" if match[1] == "d" else "Đ"
        return made

    def style(match: re.Match[str]) -> str:
        pairs[match[0]] = made = unicodedata.normalize("NFKC", match[0])
        return made

    text = _STYLED.sub(style, _STROKED.sub(stroke, text))
    foreign = any(_of_foreign_script(char) and char not in _FOREIGN for char in text)
    text = _WORD.sub(lambda match: _fold_word(match[0], foreign, pairs), text)
    return unicodedata.normalize("NFC", text)


def _fold_word(word: str, foreign: bool, pairs: dict[str, str]) -> str:
    letters = [char for char in word if not unicodedata.combining(char)]
    strange = [char for char in letters if _of_foreign_script(char)]
    if strange and all(char in _FOREIGN for char in strange):
        mixed = len(strange) < len(letters)
        # A whole word of such letters is an abbreviation typed on another keyboard; a lone small Greek
        # letter is a symbol.
        meant = not foreign and (word.isupper() or any(char in _CYRILLIC for char in strange))
        if mixed or meant:
            word = _replace(word, _FOREIGN, pairs)
    made = ""
    for position, char in enumerate(word):
        stays = char == "Ð" and any(before.islower() for before in word[:position])
        made += char if stays else _replace(char, _ALWAYS, pairs)
    return _replace(made, _CARONS, pairs) if _is_ours(made) else made


def _is_ours(word: str) -> bool:
    """Whether a word with a caron reads as one Vietnamese syllable once its marks are taken off."""
    if not any(char in _CARONS for char in word):
        return False
    plain = unicodedata.normalize("NFD", word.lower().replace("đ", "d"))
    return bool(_SYLLABLE.fullmatch(re.sub("[\u0300-\u036f]", "", plain)))


def _replace(text: str, table: Mapping[str, str], pairs: dict[str, str]) -> str:
    pairs |= {char: table[char] for char in text if char in table}
    return "".join(table.get(char, char) for char in text)


def _of_foreign_script(char: str) -> bool:
    return "\u0370" <= char <= "\u052f" and char.isalpha()


def replaced_words(*texts: str) -> str:
    """A message that names the letters `fold_lookalikes` replaces in the texts; "" when there are none."""
    replaced: dict[str, str] = {}
    for text in texts:
        fold_lookalikes(unicodedata.normalize("NFC", text), replaced)
    if not replaced:
        return ""
    listed = ", ".join(
        f"{char} ({' '.join(f'U+{ord(point):04X}' for point in char)}) thành {made}"
        for char, made in replaced.items()
    )
    return f"Đã thay chữ {listed}: chữ gõ vào trông giống nhưng không phải chữ tiếng Việt."
