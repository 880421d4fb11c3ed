"""The one door to timm and torchvision: their networks, stages and weights.

Both are imported when they are first needed, so that our own networks stay quick to
import.
"""

import inspect
import sys
from dataclasses import dataclass
from functools import cache
from types import ModuleType
from typing import Any

import torch
from torch import Tensor, library, nn

from mimika.core.errors import ConfigError, ModelError
from mimika.models.hub import Published
from mimika.models.spec import NetworkSpec

GOOGLENET = "torchvision's googlenet"
# what timm's modules call the function that renames tensors of older files
FILTERS = ("checkpoint_filter_fn", "_filter_fn", "_filter_torchvision_pretrained")
State = dict[str, Tensor]


@dataclass(frozen=True)
class ExpectedInput:
    """How pictures were prepared when published weights were trained.

    Attributes:
        size: height and width in pixels.
        mean: of each channel, 0..1.
        std: likewise.
    """

    size: int
    mean: tuple[float, ...]
    std: tuple[float, ...]


@cache
def missing_operators() -> library.Library:
    """Declares torchvision's compiled operators, without an implementation.

    torchvision's wheel from PyPI is built for CUDA. Beside a build of torch for the
    CPU its operators do not load, and its import dies because it describes them to
    torch. Networks need none of them; a declaration is enough. It lasts as long as
    the object, which the cache keeps.
    """
    arguments = "Tensor dets, Tensor scores, float iou_threshold"
    declared = library.Library("torchvision", "DEF")  # type: ignore[no-untyped-call]
    for name in ("nms", "qnms"):
        declared.define(f"{name}({arguments}) -> Tensor")  # type: ignore[no-untyped-call]
    return declared


@cache
def torchvision() -> ModuleType:
    """The module torchvision, also where its operators do not load."""
    try:
        import torchvision
    except RuntimeError as error:  # operator torchvision::nms does not exist
        if "torchvision::" not in str(error):
            raise
        missing_operators()
        import torchvision
    return torchvision  # type: ignore[no-any-return]


@cache
def timm() -> ModuleType:
    """The module timm."""
    torchvision()
    import timm

    return timm


def is_timm(name: str) -> bool:
    """Whether timm has a network of this name; a tag of weights may follow a dot."""
    return bool(timm().is_model(name)) and ":" not in name


def timm_names(pattern: str = "") -> list[str]:
    """Names of timm's networks in alphabetical order.

    Args:
        pattern: with `*` and `?`, such as `resnet*`; empty for all.
    """
    names: list[str] = timm().list_models(pattern)
    return sorted(names)


