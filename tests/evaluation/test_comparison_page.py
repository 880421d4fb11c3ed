"""The page of a comparison, and accuracy against cost."""

import io

import pytest
from PIL import Image

from mimika.evaluation.comparison import compare
from mimika.evaluation.comparison_page import build_page, cost_figure
from mimika.evaluation.contestants import enter, load_contestant
from mimika.evaluation.published import load_published
from mimika.reporting.page import render_page


@pytest.fixture
def folders(keep_run):
    return [keep_run("first"), keep_run("<wide>", 0.7, config={"size": 96})]


def comparison(paths):
    return compare(enter([load_contestant(path) for path in paths]))


def test_the_page_has_models_plot_and_published_figures(folders):
    found, published = comparison(folders), load_published()
    figure = cost_figure(found, published, "parameters")
    html = render_page(build_page(found, published, figure))
    assert "&lt;wide&gt;" in html
    assert "<wide>" not in html
    assert "wrong split" in html
    assert "McNemar" in html
    assert html.count("data:image/png") == 4
    with Image.open(io.BytesIO(figure.light)) as light:
        assert light.format == "PNG"
        assert min(light.size) > 500


def test_the_caption_counts_what_could_not_be_drawn(folders):
    judged = folders[1] / "predictions.npz"
    figure = cost_figure(comparison([folders[0], judged]), (), "multiply-adds")
    assert figure.caption == (
        "Accuracy against multiply-adds. Not drawn, because their multiply-adds are "
        "not known: 1."
    )


def test_without_any_known_cost_there_is_no_plot(folders):
    found = comparison([folder / "predictions.npz" for folder in folders])
    assert cost_figure(found, (), "parameters") is None
    page = build_page(found, (), None)
    assert [section.key for section in page.sections] == ["models"]
