"""Gives every field of every form the class names of Bootstrap 5.3.

Django asks the renderer of forms (`FORM_RENDERER`) for its kind of bound field, so no
form and no template has to name a class. `_field.html` puts label, help and errors
around the field.
"""

from typing import Any

from django.forms import (
    BoundField,
    CheckboxInput,
    CheckboxSelectMultiple,
    RadioSelect,
    Select,
    SelectMultiple,
    Widget,
)
from django.forms.renderers import DjangoTemplates

# The first kind that fits counts: a radio button is a kind of select to Django.
CLASSES: tuple[tuple[tuple[type[Widget], ...], str], ...] = (
    ((CheckboxInput, RadioSelect, CheckboxSelectMultiple), "form-check-input"),
    ((Select, SelectMultiple), "form-select"),
)
EVERYTHING_ELSE = "form-control"


def class_of(widget: Widget) -> str:
    """The class name that Bootstrap wants for a widget."""
    return next(
        (name for kinds, name in CLASSES if isinstance(widget, kinds)), EVERYTHING_ELSE
    )


class BootstrapField(BoundField):
    """A field of a form that wears Bootstrap's class names."""

    def build_widget_attrs(
        self, attrs: dict[str, Any], widget: Widget | None = None
    ) -> dict[str, Any]:
        """Adds the classes to what Django sets, among it `aria-describedby`."""
        widget = widget or self.field.widget
        built = super().build_widget_attrs(attrs, widget)
        if widget.is_hidden:
            return built
        given = built.get("class") or widget.attrs.get("class") or ""
        invalid = "is-invalid" if self.errors else ""
        built["class"] = " ".join(f"{given} {class_of(widget)} {invalid}".split())
        return built

    @property
    def kind(self) -> str:
        """What `_field.html` tells apart: `choices`, `check` or `plain`."""
        if isinstance(self.field.widget, RadioSelect | CheckboxSelectMultiple):
            return "choices"
        return "check" if isinstance(self.field.widget, CheckboxInput) else "plain"


class BootstrapRenderer(DjangoTemplates):
    """Django's own renderer with our kind of field."""

    bound_field_class = BootstrapField
