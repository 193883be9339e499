"""What a file's headings mean: a field of the form, the record itself, or something to compare and never to write."""

import csv
import io
import re
from collections.abc import Iterable, Mapping, Sequence
from difflib import get_close_matches
from typing import Any

from core.language import LANGUAGES, Words, _, speaking
from core.language.matching import normalise
from core.refusals import Refusal
from core.resource.collections import Collection
from core.resource.columns import Column
from core.resource.exporting import KEY_LABEL
from core.resource.forms import RecordForm
from core.resource.reports import ADDED

# The target of the column that names the record by its key; that of a column of the list that no form writes
# is the column's name after this sign: the text must be what the record says.
KEY, TOLD, LEFT_OUT = "id", "=", ""
NEAR, CLOSE = 3, 0.7
IN_BRACKETS = re.compile(r"\([^)]*\)|\[[^]]*\]")


def row_form(collection: Collection) -> type[RecordForm]:
    """The form that reads the rows of a file."""
    kind: type[RecordForm] = collection.resource.imports.form or collection.form()
    return kind


def targets(session: Any, collection: Collection) -> dict[str, Words]:
    """Everything a heading may mean, with its label: the form's fields, the key, what is only compared."""
    fields = row_form(collection).field_labels()
    fields |= {name: headings[0] for name, headings in _more(session, collection).items()}
    return {**fields, KEY: KEY_LABEL, **{f"{TOLD}{c.name}": c.label for c in only_told(collection, fields)}}


def _more(session: Any, collection: Collection) -> Mapping[str, Sequence[str]]:
    more = collection.resource.imports.more
    return more(session) if more else {}


def only_told(collection: Collection, fields: Iterable[str]) -> list[Column]:
    """The columns of the list that the form does not write: an exported file brings them back."""
    written = set(fields)
    return [column for column in collection.columns if root(column) not in written]


def root(column: Column) -> str:
    """The name of the field that would write a column: the relationship's, when it walks one."""
    return (*column.path, column.attribute)[0]


def known(session: Any, collection: Collection) -> dict[str, str]:
    """Normalised heading → what it means: a field's name, its label in any language, or a declared heading."""
    names: dict[str, str] = {}
    for language in LANGUAGES:
        with speaking(language):
            for target, label in targets(session, collection).items():
                names.setdefault(normalise(str(label)), target)
            for word in ADDED:
                names.setdefault(normalise(str(word)), LEFT_OUT)
    names |= {normalise(name): name for name in row_form(collection).field_names()}
    for name, told in {**collection.resource.imports.headings, **_more(session, collection)}.items():
        names |= {normalise(heading): name for heading in told}
    return names


def guess(names: Mapping[str, str], headings: Iterable[str]) -> dict[str, str]:
    """Heading → what it means, for those that are understood, with or without what stands in brackets."""
    found = {h: names.get(normalise(h), names.get(normalise(IN_BRACKETS.sub(" ", h)))) for h in headings}
    return {heading: target for heading, target in found.items() if target is not None}


def unknown(names: Mapping[str, str], labels: Mapping[str, Words], heading: str) -> str:
    """Why a heading is refused, with the nearest that are understood."""
    close = get_close_matches(normalise(heading), names, n=NEAR, cutoff=CLOSE)
    near = dict.fromkeys(str(labels[names[name]]) for name in close if names[name] in labels)
    if near:
        return str(_("No field has this heading. The nearest: %(names)s. Correct it, or leave the column out.",
                     names=", ".join(near)))  # fmt: skip
    return str(_("No field has this heading: correct it, or leave the column out."))


def refuse_twins(fields: Mapping[str, str], labels: Mapping[str, Words]) -> None:
    """Refuse two columns that mean the same field."""
    first: dict[str, str] = {}
    for heading, target in fields.items():
        if target and (other := first.setdefault(target, heading)) != heading:
            raise Refusal(
                _("The columns “%(one)s” and “%(other)s” both mean “%(field)s”: leave one of them out.",
                  one=other, other=heading, field=labels.get(target, target)), field="file",
            )  # fmt: skip


def template_csv(session: Any, collection: Collection) -> bytes:
    """An empty file with the headings that are understood."""
    labels = {name: label for name, label in targets(session, collection).items() if not name.startswith(TOLD)}
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=";").writerow(map(str, labels.values()))
    return text.getvalue().encode("utf-8-sig")
