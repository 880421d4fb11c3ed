import re

import pytest
from django import forms
from django.template.loader import render_to_string

KINDS = [("one", "One"), ("two", "Two")]


class Everything(forms.Form):
    text = forms.CharField(help_text="As you like.", label="Text")
    mail = forms.EmailField()
    password = forms.CharField(widget=forms.PasswordInput(attrs={"class": "mine"}))
    area = forms.CharField(widget=forms.Textarea)
    select = forms.ChoiceField(choices=KINDS)
    radio = forms.ChoiceField(
        choices=KINDS, widget=forms.RadioSelect, help_text="One of them."
    )
    several = forms.MultipleChoiceField(
        choices=KINDS, widget=forms.CheckboxSelectMultiple
    )
    agree = forms.BooleanField(help_text="You have to.")
    day = forms.DateField(widget=forms.DateInput(attrs={"type": "date"}))
    file = forms.FileField()
    secret = forms.CharField(widget=forms.HiddenInput)


def html_of(name: str, form: forms.Form | None = None) -> str:
    form = Everything() if form is None else form
    return render_to_string("_field.html", {"field": form[name]})


def classes(html: str) -> list[str]:
    """Those of the fields themselves."""
    return re.findall(r'<(?:input|select|textarea)[^>]*class="([^"]*)"', html)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("text", ["form-control"]),
        ("mail", ["form-control"]),
        ("password", ["mine form-control"]),
        ("area", ["form-control"]),
        ("select", ["form-select"]),
        ("radio", ["form-check-input"] * 2),
        ("several", ["form-check-input"] * 2),
        ("agree", ["form-check-input"]),
        ("day", ["form-control"]),
        ("file", ["form-control"]),
        ("secret", []),
    ],
)
def test_a_field_wears_the_class_of_its_kind(name: str, expected: list[str]) -> None:
    assert classes(html_of(name)) == expected


@pytest.mark.parametrize("name", [n for n in Everything.base_fields if n != "secret"])
def test_a_wrong_field_is_marked_and_tied_to_its_error(name: str) -> None:
    html = html_of(name, Everything({}))
    assert all("is-invalid" in found for found in classes(html))
    described = re.search(r'aria-describedby="([^"]+)"', html)
    assert described is not None
    assert f"id_{name}_error" in described[1].split()
    for identifier in described[1].split():
        assert html.count(f'id="{identifier}"') == 1


@pytest.mark.parametrize("name", ["text", "radio", "agree"])
def test_help_is_tied_to_its_field(name: str) -> None:
    html = html_of(name)
    assert f'aria-describedby="id_{name}_helptext"' in html
    assert html.count(f'id="id_{name}_helptext"') == 1


@pytest.mark.parametrize("name", ["radio", "several"])
def test_several_choices_stand_in_a_set_with_a_legend(name: str) -> None:
    html = html_of(name)
    assert "<fieldset" in html
    assert f"<legend>{name.capitalize()}</legend>" in html
    labels = re.findall(r'<label[^>]*for="([^"]+)"', html)
    assert labels == [f"id_{name}_0", f"id_{name}_1"]
    assert all(f'id="{label}"' in html for label in labels)


def test_a_hidden_field_is_only_itself() -> None:
    html = html_of("secret").strip()
    assert html.startswith("<input")
    assert "<label" not in html
