"""The networks by name.

Papers: VGG (Simonyan and Zisserman, 2015), ResNet (He et al., 2016), EfficientNet (Tan
and Le, 2019), Inception v3 (Szegedy et al., 2016), GoogLeNet (Szegedy et al., 2015),
MobileNetV2 (Sandler et al., 2018), MobileNetV3 (Howard et al., 2019), DenseNet (Huang
et al., 2017), ConvNeXt (Liu et al., 2022), ViT (Dosovitskiy et al., 2021). We differ in
that every network ends in a head of `models.heads`, with the dropout that its paper or
its authors' program has before the classifier. Smallest sizes were found by trying;
networks that take any size are given the smallest that an experiment may ask for.
"""

import difflib
from collections.abc import Callable
from dataclasses import dataclass, replace

import torch
from torch import Tensor, nn

from mimika.core.errors import ConfigError
from mimika.core.preprocess import PreprocessSpec
from mimika.models import backbones, tiny_vgg
from mimika.models.compact_resnet import CompactResNet, CompactResNetSpec, shape_of
from mimika.models.costs import count_multiply_adds, count_parameters
from mimika.models.heads import draw_classifier, put_head
from mimika.models.parts import classifier_of, evaluating, features_of
from mimika.models.rep_net import RepNet, stages_of
from mimika.models.spec import NetworkSpec
from mimika.models.super_resolution import SubPixelUpscaler, Upscaled

__all__ = [
    "CATALOGUE",
    "Entry",
    "NetworkSpec",
    "assemble",
    "count_multiply_adds",
    "count_parameters",
    "create_network",
    "entry_of",
]

ANY = 16  # pixels: the smallest size of an experiment
Constructor = Callable[[NetworkSpec], nn.Module]


@dataclass(frozen=True)
class Entry:
    """A network of the catalogue.

    Attributes:
        source: timm's name, or a function that makes the network.
        minimum: smallest height and width that it can see, in pixels.
        description: one line.
        dropout: before the classifier, where an experiment does not say.
        weights: whose published weights fit it, where `source` is no name of timm.
        fresh: tensors that differ from those weights by design.
    """

    source: str | Constructor
    minimum: int
    description: str
    dropout: float = 0.0
    weights: str | None = None
    fresh: tuple[str, ...] = ()

    @property
    def published_as(self) -> str | None:
        """Whose published weights fit it; None where nobody has any."""
        return self.source if isinstance(self.source, str) else self.weights


def _compact_resnet(spec: NetworkSpec) -> nn.Module:
    return CompactResNet(CompactResNetSpec(spec.channels, spec.classes))


def _tiny_vgg(spec: NetworkSpec) -> nn.Module:
    return tiny_vgg.TinyVGG(spec.channels, spec.classes, spec.size)


CATALOGUE: dict[str, Entry] = {
    "compact_resnet": Entry(
        _compact_resnet, ANY, "ours: five residual blocks for about 48 px", 0.2
    ),
    "tiny_vgg": Entry(
        _tiny_vgg, tiny_vgg.SMALLEST, "CNN Explainer's four convolutions"
    ),
    "resnet18_3x3": Entry(
        backbones.resnet18_small,
        ANY,
        "ResNet-18 for about 48 px: 3x3 stem, no first pooling",
        weights="resnet18",
        fresh=("conv1.weight",),
    ),
    "vgg16": Entry("vgg16", 32, "16 layers, no normalisation", 0.5),
    "vgg16_bn": Entry("vgg16_bn", 32, "VGG16 with batch normalisation", 0.5),
    "vgg19": Entry("vgg19", 32, "19 layers, no normalisation", 0.5),
    "vgg19_bn": Entry("vgg19_bn", 32, "VGG19 with batch normalisation", 0.5),
    "resnet18": Entry("resnet18", ANY, "18 layers with shortcuts"),
    "resnet34": Entry("resnet34", ANY, "34 layers with shortcuts"),
    "resnet50": Entry("resnet50", ANY, "50 layers, bottleneck blocks"),
    "efficientnet_b0": Entry("efficientnet_b0", ANY, "the base of its family", 0.2),
    "efficientnet_b2": Entry("efficientnet_b2", ANY, "wider and deeper than B0", 0.3),
    "efficientnet_lite0": Entry(
        "tf_efficientnet_lite0", ANY, "B0 for small devices: no attention, ReLU6", 0.2
    ),
    "inception_v3": Entry("inception_v3", 75, "parallel factorised filters", 0.5),
    "googlenet": Entry(
        backbones.googlenet,
        15,
        "Inception v1, of torchvision",
        0.2,
        weights=backbones.GOOGLENET,
    ),
    "mobilenetv2_100": Entry("mobilenetv2_100", ANY, "inverted residuals", 0.2),
    "mobilenetv3_large_100": Entry(
        "mobilenetv3_large_100", ANY, "found by search, for phones, large", 0.2
    ),
    "mobilenetv3_small_100": Entry(
        "mobilenetv3_small_100", ANY, "found by search, for phones, small", 0.2
    ),
    "densenet121": Entry("densenet121", 29, "each layer sees all before it"),
    "convnext_atto": Entry("convnext_atto", 32, "modern convolutions, smallest"),
    "convnext_tiny": Entry("convnext_tiny", 32, "modern convolutions, tiny"),
    "vit_tiny": Entry(
        "vit_tiny_patch16_224", ANY, "transformer on 16-px patches, padded to fit"
    ),
}


