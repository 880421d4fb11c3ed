"""An experiment: flat, every key known, every value checked.

There is no inheritance between experiments. `training.config_file` reads and writes
them as TOML.
"""

from pathlib import Path
from typing import Annotated, Any, Literal, Self

from pydantic import (
    BeforeValidator,
    ConfigDict,
    Field,
    field_validator,
    model_validator,
)

from mimika.augmentation.policies import parse_policy
from mimika.core.card import Frozen
from mimika.data.samples import SIDE
from mimika.training.config_checks import (
    LEARNED,
    RANGES,
    check_augmentation,
    check_strategy,
    check_switch,
    check_together,
    check_upscaling,
    checked_balance,
)

Metric = Literal["accuracy", "macro-f1", "loss"]
LossName = Literal["cross-entropy", "focal", "balanced", "balanced-focal"]
Share = Field(default=0.0, ge=0, le=1)
MOST_SOFT = 5.0
OFF = Field(default=0.0, ge=0)  # 0 turns it off


class Experiment(Frozen):
    """One training run.

    Attributes:
        name: names the run folder and the model.
        data: path of the data set, in any form that `mimika` reads.
        backbone: a name of `models.catalogue.CATALOGUE`, or any of timm's.
        strategy: `scratch`; `fine-tune`, from pretrained weights; or `features`, which
            trains only a classifier on the features of the pretrained backbone.
        weights: pretrained weights: a local file, `hub`, or `hub:TAG`.
        head: the classifier: `linear`, or `mlp` with one hidden layer.
        dropout: probability of dropping a feature before the classifier; the
            backbone's own where it is missing.
        drop_path: probability of dropping a residual branch, where there are any.
        size: height and width of the network's input in pixels.
        channels: 1 (grey) or 3 (RGB).
        upscaling: how pictures are enlarged to `size`: `nearest`, `bilinear`,
            `bicubic`, `lanczos`, or `learned:FILE` with what `mimika upscaler` wrote;
            the learned one doubles the size and is trained on with the network.
        seed: seeds the weights, the order of the pictures and the augmentation.
        epochs: passes over the training pictures.
        batch_size: pictures a step, over all processes together.
        optimizer: `sgd` (with Nesterov momentum) or `adamw`.
        learning_rate: peak of the schedule.
        layer_decay: the rate of each group of layers as a share of the next group's
            (towards the output); 1 gives all the same.
        unfreeze_epochs: after each so many epochs one more group of layers is trained,
            beginning with the classifier alone; 0 trains all from the first step.
        schedule: `cosine` to zero, `step`, `one-cycle`, `plateau` or `constant`.
        warmup_epochs: epochs of linear rise; `one-cycle` rises by a cosine instead.
        step_epochs: length of a step of the `step` schedule in epochs.
        patience_epochs: epochs without progress that `plateau` waits for.
        rate_factor: what `step` and `plateau` multiply the rate by.
        momentum: momentum of SGD.
        weight_decay: decay of the weights of convolutions and linear layers.
        sam: radius of sharpness-aware minimisation; 0 is off.
        clip_norm: largest norm of the gradient; 0 is off.
        ema: decay of the averaged weights, which are judged and kept; 0 is off.
        stop_epochs: ends the run after so many epochs without a better one; 0: never.
        loss: `cross-entropy`, `focal`, or either with class weights (`balanced`,
            `balanced-focal`).
        focal_gamma: how far sure answers are played down by the focal loss.
        balance: class weights by `frequency`, by the `effective` number of pictures, or
            the weights themselves, one for each class.
        label_smoothing: share of the target spread over all classes.
        votes: csv file of crowd votes (FER+) for Training.
        votes_share: share of the target that the votes make up.
        votes_as: `shares`, as they were cast; or `labels`: the labels that go with such
            votes elsewhere in the data set (see `evaluation.stacking`).
        teachers: files of predictions for the training pictures: see `evaluation
            .predictions`; their mean is learned from.
        teachers_share: share of the loss that the teachers' part makes up.
        teachers_temperature: softens the teachers and the network in that part.
        mixup: alpha of mixup; 0 is off.
        cutmix: alpha of cutmix; with both, each batch takes one of them by lot.
        metric: by which the best epoch is chosen: `accuracy`, `macro-f1` or `loss`.
        switch_epoch: the first epoch of a second phase, whose best epoch is the run's;
            0: there is none.
        switch_loss: loss of the second phase; the same where it is missing.
        switch_metric: metric of the second phase; the same where it is missing.
        switch_teachers_share: teachers_share of the second phase; the same where it is
            missing.
        precision: `32-true`, `bf16-mixed`, or `16-mixed` (graphics cards only).
        accelerator: `cpu`, `cuda`, or `auto` for the best that is there.
        compile: whether torch compiles the network first.
        augmentation: `ranges` for the twelve keys below, a policy's name, or its list
            of transforms: see `augmentation.policies`.
        augmented_on: `cpu`, picture by picture, or `device`, in batches there.
        flip: whether half of the pictures are mirrored.
        shift: largest shift as a share of the size.
        rotation_degrees: largest rotation either way.
        zoom: largest relative change of the scale.
        contrast: largest relative change of the contrast.
        brightness: largest change of the brightness in standard deviations.
        erase: probability that a rectangle is erased.
        soften: largest deviation of a Gaussian blur in pixels.
        calm_epochs: so many epochs at the end, the pictures are not erased, not mixed,
            and only a share of them is changed at all, but for mirroring.
        calm_share: that share.
        calm_zoom: zoom of the calm epochs; the same where it is missing.
        calm_soften: soften of the calm epochs; the same where it is missing.
        holdout: share of Training to select on where no labelled PublicTest exists.
        split_file: what `mimika split` wrote, instead of the data set's own splits.
        select_part: the part of that file to select on; the others are trained on, but
            for pictures of PrivateTest and pictures without a label.
    """

    model_config = ConfigDict(allow_inf_nan=False)

    name: str = Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]*$", max_length=64)
    data: str
    backbone: str
    strategy: Literal["scratch", "fine-tune", "features"] = "scratch"
    weights: str = ""
    head: Literal["linear", "mlp"] = "linear"
    dropout: float | None = Field(default=None, ge=0, lt=1)
    drop_path: float = Field(default=0.0, ge=0, lt=1)
    size: int = Field(default=48, ge=16, le=512)
    channels: Literal[1, 3] = 1
    upscaling: str = "bilinear"
    seed: int = Field(default=0, ge=0, lt=2**31)
    epochs: int = Field(ge=1, le=10_000)
    batch_size: int = Field(default=128, ge=2, le=65_536)
    optimizer: Literal["sgd", "adamw"] = "sgd"
    learning_rate: float = Field(gt=0)
    layer_decay: float = Field(default=1.0, gt=0, le=1)
    unfreeze_epochs: int = Field(default=0, ge=0)
    schedule: Literal["cosine", "step", "one-cycle", "plateau", "constant"] = "cosine"
    warmup_epochs: float = Field(default=2.0, ge=0)
    step_epochs: int = Field(default=10, ge=1)
    patience_epochs: int = Field(default=5, ge=1)
    rate_factor: float = Field(default=0.1, gt=0, lt=1)
    momentum: float = Field(default=0.9, ge=0, lt=1)
    weight_decay: float = Field(default=5e-4, ge=0)
    sam: float = OFF
    clip_norm: float = OFF
    ema: float = Field(default=0.0, ge=0, lt=1)
    stop_epochs: int = Field(default=0, ge=0)
    loss: LossName = "cross-entropy"
    focal_gamma: float = Field(default=2.0, ge=0)
    balance: Annotated[str | tuple[float, ...], BeforeValidator(checked_balance)] = (
        "effective"
    )
    label_smoothing: float = Field(default=0.1, ge=0, lt=1)
    votes: str = ""
    votes_share: float = Share
    votes_as: Literal["shares", "labels"] = "shares"
    teachers: tuple[str, ...] = ()
    teachers_share: float = Share
    teachers_temperature: float = Field(default=1.0, gt=0)
    mixup: float = OFF
    cutmix: float = OFF
    metric: Metric = "accuracy"
    switch_epoch: int = Field(default=0, ge=0)
    switch_loss: LossName | None = None
    switch_metric: Metric | None = None
    switch_teachers_share: float | None = Field(default=None, ge=0, le=1)
    precision: Literal["32-true", "bf16-mixed", "16-mixed"] = "32-true"
    accelerator: Literal["auto", "cpu", "cuda"] = "auto"
    compile: bool = False
    augmentation: str | tuple[dict[str, Any], ...] = RANGES
    augmented_on: Literal["cpu", "device"] = "cpu"
    flip: bool = True
    shift: float = Field(default=0.1, ge=0, lt=1)
    rotation_degrees: float = Field(default=10.0, ge=0, le=180)
    zoom: float = Field(default=0.1, ge=0, lt=1)
    contrast: float = Field(default=0.2, ge=0, lt=1)
    brightness: float = Field(default=0.2, ge=0)
    erase: float = Field(default=0.25, ge=0, le=1)
    soften: float = Field(default=0.0, ge=0, le=MOST_SOFT)
    calm_epochs: int = Field(default=0, ge=0)
    calm_share: float = Share
    calm_zoom: float | None = Field(default=None, ge=0, lt=1)
    calm_soften: float | None = Field(default=None, ge=0, le=MOST_SOFT)
    holdout: float = Field(default=0.1, gt=0, lt=1)
    split_file: str = ""
    select_part: str = ""

    @field_validator("augmentation", mode="before")
    @classmethod
    def _every_parameter(cls, policy: Any) -> Any:
        """Policies with all that they leave out, as `config.toml` has them."""
        return policy if isinstance(policy, str) else parse_policy(policy).to_data()

    @model_validator(mode="after")
    def _fits_together(self) -> Self:
        check_augmentation(self.augmentation, self.augmented_on, self.model_fields_set)
        check_upscaling(self.upscaling, self.size)
        check_strategy(self.strategy, self.weights, self.model_fields_set)
        check_switch(self.switch_epoch, self.epochs, self.model_fields_set)
        check_together(dict(self))
        return self

    @property
    def upscaler_file(self) -> Path | None:
        """The learned upscaler, if there is to be one."""
        is_learned = self.upscaling.startswith(LEARNED)
        return Path(self.upscaling.removeprefix(LEARNED)) if is_learned else None

    @property
    def doublings(self) -> int:
        """How often the learned upscaler doubles the size of a picture."""
        return (self.size // SIDE).bit_length() - 1 if self.upscaler_file else 0

    @property
    def input_size(self) -> int:
        """Height and width of what preprocessing makes, in pixels."""
        return self.size >> self.doublings

    @property
    def interpolation(self) -> str:
        """How preprocessing enlarges pictures."""
        return "bilinear" if self.upscaler_file else self.upscaling

    @property
    def mirrors_features(self) -> bool:
        """Whether feature extraction also looks at mirrored training pictures."""
        return self.augmentation == RANGES and self.flip

    def is_calm(self, epoch: int) -> bool:
        """Whether an epoch, counted from 1, is one of the calm ones at the end."""
        return epoch > self.epochs - self.calm_epochs

    def is_second_phase(self, epoch: int) -> bool:
        """Whether an epoch, counted from 1, comes at or after the switch."""
        return 0 < self.switch_epoch <= epoch

    def metric_of(self, epoch: int) -> Metric:
        """The metric by which the best epoch is chosen among those of its phase."""
        switched = self.switch_metric if self.is_second_phase(epoch) else None
        return switched or self.metric

    def loss_of(self, epoch: int) -> LossName:
        """The loss of an epoch, counted from 1."""
        switched = self.switch_loss if self.is_second_phase(epoch) else None
        return switched or self.loss

    def teachers_share_of(self, epoch: int) -> float:
        """The teachers' share of the loss of an epoch, counted from 1."""
        switched = self.switch_teachers_share if self.is_second_phase(epoch) else None
        return self.teachers_share if switched is None else switched
