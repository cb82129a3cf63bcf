"""Which words on a signed paper read like the mark of a signature, a stamp, a copy or a seal.

Programs that sign show who signed and when; văn thư stamps numbers of arrival and kinds of copies; a seal's
text is the agency's own name (Nghị định 30/2020/NĐ-CP, Phụ lục I). Anything else that was added to a
paper changes it.
"""

import re
import unicodedata
from collections.abc import Iterable

from ...text.names import fold

LONGEST_MARK = 160
#: How a line of a mark begins, folded.
BEGINS = re.compile(
    r"(ky boi|ky so boi|duoc ky|da ky|nguoi ky|ky ten|chu ky|ky ngay|ky luc|ky dien tu|ky so|signed by|"
    r"signature|digitally signed|sao y|sao luc|trich sao|ban sao|ban chinh|ban goc|chung thuc|"
    r"cong van den|van ban den|den so|den ngay|trang \d+( ?/ ?\d+)?$)\b"
    r"|(date|reason|location|contact|dn|e-?mail|thu dien tu|co quan|to chuc|don vi|chuc (vu|danh)|"
    r"thoi gian( ky)?|ngay( ky)?|gio ky|ly do|dia diem|vi tri|so serial|serial|nha cung cap|"
    r"don vi cap|tsa|den|so den|ten) ?:|cn ?=|den$"
)
#: Words of which lines of arrival and dates of signing are made, and of moments.
MOMENT = re.compile(
    r"([\d.:/+\-tz ]|ngay|thang|nam|luc|gio|phut|giay|gmt|utc|am|pm|sa|ch|ict|,|\(|\))*",
    re.IGNORECASE,
)
HAS_MOMENT = re.compile(
    r"\d{1,4}[-/.]\d{1,2}[-/.]\d{2,4}|ngay \d{1,2} thang \d{1,2} nam \d{4}|\d{1,2}:\d{2}"
)
#: What a seal's text is made of, beside the agency's own name.
SEAL = frozenset(
    [
        "uy",
        "ban",
        "nhan",
        "dan",
        "ubnd",
        "hdnd",
        "hoi",
        "dong",
        "cong",
        "hoa",
        "xa",
        "hoi",
        "chu",
        "nghia",
        "viet",
        "nam",
        "phuong",
        "thi",
        "tran",
        "tinh",
        "huyen",
        "quan",
        "thanh",
        "pho",
        "dac",
        "khu",
        "tp",
        "t",
        "h",
        "x",
        "p",
        "q",
        "van",
        "phong",
    ]
)
#: A superior's name in a seal: `T. THANH HÓA`, `huyện Hà Trung`.
ABOVE = re.compile(r"\b(?i:tỉnh|huyện|quận|tp|thành phố|t|h)\b[. ]*((?:[A-ZÀ-ỸĐ][^\W\d_]* ?){1,4})")
NUMBER = re.compile(r"\d*\s?/\s?[A-ZĐ]{2,5}-[A-ZĐ]{2,10}")


class Marks:
    """The marks that may be added to one paper: a seal with the names of its head, a stamp with its own number."""

    def __init__(self, lines: Iterable[str]) -> None:
        all_lines = list(lines)
        self.names = SEAL | set(re.findall(r"[^\W_]+", fold(" ".join(all_lines[:5]))))
        self.numbers = {
            number.replace(" ", "") for line in all_lines for number in NUMBER.findall(line)
        }

    def is_mark(self, text: str, after: bool = False) -> bool:
        """Whether an added text reads like a mark; `after` when it stands right below a line of a mark."""
        text = " ".join(unicodedata.normalize("NFC", text).split())
        if not text or len(text) > LONGEST_MARK:
            return False
        if any(number.replace(" ", "") not in self.numbers for number in NUMBER.findall(text)):
            return False
        plain = fold(text)
        if not re.search(r"[^\W_]", plain):
            return True  # stars and rules
        if BEGINS.match(plain.lstrip('*-•–(“" ')):
            return True
        rest = NUMBER.sub("", text)
        rest = re.sub(r"(?i)^[\W_]*số\b[\s:]*", "", rest) if rest != text else rest
        plain = fold(rest).strip(" ,;")
        if not plain or (HAS_MOMENT.search(plain) and MOMENT.fullmatch(plain)):
            return True  # number and moment of signing, as they stand at the head of an appendix
        if re.search(r"\d", plain):
            return False
        return self._is_name(rest) or (after and self._goes_on(rest))

    def _goes_on(self, text: str) -> bool:
        """The rest of a mark's line that was too long: an address of mail, names in capitals."""
        words = re.findall(r"[^\W_]+", text)
        return "@" in text or all(word[0].isupper() or fold(word) in self.names for word in words)

    def _is_name(self, text: str) -> bool:
        """A person's name, or the agency's as its seal shows it."""
        words = re.findall(r"[^\W_]+", text)
        above = {fold(word) for name in ABOVE.findall(text) for word in name.split()}
        # "Xã" or "phường" of another name is another unit's.
        if all(fold(word) in self.names for word in words):
            return True
        if {"xa", "phuong", "tran", "khu"} & set(map(fold, words)):
            return False
        if above and all(fold(word) in self.names | above for word in words):
            return True
        return 2 <= len(words) <= 5 and all(
            word[0].isupper() and word[1:].islower() for word in words
        )
