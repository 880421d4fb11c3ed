"""One offline HTML file: sections of texts, facts, tables, figures and galleries.

Nothing in it is fetched: styles are inside, pictures are data URIs, and a content
security policy in its head forbids anything else. It follows the reader's light or dark
setting and prints. What stands in it is escaped: names of files are other people's.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar, Literal

from jinja2 import Environment, PackageLoader, StrictUndefined

from mimika.reporting.gallery import Gallery, embed
from mimika.reporting.tables import Table

Level = Literal["good", "note", "warning"]


@dataclass(frozen=True)
class Text:
    """A paragraph; `quiet` for explanations that one can skip."""

    kind: ClassVar[str] = "text"
    text: str
    quiet: bool = False


@dataclass(frozen=True)
class Heading:
    """A heading inside a section."""

    kind: ClassVar[str] = "heading"
    text: str


@dataclass(frozen=True)
class Fact:
    """A figure in large type with what it is."""

    value: str
    name: str
    note: str = ""


@dataclass(frozen=True)
class Facts:
    """Several figures side by side."""

    kind: ClassVar[str] = "facts"
    facts: tuple[Fact, ...]


@dataclass(frozen=True)
class Remark:
    """A sentence with its weight."""

    level: Level
    text: str


@dataclass(frozen=True)
class Remarks:
    """A list of sentences."""

    kind: ClassVar[str] = "remarks"
    remarks: tuple[Remark, ...]


@dataclass(frozen=True)
class Figure:
    """A plot for light and one for dark pages.

    Attributes:
        name: of its PNG file, without ending.
        light: the bytes of the PNG on a light ground.
        dark: the same on a dark ground.
        caption: what it shows, under it; also its alternative text.
        width_px: greatest width in CSS pixels.
    """

    kind: ClassVar[str] = "figure"
    name: str
    light: bytes
    dark: bytes
    caption: str
    width_px: int = 900

    @property
    def light_uri(self) -> str:
        """The light plot as a data URI."""
        return embed(self.light, "png")

    @property
    def dark_uri(self) -> str:
        """The dark plot as a data URI."""
        return embed(self.dark, "png")


Block = Text | Heading | Facts | Remarks | Table | Figure | Gallery


@dataclass(frozen=True)
class Section:
    """A part of the page that the table of contents names.

    Attributes:
        key: unique, letters and hyphens: the anchor.
        title: heading.
        blocks: what stands in it.
    """

    key: str
    title: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True)
class Page:
    """A whole report.

    Attributes:
        title: heading of the page and of the window.
        subtitle: one line under it.
        sections: in their order.
        footer: how it was made.
    """

    title: str
    subtitle: str
    sections: tuple[Section, ...]
    footer: str = ""

    def figures(self) -> tuple[Figure, ...]:
        """All plots, in their order."""
        blocks = (block for section in self.sections for block in section.blocks)
        return tuple(block for block in blocks if isinstance(block, Figure))


def render_page(page: Page) -> str:
    """The page as HTML."""
    environment = Environment(
        loader=PackageLoader("mimika.reporting"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template("page.html").render(page=page)


def paragraphs(texts: Sequence[str], *, quiet: bool = False) -> tuple[Text, ...]:
    """A paragraph for each text."""
    return tuple(Text(text, quiet) for text in texts)
