"""`mimika networks`."""

import json

import pytest

from mimika.cli import networks
from mimika.cli.networks import HEADER
from mimika.core.errors import ConfigError
from mimika.models.catalogue import CATALOGUE


def test_a_table_gives_parameters_cost_and_licence(call):
    result = call("networks", "tiny_vgg", "mobilenetv3_small_100", "--size", "64")
    assert result.exit_code == 0, result.output
    lines = result.stdout.splitlines()
    assert lines[0] == "Pictures of 64 px, 1 channel, 7 classes."
    assert lines[4].split() == " ".join(HEADER).split()
    words = lines[6].split()
    assert words[:6] == ["mobilenetv3_small_100", "1.52", "M", "5", "M", "64"]
    assert float(words[6]) > 0
    assert words[7:9] == ["16", "apache-2.0"]
    assert lines[5].split()[8] == "-"  # nobody publishes weights of ours
    assert result.stderr.splitlines() == ["1/2 tiny_vgg", "2/2 mobilenetv3_small_100"]


def test_json_holds_the_same_for_programs(call):
    argv = ("tiny_vgg", "--channels", 3, "--size", 64, "--classes", 10, "--no-time")
    (row,) = json.loads(call("networks", *argv, "--json").stdout)
    assert row == {
        "name": "tiny_vgg",
        "parameters": 19_920,
        "multiply_adds": row["multiply_adds"],
        "size": 64,
        "latency_ms": None,
        "minimum_size": 16,
        "licence": None,
        "description": CATALOGUE["tiny_vgg"].description,
    }
    by_hand = 90 * (3 * 62**2 + 10 * (60**2 + 28**2 + 26**2)) + 10 * 1690
    assert row["multiply_adds"] == by_hand


def test_without_names_it_lists_the_catalogue(call, monkeypatch):
    def cheap(spec, and_time):
        return networks.Row(spec.backbone, 1, 1, spec.size, 1.0, 16, None, "any")

    monkeypatch.setattr(networks, "cost", cheap)
    rows = json.loads(call("networks", "--json", "--size", 32).stdout)
    assert [row["name"] for row in rows] == list(CATALOGUE)


def test_a_network_that_needs_more_is_measured_at_its_smallest_size(call):
    result = call("networks", "convnext_atto", "--size", "24", "--no-time")
    assert "32*" in result.stdout
    assert result.stdout.splitlines()[-1] == "* its smallest size"


def test_any_network_of_timm_can_be_named(call):
    result = call("networks", "regnety_002", "--no-time", "--json")
    (row,) = json.loads(result.stdout)
    assert row["minimum_size"] is None
    assert row["licence"] == "mit"


def test_an_unknown_name_gives_similar_ones(call):
    error = call("networks", "tiny_vg").exception
    assert isinstance(error, ConfigError)
    assert "did you mean tiny_vgg" in str(error)


def test_all_of_timm_can_be_searched(call):
    lines = call("networks", "--all-timm", "vgg1?").stdout.splitlines()
    assert lines[0].split() == ["vgg11", "bsd-3-clause"]
    assert len(lines) == 4
    rows = json.loads(call("networks", "--all-timm", "vgg1?", "--json").stdout)
    assert rows[0] == {"name": "vgg11", "licence": "bsd-3-clause"}


@pytest.mark.parametrize(
    ("argv", "message"),
    [
        (["--all-timm", "nothing"], "timm has no network of such a name"),
        (["tiny_vgg", "--all-timm", "*"], "do not go together"),
        (["--size", "4"], "4 is not in the range"),
        (["--channels", "2"], "'2' is not one of"),
    ],
)
def test_a_wrong_call_says_what_is_wrong(argv, message, call):
    result = call("networks", *argv)
    assert result.exit_code == 2
    assert message in result.stderr
