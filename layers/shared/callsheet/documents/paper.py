"""How our documents look on paper: A4, one family of type, one accent, figures in columns.

The same document gives the same bytes: no clock and no random ids go in (`invariant`), the dates of the file are the
day of issue, and the fonts are subsets of files that come with a package of a pinned version.
"""

import unicodedata
from collections.abc import Sequence
from datetime import datetime
from functools import cache
from importlib.util import find_spec
from io import BytesIO
from pathlib import Path
from typing import NamedTuple
from xml.sax.saxutils import escape

from reportlab.lib.colors import Color, HexColor
from reportlab.lib.enums import TA_LEFT, TA_RIGHT
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfbase.pdfmetrics import getFont, registerFont
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import BaseDocTemplate, Flowable, Frame, NextPageTemplate, PageTemplate, Paragraph

REGULAR, STRONG, LIGHT = "SourceSans", "SourceSans-Semibold", "SourceSans-Light"
INK, MUTED, RULE, SHADE = HexColor("#171A1F"), HexColor("#69707B"), HexColor("#D9DDE3"), HexColor("#F5F6F8")
ACCENT = HexColor("#B4441F")
MARGIN = 20 * mm
WIDTH = A4[0] - 2 * MARGIN
_FILES = {
    REGULAR: "SourceSansPro-Regular",
    STRONG: "SourceSansPro-Semibold",
    LIGHT: "SourceSansPro-Light",
}
_FIRST_TOP, _LATER_TOP, _BOTTOM = 44 * mm, 27 * mm, 26 * mm


class Title(NamedTuple):
    """What stands on every page: which document this is, and the hash that proves its content."""

    word: str
    number: str
    issued_at: datetime
    sha256: str
    subject: str


class _NumberedCanvas(Canvas):
    """Keeps its pages back until their number is known, to write `1 / 3` at the foot of each."""

    def __init__(self, title: Title, file: BytesIO) -> None:
        super().__init__(file, pagesize=A4, invariant=True, pageCompression=1, lang="en")
        self._title = title
        self._pages: list[dict[str, object]] = []
        stamp = title.issued_at.strftime("D:%Y%m%d%H%M%SZ")
        self.setDateFormatter(lambda *_: stamp)
        self.setViewerPreference("DisplayDocTitle", "true")

    def showPage(self) -> None:  # noqa: N802 - reportlab's name
        self._pages.append(dict(self.__dict__))
        self._startPage()  # type: ignore[attr-defined]  # the recipe of reportlab's own documentation

    def save(self) -> None:
        for number, page in enumerate(self._pages, 1):
            self.__dict__.update(page)
            _footer(self, self._title, f"{number} / {len(self._pages)}")
            super().showPage()
        super().save()


def render(title: Title, story: Sequence[Flowable]) -> bytes:
    """The PDF of a document: its story on as many pages as it needs."""
    fonts()
    file = BytesIO()
    document = BaseDocTemplate(
        file,
        pagesize=A4,
        title=f"{title.word} {title.number}",
        author="Callsheet",
        creator="Callsheet",
        subject=title.subject,
        keywords=[f"sha256:{title.sha256}"],
    )
    document.addPageTemplates(
        [
            PageTemplate("first", [_frame(_FIRST_TOP)], onPage=lambda canvas, _: _letterhead(canvas, title)),
            PageTemplate(
                "later", [_frame(_LATER_TOP)], onPage=lambda canvas, _: _running_head(canvas, title)
            ),
        ]
    )
    document.build(
        [NextPageTemplate("later"), *story],
        canvasmaker=lambda made_for, **_: _NumberedCanvas(title, made_for),
    )
    return file.getvalue()


@cache
def fonts() -> None:
    """Register the family once a process."""
    spec = find_spec("font_source_sans_pro")
    if spec is None or spec.origin is None:
        raise FileNotFoundError("the package font-source-sans-pro is missing from the layer")
    files = Path(spec.origin).parent / "files"
    for name, file in _FILES.items():
        registerFont(TTFont(name, files / f"{file}.ttf"))


