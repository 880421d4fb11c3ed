"""The paper of a report: A4 pages with fonts, running heads and page numbers."""

from collections.abc import Container, Iterator
from datetime import datetime

from fpdf import FPDF

from mimika.reporting.annotate import FONT_FILE
from mimika.web.reports.lines import Run, longest_start, runs, wrap
from mimika.web.reports.printable import is_right_to_left, one_line, printable

BOLD_FONT_FILE = FONT_FILE.with_name("DejaVuSans-Bold.ttf")
MARGIN_MM = 18.0
FOOT_MM = 20.0  # kept free below the text
INK = "#1b1f24"
QUIET = "#59636e"  # 6 : 1 on white
LINE = "#d1d9e0"
TRACK = "#eef1f4"
LEADING_MM = 0.5  # from one line to the next for each point of the letters


class Sheet(FPDF):
    """Pages that are written from top to bottom.

    Attributes:
        letters: the code points that can be shown.
    """

    def __init__(self, heading: str, foot: str, pages: int) -> None:
        """Opens the first page.

        Args:
            heading: stands small on every page but the first.
            foot: stands at the foot of every page.
            pages: how many pages there will be.
        """
        super().__init__(unit="mm", format="A4")
        self.alias_nb_pages(None)  # type: ignore[arg-type]  # a note may hold "{nb}"
        self.add_font("sans", fname=FONT_FILE)
        self.add_font("sans", style="B", fname=BOLD_FONT_FILE)
        self.set_fallback_fonts(["sans"], exact_match=False)
        self.set_margins(MARGIN_MM, MARGIN_MM, MARGIN_MM)
        self.set_auto_page_break(False, FOOT_MM)  # `keep` does that
        self.c_margin = 0
        self.letters: Container[int] = self.fonts["sans"].cmap  # type: ignore[union-attr]
        self._heading, self._foot, self._pages = heading, foot, pages
        self.add_page()

    def describe(self, title: str, written: datetime) -> None:
        """Sets what a reader shows about the file."""
        self.set_title(one_line(printable(title, self.letters)))
        self.set_creator("mimika")
        self.set_producer("mimika")
        self.set_lang("en")
        self.set_creation_date(written)

    def header(self) -> None:
        """Draws the running head; called by fpdf2."""
        if self.page_no() == 1:
            return
        self.set_xy(MARGIN_MM, 10)
        self.write_line(self._heading, 8, colour=QUIET)
        self.rule(16)
        self.set_y(MARGIN_MM + 3)

    def footer(self) -> None:
        """Draws the foot of the page; called by fpdf2."""
        y = self.h - 12
        self.rule(y - 2.5)
        self.set_xy(MARGIN_MM, y)
        number = f"Page {self.page_no()} of {self._pages}"
        self.write_line(number, 8, colour=QUIET, to_right=True)
        self.set_xy(MARGIN_MM, y)
        self.write_line(self._foot, 8, width=self.epw - 30, colour=QUIET)

    def pen(self, size_pt: float, *, bold: bool = False, colour: str = INK) -> None:
        """Chooses how the next text looks."""
        self.set_font("sans", "B" if bold else "", size_pt)
        self.set_text_color(colour)

    def write_line(
        self,
        text: str,
        size_pt: float,
        *,
        width: float = 0,
        bold: bool = False,
        colour: str = INK,
        to_right: bool = False,
    ) -> None:
        """Writes one line at the pen's place; an ellipsis ends one that is too long.

        Args:
            text: what to write.
            size_pt: height of the letters.
            width: of the line in mm; 0 reaches to the right margin.
            bold: whether the letters are bold.
            colour: of the letters.
            to_right: whether the line ends at the right end of its width.
        """
        self.pen(size_pt, bold=bold, colour=colour)
        room = width or self.w - self.r_margin - self.x
        shown = self._cut(printable(one_line(text), self.letters), room)
        self._put(shown, room, is_right_to_left(shown), to_right)

    def write_block(
        self,
        text: str,
        size_pt: float,
        *,
        width: float = 0,
        bold: bool = False,
        colour: str = INK,
    ) -> None:
        """Writes paragraphs below each other, on the next page where this one ends.

        Those that start in Arabic or Hebrew stand at the right.
        """
        self.pen(size_pt, bold=bold, colour=colour)
        x, room = self.x, width or self.w - self.r_margin - self.x
        for line, leftwards in self._lines(text, room):
            self.keep(size_pt * LEADING_MM)
            self.pen(size_pt, bold=bold, colour=colour)
            self.set_x(x)
            self._put(line, room, leftwards, to_right=leftwards)
            self.set_xy(x, self.y + size_pt * LEADING_MM)

    def block_mm(self, text: str, size_pt: float, width: float) -> float:
        """How high `write_block` would be."""
        self.pen(size_pt)
        return len(list(self._lines(text, width))) * size_pt * LEADING_MM

    def keep(self, height_mm: float) -> None:
        """Starts a page unless this much still fits on this one."""
        if self.y + height_mm > self.page_break_trigger:
            self.add_page()

    def rule(self, y: float) -> None:
        """Draws a thin line across the text's width."""
        self.set_draw_color(LINE)
        self.set_line_width(0.2)
        self.line(MARGIN_MM, y, self.w - MARGIN_MM, y)

    def box(
        self,
        x: float,
        y: float,
        w: float,
        h: float,
        colour: str,
        *,
        round_mm: float = 0,
    ) -> None:
        """Fills a rectangle."""
        self.set_fill_color(colour)
        self.rect(x, y, w, h, "F", round_corners=round_mm > 0, corner_radius=round_mm)

    def close(self) -> None:
        """Closes the files of the fonts."""
        for font in self.fonts.values():
            font.ttfont.close()  # type: ignore[union-attr]

    def _lines(self, text: str, room: float) -> Iterator[tuple[str, bool]]:
        """The lines of a text, each with whether its paragraph runs leftwards."""
        for paragraph in printable(text, self.letters).split("\n"):
            leftwards = is_right_to_left(paragraph)
            for line in wrap(paragraph, self._measure, room):
                yield line, leftwards

    def _put(self, line: str, room: float, leftwards: bool, to_right: bool) -> None:
        """Writes a line of the chosen look; the pen stays in its row."""
        height = self.font_size_pt * LEADING_MM
        pieces = [Run(line, leftwards=False)]
        if leftwards or not _is_plain(line):
            pieces = runs(line, leftwards=leftwards)
        start = self.x
        widths = [self._measure(piece.text) for piece in pieces]
        if to_right:
            self.set_x(start + room - sum(widths))
        for piece, width in zip(pieces, widths, strict=True):
            self._shape(piece)
            self.cell(width, height, piece.text)

    def _measure(self, text: str) -> float:
        self._shape(Run(text, is_right_to_left(text)))
        return self.get_string_width(text)

    def _shape(self, run: Run) -> None:
        """Joins letters and runs them leftwards, where the next text needs that."""
        if _is_plain(run.text) and not run.leftwards:
            self.set_text_shaping(False)
        else:
            self.set_text_shaping(True, direction="rtl" if run.leftwards else "ltr")

    def _cut(self, text: str, room: float) -> str:
        """The text, or as much of it as fits before an ellipsis."""
        if self._measure(text) <= room:
            return text
        start = longest_start(text, self._measure, room - self._measure("…"))
        return start.rstrip() + "…"


def _is_plain(text: str) -> bool:
    """Whether each letter is Latin, and stands alone: shaping takes long."""
    return all(ord(character) < 0x300 or character in "…" for character in text)
