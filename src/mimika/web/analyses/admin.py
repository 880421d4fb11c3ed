"""Analyses in the administration: what exists, without pictures and answers."""

from typing import TYPE_CHECKING

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from mimika.web.analyses.models import Analysis
from mimika.web.analyses.offered_admin import OfferedModelAdmin

__all__ = ["AnalysisAdmin", "OfferedModelAdmin"]  # Django looks for both here

HIDDEN = ("title", "note", "original_name", "words", "seen", "taken", "result")

if TYPE_CHECKING:  # a type only for type checkers: Django's class takes no parameter
    Base = admin.ModelAdmin[Analysis]
else:
    Base = admin.ModelAdmin


@admin.register(Analysis)
class AnalysisAdmin(Base):
    """A list to read; people's results are not for changing."""

    list_display = ("id", "owner", "created", "state", "attempts", "finished", "took")
    list_filter = ("state",)
    list_select_related = ("owner",)
    fields = list_display
    readonly_fields = fields

    def get_queryset(self, request: HttpRequest) -> QuerySet[Analysis]:
        """Without what people wrote and what the model said."""
        return super().get_queryset(request).defer(*HIDDEN)

    @admin.display(description="took")
    def took(self, analysis: Analysis) -> str | None:
        """Seconds from the last beginning to the end."""
        if analysis.began is None or analysis.finished is None:
            return None
        return f"{(analysis.finished - analysis.began).total_seconds():.2f} s"

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Analyses come from the form only."""
        return False

    def has_change_permission(
        self, request: HttpRequest, obj: Analysis | None = None
    ) -> bool:
        """Nobody may change one."""
        return False

    def has_delete_permission(
        self, request: HttpRequest, obj: Analysis | None = None
    ) -> bool:
        """Deleting here would leave the files behind."""
        return False
