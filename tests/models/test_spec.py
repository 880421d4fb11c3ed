"""What a network is to be made for."""

import pytest

from mimika.core.errors import ConfigError
from mimika.models.spec import NetworkSpec


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"channels": 2}, r"channels = 2: expected 1 or 3"),
        ({"size": 0}, r"size = 0.*expected 1 or more"),
        ({"classes": 0}, r"classes = 0.*expected 1 or more"),
        ({"dropout": 1.0}, r"dropout = 1\.0: expected 0 or more, below 1"),
        ({"drop_path": -0.1}, r"drop_path = -0\.1: expected 0 or more"),
        ({"head": "tree"}, r"head = 'tree': expected one of linear, mlp"),
    ],
)
def test_an_impossible_value_is_named(changes, message):
    values = {"backbone": "tiny_vgg", "channels": 1, "size": 48, "classes": 7}
    with pytest.raises(ConfigError, match=message):
        NetworkSpec(**values | changes)
