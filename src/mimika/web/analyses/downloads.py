"""Pictures and files of a result, each for its owner alone."""

from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

from django.db.models import QuerySet
from django.http import FileResponse, Http404, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from mimika.core.errors import MimikaError
from mimika.core.images import read_picture
from mimika.web.accounts.requests import PersonRequest
from mimika.web.analyses import files, service
from mimika.web.analyses.card import model_of
from mimika.web.analyses.models import Analysis
from mimika.web.analyses.report import report_of
from mimika.web.reports.data import to_csv, to_json
from mimika.web.reports.names import file_name
from mimika.web.reports.overlay import to_png
from mimika.web.reports.pdf import to_pdf
from mimika.web.request_id import current_request_id
from mimika.web.zips import Member, zipped

AT_ONCE = 100  # results in memory: one has some kilobytes, a person has many
WRITERS = {
    "pdf": ("application/pdf", to_pdf),
    "json": ("application/json", to_json),
    "png": ("image/png", to_png),
}


@require_safe
def picture(request: PersonRequest, analysis_id: UUID, name: str) -> HttpResponse:
    """One of the pictures of a result."""
    analysis = get_object_or_404(request.user.analyses.only("pk"), pk=analysis_id)
    data = _read(files.path_of(analysis.pk, name))
    return _shown(data, "image/jpeg", f"mimika-{name}.jpg", f"{analysis.pk}-{name}")


@require_safe
def heat(request: PersonRequest, analysis_id: UUID, number: int) -> HttpResponse:
    """What mattered in a face, as a PNG that is made when it is first asked for."""
    analysis = get_object_or_404(request.user.analyses, pk=analysis_id)
    if not analysis.is_done or not 1 <= number <= len(analysis.answer.faces):
        raise Http404("there is no such face")
    path = files.heat_path(analysis.pk, number)
    if not path.exists():
        try:
            _make_heat(analysis, number, path)
        except MimikaError as error:
            return HttpResponse(
                service.explain(error), status=503, content_type="text/plain"
            )
    return _shown(_read(path), "image/png", path.name, f"{analysis.pk}-{path.name}")


@require_safe
def save(request: PersonRequest, analysis_id: UUID, form: str) -> HttpResponse:
    """A result as a file to keep.

    Args:
        request: of its owner.
        analysis_id: which result.
        form: one of `WRITERS`.
    """
    analysis = get_object_or_404(request.user.analyses, pk=analysis_id)
    if not analysis.is_done:
        raise Http404("there is no result yet")
    content_type, write = WRITERS[form]
    data = _read(files.path_of(analysis.pk, "original"))
    report = report_of(analysis, read_picture(data).pixels, model_of(analysis.answer))
    response = HttpResponse(write(report), content_type=content_type)
    response.headers["Content-Disposition"] = _saved_as(file_name(report, form))
    return response


@require_safe
def save_table(request: PersonRequest) -> StreamingHttpResponse:
    """All results of a person as a table."""
    lines = to_csv(map(report_of, _done(request).iterator(AT_ONCE)))
    response = StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = _saved_as("mimika-results.csv")
    return response


@require_safe
def save_everything(request: PersonRequest) -> FileResponse:
    """All results of a person with their pictures, as one zip file."""
    kept = zipped(members(_done(request)))
    return FileResponse(kept, as_attachment=True, filename="mimika-results.zip")


def members(analyses: QuerySet[Analysis]) -> Iterator[Member]:
    """Names and contents of what belongs to these results in an archive."""
    analyses = analyses.prefetch_related("faces")
    done = analyses.filter(state="done").iterator(AT_ONCE)
    yield "results.csv", "".join(to_csv(map(report_of, done))).encode()
    for analysis in analyses.iterator(AT_ONCE):
        folder = f"results/{analysis.created:%Y-%m-%d}-{analysis.pk}"
        yield f"{folder}/picture.jpg", files.path_of(analysis.pk, "original")
        if analysis.is_done:
            report = report_of(analysis, model=model_of(analysis.answer))
            yield f"{folder}/result.json", to_json(report)


def _done(request: PersonRequest) -> QuerySet[Analysis]:
    return request.user.analyses.filter(state="done").prefetch_related("faces")


def _make_heat(analysis: Analysis, number: int, path: Path) -> None:
    """Asks the service and keeps what it draws.

    Raises:
        MimikaError: it does not answer.
        Http404: the picture's file is gone, or went meanwhile.
    """
    data = _read(files.path_of(analysis.pk, "original"))
    face = analysis.answer.faces[number - 1]
    drawn = service.get_client().explain(
        data,
        face,
        model=analysis.answer.model,
        digest=analysis.answer.model_digest,
        request_id=current_request_id(),
    )
    try:
        files.write_whole(path, drawn)
    except FileNotFoundError as error:
        raise Http404("the result was deleted meanwhile") from error


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except FileNotFoundError as error:
        raise Http404("the picture's file is gone") from error


def _shown(data: bytes, content_type: str, name: str, tag: str) -> HttpResponse:
    """A picture for a page; the name that the person's file had is not used."""
    response = HttpResponse(data, content_type=content_type)
    response.headers["Content-Disposition"] = f'inline; filename="{name}"'
    # The browser may keep it, but asks each time whether it still may show it.
    response.headers["Cache-Control"] = "private, no-cache"
    response.headers["ETag"] = f'"{tag}"'
    return response


def _saved_as(name: str) -> str:
    return f'attachment; filename="{name}"'
