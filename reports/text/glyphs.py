"""Signs that the paper's font lacks and that have an equivalent: replaced on the way in.

Word pastes the bullets of Wingdings and Symbol as private-use signs, or as the letters they lie on
(`Ø § v ü`) followed by a tab: both are read as `- `.
"""

import re

#: Bullets as letters: only before a tab, at the head of a line, are they no letters.
_LETTER_BULLET = re.compile(r"^[ \xa0]*[Øø§vüqnlèà¨ÿ](?=\t)\t[ \t]*", re.MULTILINE)
#: Signs that head a line as its bullet.
_SIGN_BULLET = re.compile(r"^[ \t\xa0]*[\ue000-\uf8ff★☆◆◇❖➢➤►▶■□✓✔☑☐✦✧⮚⇒][ \t\xa0]*", re.MULTILINE)
_EQUAL = {
    **{chr(0x2460 + n): f"({n + 1})" for n in range(20)},
    **{chr(0x2776 + n): f"({n + 1})" for n in range(10)},
    **dict(zip("ⅠⅡⅢⅣⅤⅥⅦⅧⅨⅩⅪⅫ", ("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII"), strict=True)),
    "㎡": "m²", "㎥": "m³", "㎞": "km", "㎏": "kg", "℃": "°C", "⇒": "→", "➔": "→", "➜": "→",
}  # fmt: skip
_EQUALS = str.maketrans(_EQUAL)
#: Ticks and stars beside words say nothing that the words do not; a private-use sign is no letter.
_IDLE = re.compile(r"[☑✓✔☐★☆◆◇❖➢➤\ue000-\uf8ff][ \xa0]?")


def with_equivalents(text: str, multiline: bool) -> str:
    """The text with bullets as `- ` and signs of other fonts as the letters they stand for."""
    if text.isascii():
        return _LETTER_BULLET.sub("- ", text) if multiline else text
    if multiline:
        text = _SIGN_BULLET.sub("- ", _LETTER_BULLET.sub("- ", text))
    return _IDLE.sub("", text.translate(_EQUALS))
