import io
import os
import subprocess
import sys
from pathlib import Path

import pytest

from mimika.core.errors import BrokenImageError
from mimika.core.results import Analysis
from mimika.service.frames import Frame, encode, read_frame
from mimika.service.logs import request_id
from mimika.service.process import job_header
from mimika.service.schemas import ExplainOptions, ModelInfo
from mimika.service.work import Done, Job, done_with
from mimika.service.worker import answer

FRAME = Frame(
    "job",
    {"wanted": "analyze", "options": {"faces": "whole"}, "request_id": "abc"},
    b"data",
)


class Recording:
    """Work that remembers its job and gives, or raises, what it was told to."""

    models: tuple[ModelInfo, ...] = ()

    def __init__(self, outcome: Analysis | Exception) -> None:
        self.outcome = outcome

    def warm_up(self) -> None:
        """Nothing."""

    def __call__(self, job: Job) -> Done:
        self.job, self.request_id = job, request_id.get()
        if isinstance(self.outcome, Exception):
            raise self.outcome
        return done_with(self.outcome, {"decode": 0.5})


def test_a_job_is_done_under_its_request_id(analysis: Analysis) -> None:
    work = Recording(analysis)
    reply = answer(work, FRAME)
    assert Analysis.model_validate_json(reply.body) == analysis
    assert reply.header == {"seconds": {"decode": 0.5}, "faces": 1}
    assert (work.job.data, work.job.options.faces) == (b"data", "whole")
    assert (work.job.request_id, work.request_id) == ("abc", "abc")
    assert request_id.get() == "-"


def test_a_face_reaches_the_work_as_it_was_sent(analysis: Analysis) -> None:
    face = '{"box":[1,2,3,4],"label":"large","landmarks":null,"tilt_degrees":0}'
    options = ExplainOptions.model_validate({"face": face, "side": 64})
    header = job_header(Job(b"data", options, "abc"))
    sent = read_frame(io.BytesIO(encode(Frame("job", header, b"data"))))
    assert sent is not None
    work = Recording(analysis)
    assert answer(work, sent).kind == "result"
    assert work.job.options == options


@pytest.mark.parametrize(
    ("error", "slug", "words"),
    [
        (BrokenImageError("cut short"), "broken-image", "cut short"),
        (MemoryError(), "image-too-large", "more memory"),
        (KeyError("secret"), "internal", "unforeseen"),
    ],
)
def test_what_goes_wrong_becomes_an_answer(
    error: Exception, slug: str, words: str
) -> None:
    reply = answer(Recording(error), FRAME)
    assert (reply.kind, reply.header["slug"]) == ("error", slug)
    assert words in reply.header["detail"]
    assert "secret" not in reply.header["detail"]


def test_the_process_serves_until_its_input_ends() -> None:
    setup = Frame(
        "setup",
        {
            "target": "fake_work:build",
            "options": {},
            "memory_mb": 0,
            "log_level": "INFO",
        },
    )
    ran = subprocess.run(
        [sys.executable, "-m", "mimika.service.worker"],
        input=encode(setup) + encode(FRAME),
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parent)},
        stdout=subprocess.PIPE,
        timeout=60,
        check=True,
    )
    stream = io.BytesIO(ran.stdout)
    ready, result = read_frame(stream), read_frame(stream)
    assert ready is not None
    assert result is not None
    assert ready.kind == "ready"
    assert ready.header["models"][0]["name"] == "double"
    assert result.kind == "result"
    assert read_frame(stream) is None
