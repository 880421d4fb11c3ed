"""A page as Markdown, its plots as files beside it.

What stands in it is escaped as CommonMark 0.31 has it (sections 2.4 and 6): names of
classes and of files are other people's. Checked against markdown-it. Galleries have no
form in Markdown: a page with one is not written so.
"""

import re

from mimika.reporting.page import (
    Block,
    Facts,
    Figure,
    Heading,
    Page,
    Remarks,
    Section,
    Text,
)
from mimika.reporting.tables import Table

# an underscore inside a word marks nothing: snake_case stays as it is typed
SPECIAL = re.compile(r"[\\`*\[\]<>|~&$]|(?<![^\W_])_|_(?![^\W_])")
AT_START = re.compile(r"^([-+=#]|\d+(?=[.)]))")  # lists, headings and underlines


def render_markdown(page: Page) -> str:
    """The page as Markdown.

    Args:
        page: its figures are linked by name: `curves` as `curves.png`.

    Raises:
        ValueError: it holds a gallery.
    """
    parts = [f"# {escaped(page.title)}", _paragraph(page.subtitle)]
    for section in page.sections:
        parts.append(f"## {escaped(section.title)}")
        parts += [_block(block, section) for block in section.blocks]
    parts.append(_paragraph(page.footer))
    return "\n\n".join(part for part in parts if part) + "\n"


def escaped(text: str) -> str:
    """Text on one line in which nothing is taken for Markdown or HTML."""
    return SPECIAL.sub(r"\\\g<0>", " ".join(text.split()))


def _paragraph(text: str) -> str:
    """Escaped text whose beginning does not make it something else."""

    def at_start(found: re.Match[str]) -> str:
        sign = found[0]
        return f"{sign}\\" if sign.isdigit() else f"\\{sign}"

    return AT_START.sub(at_start, escaped(text))


def _block(block: Block, section: Section) -> str:
    if isinstance(block, Text):
        return _paragraph(block.text)
    if isinstance(block, Heading):
        return f"### {escaped(block.text)}"
    if isinstance(block, Facts):
        return "\n".join(
            f"- {escaped(fact.name)}: **{escaped(fact.value)}**"
            + (f" ({escaped(fact.note)})" if fact.note else "")
            for fact in block.facts
        )
    if isinstance(block, Remarks):
        # in quotes: a list would grow together with one before it
        return "\n\n".join(f"> {_paragraph(remark.text)}" for remark in block.remarks)
    if isinstance(block, Table):
        return _table(block)
    if isinstance(block, Figure):
        return f"![{escaped(block.caption)}]({block.name}.png)"
    raise ValueError(
        f"section {section.key!r} holds a {block.kind}, which has no form in Markdown"
    )


def _table(table: Table) -> str:
    rules = ["---" if place in table.words else "---:" for place in _places(table)]
    rows = [[escaped(cell.text) for cell in row] for row in table.rows]
    lines = [[escaped(text) for text in table.header], rules, *rows]
    text = "\n".join("| " + " | ".join(line) + " |" for line in lines)
    return f"{text}\n\n{_paragraph(table.caption)}" if table.caption else text


def _places(table: Table) -> range:
    return range(len(table.header))
