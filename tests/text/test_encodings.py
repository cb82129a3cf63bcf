"""Old Vietnamese encodings: recognised in a few words, converted to the letter, and nothing else touched."""

import json
import re
import tomllib
import unicodedata
from collections.abc import Iterator
from functools import cache
from typing import Any

import pytest
from django.conf import settings
from hypothesis import given
from hypothesis import strategies as st

from reports.text.encodings import Encoding, convert, recognise
from reports.text.typography import clean_line, clean_lines

TCVN3, VNI = Encoding.TCVN3, Encoding.VNI

# --- the tables, from other sources than ours ---------------------------------------------------------

#: What glibc's `iconv -f TCVN5712-1` makes of the bytes A1–FE.
GLIBC = (
    "¡Ă ¢Â £Ê ¤Ô ¥Ơ ¦Ư §Đ ¨ă ©â ªê «ô ¬ơ \xadư ®đ µà ¶ả ·ã ¸á ¹ạ »ằ ¼ẳ ½ẵ ¾ắ Æặ Çầ Èẩ Éẫ Êấ Ëậ Ìè Îẻ Ïẽ "
    "Ðé Ñẹ Òề Óể Ôễ Õế Öệ ×ì Øỉ Üĩ Ýí Þị ßò áỏ âõ ãó äọ åồ æổ çỗ èố éộ êờ ëở ìỡ íớ îợ ïù ñủ òũ óú ôụ õừ "
    "öử ÷ữ øứ ùự úỳ ûỷ üỹ ýý þỵ"
)
#: The same, but no ABC font draws them: its capitals with tones stand in a font of their own.
NOT_IN_THE_FONTS = "¯°±²³´º¿ÀÁÂÃÄÅÍÙÚÛàð"
#: The table printed in the manuals of VNI, small letters, in the order of the alphabet.
VNI_TABLE = (
    "aùá aøà aûả aõã aïạ aêă aéắ aèằ aúẳ aüẵ aëặ aââ aáấ aàầ aåẩ aãẫ aäậ eùé eøè eûẻ eõẽ eïẹ eâê eáế eàề "
    "eåể eãễ eäệ íí ìì æỉ óĩ òị oùó oøò oûỏ oõõ oïọ oâô oáố oàồ oåổ oãỗ oäộ ôơ ôùớ ôøờ ôûở ôõỡ ôïợ uùú "
    "uøù uûủ uõũ uïụ öư öùứ öøừ öûử öõữ öïự yùý yøỳ yûỷ yõỹ îỵ ñđ"
)
FROM_TCVN3 = {pair[0]: pair[1] for pair in GLIBC.split(" ")}
FROM_VNI = {pair[:-1]: pair[-1] for pair in VNI_TABLE.split(" ")}
FROM_VNI |= {code.upper(): letter.upper() for code, letter in FROM_VNI.items()}
CODES = {
    TCVN3: {letter: code for code, letter in FROM_TCVN3.items()},
    VNI: {letter: code for code, letter in FROM_VNI.items()},
}


def encode(text: str, encoding: Encoding) -> str:
    """The text as it looks when pasted from a font of the encoding.

    A capital with a tone has no code in TCVN3: typed there, it becomes the small letter.
    """
    codes = CODES[encoding]
    return "".join(codes.get(char) or codes.get(char.lower(), char) for char in text)


def test_the_tables_of_these_tests_are_whole() -> None:
    letters = set()
    for base in "aăâeêioôơuưy":
        letters |= {unicodedata.normalize("NFC", base + tone) for tone in ("", *"̣̀̉̃́")}
    accented = {letter for letter in letters if not letter.isascii()} | {"đ"}
    assert len(accented) == 67
    assert set(FROM_VNI.values()) == accented | {letter.upper() for letter in accented}
    assert set(FROM_TCVN3.values()) == accented | set("ĂÂÊÔƠƯĐ")


@pytest.mark.parametrize(("code", "letter"), FROM_TCVN3.items())
def test_every_letter_of_tcvn3_becomes_its_unicode_letter(code: str, letter: str) -> None:
    assert convert(f"x{code}", TCVN3) == f"x{letter}"


@pytest.mark.parametrize(("code", "letter"), FROM_VNI.items())
def test_every_letter_of_vni_becomes_its_unicode_letter(code: str, letter: str) -> None:
    assert convert(f"x{code}", VNI) == f"x{letter}"


def test_what_the_old_fonts_do_not_draw_stays() -> None:
    kept = f"12.345 {NOT_IN_THE_FONTS} “a” – ‘b’ … € 5 × 3 ÷ 2"
    assert convert(kept, TCVN3) == kept
    assert convert("5 × 3 · ½ © § ° m²", VNI) == "5 × 3 · ½ © § ° m²"


