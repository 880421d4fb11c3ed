"""The page as a stranger reads it; `analyses/test_card.py`: what the service may do."""

import re
from html.parser import HTMLParser

import pytest
from django.test import Client

from mimika.core.errors import ServiceTimeoutError
from mimika.service.schemas import ModelInfo
from mimika.web.about.evaluation import read_evaluation
from mimika.web.analyses.service import ClientTwin

ADDRESS = "/about/model/"
FORBIDDEN = ("Hiring", "School", "Police", "Health", "Lie detection", "Credit")


class Tables(HTMLParser):
    """Counts what makes a table readable by ear."""

    def __init__(self) -> None:
        super().__init__()
        self.captions = 0
        self.headers: list[str | None] = []
        self.styled: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.captions += tag == "caption"
        if tag == "th":
            self.headers.append(dict(attrs).get("scope"))
        if "style" in dict(attrs) or tag == "style":
            self.styled.append(tag)


@pytest.fixture
def page(client: Client, twin: ClientTwin, model: ModelInfo) -> str:
    twin.offered = [model]
    return text_of(client)


def text_of(client: Client) -> str:
    response = client.get(ADDRESS)
    assert response.status_code == 200
    return response.content.decode()


def words(html: str) -> str:
    """The text without tags, in one line."""
    return " ".join(re.sub(r"<[^>]*>", " ", html).split())


def test_the_page_shows_the_card(page: str, model: ModelInfo) -> None:
    for fact in (model.name, model.architecture, model.training_data, model.licence):
        assert fact in page
    assert model.digest in page
    assert "1.250, fitted on PublicTest" in page
    assert "For tests &amp; teaching." in page
    assert "Angry, Disgust, Fear, Happy, Sad, Surprise, Neutral" in page


def test_every_figure_says_how_sure_it_is_and_what_it_was_measured_on(
    page: str,
) -> None:
    found = read_evaluation()
    low, high = found.accuracy_95
    expected = (
        f"Right answers (accuracy) {100 * found.accuracy:.1f} % {100 * low:.1f} % to "
        f"{100 * high:.1f} % {found.split} {found.images}"
    )
    assert expected in words(page)
    assert "slightly optimistic" in page
    assert "clean PublicTest" in page


def test_the_confusion_matrix_is_a_table_that_can_be_read_by_ear(page: str) -> None:
    tables = Tables()
    tables.feed(page)
    assert tables.captions == 3
    assert None not in tables.headers
    assert tables.headers.count("colgroup") == 1
    assert tables.styled == []
    counts = read_evaluation().confusion[0]
    row = re.search(
        r'<tr><th scope="row"[^>]*>Angry</th><td class="table.*?</tr>', page
    )
    assert row is not None
    cells = re.findall(r"<td[^>]*>(.*?)</td>", row[0])
    shown = [int(words(cell).split()[0]) for cell in cells]
    assert shown == [*counts, sum(counts)]


@pytest.mark.parametrize("is_there", [True, False])
def test_what_it_must_not_be_used_for_stands_there_in_any_case(
    client: Client, twin: ClientTwin, model: ModelInfo, is_there: bool
) -> None:
    twin.offered = [model] if is_there else ServiceTimeoutError("silent")
    text = words(text_of(client))
    for use in FORBIDDEN:
        assert use in text
    assert "a guess about an expression , not about a feeling" in text


def test_without_the_service_the_page_says_that_there_is_no_card_now(
    client: Client, twin: ClientTwin
) -> None:
    twin.offered = ServiceTimeoutError("silent")
    page = text_of(client)
    assert "card cannot be shown now" in page
    assert "<table" not in page
    assert "silent" not in page


def test_figures_of_another_model_are_not_shown(
    client: Client, twin: ClientTwin, model: ModelInfo
) -> None:
    twin.offered = [model.model_copy(update={"digest": "0" * 64, "metrics": {}})]
    page = text_of(client)
    assert "no evaluation of exactly this model" in page
    assert "The card has no measured figures." in page
    assert "<table" not in page