def entry_of(name: str) -> Entry:
    """A network's entry; shapes of our families and names of timm get one, too.

    Raises:
        ConfigError: no network has this name; similar names are given.
    """
    if name in CATALOGUE:
        return CATALOGUE[name]
    stages = stages_of(name)
    if stages is not None:
        return Entry(
            lambda spec: RepNet(spec.channels, spec.classes, stages),
            ANY,
            "ours: plain convolutions, channels x layers of each stage",
        )
    shape = shape_of(name)
    if shape is not None:
        return Entry(
            lambda spec: CompactResNet(
                CompactResNetSpec(spec.channels, spec.classes, *shape)
            ),
            ANY,
            "ours: residual blocks, width of the stem, width x depth of each stage",
            0.2,
        )
    if backbones.is_timm(name):
        return Entry(name, 1, "of timm")
    close = difflib.get_close_matches(name, {*CATALOGUE, *backbones.timm_names()}, n=5)
    hint = f"did you mean {', '.join(close)}? " if close else ""
    raise ConfigError(
        f"unknown backbone {name!r}; {hint}'mimika networks' lists the networks, with "
        "--all-timm those of timm"
    )


def create_network(spec: NetworkSpec) -> nn.Module:
    """A network with fresh weights, drawn from torch's current random state.

    Args:
        spec: its name, input, output and regularisation.

    Returns:
        Takes float32 (B, C, size, size), normalised; gives logits (B, K).

    Raises:
        ConfigError: no network has this name, or it cannot have this size, head or
            drop path.
    """
    entry = entry_of(spec.backbone)
    if spec.size < entry.minimum:
        raise ConfigError(
            f"{spec.backbone} needs pictures of at least {entry.minimum} px, it would "
            f"see {spec.size}; set a size of {entry.minimum} or more, or take another "
            "network"
        )
    if spec.dropout is None:
        spec = replace(spec, dropout=entry.dropout)
    if isinstance(entry.source, str):
        network = backbones.timm_network(entry.source, spec)
    else:
        network = entry.source(spec)
    if spec.drop_path > 0 and not backbones.has_drop_path(network):
        raise backbones.no_drop_path(spec)
    put_head(network, spec)
    if isinstance(entry.source, str):
        draw_classifier(network)
    if spec.backbone not in CATALOGUE:
        check_forward(network, spec)
    return network


def check_forward(network: nn.Module, spec: NetworkSpec) -> None:
    """Tries a network whose smallest size and whose end nobody has looked at.

    Raises:
        ConfigError: it fails, or its logits are not what its classifier gives.
    """
    picture = torch.randn(1, spec.channels, spec.size, spec.size)
    try:
        with torch.no_grad(), evaluating(network):
            logits = network(picture)
            expected = classifier_of(network)(features_of(network, picture))
    except (RuntimeError, AssertionError, ValueError, LookupError, TypeError) as error:
        raise ConfigError(
            f"{spec.backbone} fails at {spec.size} px ({error}); take a larger size or "
            "another network"
        ) from error
    is_same = isinstance(logits, Tensor) and logits.shape == (1, spec.classes)
    if not (is_same and torch.allclose(logits, expected, atol=1e-5)):
        raise ConfigError(
            f"{spec.backbone} does not end in one classifier; take another network"
        )


def assemble(
    spec: NetworkSpec, preprocess: PreprocessSpec, doublings: int
) -> nn.Module:
    """A network for inputs of a specification, enlarged inside it where asked for.

    Args:
        spec: the backbone; its size is that after the doublings.
        preprocess: how the inputs are made.
        doublings: how often a learned upscaler doubles the inputs' size first.

    Raises:
        ConfigError: see `create_network`; or the sizes do not fit.
    """
    if spec.size != preprocess.size << doublings:
        raise ConfigError(
            f"size = {spec.size}: pictures of {preprocess.size} px doubled {doublings} "
            f"times have {preprocess.size << doublings}"
        )
    network = create_network(spec)
    if doublings == 0:
        return network
    return Upscaled(SubPixelUpscaler(), network, preprocess, doublings)
