"""The styles of the Word writer: one for each component of Nghị định 30/2020/NĐ-CP, Phụ lục I."""

from typing import Any

from docx.document import Document as Word
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH as ALIGN
from docx.enum.text import WD_LINE_SPACING
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor

FACE = "Times New Roman"
#: name: (size, bold, italic, alignment, space before in pt, line spacing in pt)
STYLES: dict[str, tuple[float, bool, bool, Any, float, float]] = {
    "Quốc hiệu": (13, True, False, ALIGN.CENTER, 0, 16.25),
    "Tiêu ngữ": (14, True, False, ALIGN.CENTER, 0, 17.5),
    "Cơ quan cấp trên": (13, False, False, ALIGN.CENTER, 0, 16.25),
    "Cơ quan ban hành": (13, True, False, ALIGN.CENTER, 0, 16.25),
    "Số, ký hiệu": (13, False, False, ALIGN.CENTER, 8, 16.25),
    "Địa danh, ngày tháng": (14, False, True, ALIGN.CENTER, 8, 17.5),
    "Tên loại văn bản": (14, True, False, ALIGN.CENTER, 14, 18.2),
    "Trích yếu": (14, True, False, ALIGN.CENTER, 0, 18.2),
    "Kính gửi": (14, False, False, ALIGN.CENTER, 12, 18.2),
    "Nơi kính gửi": (14, False, False, ALIGN.LEFT, 0, 18.2),
    "Căn cứ": (14, False, True, ALIGN.JUSTIFY, 6, 18.2),
    "Nội dung": (14, False, False, ALIGN.JUSTIFY, 6, 18.2),
    "Đề mục nhỏ": (14, False, False, ALIGN.JUSTIFY, 6, 18.2),
    "Quyền hạn, chức vụ": (14, True, False, ALIGN.CENTER, 0, 17.5),
    "Họ tên người ký": (14, True, False, ALIGN.CENTER, 0, 17.5),
    "Nơi nhận": (12, True, True, ALIGN.LEFT, 0, 14.4),
    "Nơi nhận chi tiết": (11, False, False, ALIGN.LEFT, 0, 13.2),
    "Phụ lục": (14, True, False, ALIGN.CENTER, 0, 18.2),
    "Tên phụ lục": (14, True, False, ALIGN.CENTER, 0, 18.2),
    "Kèm theo": (14, False, True, ALIGN.CENTER, 0, 18.2),
    "Bảng": (12, False, False, ALIGN.LEFT, 0, 14.4),
    "Đầu bảng": (12, True, False, ALIGN.CENTER, 0, 14.4),
    "Chú thích": (11, False, False, ALIGN.LEFT, 3, 13.2),
    "Tên phiếu": (14, True, False, ALIGN.CENTER, 0, 18.2),
    "Kỳ của phiếu": (12, False, True, ALIGN.CENTER, 2, 15.6),
    "Gợi ý": (12, False, True, ALIGN.LEFT, 2, 15.6),
    "Dòng kẻ": (12, False, False, ALIGN.LEFT, 0, 24),
    "Chân phiếu": (10, False, True, ALIGN.CENTER, 0, 12),
    "Số trang": (13, False, False, ALIGN.CENTER, 0, 16.25),
}
INDENTED = ("Căn cứ", "Nội dung", "Đề mục nhỏ")


def style_id(name: str) -> str:
    """How the library names a style's identifier: the name without spaces."""
    return name.replace(" ", "")


def add_styles(word: Word) -> None:
    _speak_vietnamese(word)
    normal = word.styles["Normal"]
    _font(normal, 14, False, False)
    normal.paragraph_format.space_after = Pt(0)
    for name, (size, bold, italic, align, before, line) in STYLES.items():
        style = word.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
        style.base_style = normal
        style.quick_style = True
        _font(style, size, bold, italic)
        _layout(style.paragraph_format, align, before, line)
        if name in INDENTED:
            style.paragraph_format.first_line_indent = Mm(12.7)
        style.paragraph_format.widow_control = True
    word.styles["Đề mục nhỏ"].paragraph_format.keep_with_next = True
    for level, before in ((1, 9), (2, 6), (3, 6)):
        heading = word.styles[f"Heading {level}"]
        _font(heading, 14, True, False)
        _layout(heading.paragraph_format, ALIGN.LEFT, before, 18.2)
        heading.paragraph_format.first_line_indent = Mm(12.7)
        heading.paragraph_format.keep_with_next = True


def _speak_vietnamese(word: Word) -> None:
    """The language of the whole text, for Word's spelling and its readers aloud."""
    (defaults,) = word.styles.element.xpath("w:docDefaults/w:rPrDefault/w:rPr")
    for old in defaults.findall(qn("w:lang")):
        defaults.remove(old)
    language = OxmlElement("w:lang")
    for script in ("w:val", "w:eastAsia"):
        language.set(qn(script), "vi-VN")
    defaults.append(language)


def _font(style: Any, size: float, bold: bool, italic: bool) -> None:
    font = style.font
    font.name, font.size, font.bold, font.italic = FACE, Pt(size), bold, italic
    font.color.rgb = RGBColor(0, 0, 0)
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    for script in ("w:ascii", "w:hAnsi", "w:eastAsia", "w:cs"):
        fonts.set(qn(script), FACE)
    for theme in ("w:asciiTheme", "w:hAnsiTheme", "w:eastAsiaTheme", "w:cstheme"):
        fonts.attrib.pop(qn(theme), None)


def _layout(layout: Any, align: Any, before: float, line: float) -> None:
    layout.alignment = align
    layout.space_before, layout.space_after = Pt(before), Pt(0)
    layout.line_spacing_rule, layout.line_spacing = WD_LINE_SPACING.EXACTLY, Pt(line)
