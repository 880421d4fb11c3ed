"""A form field for text of several lines."""

from django import forms


class ProseField(forms.CharField):
    """Text of several lines; browsers send two characters for each end of a line."""

    def to_python(self, value: object) -> str:
        """The text with one character for each end, as the browser counts as well."""
        text: str = super().to_python(value) or ""
        return text.replace("\r\n", "\n")
