"""`mimika predict` as people and programs call it."""

import json
import logging
import os
import pty
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner, Result
from PIL import Image

from mimika.cli import predict
from mimika.cli.main import main
from mimika.cli.predict import command, printable
from mimika.core.results import Analysis
from mimika.core.tasks import EMOTION
from mimika.runtime.pipeline import Analyzer


def run(*arguments: str | Path, stdin: bytes | None = None) -> Result:
    return CliRunner().invoke(command, [str(a) for a in arguments], input=stdin)


@pytest.fixture
def blank(tmp_path: Path) -> Path:
    """A picture without a face."""
    path = tmp_path / "blank.png"
    Image.new("RGB", (320, 240), "#888888").save(path)
    return path


@pytest.fixture
def broken(tmp_path: Path, photograph: Path) -> Path:
    path = tmp_path / "broken.jpg"
    path.write_bytes(photograph.read_bytes()[:9000])
    return path


def test_a_photograph_gives_a_row_with_its_emotion(photograph: Path) -> None:
    result = run(photograph)
    assert result.exit_code == 0
    heading, row = (line.split("\t") for line in result.stdout.splitlines())
    assert heading == ["File", "Face", "x, y, w, h", "Emotion", "Also"]
    assert row[:2] == [str(photograph), "1"]
    assert len(row[2].split(", ")) == 4
    assert row[3].split()[0] in EMOTION.names
    assert row[3].endswith(" %")
    assert len(row[4].split(", ")) == 2
    assert result.stderr == ""


def test_what_makes_an_answer_doubtful_stands_beside_it(
    photograph: Path, tmp_path: Path
) -> None:
    with Image.open(photograph) as image:
        image.resize((51, 60)).save(tmp_path / "small.png")
    _, row = run(tmp_path / "small.png").stdout.splitlines()
    assert row.split("\t")[3].endswith(" % (small)")


def test_a_picture_without_a_face_says_so(blank: Path) -> None:
    result = run(blank)
    assert result.exit_code == 0
    assert "no face found" in result.stdout


def test_json_is_one_list_of_analyses(photograph: Path, blank: Path) -> None:
    result = run("--json", photograph, blank)
    assert result.exit_code == 0
    entries = json.loads(result.stdout)
    assert [entry["file"] for entry in entries] == [str(photograph), str(blank)]
    first, second = (Analysis.model_validate(entry["analysis"]) for entry in entries)
    assert len(first.faces) == 1
    assert second.faces == ()


def test_a_bad_file_is_reported_and_the_rest_go_on(
    photograph: Path, broken: Path, tmp_path: Path
) -> None:
    absent, text = tmp_path / "absent.jpg", tmp_path / "text.jpg"
    text.write_text("no picture")
    result = run("--json", absent, broken, text, photograph)
    assert result.exit_code == 1
    entries = json.loads(result.stdout)
    assert [sorted(entry) for entry in entries] == [["error", "file"]] * 3 + [
        ["analysis", "file"]
    ]
    for path, words in (
        (absent, "no such file"),
        (broken, "damaged or cut short"),
        (text, "not a picture in an accepted format"),
    ):
        assert any(str(path) in line and words in line for line in lines(result))
    assert "3 of 4 failed" in result.stderr


def lines(result: Result) -> list[str]:
    return result.stderr.splitlines()


def test_a_table_after_an_error_holds_the_rest(photograph: Path, broken: Path) -> None:
    result = run(broken, photograph)
    assert result.exit_code == 1
    assert str(photograph) in result.stdout
    assert str(broken) not in result.stdout
    assert str(broken) in result.stderr


def test_folders_and_standard_input_are_read(photograph: Path, blank: Path) -> None:
    result = run("--json", blank.parent, "-", stdin=photograph.read_bytes())
    assert result.exit_code == 0
    entries = json.loads(result.stdout)
    assert [entry["file"] for entry in entries] == [str(blank), "standard input"]
    assert len(entries[1]["analysis"]["faces"]) == 1


def test_empty_standard_input_is_an_error() -> None:
    result = run("-", stdin=b"")
    assert result.exit_code == 1
    assert "standard input: the file is empty" in result.stderr


def test_an_empty_folder_is_an_error(tmp_path: Path) -> None:
    result = run(tmp_path)
    assert result.exit_code == 1
    assert "no pictures in this folder" in result.stderr


def test_a_whole_picture_is_one_face_when_asked(blank: Path) -> None:
    result = run("--json", "--faces", "whole", "--detail", "fast", blank)
    (entry,) = json.loads(result.stdout)
    analysis = Analysis.model_validate(entry["analysis"])
    assert (analysis.faces_mode, analysis.detail) == ("whole", "fast")
    (face,) = analysis.faces
    assert face.box == (0, 0, 320, 240)


