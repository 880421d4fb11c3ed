from pathlib import Path

import pytest

from mimika.service.server import worker_spec
from mimika.service.settings import ServiceSettings


def test_a_worker_is_told_where_the_model_lies_wherever_it_runs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    spec = worker_spec(
        ServiceSettings(home=tmp_path, model=Path("a.onnx"), max_bytes=5)
    )
    assert spec.options == {
        "model": str(tmp_path / "a.onnx"),
        "name": None,
        "max_bytes": 5,
        "hardware": {
            "threads": 1,
            "provider": "auto",
            "require": False,
            "arena": True,
        },
        "home": str(tmp_path),
        "models_mb": 512,
    }
