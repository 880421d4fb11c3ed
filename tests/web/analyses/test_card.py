import pytest
from django.core.cache import cache

from mimika.core.errors import ServiceUnavailableError
from mimika.service.schemas import ModelInfo
from mimika.web.analyses import card
from mimika.web.analyses.card import current_model
from mimika.web.analyses.service import ClientTwin


@pytest.fixture
def lifetimes(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """For how many seconds each answer was kept."""
    kept: list[int] = []
    real = cache.set

    def remember(key: str, value: object, timeout: int) -> None:
        kept.append(timeout)
        real(key, value, timeout)

    monkeypatch.setattr(card.cache, "set", remember)
    return kept


def test_the_services_answer_is_kept_for_a_minute(
    twin: ClientTwin, model: ModelInfo, lifetimes: list[int]
) -> None:
    twin.offered = [model]
    assert current_model() == model
    twin.offered = ServiceUnavailableError("stopped since")
    assert current_model() == model
    assert lifetimes == [60]


def test_a_service_that_does_not_answer_is_not_asked_for_every_page(
    twin: ClientTwin, model: ModelInfo, lifetimes: list[int]
) -> None:
    twin.offered = ServiceUnavailableError("nobody there")
    assert current_model() is None
    twin.offered = [model]
    assert current_model() is None
    assert lifetimes == [5]
    cache.clear()
    assert current_model() == model