@pytest.mark.parametrize(("old", "letter"), [("aÂ", "â"), ("Aâ", "Â"), ("Ôù", "Ớ"), ("OÙ", "Ó")])
def test_the_case_of_a_vni_letter_is_that_of_its_base(old: str, letter: str) -> None:
    assert convert(old, VNI) == letter


def test_vni_letters_that_touch_are_told_apart() -> None:
    assert convert("ngöôøi, tuoåi, thuyeát, quyù, khuya, ngoaøi, loaïi, giöõa", VNI) == (
        "người, tuổi, thuyết, quý, khuya, ngoài, loại, giữa"
    )


# --- recognising ------------------------------------------------------------------------------------

SENTENCES = [
    "Cộng hòa xã hội chủ nghĩa Việt Nam",
    "Báo cáo kết quả",
    "số liệu",
    "kế hoạch năm 2024",
    "đã giải quyết 207 hồ sơ",
    "HĐND và UBND xã",
    "thư viện, bưu điện, nước sạch",
    "xã Hà Tiến, huyện Hà Trung",
    "điểm đ khoản 2 Điều 7",
    "truy cập https://dichvucong.gov.vn để nộp hồ sơ",
    "Quyết định số 30/2020/NĐ-CP ngày 05/8/2024",
]


@pytest.mark.parametrize("encoding", Encoding)
@pytest.mark.parametrize("text", SENTENCES)
def test_a_few_words_are_enough(text: str, encoding: Encoding) -> None:
    pasted = encode(text, encoding)
    assert recognise(pasted) is encoding
    assert convert(pasted, encoding) == text


def test_an_encoding_has_the_name_officials_know() -> None:
    assert [encoding.label for encoding in Encoding] == ["TCVN3 (ABC)", "VNI"]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "   \n",
        "Bao cao cong tac cai cach hanh chinh nam 2024",
        "Ủy ban nhân dân xã Hà Tiến",
        unicodedata.normalize("NFD", "Ủy ban nhân dân xã Hà Tiến đã có báo cáo"),
        "có là và thôn công",  # each letter of it has a place in an old encoding
        "Công ty có 5 hồ sơ",
        "Hoà Bình, quý 3, qúy",
        "KẾT QUẢ CÔNG TÁC, CÔNG LAO",
        "25 °C ± 0,5; 5 µm; 3 N·m; ½ ngày; 2 × 3; 6 ÷ 2; 12 m²; 5 m³; §5; © 2024; Zalo®; 100 £",
        "Diện tích 40 m² ± 2, dày 5 µm, lực 3 N·m, có 2 × 3 là ½",
        "Điện thoại: (0237) 3.836.123 · Fax: +84 237 383 6123; e-mail: xa.hatien@thanhhoa.gov.vn",
        "Thể chế¹, tài chính² và công vụ³",
        "công\xadtác cải\xadcách hành\xadchính",
        "thôn Kông Chro, xã Plông, Krông Nô, Sê San, Ê-đê, Đắk Lắk, Ea H’leo",
        "Ông Müller và bà Noël có quán café ở Besançon",
        "Ðông Hà, Ðà Nẵng",
        "Où est-il né ? À Orléans, à côté de l’hôtel où son père a vécu, bien sûr.",
        "Le président a été reçu à la préfecture où l’on a dû présenter les procès-verbaux.",
        "Der Bürgermeister erklärte, die Straße müsse für schöne Gärten größer werden.",
        "Die Prüfung der Anträge dauert übrigens länger; täglich hören wir ähnliche Klagen.",
        "El niño soñó que mañana comería piñas en España; señor, ¿dónde está el baño?",
        "A informação não está disponível; são Paulo é a maior região. A mãe põe pão à mesa.",
        "Rødgrød med fløde på en å; Smörgåsbord är gott, och jag går på gården.",
        "Përshëndetje! Çfarë po bën sot? Crème brûlée, naïve, façade, Citroën.",
        "Þetta er íslenska: það er ekki hægt að læra allt á einum degi.",
        "Český text: příliš žluťoučký kůň úpěl ďábelské ódy.",
        "Ελληνικά, русский текст, 日本語, 한국어",
    ],
)
def test_all_other_text_is_left_alone(text: str) -> None:
    assert recognise(text) is None


@pytest.mark.parametrize("encoding", Encoding)
def test_part_old_part_unicode_is_recognised_and_only_the_old_part_converted(
    encoding: Encoding,
) -> None:
    unicode = "Ủy ban nhân dân xã đã có báo cáo về kết quả giải quyết thủ tục hành chính; công an xã đã họp"
    old = "Trong năm, đơn vị đã tiếp nhận hồ sơ của công dân"
    whole = f"{unicode}\n{old}\n{unicode}: {old.lower()}"
    pasted = f"{unicode}\n{encode(old, encoding)}\n{unicode}: {encode(old.lower(), encoding)}"
    assert recognise(pasted) is encoding
    assert convert(pasted, encoding) == whole


