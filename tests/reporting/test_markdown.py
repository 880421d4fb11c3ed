"""Markdown that a parser reads back as the words that were given."""

import re
from html import escape

import numpy as np
import pytest
from markdown_it import MarkdownIt

from mimika.reporting.charts import Axis, bars
from mimika.reporting.gallery import Gallery, Group, Tile, data_uri
from mimika.reporting.markdown import render_markdown
from mimika.reporting.page import (
    Fact,
    Facts,
    Heading,
    Page,
    Remark,
    Remarks,
    Section,
    Text,
)
from mimika.reporting.tables import Table, row

EVIL = r"a|b *c* __d__ [e](f) `g` <script>x</script> \n &amp; $1$ ~~h~~ ![i](j)"
STARTS = ("- a list", "+ a list", "# a heading", "1. a list", "12) a list", "=== a")


def page_of(*blocks, title="A report"):
    return Page(title, "About it", (Section("one", "One", blocks),), "The end.")


def read_back(text):
    return MarkdownIt("commonmark").enable("table").enable("strikethrough").render(text)


def test_a_page_becomes_headings_lists_tables_and_pictures():
    text = render_markdown(
        page_of(
            Text("Some words."),
            Heading("A part"),
            Facts((Fact("68.3 %", "accuracy", "66.8 to 69.8 %"), Fact("7", "classes"))),
            Remarks((Remark("note", "Mind this."),)),
            Table(("class", "pictures"), (row("Angry", 467),), "A caption."),
            bars("counts", "Counts", ["a", "b"], {"x": [1, 2]}, Axis("", "n")),
        )
    )
    assert text.splitlines()[0] == "# A report"
    for words in (
        "\n\n## One\n\nSome words.\n\n### A part\n\n",
        "- accuracy: **68.3 %** (66.8 to 69.8 %)\n- classes: **7**\n",
        "> Mind this.\n",
        "| class | pictures |\n| --- | ---: |\n| Angry | 467 |\n\nA caption.\n",
        "![Counts](counts.png)\n\nThe end.\n",
    ):
        assert words in text


@pytest.mark.parametrize(
    "block",
    [
        Text(EVIL),
        Heading(EVIL),
        Facts((Fact(EVIL, "n"),)),
        Remarks((Remark("note", EVIL),)),
        Table(("n", "m"), (row(EVIL, 1),)),
        Table(("n", EVIL), (row("a", 1),)),
    ],
)
def test_nothing_in_a_text_is_taken_for_markdown_or_html(block):
    assert escape(EVIL, quote=False) in read_back(render_markdown(page_of(block)))


@pytest.mark.parametrize("text", STARTS)
def test_the_beginning_of_a_paragraph_makes_it_nothing_else(text):
    html = read_back(render_markdown(page_of(Text("Before."), Text(text))))
    assert f"<p>{text}</p>" in html


def test_names_with_underscores_stay_as_they_can_be_typed():
    text = render_markdown(page_of(Text("mimika train my_experiment.toml --set=a=1")))
    assert "mimika train my_experiment.toml --set=a=1" in text
    assert "my_experiment.toml --set=a=1</p>" in read_back(text)


def test_line_breaks_in_a_name_do_not_end_a_table(tmp_path):
    text = render_markdown(page_of(Table(("n", "m"), (row("a\nb", 1),))))
    assert re.search(r"<td>a b</td>", read_back(text))


def test_a_gallery_is_refused_with_its_section():
    picture = data_uri(np.zeros((8, 8), np.uint8))
    gallery = Gallery((Group((Tile(picture),)),))
    with pytest.raises(ValueError, match="section 'one' holds a gallery"):
        render_markdown(page_of(gallery))
