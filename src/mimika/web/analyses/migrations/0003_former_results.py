"""Results from before the queue: they are done, and they count."""

from typing import Any

from django.db import migrations
from django.db.models import Count, Max, Min


def carry_over(apps: Any, _: Any) -> None:
    """Gives former results their state, their faces and their words."""
    analyses = apps.get_model("analyses", "Analysis").objects
    face = apps.get_model("analyses", "Face")
    for one in analyses.filter(state="queued", result__isnull=False).iterator():
        one.state, one.finished = "done", one.created
        one.words = " ".join(f"{one.note} {one.original_name}".casefold().split())
        one.save(update_fields=["state", "finished", "words"])
        face.objects.bulk_create(
            face(
                analysis=one,
                number=number,
                label=found["label"],
                probability=found["probability"],
            )
            for number, found in enumerate(one.result["faces"], start=1)
        )
    made = analyses.filter(state="done").order_by().values("owner")
    for row in made.annotate(n=Count("pk"), a=Min("created"), b=Max("created")):
        apps.get_model("accounts", "User").objects.filter(pk=row["owner"]).update(
            computations=row["n"], first_used=row["a"], last_used=row["b"]
        )


class Migration(migrations.Migration):
    """Runs it; backwards nothing has to be done."""

    dependencies = [
        ("analyses", "0002_queue"),
        ("accounts", "0002_profile"),
    ]
    operations = [migrations.RunPython(carry_over, migrations.RunPython.noop)]