def timm_network(name: str, spec: NetworkSpec) -> nn.Module:
    """A network of timm with fresh weights.

    Transformers with a fixed size take the next multiple of their patches instead;
    smaller pictures are padded on the right and below with the mean.

    Args:
        name: timm's name for it.
        spec: what it is to be made for. Dropout is left to our head, but for VGG's,
            which has some between its large layers, too.

    Raises:
        ConfigError: it has no residual blocks to drop, or cannot have this size.
    """
    options: dict[str, Any] = {"num_classes": spec.classes, "in_chans": spec.channels}
    if spec.drop_path > 0:
        options["drop_path_rate"] = spec.drop_path
    patch = patch_size(name)
    if patch is not None:
        options["img_size"] = -(-spec.size // patch) * patch
    try:
        network: Any = timm().create_model(name, **options)
    except (AssertionError, LookupError, RuntimeError, TypeError, ValueError) as error:
        if "drop_path_rate" in str(error):
            raise no_drop_path(spec) from error
        raise ConfigError(
            f"{spec.backbone} cannot be made for {spec.size} px ({error}); take "
            "another size or another network"
        ) from error
    if hasattr(getattr(network, "patch_embed", None), "dynamic_img_pad"):
        network.patch_embed.strict_img_size = False
        network.patch_embed.dynamic_img_pad = True
    if is_vgg(network):  # has two more layers before the classifier
        network.pre_logits.drop.p = spec.dropout or 0.0
    made: nn.Module = network
    return made


def patch_size(name: str) -> int | None:
    """What a network's size has to be a multiple of, where it is fixed when made.

    Returns:
        Pixels; None for a network that takes pictures of any size.
    """
    config = timm().get_pretrained_cfg(name)
    if config is None or not config.fixed_input_size:
        return None
    with torch.device("meta"):
        embed = getattr(timm().create_model(name), "patch_embed", None)
    patch: int | tuple[int, int] = getattr(embed, "patch_size", 1)
    return patch if isinstance(patch, int) else patch[0]


def is_vgg(network: nn.Module) -> bool:
    """Whether a network is one of timm's VGG."""
    return isinstance(network, timm().models.VGG)


def has_drop_path(network: nn.Module) -> bool:
    """Whether some residual block of a network is left out at random."""
    return any(isinstance(m, timm().layers.DropPath) for m in network.modules())


def no_drop_path(spec: NetworkSpec) -> ConfigError:
    """What to raise for a network without residual blocks that can be dropped."""
    return ConfigError(
        f"drop_path = {spec.drop_path}: {spec.backbone} has no residual blocks that "
        "can be left out; leave it at 0"
    )


def resnet18_small(spec: NetworkSpec) -> nn.Module:
    """ResNet-18 for pictures of about 48 pixels.

    The stem is one 3x3 convolution that keeps the size, without a max-pool, as He et
    al., "Deep Residual Learning for Image Recognition" (2016), section 4.2, have it
    for pictures of 32 pixels.
    """
    network = timm_network("resnet18", spec)
    stem = nn.Conv2d(spec.channels, 64, 3, padding=1, bias=False)
    nn.init.kaiming_normal_(stem.weight, mode="fan_out", nonlinearity="relu")
    network.conv1, network.maxpool = stem, nn.Identity()
    return network


def googlenet(spec: NetworkSpec) -> nn.Module:
    """GoogLeNet of torchvision without its auxiliary classifiers.

    Its published weights expect a mean and standard deviation of 0.5 in each channel.
    """
    network: nn.Module = torchvision().models.GoogLeNet(
        spec.classes, aux_logits=False, init_weights=True
    )
    if spec.channels != 3:
        stem = nn.Conv2d(spec.channels, 64, 7, stride=2, padding=3, bias=False)
        nn.init.trunc_normal_(stem.weight, std=0.01)  # as torchvision draws the others
        network.get_submodule("conv1").conv = stem
    return network


def folding_block(inputs: int, outputs: int, stride: int) -> nn.Module:
    """A layer of RepVGG: branches in training that fold into one 3x3 convolution."""
    module = timm().models.byobnet
    block: nn.Module = module.RepVggBlock(
        inputs, outputs, stride=stride, layers=module.LayerFn()
    )
    return block


def folded(network: nn.Module) -> nn.Module:
    """A network as it is deployed, with its branches for training folded away.

    Returns:
        A copy in which they are; the network itself where it has none.
    """
    if not any(hasattr(part, "reparameterize") for part in network.modules()):
        return network
    copy: nn.Module = timm().utils.reparameterize_model(network)
    return copy


def published(source: str, choice: str = "") -> Published | None:
    """Where pretrained weights of a network can be fetched.

    Args:
        source: timm's name of the network, or `GOOGLENET`.
        choice: a tag such as `a1_in1k`, a name with a tag, or a repository of the
            hub; empty for the source's own choice.

    Returns:
        None where nobody publishes any.

    Raises:
        ModelError: no weights have this tag.
    """
    if "/" in choice:
        return Published(origin=f"hub:{choice}", licence=None, repository=choice)
    if source == GOOGLENET:
        return _googlenet_weights(choice)
    try:
        config = timm().get_pretrained_cfg(_tagged(source, choice))
    except RuntimeError as error:
        tags = ", ".join(timm().list_pretrained(f"{source.split('.')[0]}.*"))
        raise ModelError(
            f"hub:{choice}: no such weights of {source}; there are {tags or 'none'}"
        ) from error
    if config is None or not (config.hf_hub_id or config.url):
        return None
    return Published(
        origin=config.hf_hub_id or config.url,
        licence=config.license,
        repository=config.hf_hub_id or "",
        url="" if config.hf_hub_id else config.url,
    )


def expected_input(source: str) -> ExpectedInput:
    """How pictures are to be prepared for a network's usual weights.

    Args:
        source: timm's name of the network.

    Raises:
        ModelError: timm does not say.
    """
    config = timm().get_pretrained_cfg(source)
    if config is None:
        raise ModelError(f"{source}: timm names no weights of it; take another network")
    return ExpectedInput(config.input_size[-1], tuple(config.mean), tuple(config.std))


def renamed(network: nn.Module, tensors: State) -> State:
    """Tensors of a file as timm's network of today names and shapes them.

    Older files and other programs' files differ; a transformer's positions are
    resampled to the network's size.

    Args:
        network: of timm; tensors of others are given back as they are.
        tensors: as they were read.
    """
    module = sys.modules[type(network).__module__]
    functions = [vars(module)[name] for name in FILTERS if name in vars(module)]
    if not module.__name__.startswith("timm.") or not functions:
        return tensors
    both = len(inspect.signature(functions[0]).parameters) > 1
    arguments = (dict(tensors), network) if both else (dict(tensors),)
    found: State = functions[0](*arguments)
    return found


def _tagged(source: str, choice: str) -> str:
    if not choice:
        return source
    return choice if "." in choice else f"{source.split('.')[0]}.{choice}"


def _googlenet_weights(choice: str) -> Published:
    versions = torchvision().models.GoogLeNet_Weights
    if choice not in ("", *versions.__members__):
        raise ModelError(
            f"hub:{choice}: no such weights of googlenet; there are "
            f"{', '.join(versions.__members__)}"
        )
    url = versions[choice or "IMAGENET1K_V1"].url
    return Published(origin=url, licence="bsd-3-clause", url=url)