def test_pictures_are_saved_with_their_faces_marked(
    photograph: Path, blank: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "new" / "marked"
    result = run("--json", "--save", folder, photograph, blank)
    assert result.exit_code == 0
    saved = [Path(entry["saved"]) for entry in json.loads(result.stdout)]
    assert saved == [folder / "grace_hopper_faces.jpg", folder / "blank_faces.png"]
    with Image.open(saved[0]) as marked, Image.open(photograph) as original:
        assert marked.size == original.size
        difference = np.abs(np.subtract(marked, original, dtype=np.int16))
    assert (difference > 60).any()
    with Image.open(saved[1]) as marked, Image.open(blank) as original:
        np.testing.assert_array_equal(np.asarray(marked), np.asarray(original))


def test_pictures_of_one_name_are_saved_under_two(blank: Path, tmp_path: Path) -> None:
    other = tmp_path / "other" / "blank.png"
    other.parent.mkdir()
    other.write_bytes(blank.read_bytes())
    before = blank.read_bytes()
    result = run("--save", tmp_path, blank, other)
    assert result.exit_code == 0
    saved = sorted(path.name for path in tmp_path.glob("*.png"))
    assert saved == ["blank.png", "blank_faces-2.png", "blank_faces.png"]
    assert blank.read_bytes() == before


def test_a_folder_that_cannot_be_made_is_named(blank: Path) -> None:
    result = run("--save", blank / "inside", blank)
    assert result.exit_code == 1
    assert "cannot make this folder" in result.stderr
    assert result.stdout == ""


def test_a_folder_without_write_access_is_named(
    blank: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Root may write everywhere, and tests may run as root.
    monkeypatch.setattr(os, "access", lambda path, mode: not mode & os.W_OK)
    result = run("--save", tmp_path, blank)
    assert result.exit_code == 1
    assert "no write access" in result.stderr


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["--faces", "none", "a.jpg"],
        ["--threads", "-1", "a.jpg"],
        ["--provider", "gpu", "a.jpg"],
        ["--require", "a.jpg"],
        ["--no-such-option", "a.jpg"],
    ],
)
def test_a_wrong_call_exits_with_2(arguments: list[str]) -> None:
    assert run(*arguments).exit_code == 2


def test_saving_into_a_file_is_a_wrong_call(blank: Path) -> None:
    assert run("--save", blank, blank).exit_code == 2


def test_the_help_shows_examples() -> None:
    result = run("--help")
    assert result.exit_code == 0
    assert "mimika predict photo.jpg" in result.stdout


def test_a_name_cannot_command_a_terminal() -> None:
    assert printable("a\x1b[31m\n.jpg") == "a\\x1b[31m\\n.jpg"
    assert printable("Grüße 1.jpg") == "Grüße 1.jpg"
    assert printable(os.fsdecode(b"\xff.jpg")) == "\\xff.jpg"


def test_a_name_that_is_no_text_is_printed_all_the_same(
    blank: Path, tmp_path: Path
) -> None:
    odd = tmp_path / os.fsdecode(b"\xff[bold].png")
    odd.write_bytes(blank.read_bytes())
    assert "\\xff[bold].png" in run(odd).stdout
    (entry,) = json.loads(run("--json", odd).stdout)
    assert entry["file"] == str(odd)


def test_a_model_that_is_not_there_fails_with_one_line(blank: Path) -> None:
    code = "from mimika.cli.main import main; main()"
    command_line = [sys.executable, "-c", code, "predict", "--model", "no.onnx"]
    done = subprocess.run(
        [*command_line, str(blank)], capture_output=True, text=True, check=False
    )
    assert done.returncode == 1
    assert done.stdout == ""
    (line,) = done.stderr.splitlines()
    assert line.startswith("Error: no.onnx: no such model file")


def test_a_terminal_gets_a_drawn_table(photograph: Path, blank: Path) -> None:
    code = "from mimika.cli.main import main; main()"
    reader, writer = pty.openpty()
    done = subprocess.run(
        [sys.executable, "-c", code, "predict", str(photograph), str(blank)],
        stdout=writer,
        stderr=subprocess.PIPE,
        env=os.environ | {"COLUMNS": "200", "TERM": "xterm"},
        check=True,
    )
    os.close(writer)
    shown = os.read(reader, 100_000).decode()
    os.close(reader)
    assert done.stderr == b""
    assert "──" in shown
    assert "\t" not in shown
    assert str(photograph) in shown
    assert "no face found" in shown


def test_control_c_stops_with_one_line(
    blank: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def interrupted(*_: object) -> Analyzer:
        raise KeyboardInterrupt

    monkeypatch.setattr(predict, "load_by_name", interrupted)
    with pytest.raises(SystemExit) as stopped:
        main(["predict", str(blank)])
    logging.captureWarnings(False)  # what `main` turned on
    assert stopped.value.code == 1
    assert capsys.readouterr().err.strip() == "Stopped."


def test_a_provider_that_is_required_and_absent_fails_before_any_work(
    photograph: Path,
) -> None:
    done = run("--provider", "cuda", "--require", str(photograph))
    assert "cuda is required and does not work here" in str(done.exception)
    assert done.stdout == ""
