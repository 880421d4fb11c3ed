"""Every figure of the report as plain values for `report.json`."""

from dataclasses import asdict, is_dataclass
from typing import Any

import numpy as np

from mimika.analysis.pictures import Pictures
from mimika.analysis.run import Findings

SCHEMA = 1


def figures_of(pictures: Pictures, findings: Findings) -> dict[str, Any]:
    """All figures; pictures are named by their path, or by split and row."""
    copies = asdict(findings.copies)
    for long in ("conflicts", "across", "changed"):
        copies[long] = [_named(pictures, group) for group in copies[long]]
    duplicates = findings.duplicates
    copies["pairs"] = [
        {"pictures": _named(pictures, pair), "similarity": float(s), "kind": str(kind)}
        for pair, s, kind in zip(
            duplicates.pairs, duplicates.similarity, duplicates.kinds, strict=True
        )
    ]
    figures = {
        "schema_version": SCHEMA,
        "source": pictures.source,
        "seed": findings.seed,
        "pictures": len(pictures),
        "classes": [label.name for label in pictures.classes],
        "training_split": pictures.training,
        "broken": pictures.broken,
        "balance": findings.balance,
        "appearance": _appearance(pictures, findings),
        "files": _files(pictures),
        "representatives": [
            {
                "class": pictures.classes[item.label].name,
                "medoids": _named(pictures, item.medoids),
                "atypical": _named(pictures, item.atypical),
            }
            for item in findings.representatives
        ],
        "duplicates": copies,
        "faces": _faces(pictures, findings),
        "suspect_labels": _labels(pictures, findings),
        "votes": findings.agreement,
    }
    return {key: plain(value) for key, value in figures.items()}


def plain(value: Any) -> Any:
    """Dataclasses, arrays and tuples as what JSON knows; what is no number as null."""
    if is_dataclass(value) and not isinstance(value, type):
        return plain(asdict(value))
    if isinstance(value, dict):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, np.ndarray):
        return plain(value.tolist())
    if isinstance(value, list | tuple):
        return [plain(item) for item in value]
    if isinstance(value, np.generic):
        return plain(value.item())
    if isinstance(value, float):
        return round(value, 6) if np.isfinite(value) else None
    return value


def _named(pictures: Pictures, positions: Any) -> list[str]:
    return [pictures.name(int(position)) for position in positions]


def _appearance(pictures: Pictures, findings: Findings) -> dict[str, Any]:
    measures = {
        measure.name: {
            "unit": measure.unit,
            "all": measure.everything,
            "classes": measure.classes,
        }
        for measure in findings.appearance.measures
    }
    return {**measures, "blank": _named(pictures, findings.appearance.blank)}


def _files(pictures: Pictures) -> dict[str, Any] | None:
    files = pictures.files
    if files is None:
        return None
    modes, formats = (
        dict(
            zip(
                *(part.tolist() for part in np.unique(v, return_counts=True)),
                strict=True,
            )
        )
        for v in (files.modes, files.formats)
    )
    aspect = files.sizes[:, 0] / files.sizes[:, 1]
    points = (0, 5, 50, 95, 100)
    return {
        "modes": modes,
        "formats": formats,
        "width_px": np.percentile(files.sizes[:, 0], points),
        "height_px": np.percentile(files.sizes[:, 1], points),
        "aspect": np.percentile(aspect, points),
        "percentiles": points,
        "other_files": files.other_files,
    }


def _faces(pictures: Pictures, findings: Findings) -> dict[str, Any]:
    faces = findings.faces
    return {
        "searched": len(faces.searched),
        "without_count": len(faces.without),
        "by_class": faces.by_class,
        "detector_error": faces.error,
        "without": _named(pictures, faces.without),
    }


def _labels(pictures: Pictures, findings: Findings) -> dict[str, Any] | None:
    quality = findings.labels
    if quality is None:
        return None
    names = [label.name for label in pictures.classes]
    rows = zip(
        quality.suspects.tolist(),
        quality.suggested.tolist(),
        quality.given_share.tolist(),
        quality.suggested_share.tolist(),
        strict=True,
    )
    return {
        "classes": [names[label] for label in quality.classes],
        "left_out": quality.left_out,
        "judged": len(quality.judged),
        "accuracy": quality.accuracy,
        "majority": quality.majority,
        "confident_joint": quality.joint,
        "noise": quality.noise,
        "count": len(quality.suspects),
        "clear": quality.clear,
        "against_votes": findings.suspects_checked,
        "ranked": [
            {
                "picture": pictures.name(place),
                "label": pictures.class_name(place),
                "suggested": names[other],
                "label_share": given,
                "suggested_share": share,
            }
            for place, other, given, share in rows
        ],
    }
