import pytest

from mimika.core.tasks import EMOTION
from mimika.service.schemas import LabelInfo, ModelInfo
from mimika.web.about.evaluation import read_evaluation


@pytest.fixture
def model() -> ModelInfo:
    """What the service says about the model whose evaluation is in the package."""
    evaluation = read_evaluation()
    labels = (
        LabelInfo(key=x.key, name=x.name, colour=x.colour) for x in EMOTION.labels
    )
    measured = {
        "value": evaluation.accuracy,
        "low": evaluation.accuracy_95[0],
        "high": evaluation.accuracy_95[1],
        "split": evaluation.split,
        "images": evaluation.images,
    }
    return ModelInfo.model_validate(
        {
            "name": "emotion-test",
            "task": "emotion",
            "finds_faces": True,
            "labels": tuple(labels),
            "input_size": 48,
            "input_channels": 1,
            "digest": evaluation.model_digest,
            "metrics": {"accuracy": measured},
            "intended_use": "For tests & teaching.",
            "limits": "Not for anything else.",
            "licence": "MIT",
            "created": "2026-01-01",
            "architecture": "three layers",
            "training_data": "nine pictures",
            "temperature": 1.25,
            "calibrated_on": "PublicTest",
        }
    )
