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


def test_as_text_an_analysis_says_nothing_that_its_owner_wrote(
    result: Analysis,
) -> None:
    result.title = "Secret"
    assert str(result) == f"analysis {result.pk}"
    assert str(result.faces.get()) == f"face 1 of {result.pk}"


@pytest.mark.django_db
def test_the_migrations_hold_every_change_of_the_models() -> None:
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)
