"""Analyses in the administration: what exists, without pictures and answers."""

from typing import TYPE_CHECKING

from django.contrib import admin
from django.http import HttpRequest

from mimika.web.analyses.models import Analysis

if TYPE_CHECKING:  # a type only for type checkers: Django's class takes no parameter
    Base = admin.ModelAdmin[Analysis]
else:
    Base = admin.ModelAdmin


@admin.register(Analysis)
class AnalysisAdmin(Base):
    """A list to read; people's results are not for changing."""

    list_display = ("id", "owner", "created")
    list_select_related = ("owner",)
    fields = ("id", "owner", "created")
    readonly_fields = fields

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
