import re
from html.parser import HTMLParser

import numpy as np
import pytest

from mimika.reporting.charts import Axis, bars
from mimika.reporting.gallery import Gallery, Group, Tile, data_uri
from mimika.reporting.page import (
    Fact,
    Facts,
    Heading,
    Page,
    Remark,
    Remarks,
    Section,
    Text,
    render_page,
)
from mimika.reporting.tables import Cell, Table, row

EVIL = "<script>alert('x')</script>\"><img src=http://x.example/a.png>"
VOID = {"meta", "img", "source", "br", "link"}


class Balanced(HTMLParser):
    """Fails where a tag is not closed in its turn; collects ids and addresses."""

    def __init__(self):
        super().__init__()
        self.open, self.ids, self.addresses, self.tags = [], [], [], []

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        named = dict(attrs)
        self.ids += [named["id"]] if "id" in named else []
        self.addresses += [named[k] for k in ("src", "href", "srcset") if k in named]
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag


@pytest.fixture(scope="module")
def page():
    picture = data_uri(np.zeros((8, 8), np.uint8))
    blocks = (
        Text(EVIL),
        Heading(EVIL),
        Facts((Fact("1", EVIL, EVIL),)),
        Remarks((Remark("warning", EVIL),)),
        Table((EVIL, "n"), (row(Cell(EVIL, 0.5, "#ff0000"), 3),), EVIL, (0,)),
        bars("counts", EVIL, ["a", "b"], {"x": [1, 2]}, Axis("", "n")),
        Gallery((Group((Tile(picture, EVIL, EVIL, None, EVIL),), EVIL, EVIL),), EVIL),
    )
    sections = (Section("one", "One", blocks), Section("two", EVIL, ()))
    return Page(EVIL, EVIL, sections, EVIL)


def parsed(page):
    parser = Balanced()
    parser.feed(render_page(page))
    assert parser.open == []
    return parser


def test_the_page_is_whole_and_its_contents_lead_to_its_sections(page):
    found = parsed(page)
    assert found.ids == ["one", "two"]
    assert [a for a in found.addresses if a.startswith("#")] == ["#one", "#two"]


def test_other_peoples_text_never_becomes_markup(page):
    assert "script" not in parsed(page).tags


def test_nothing_is_fetched(page):
    for address in parsed(page).addresses:
        assert address.startswith(("data:image/", "#"))
    html = render_page(page)
    assert "default-src 'none'" in html
    assert not re.search(r"url\(|@import", html)


def test_plots_come_for_light_and_dark(page):
    (figure,) = page.figures()
    assert figure.light != figure.dark
    assert figure.light.startswith(b"\x89PNG")
    assert render_page(page).count("prefers-color-scheme: dark") >= 2
