"""The transforms that a policy may name, and how far each may go.

Only what leaves the label of a grey face as it is. Names and parameters are those of
albumentations, so that its documentation applies; the widest ranges are our own, and
each says beside it what would happen to a face beyond. docs/augmentation.md gives the
reasons at length, and those for what is missing.
"""

from dataclasses import dataclass

Pair = tuple[float, float]

FILL = 128  # grey value of what comes in from outside; the mean of FER2013 is 129


@dataclass(frozen=True)
class Range:
    """A parameter: a pair from which each picture draws its own value.

    Attributes:
        low: smallest value that is accepted.
        high: largest value that is accepted.
        default: the pair where a policy names none.
        whole: whether only whole numbers are accepted.
    """

    low: float
    high: float
    default: Pair
    whole: bool = False

    @property
    def expected(self) -> str:
        """What is accepted, in words."""
        what = "two whole numbers" if self.whole else "two numbers"
        return f"{what} [low, high] with {self.low:g} <= low <= high <= {self.high:g}"


@dataclass(frozen=True)
class Step:
    """One transform of a policy, with every parameter.

    Attributes:
        name: a key of `ALLOWED`.
        p: probability with which a picture is changed, 0..1.
        ranges: name and pair of each parameter, in the order of `ALLOWED`.
    """

    name: str
    p: float
    ranges: tuple[tuple[str, Pair], ...]

    def pair(self, parameter: str) -> Pair:
        """The range of a parameter."""
        return dict(self.ranges)[parameter]


ALLOWED: dict[str, dict[str, Range]] = {
    # a mirrored face shows the same emotion
    "HorizontalFlip": {},
    # here because people compare with it, not because it is known to help
    "VerticalFlip": {},
    "Affine": {
        # degrees; a head is hardly ever inclined further in a photograph
        "rotate": Range(-45, 45, (0, 0)),
        # below 0.5 a face of 48 px has 24 px, above 2 brows and mouth are cut off
        "scale": Range(0.5, 2, (1, 1)),
        # share of the side, each axis by itself; beyond, the mouth or an eye is outside
        "translate_percent": Range(-0.3, 0.3, (0, 0)),
        # degrees, each axis by itself; beyond, the corners of a mouth slant
        "shear": Range(-15, 15, (0, 0)),
    },
    "Perspective": {
        # deviation of the corners as a share of the side
        "scale": Range(0, 0.1, (0.02, 0.06)),
    },
    "RandomResizedCrop": {
        # share of the area that is kept; below a half a mouth or an eye may be gone
        "scale": Range(0.5, 1, (0.8, 1)),
        # width / height; beyond, faces are stretched into others
        "ratio": Range(0.8, 1.25, (0.9, 1.1)),
    },
    "RandomBrightnessContrast": {
        # share of white that is added
        "brightness_limit": Range(-0.5, 0.5, (-0.1, 0.1)),
        # grey values are multiplied by 1 + this, so bright skin soon becomes white
        "contrast_limit": Range(-0.8, 0.8, (-0.3, 0.1)),
    },
    "RandomGamma": {
        # per cent: grey values 0..1 are raised to a hundredth of this
        "gamma_limit": Range(30, 300, (80, 120)),
    },
    "CLAHE": {
        # contrast limit of the equalised histogram in each of 4 x 4 tiles
        "clip_limit": Range(1, 8, (1, 4)),
    },
    "GaussianBlur": {
        # pixels; 0 is no blur but a division by 0, above 2 a mouth of 48 px is gone
        "sigma_limit": Range(0.1, 2, (0.3, 1)),
    },
    "GaussNoise": {
        # deviation as a share of white
        "std_range": Range(0, 0.2, (0.01, 0.05)),
    },
    "Downscale": {
        # share of the side; below, 48 px become fewer than 16
        "scale_range": Range(0.34, 1, (0.5, 0.9)),
    },
    "ImageCompression": {
        # quality of a JPEG
        "quality_range": Range(10, 100, (40, 95), whole=True),
    },
    "CoarseDropout": {
        "num_holes_range": Range(1, 8, (1, 1), whole=True),
        # share of the side; above a half a single hole may hide eyes and mouth
        "hole_height_range": Range(0.02, 0.5, (0.1, 0.3)),
        "hole_width_range": Range(0.02, 0.5, (0.1, 0.3)),
    },
}
