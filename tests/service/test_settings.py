from pathlib import Path

import pytest

from mimika.core.errors import ConfigError
from mimika.core.images import DEFAULT_LIMITS
from mimika.service.settings import DemoSettings, ServiceSettings, read_settings


@pytest.fixture(autouse=True)
def empty_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ServiceSettings.model_fields:
        monkeypatch.delenv(f"MIMIKA_SERVICE_{name.upper()}", raising=False)
    monkeypatch.delenv("MIMIKA_HOME", raising=False)


def test_without_settings_only_this_machine_is_served() -> None:
    settings = read_settings()
    assert (settings.host, settings.port) == ("127.0.0.1", 8100)
    assert settings.home == Path.home() / ".mimika"
    assert settings.max_bytes == DEFAULT_LIMITS.max_bytes
    assert 1 <= settings.workers <= 4


def test_settings_come_from_the_environment(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("MIMIKA_HOME", str(tmp_path))
    monkeypatch.setenv("MIMIKA_SERVICE_PORT", "0")
    monkeypatch.setenv("MIMIKA_SERVICE_DEADLINE_S", "2.5")
    settings = read_settings()
    assert settings.home == tmp_path
    assert (settings.port, settings.deadline_s) == (0, 2.5)


def test_a_demonstration_has_a_port_of_its_own_unless_one_is_named(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert read_settings(DemoSettings).port == 8200
    monkeypatch.setenv("MIMIKA_SERVICE_PORT", "1")
    assert read_settings(DemoSettings).port == 1


def test_what_is_given_goes_before_the_environment(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("MIMIKA_SERVICE_PORT", "1")
    monkeypatch.setenv("MIMIKA_SERVICE_WORKERS", "3")
    settings = read_settings(port=2, workers=None)
    assert (settings.port, settings.workers) == (2, 3)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("MIMIKA_SERVICE_PORT", "80a"),
        ("MIMIKA_SERVICE_WORKERS", "0"),
        ("MIMIKA_SERVICE_LOG_LEVEL", "loud"),
    ],
)
def test_an_impossible_value_names_its_variable(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(ConfigError, match=f"^{name} is '{value}': "):
        read_settings()


def test_every_setting_is_in_the_documentation() -> None:
    page = Path(__file__).parents[2] / "docs" / "service.md"
    text = page.read_text(encoding="utf-8")
    for name in set(ServiceSettings.model_fields) - {"home"}:
        assert f"`MIMIKA_SERVICE_{name.upper()}`" in text
    assert "`MIMIKA_HOME`" in text
