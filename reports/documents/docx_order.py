"""The order in which Word's schema wants the children of its property elements (ECMA-376, part 1, annex A).

Word is lenient, its strict readers are not: what the writer gathered in any order is put right once.
"""

from typing import Any

from docx.oxml.ns import qn

ORDER = {
    "w:pPr": "pStyle keepNext keepLines pageBreakBefore framePr widowControl numPr suppressLineNumbers "
    "pBdr shd tabs suppressAutoHyphens kinsoku wordWrap overflowPunct topLinePunct autoSpaceDE "
    "autoSpaceDN bidi adjustRightInd snapToGrid spacing ind contextualSpacing mirrorIndents "
    "suppressOverlap jc textDirection textAlignment textboxTightWrap outlineLvl divId cnfStyle rPr "
    "sectPr pPrChange",
    "w:rPr": "rStyle rFonts b bCs i iCs caps smallCaps strike dstrike outline shadow emboss imprint "
    "noProof snapToGrid vanish webHidden color spacing w kern position sz szCs highlight u effect bdr "
    "shd fitText vertAlign rtl cs em lang eastAsianLayout specVanish oMath",
    "w:tblPr": "tblStyle tblpPr tblOverlap bidiVisual tblStyleRowBandSize tblStyleColBandSize tblW jc "
    "tblCellSpacing tblInd tblBorders shd tblLayout tblCellMar tblLook tblCaption tblDescription",
    "w:tcPr": "cnfStyle tcW gridSpan hMerge vMerge tcBorders shd noWrap tcMar textDirection tcFitText "
    "vAlign hideMark",
    "w:sectPr": "headerReference footerReference footnotePr endnotePr type pgSz pgMar paperSrc "
    "pgBorders lnNumType pgNumType cols formProt vAlign noEndnote titlePg textDirection bidi rtlGutter "
    "docGrid printerSettings",
}
PLACES = {
    qn(parent): {qn(f"w:{name}"): at for at, name in enumerate(names.split())}
    for parent, names in ORDER.items()
}


def in_order(element: Any) -> bool:
    """Whether the children of one property element stand as the schema has them."""
    places = [PLACES[element.tag].get(child.tag, 999) for child in element]
    return places == sorted(places)


def put_in_order(root: Any) -> None:
    """Sort the children of every property element below `root`."""
    for element in root.iter(*PLACES):
        if not in_order(element):
            places = PLACES[element.tag]
            element[:] = sorted(element, key=lambda child: places.get(child.tag, 999))
