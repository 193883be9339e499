"""The part of a person's form that shows who looks the same, and asks whether it is somebody else."""

from typing import Any

from flask import render_template
from markupsafe import Markup
from wtforms.widgets import HiddenInput

from core.people.services.similar import Similar
from core.resource.fields import YesNoField

WATCHED = ("surname", "name", "birth_date", "codice_fiscale", "phone", "email")


class SimilarWidget(HiddenInput):
    """A polite live region that asks again whenever one of the watched fields changes.

    It counts as hidden so that pages draw no label: its box is there only when somebody was found.
    """

    def __call__(self, field: "SimilarField", **options: Any) -> Markup:
        words = render_template("people/similar_region.html", field=field, watched=WATCHED, options=options)
        return Markup(words)  # noqa: S704  our own template


class SimilarField(YesNoField):
    """Whether the clerk says that it is another person; `found` are those that look the same."""

    widget = SimilarWidget()

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.found: list[Similar] = []
        self.may_confirm = True
        self.known_elsewhere = False
