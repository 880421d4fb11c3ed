"""Published weights: a file on this machine, fetched once from where it is offered.

Files of the Hugging Face hub are kept in that library's own cache, others in torch's.
What is in a cache is taken from there without asking anybody.
"""

from dataclasses import dataclass
from pathlib import Path
from urllib.error import HTTPError
from urllib.parse import urlparse

import torch
from huggingface_hub import (
    get_hf_file_metadata,
    hf_hub_download,
    hf_hub_url,
    try_to_load_from_cache,
)
from huggingface_hub.errors import (
    HfHubHTTPError,
    HFValidationError,
    RemoteEntryNotFoundError,
)

from mimika.core.errors import ModelError

FILES = ("model.safetensors", "pytorch_model.bin")
WAIT_S = 10.0


@dataclass(frozen=True)
class Published:
    """Where weights are offered: in a repository of the hub, or at an address.

    Attributes:
        origin: what to call them.
        licence: their licence, where it is known.
        repository: of the hub, such as `timm/resnet18.a1_in1k`; a revision may follow
            an `@`. Empty where the address is given.
        url: the file's address, where there is no repository.
    """

    origin: str
    licence: str | None
    repository: str = ""
    url: str = ""


def fetch(weights: Published) -> Path:
    """The file with published weights, downloaded where it is not here already.

    Raises:
        ModelError: they cannot be reached, or they are not given out.
    """
    try:
        return _of_hub(weights) if weights.repository else _of_url(weights.url)
    except ModelError:
        raise
    except (HfHubHTTPError, HFValidationError, HTTPError, RuntimeError) as error:
        raise ModelError(
            f"{weights.origin}: the hub does not give these weights out "
            f"({first_line(error)}); check the name, or pass a local file by "
            "weights=PATH"
        ) from error
    # what the hub's client raises without a network has no root of its own
    except Exception as error:
        raise ModelError(
            f"{weights.origin}: not on this machine, and the hub cannot be reached "
            f"({first_line(error)}); pass a local file by weights=PATH, or train with "
            'strategy = "scratch"'
        ) from error


def _of_hub(weights: Published) -> Path:
    repository, _, given = weights.repository.partition("@")
    revision = given or None
    for name in FILES:
        cached = try_to_load_from_cache(repository, name, revision=revision)
        if isinstance(cached, str):
            return Path(cached)
    for name in FILES:
        try:
            # asks once; the download itself would ask for half a minute
            get_hf_file_metadata(
                hf_hub_url(repository, name, revision=revision), timeout=WAIT_S
            )
        except RemoteEntryNotFoundError:
            continue
        return Path(hf_hub_download(repository, name, revision=revision))
    raise ModelError(
        f"{weights.origin}: the repository holds neither {' nor '.join(FILES)}; pass a "
        "local file by weights=PATH"
    )


def _of_url(url: str) -> Path:
    """Downloads to where torch keeps such files; its name holds the digest."""
    name = Path(urlparse(url).path).name
    path = Path(torch.hub.get_dir()) / "checkpoints" / name
    if not path.is_file():
        path.parent.mkdir(parents=True, exist_ok=True)
        digest = torch.hub.HASH_REGEX.search(name)
        torch.hub.download_url_to_file(
            url, str(path), digest.group(1) if digest else None, progress=False
        )
    return path


def first_line(error: Exception) -> str:
    """The first line of an error's message, or its kind where it has none."""
    return (str(error).strip() or type(error).__name__).splitlines()[0]
