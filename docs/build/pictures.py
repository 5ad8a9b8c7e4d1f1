"""The pictures in the guide to receipts: `python -m docs.build.pictures` draws them anew.

Not part of `make docs`: another machine's renderer draws other pixels. What is compared in tests is the documents.
"""

from pathlib import Path

import pypdfium2  # type: ignore[import-untyped]  # it has no stubs
from PIL.Image import Quantize

from callsheet.documents.receipt_paper import receipt_pdf
from callsheet.documents.statement_paper import statement_pdf
from docs.build.samples import the_receipt, the_statement

FOLDER = Path(__file__).resolve().parents[1] / "guides/pictures"
_SCALE = 1.35  # 97 dots an inch


def main() -> None:
    FOLDER.mkdir(exist_ok=True)
    for name, content in (
        ("receipt", receipt_pdf(the_receipt())),
        ("statement", statement_pdf(the_statement())),
    ):
        pages = pypdfium2.PdfDocument(content)
        for number in range(len(pages)):
            picture = pages[number].render(scale=_SCALE).to_pil().quantize(method=Quantize.FASTOCTREE)
            picture.save(FOLDER / f"{name}-{number + 1}.png", optimize=True)


if __name__ == "__main__":
    main()
