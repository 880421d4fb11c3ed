"""The policies that have names, as an experiment file would write them out.

The contrast of bright skin is lowered further than it is raised: a gain above 1 makes
it plain white, and what is left of brows and mouth goes with it. docs/augmentation.md
explains each policy.
"""

from typing import Any

NAMED: dict[str, tuple[dict[str, Any], ...]] = {
    "none": (),
    "flips": (
        {"name": "HorizontalFlip", "p": 0.5},
        {"name": "VerticalFlip", "p": 0.5},
    ),
    "simple": (
        {"name": "HorizontalFlip", "p": 0.5},
        {
            "name": "Affine",
            "p": 1.0,
            "rotate": (-12, 12),
            "scale": (0.88, 1.12),
            "translate_percent": (-0.1, 0.1),
        },
        {
            "name": "RandomBrightnessContrast",
            "p": 0.8,
            "brightness_limit": (-0.1, 0.1),
            "contrast_limit": (-0.3, 0.1),
        },
    ),
    "rich": (
        {"name": "HorizontalFlip", "p": 0.5},
        {
            "name": "Affine",
            "p": 0.9,
            "rotate": (-15, 15),
            "scale": (0.85, 1.15),
            "translate_percent": (-0.1, 0.1),
            "shear": (-6, 6),
        },
        {"name": "Perspective", "p": 0.3, "scale": (0.02, 0.06)},
        {
            "name": "RandomBrightnessContrast",
            "p": 0.8,
            "brightness_limit": (-0.1, 0.1),
            "contrast_limit": (-0.35, 0.1),
        },
        {"name": "RandomGamma", "p": 0.3, "gamma_limit": (80, 125)},
        {"name": "GaussianBlur", "p": 0.2, "sigma_limit": (0.3, 1.0)},
        {"name": "GaussNoise", "p": 0.2, "std_range": (0.01, 0.04)},
        {
            "name": "CoarseDropout",
            "p": 0.4,
            "num_holes_range": (1, 2),
            "hole_height_range": (0.1, 0.3),
            "hole_width_range": (0.1, 0.3),
        },
    ),
}
