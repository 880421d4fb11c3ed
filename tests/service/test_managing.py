"""Adding and removing models over HTTP."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from fastapi import FastAPI
from pydantic import SecretStr

from mimika.core.errors import ModelError, ServiceError, ServiceKeyError
from mimika.core.results import Analysis
from mimika.runtime.hardware import Hardware
from mimika.runtime.pipeline import load_analyzer
from mimika.runtime.shelf import Shelf
from mimika.service.api import create_app
from mimika.service.client import ServiceClient
from mimika.service.kept_models import KeptModels
from mimika.service.schemas import AddModelOptions, ModelInfo
from mimika.service.settings import ServiceSettings
from mimika.service.twins import InMemoryPool
from mimika.service.work import Done, Job


@pytest.fixture
def made(
    tmp_path: Path, analysis: Analysis, model: ModelInfo
) -> Iterator[Callable[..., FastAPI]]:
    """Makes a service whose worker adds models as the real one does."""
    shipped = load_analyzer()

    def make(**settings: object) -> FastAPI:
        kept = KeptModels(shipped, Shelf(tmp_path), Hardware(), 100)

        def work(job: Job) -> Analysis | Done:
            if not isinstance(job.options, AddModelOptions):
                return analysis
            options = job.options
            info = kept.add(options.name, job.data, replace=options.replace)
            return Done(info.model_dump_json().encode(), 0)

        return create_app(
            ServiceSettings(home=tmp_path, **settings),  # type: ignore[arg-type]
            InMemoryPool(work, (model,)),
        )

    yield make
    shipped.close()


def test_a_model_is_added_listed_made_the_default_and_removed(
    made, served, parts_model
) -> None:
    client = ServiceClient(served(made(admin_key=SecretStr("k"))), admin_key="k")
    added = client.add_model("bolts", parts_model().read_bytes())
    assert (added.name, added.task, added.finds_faces) == ("bolts", "parts", False)
    assert [one.name for one in client.models()] == ["double", "bolts"]
    client.set_default_model("bolts")
    listed = [(one.name, one.is_default) for one in client.models()]
    assert listed == [("bolts", True), ("double", False)]
    client.set_default_model("double")
    assert client.models()[0].name == "double"
    with pytest.raises(ModelError, match="there is a model 'bolts' already"):
        client.add_model("bolts", parts_model().read_bytes())
    client.add_model("bolts", parts_model().read_bytes(), replace=True)
    client.remove_model("bolts")
    assert [one.name for one in client.models()] == ["double"]
    with pytest.raises(ModelError, match="no model 'bolts' was added here"):
        client.remove_model("bolts")
    with pytest.raises(ModelError, match="ONNX Runtime cannot open it"):
        client.add_model("text", b"text")


def test_without_the_key_nothing_can_be_managed(made, served, parts_model) -> None:
    address = served(made(admin_key=SecretStr("k")))
    for key, words in (("other", "is wrong"), (None, "is missing")):
        client = ServiceClient(address, admin_key=key)
        for act in (
            lambda client=client: client.add_model("a", parts_model().read_bytes()),
            lambda client=client: client.remove_model("a"),
            lambda client=client: client.set_default_model("a"),
        ):
            with pytest.raises(ServiceKeyError, match=words):
                act()


def test_a_service_without_an_admin_key_has_no_such_routes(
    made, served, parts_model
) -> None:
    client = ServiceClient(served(made()), admin_key="k")
    with pytest.raises(ServiceError, match="Method Not Allowed"):
        client.add_model("a", parts_model().read_bytes())
    with pytest.raises(ServiceError):
        client.remove_model("a")
    assert [one.is_default for one in client.models()] == [True]
