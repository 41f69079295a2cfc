"""A page that shows every part of `templates/parts`, so that all are checked in one place."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from django import forms
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.template import engines
from django.urls import path

from unhurried.web.urls import *  # noqa: F403 - the error pages' handlers
from unhurried.web.urls import urlpatterns as real

DAY = date(2026, 11, 3)

TEMPLATE = Path(__file__).with_name("gallery.html")


class Everything(forms.Form):
    """One field of each kind."""

    name = forms.CharField(label="Full name")
    reason = forms.CharField(widget=forms.Textarea, required=False)
    route = forms.ChoiceField(
        choices=[("letter", "Letter"), ("call", "Telephone")], widget=forms.RadioSelect
    )
    who = forms.ChoiceField(label="Project worker", choices=[("", "Choose"), ("a", "Alder Reed")])
    kinds = forms.MultipleChoiceField(
        choices=[(1, "Sleep"), (2, "Pacing")], widget=forms.CheckboxSelectMultiple
    )
    agrees = forms.BooleanField(label="The person agrees")
    file = forms.FileField(label="Extract", help_text="A CSV file.")
    when = forms.DateField(label="Day", help_text="For example, 3 11 2026.")


def gallery(request: HttpRequest) -> HttpResponse:
    """The page, its form filled in wrongly."""
    form = Everything({"name": "", "route": "letter", "kinds": ["2"], "when": "soon"})
    names = ["Wren Oldfield", "Bartholomew Featherstonehaugh", "محمد"]
    pages = Paginator(range(120), 25).page(2)
    template = engines["jinja2"].from_string(TEMPLATE.read_text(encoding="utf-8"))
    values = {"form": form, "day": DAY, "rows": names, "pages": pages, "once_value": "1"}
    return HttpResponse(template.render(values, request))


def broken(_request: HttpRequest) -> HttpResponse:
    """A fault."""
    raise ZeroDivisionError


urlpatterns = [path("gallery/", gallery), path("broken/", broken), *real]
