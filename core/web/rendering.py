"""Sets Jinja up: where templates are found, what they can call, and that whatever they show is escaped."""

import sys
from collections.abc import Callable, Mapping
from decimal import Decimal
from pathlib import Path
from types import FrameType
from typing import Any

from flask import Flask
from jinja2 import ChoiceLoader, FileSystemLoader, PrefixLoader, StrictUndefined, pass_eval_context, select_autoescape
from jinja2.nodes import EvalContext
from markupsafe import Markup, escape

from core import __version__
from core.language import CORE as CORE_DOMAIN
from core.language import Message, current_language, formats, in_context, plural
from core.language import _ as sentence
from core.web import charts, form_parts
from core.web.shell import Site

CORE = Path(__file__).resolve().parent.parent
OWN = CORE / "web" / "templates"


def make_templates(app: Flask, plugin_folders: dict[str, Path]) -> None:
    """Let `housing/x.html` be plugins/housing/templates/x.html, `people/x.html` the core feature's, `page.html` ours.

    No plugin can stand before a template of the core.
    """
    core = {folder.parent.name: folder for folder in CORE.glob("*/templates") if folder != OWN}
    features = {**{key: folder / "templates" for key, folder in plugin_folders.items()}, **core}
    prefixed = PrefixLoader({name: FileSystemLoader(folder) for name, folder in features.items()})
    environment = app.jinja_env
    environment.loader = ChoiceLoader([FileSystemLoader(OWN), prefixed])
    environment.undefined = StrictUndefined
    environment.autoescape = select_autoescape(disabled_extensions=("txt",), default=True)
    environment.trim_blocks = environment.lstrip_blocks = True
    domains = {str(folder / "templates"): key for key, folder in plugin_folders.items()}
    environment.globals.update(
        _=spoken(sentence, domains),
        plural=spoken(plural, domains),
        in_context=spoken(in_context, domains),
        current_language=current_language,
        site=Site(network_name=app.config["SETTINGS"].network_name, version=__version__),
        field_kind=form_parts.field_kind,
        field_attributes=form_parts.field_attributes,
        error_lines=form_parts.error_lines,
        bar_chart=charts.bar_chart,
    )
    environment.filters.update(
        date=shown(formats.show_date),
        clock=shown(formats.show_clock),
        datetime=shown(formats.show_datetime),
        month=shown(formats.show_month),
        weekday=shown(formats.show_weekday),
        money=shown(formats.show_money),
        number=shown(formats.show_number),
        percent=shown(show_percent),
    )


def spoken(words: Callable[..., Message], domains: Mapping[str, str]) -> Callable[..., str]:
    """A function of core.language for templates: the sentence may hold markup, its values are escaped.

    A sentence that stands in a module's template is of the module's domain, wherever the template is drawn.
    """

    @pass_eval_context
    def say(context: EvalContext, /, *arguments: Any, **values: Any) -> str:
        message = words(*arguments, **values)
        message.domain = _domain_of_template(domains)
        if not context.autoescape:
            return str(message)
        message.values = {name: escape(value) for name, value in message.values.items()}
        return Markup(str(message))  # noqa: S704  the sentence is ours, and its values were just escaped

    return say


def _domain_of_template(domains: Mapping[str, str]) -> str:
    """Whose the template is that is saying a sentence: the code that Jinja makes of it keeps its file's name."""
    frame: FrameType | None = sys._getframe(1)  # noqa: SLF001  not this one, which would hold itself
    while frame is not None and "debug_info" not in frame.f_globals:
        frame = frame.f_back
    file = frame.f_code.co_filename if frame is not None else ""
    return next((domain for folder, domain in domains.items() if file.startswith(folder)), CORE_DOMAIN)


def shown(show: Callable[..., str]) -> Callable[..., str]:
    """A format for templates: what is not known is shown as nothing."""
    return lambda value, *arguments, **options: "" if value is None else show(value, *arguments, **options)


def show_percent(share: Decimal | float, *, places: int = 0) -> str:
    """A share of one, as a percentage: 0.664 is 66%."""
    return f"{formats.show_number(Decimal(share) * 100, places=places)}%"
