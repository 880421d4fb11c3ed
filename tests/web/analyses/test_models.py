import pytest
from django.core.management import call_command

from mimika.core.results import Analysis as Answer
from mimika.web.analyses.models import Analysis


def test_a_stored_result_is_the_answer_that_was_given(
    result: Analysis, twin: object
) -> None:
    result.refresh_from_db()
    assert isinstance(result.answer, Answer)
    assert result.answer == getattr(twin, "answer")  # noqa: B009  fixture of any type


def test_an_analysis_is_named_by_its_file_and_time(result: Analysis) -> None:
    assert str(result) == f"photo.jpg of {result.created:%Y-%m-%d %H:%M}"


@pytest.mark.django_db
def test_the_migrations_hold_every_change_of_the_models() -> None:
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)