def test_capitals_are_kept_where_plain_letters_show_them() -> None:
    assert convert("CéNG HßA X· HéI CHñ NGHÜA VIÖT NAM", TCVN3) == (
        "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"
    )
    assert convert("ñY BAN NH¢N D¢N X· Hµ TIÕN", TCVN3) == "ỦY BAN NHÂN DÂN XÃ HÀ TIẾN"
    assert convert("UBND x· Hµ TiÕn", TCVN3) == "UBND xã Hà Tiến"


# --- together with cleaning -------------------------------------------------------------------------


def test_converted_before_cleaning_no_letter_is_lost() -> None:
    pasted = " ThÞ\xa0tr­êng  n­íc “s¹ch” \n"
    assert clean_line(convert(pasted, TCVN3)) == "Thị trường nước “sạch”"


def test_converted_after_cleaning_only_the_soft_hyphen_is_lost() -> None:
    cleaned = clean_lines(encode("ô tô, ông, bằng và trường", TCVN3))
    assert cleaned == "« t«, «ng, b»ng vµ trêng"
    for text in SENTENCES:
        cleaned = clean_lines(encode(text, TCVN3))
        assert recognise(cleaned) is TCVN3
        assert convert(cleaned, TCVN3) == convert(encode(text.replace("ư", ""), TCVN3), TCVN3)
        cleaned = clean_lines(encode(text, VNI))
        assert convert(cleaned, recognise(cleaned) or TCVN3) == text


# --- the texts of the house -------------------------------------------------------------------------


def strings(data: Any) -> Iterator[str]:
    if isinstance(data, str):
        yield data
    elif isinstance(data, dict):
        yield from (text for part in data.values() for text in strings(part))
    elif isinstance(data, list):
        yield from (text for part in data for text in strings(part))


@cache
def sentences() -> list[str]:
    """Every sentence of outlines, appendices and demo reports, without its braces."""
    found: set[str] = set()
    for path in sorted((settings.BASE_DIR / "fixtures").rglob("*.*")):
        read = tomllib.loads if path.suffix == ".toml" else json.loads
        for text in strings(read(path.read_text("utf-8"))):
            found |= {part.strip() for part in re.split(r"\{[^}]*\}|[.;:\n]+(?=\s|$)", text)}
    assert len(found) > 1000
    return sorted(unicodedata.normalize("NFC", text) for text in found)


def spoiled(text: str) -> str:
    """The sentence in TCVN3, whose capitals with tones are the small letters: `Ủy` becomes `ủy`."""
    return "".join(FROM_TCVN3.get(code, code) for code in encode(text, TCVN3))


def accented(text: str) -> int:
    return len({word for word in re.findall(r"\w+", text) if not word.isascii()})


def test_every_sentence_of_the_house_is_seen_to_be_unicode() -> None:
    told = {text: recognise(text) for text in sentences()}
    assert {text: found for text, found in told.items() if found} == {}
    assert recognise("\n".join(sentences())) is None


@pytest.mark.parametrize("encoding", Encoding)
def test_every_sentence_of_the_house_comes_back_from_an_old_encoding(encoding: Encoding) -> None:
    said = {text: convert(encode(text, encoding), encoding) for text in sentences()}
    assert {text: made for text, made in said.items() if made not in (text, spoiled(text))} == {}
    exact = [text for text, made in said.items() if made == text]
    assert len(exact) >= (len(said) if encoding is VNI else 0.95 * len(said))


@pytest.mark.parametrize("encoding", Encoding)
def test_every_sentence_of_the_house_is_recognised_in_an_old_encoding(encoding: Encoding) -> None:
    told = {text: recognise(encode(text, encoding)) for text in sentences() if accented(text) >= 3}
    assert len(told) > 500
    assert {text: found for text, found in told.items() if found is not encoding} == {}


@given(st.lists(st.sampled_from(range(1000)), min_size=1, max_size=5), st.sampled_from(Encoding))
def test_any_sentences_together_come_back(chosen: list[int], encoding: Encoding) -> None:
    text = "\n".join(sentences()[at] for at in chosen)
    made = convert(encode(text, encoding), encoding)
    assert made.casefold() == text.casefold()


@given(st.text(), st.sampled_from(Encoding))
def test_any_text_is_converted_to_composed_unicode_and_lines_stay(
    text: str, encoding: Encoding
) -> None:
    recognise(text)
    made = convert(text, encoding)
    assert unicodedata.is_normalized("NFC", made)
    assert len(made.splitlines()) == len(unicodedata.normalize("NFC", text).splitlines())