def legible(text: str) -> str:
    """Text as the font can show it: composed, on one line, with `?` for what it has no letter for.

    The font has Latin, Greek and Cyrillic letters; the document's JSON has every text as it is.
    """
    fonts()
    known = getFont(REGULAR).face.charToGlyph  # type: ignore[attr-defined]  # of every TrueType face
    one_line = " ".join(unicodedata.normalize("NFC", text).split())
    return "".join(letter if ord(letter) in known else "?" for letter in one_line)


def style(
    size: float = 9.5,
    *,
    font: str = REGULAR,
    color: Color = INK,
    right: bool = False,
    leading: float | None = None,
) -> ParagraphStyle:
    return ParagraphStyle(
        f"{font}-{size}-{color.hexval()}-{right}",
        fontName=font,
        fontSize=size,
        leading=leading or size * 1.4,
        textColor=color,
        alignment=TA_RIGHT if right else TA_LEFT,
    )


def text(words: str, look: ParagraphStyle | None = None) -> Paragraph:
    """A paragraph of plain words: what people have written is never read as reportlab's markup."""
    return Paragraph(escape(legible(words)), look or style())


def label(words: str, *, right: bool = False) -> Paragraph:
    """A small heading over a column or a figure."""
    return text(words, style(8, font=STRONG, color=MUTED, right=right))


def _frame(top: float) -> Frame:
    height = A4[1] - top - _BOTTOM
    return Frame(MARGIN, _BOTTOM, WIDTH, height, leftPadding=0, rightPadding=0, topPadding=0, bottomPadding=0)


def _letterhead(canvas: Canvas, title: Title) -> None:
    top = A4[1] - 24 * mm
    _wordmark(canvas, MARGIN, top, 1)
    canvas.setFont(LIGHT, 25)
    canvas.setFillColor(INK)
    canvas.drawRightString(A4[0] - MARGIN, top - 0.3 * mm, title.word)
    _rule(canvas, A4[1] - 34 * mm)


def _running_head(canvas: Canvas, title: Title) -> None:
    top = A4[1] - 16 * mm
    _wordmark(canvas, MARGIN, top, 0.62)
    canvas.setFont(REGULAR, 8.5)
    canvas.setFillColor(MUTED)
    canvas.drawRightString(A4[0] - MARGIN, top + 0.5 * mm, f"{title.word} {title.number}")
    _rule(canvas, A4[1] - 20 * mm)


def _wordmark(canvas: Canvas, x: float, y: float, scale: float) -> None:
    """A sheet with three calls on it, the first of them next, and the name."""
    canvas.saveState()
    canvas.translate(x, y)
    canvas.scale(scale, scale)
    canvas.setFillColor(INK)
    canvas.roundRect(0, -1.2 * mm, 7.4 * mm, 8.8 * mm, 1.5 * mm, stroke=0, fill=1)
    for row, (length, color) in enumerate(
        ((4.4, ACCENT), (4.4, HexColor("#FFFFFF")), (2.7, HexColor("#FFFFFF")))
    ):
        canvas.setFillColor(color)
        canvas.roundRect(1.5 * mm, (5 - 2.2 * row) * mm, length * mm, 1 * mm, 0.5 * mm, stroke=0, fill=1)
    canvas.setFillColor(INK)
    canvas.setFont(STRONG, 19)
    canvas.drawString(10 * mm, 0.9 * mm, "Callsheet")
    canvas.restoreState()


def _footer(canvas: Canvas, title: Title, page: str) -> None:
    _rule(canvas, 18 * mm)
    canvas.setFillColor(MUTED)
    canvas.setFont(REGULAR, 8)
    canvas.drawString(MARGIN, 13.4 * mm, f"{title.word} {title.number}")
    canvas.drawRightString(A4[0] - MARGIN, 13.4 * mm, page)
    canvas.setFont(REGULAR, 6.6)
    canvas.drawString(MARGIN, 10 * mm, f"SHA-256 {title.sha256}")


def _rule(canvas: Canvas, y: float) -> None:
    canvas.setStrokeColor(RULE)
    canvas.setLineWidth(0.5)
    canvas.line(MARGIN, y, A4[0] - MARGIN, y)
