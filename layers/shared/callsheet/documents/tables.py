"""The tables on our documents: words to the left, figures to the right, headings that come again on each page."""

from collections.abc import Sequence
from typing import NamedTuple

from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.platypus import Flowable, KeepTogether, LongTable, Spacer, Table

from callsheet.documents.paper import INK, MUTED, RULE, STRONG, WIDTH, label, style, text

type Command = tuple[str, tuple[int, int], tuple[int, int], *tuple[object, ...]]


class Column(NamedTuple):
    """`share` of the page's width; figures stand to the right."""

    heading: str
    share: float
    is_figure: bool = False


class Fact(NamedTuple):
    label: str
    words: str


class Sum(NamedTuple):
    """One line of a column of sums; the strong one is what it all comes to."""

    label: str
    figure: str
    is_strong: bool = False


def gap(height_mm: float) -> Spacer:
    return Spacer(0, height_mm * mm)


def heading(words: str) -> Flowable:
    return text(words, style(12, font=STRONG, leading=18))


def lines(columns: Sequence[Column], rows: Sequence[Sequence[str]]) -> Flowable:
    """A table that flows over pages and repeats its headings."""
    head: list[Flowable] = [label(column.heading, right=column.is_figure) for column in columns]
    body = [[text(words, _cell(column)) for column, words in zip(columns, row, strict=True)] for row in rows]
    return LongTable(
        [head, *body],
        colWidths=[column.share * WIDTH for column in columns],
        repeatRows=1,
        style=[
            *_NO_SIDES,
            ("LINEBELOW", (0, 0), (-1, -1), 0.4, RULE),
            ("LINEBELOW", (0, 0), (-1, 0), 0.8, INK),
            ("TOPPADDING", (0, 1), (-1, -1), 3.4),
            ("BOTTOMPADDING", (0, 1), (-1, -1), 4.6),
        ],
    )


def sums(rows: Sequence[Sum], share: float = 0.46, figures: float = 0.45) -> Flowable:
    """Figures at the right edge, kept on one page; `figures` is their part of the `share` of the width."""
    made = []
    rules: list[Command] = []
    for number, row in enumerate(rows):
        size, font = (11.5, STRONG) if row.is_strong else (9.5, style().fontName)
        made.append(
            [
                text(row.label, style(size, font=font, color=INK if row.is_strong else MUTED)),
                text(row.figure, style(size, font=font, right=True)),
            ]
        )
        if row.is_strong:
            rules += [
                ("LINEABOVE", (0, number), (-1, number), 0.8, INK),
                ("TOPPADDING", (0, number), (-1, number), 5),
            ]
    return Table(
        made,
        colWidths=[share * (1 - figures) * WIDTH, share * figures * WIDTH],
        hAlign="RIGHT",
        style=[
            *_NO_SIDES,
            ("TOPPADDING", (0, 0), (-1, -1), 1.8),
            ("BOTTOMPADDING", (0, 0), (-1, -1), 2.6),
            *rules,
            ("NOSPLIT", (0, 0), (-1, -1)),
        ],
    )


def facts(rows: Sequence[Fact]) -> Flowable:
    """What a document is about, side by side."""
    share = WIDTH / len(rows)
    return Table(
        [[label(fact.label) for fact in rows], [text(fact.words) for fact in rows]],
        colWidths=[share] * len(rows),
        style=[*_NO_SIDES, ("TOPPADDING", (0, 0), (-1, -1), 0), ("BOTTOMPADDING", (0, 0), (-1, -1), 1)],
    )


def parties(columns: Sequence[tuple[str, str, Sequence[str]]]) -> Flowable:
    """Two columns: what each is, their name, and what else is known of them."""
    cells = [
        [
            label(role),
            text(name, style(12, font=STRONG, leading=17)),
            *(text(words, style(8.5, color=MUTED)) for words in more),
        ]
        for role, name, more in columns
    ]
    return Table(
        [cells],
        colWidths=[WIDTH / len(columns)] * len(columns),
        style=[*_NO_SIDES, ("VALIGN", (0, 0), (-1, -1), "TOP"), ("TOPPADDING", (0, 0), (-1, -1), 0)],
    )


def together(*parts: Flowable) -> Flowable:
    """A heading does not stay behind when its table goes to the next page."""
    return KeepTogether(list(parts))


def _cell(column: Column) -> ParagraphStyle:
    return style(right=column.is_figure)


_NO_SIDES: list[Command] = [
    ("LEFTPADDING", (0, 0), (0, -1), 0),
    ("RIGHTPADDING", (-1, 0), (-1, -1), 0),
    ("VALIGN", (0, 0), (-1, -1), "BOTTOM"),
]
