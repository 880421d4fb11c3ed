"""Models in the administration: add, switch off and on, remove."""

from typing import TYPE_CHECKING, Any

from django import forms
from django.conf import settings
from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from mimika.core.errors import MimikaError, ServiceError
from mimika.web.analyses import catalogue, service
from mimika.web.analyses.offered import NAME_LENGTH, OfferedModel

MOST_MB = 100
NO_KEY = (
    "Models cannot be added or removed here: the web application and the service need "
    "the same MIMIKA_SERVICE_ADMIN_KEY. On the service's machine 'mimika models add' "
    "does the same."
)
LAST = "One model has to stay on: people could not send anything otherwise."

if TYPE_CHECKING:  # types only for type checkers: Django's classes take no parameter
    Base = admin.ModelAdmin[OfferedModel]
    BaseForm = forms.ModelForm[OfferedModel]
else:
    Base, BaseForm = admin.ModelAdmin, forms.ModelForm


class AddForm(BaseForm):
    """A name and a file; the service says whether the file can be used."""

    name = forms.SlugField(
        max_length=NAME_LENGTH, help_text="Small letters, digits, - and _."
    )
    file = forms.FileField(
        help_text=f"An .onnx file that 'mimika learn' or 'mimika export' wrote, at "
        f"most {MOST_MB} MB."
    )

    class Meta:
        """What Django asks for."""

        model = OfferedModel
        fields = ("name", "title", "file")

    def clean(self) -> dict[str, Any]:
        """Has the service try the model out.

        Raises:
            ValidationError: it cannot be used, or the service does not answer.
        """
        cleaned = super().clean() or {}
        name, file = cleaned.get("name"), cleaned.get("file")
        if not name or file is None or self.errors:
            return cleaned
        if OfferedModel.objects.filter(name=name, in_service=True).exists():
            raise ValidationError({"name": "There is a model of this name already."})
        if file.size > MOST_MB * 1_000_000:
            raise ValidationError(
                {"file": f"The file has {file.size / 1e6:.0f} MB; at most {MOST_MB}."}
            )
        if not settings.MIMIKA_SERVICE_ADMIN_KEY:
            raise ValidationError(NO_KEY)
        try:
            self.info = service.get_client().add_model(name, file.read())
        except ServiceError as error:
            raise ValidationError(f"The service did not take it: {error}") from error
        except MimikaError as error:
            raise ValidationError({"file": str(error)}) from error
        return cleaned

    def validate_unique(self) -> None:
        """Nothing: a model that came back takes the row that it had."""


@admin.register(OfferedModel)
class OfferedModelAdmin(Base):
    """The list, which asks the service each time it is shown."""

    list_display = (
        "name",
        "shown",
        "task",
        "accuracy",
        "short_digest",
        "is_offered",
        "in_service",
    )
    list_filter = ("is_offered", "in_service", "task")
    actions = ("switch_on", "switch_off")
    readonly_fields = (
        "name",
        "task",
        "classes",
        "digest",
        "accuracy",
        "in_service",
        "created",
        "added_by",
    )

    @admin.display(description="digest")
    def short_digest(self, model: OfferedModel) -> str:
        """The beginning of the digest."""
        return model.digest[:8]

    @admin.display(description="what people read")
    def shown(self, model: OfferedModel) -> str:
        """Title, or what is shown in its place."""
        return model.shown

    def get_fields(
        self, request: HttpRequest, obj: OfferedModel | None = None
    ) -> tuple[str, ...]:
        """Name, title and file of a new one; title and switch of others."""
        if obj is None:
            return ("name", "title", "file")
        return ("title", "is_offered", *self.readonly_fields)

    def get_readonly_fields(
        self, request: HttpRequest, obj: OfferedModel | None = None
    ) -> tuple[str, ...]:
        """All that the service says."""
        return () if obj is None else self.readonly_fields

    def get_form(
        self,
        request: HttpRequest,
        obj: OfferedModel | None = None,
        change: bool = False,
        **kwargs: Any,
    ) -> Any:
        """The form with a file for a new one."""
        if obj is None:
            return AddForm
        return super().get_form(request, obj, change, **kwargs)

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """The list as the service has it now."""
        if request.method != "POST" and not catalogue.refresh(now=True):
            messages.warning(request, "The service does not answer: the list is old.")
        return super().changelist_view(request, extra_context)

    def save_model(
        self, request: HttpRequest, obj: OfferedModel, form: Any, change: bool
    ) -> None:
        """Remembers what the service says of a new one; keeps one model on."""
        if change:
            if not obj.is_offered and not others_on([obj.pk]):
                obj.is_offered = True
                messages.error(request, LAST)
            super().save_model(request, obj, form, change)
            return
        catalogue.remember_one(form.info)
        made = OfferedModel.objects.get(name=form.info.name)
        made.title, made.added_by_id = obj.title, request.user.pk
        made.is_offered = True
        made.save()
        obj.pk = made.pk
        obj.refresh_from_db()

    def has_delete_permission(
        self, request: HttpRequest, obj: OfferedModel | None = None
    ) -> bool:
        """Not what comes with mimika, and not the last one that is on."""
        if obj is not None and (obj.is_shipped or not others_on([obj.pk])):
            return False
        return super().has_delete_permission(request, obj)

    def get_actions(self, request: HttpRequest) -> Any:
        """Without deleting several: each is asked about on a page of its own."""
        actions = super().get_actions(request)
        actions.pop("delete_selected", None)
        return actions

    def delete_view(
        self,
        request: HttpRequest,
        object_id: str,
        extra_context: dict[str, Any] | None = None,
    ) -> Any:
        """Says so where the service does not remove it; then nothing has changed."""
        try:
            return super().delete_view(request, object_id, extra_context)
        except MimikaError as error:
            messages.error(request, f"It was not removed: {error}")
            return redirect("admin:analyses_offeredmodel_change", object_id)

    def delete_model(self, request: HttpRequest, obj: OfferedModel) -> None:
        """Removes it from the service, and then from the list.

        Raises:
            MimikaError: the service does not remove it.
        """
        if obj.in_service:
            service.get_client().remove_model(obj.name)
        super().delete_model(request, obj)

    @admin.action(permissions=["change"], description="Switch on")
    def switch_on(self, request: HttpRequest, chosen: QuerySet[OfferedModel]) -> None:
        """Offers models again."""
        count = chosen.update(is_offered=True)
        messages.success(request, f"{count} switched on.")

    @admin.action(permissions=["change"], description="Switch off")
    def switch_off(self, request: HttpRequest, chosen: QuerySet[OfferedModel]) -> None:
        """Offers models no more; what they answered stays."""
        if not others_on(list(chosen.values_list("pk", flat=True))):
            messages.error(request, LAST)
            return
        count = chosen.update(is_offered=False)
        messages.success(request, f"{count} switched off.")


def others_on(left_out: list[int]) -> bool:
    """Whether a model that people may choose is left without these."""
    on = OfferedModel.objects.filter(is_offered=True, in_service=True)
    return on.exclude(pk__in=left_out).exists()
