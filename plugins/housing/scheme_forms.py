"""The editor of a scoring scheme: groups and criteria in rows that buttons add, remove and move."""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar

from flask import has_request_context, render_template, request
from markupsafe import Markup
from wtforms import Field, FileField
from wtforms.widgets import HiddenInput

from core.api import RecordForm, Refusal, TextField, Words, _, at_most, optional, required
from plugins.housing.rules.scheme import CriterionKind
from plugins.housing.rules.scheme_table import (
    checked,
    read_criterion,
    read_group,
    read_lines,
    write_lines,
    written_steps,
)

CELLS = ("title", "key", "kind", "points", "limit", "steps")
GROUP_CELL = re.compile(r"criteria-(\d+)-(title|cap)")
ROW_CELL = re.compile(r"criteria-(\d+)-(\d+)-(title|key|kind|points|limit|steps)")


class Groups(list[dict[str, Any]]):
    """Groups of criteria that write themselves as the lines which make them."""

    def __str__(self) -> str:
        return write_lines(self)


@dataclass
class EditedGroup:
    """A group as it stands in the page: texts, right or wrong."""

    title: str = ""
    cap: str = ""
    rows: list[dict[str, str]] = field(default_factory=list)


def blank() -> dict[str, str]:
    """A criterion nobody wrote yet."""
    return dict.fromkeys(CELLS, "") | {"kind": CriterionKind.YES_NO.value}


class SchemeWidget(HiddenInput):
    """Draws the whole editor; it counts as hidden so that no label is drawn for it."""

    def __call__(self, field: "SchemeField", **options: Any) -> Markup:
        return Markup(render_template("housing/scheme_editor.html", field=field))  # noqa: S704  our own template


class SchemeField(Field):
    """Groups and criteria: rows of a page, or the lines that a file or a program sends."""

    widget = SchemeWidget()
    kinds = tuple(CriterionKind)
    data: Groups | None

    def process(self, formdata: Any, data: Any = None, extra_filters: Any = None) -> None:
        self.process_errors: list[str] = []
        self.raw_data: list[str] = []
        self.edited: list[EditedGroup] = []
        self.focus: tuple[int, int] | None = None
        self.data = None
        if formdata and self.name in formdata:
            self._read(lambda: read_lines(formdata[self.name]))
        elif formdata:
            self.edited = _sent(formdata)
            self._read(lambda: _groups(self.edited))
        if not self.edited:
            self.show(self.data or [])

    def show(self, groups: Iterable[dict[str, Any]]) -> None:
        """Put groups into the rows; an empty scheme begins with one group and one criterion."""
        self.data = Groups(groups) or self.data
        self.edited = [
            EditedGroup(group.get("title") or group["key"], group["cap"], [_row(one) for one in group["criteria"]])
            for group in groups
        ] or [EditedGroup(rows=[blank()])]

    def _read(self, read: Callable[[], Any]) -> None:
        try:
            self.data = Groups(read())
            self.raw_data = [str(self.data)]
        except Refusal as refusal:
            self.process_errors.append(str(refusal))

    def search(self, told: str) -> None:
        """Do what a button says to the rows: `add:0`, `drop:0:1`, `up:0:1`, `down-group:0`, `file`."""
        verb, *numbers = told.split(":")
        places = [int(one) for one in numbers if one.isdigit()]
        self.errors: list[str] = []
        try:
            self.VERBS[verb](self, *places)
        except (KeyError, IndexError, TypeError):
            self.errors = [str(_("This row is no longer here."))]
        except Refusal as refusal:
            self.errors = [str(refusal)]

    def _add(self, group: int) -> None:
        self.edited[group].rows.append(blank())
        self.focus = (group, len(self.edited[group].rows) - 1)

    def _drop(self, group: int, row: int) -> None:
        del self.edited[group].rows[row]

    def _move(self, group: int, row: int, step: int) -> None:
        rows = self.edited[group].rows
        rows.insert(max(0, row + step), rows.pop(row))
        self.focus = (group, min(max(0, row + step), len(rows) - 1))

    def _add_group(self) -> None:
        self.edited.append(EditedGroup(rows=[blank()]))
        self.focus = (len(self.edited) - 1, -1)

    def _drop_group(self, group: int) -> None:
        del self.edited[group]

    def _move_group(self, group: int, step: int) -> None:
        self.edited.insert(max(0, group + step), self.edited.pop(group))

    def _file(self) -> None:
        sent = request.files.get("file") if has_request_context() else None
        content = sent.read() if sent else b""
        if not content:
            raise Refusal(_("Choose the file of the scheme."))
        try:
            text = content.decode("utf-8-sig")
        except UnicodeDecodeError:
            text = content.decode("cp1252", errors="replace")
        self.show(read_lines(text))

    VERBS: ClassVar[dict[str, Callable[..., None]]] = {
        "add": _add, "drop": _drop, "add-group": _add_group, "drop-group": _drop_group, "file": _file,
        "up": lambda self, group, row: self._move(group, row, -1),
        "down": lambda self, group, row: self._move(group, row, 1),
        "up-group": lambda self, group: self._move_group(group, -1),
        "down-group": lambda self, group: self._move_group(group, 1),
    }  # fmt: skip


def _sent(formdata: Any) -> list[EditedGroup]:
    """The rows as the page sent them, in its order, with whatever was typed."""
    groups: dict[int, EditedGroup] = {}
    rows: dict[tuple[int, int], dict[str, str]] = {}
    for name in formdata:
        text = str(formdata[name]).strip()
        if found := GROUP_CELL.fullmatch(name):
            setattr(groups.setdefault(int(found[1]), EditedGroup()), found[2], text)
        elif found := ROW_CELL.fullmatch(name):
            groups.setdefault(int(found[1]), EditedGroup())
            rows.setdefault((int(found[1]), int(found[2])), blank())[found[3]] = text
    for (group, _row_number), cells in sorted(rows.items(), key=lambda pair: pair[0]):
        groups[group].rows.append(cells)
    return [groups[number] for number in sorted(groups)]


def _groups(edited: Iterable[EditedGroup]) -> list[dict[str, Any]]:
    """What the rows mean; the refusal names the group and the criterion."""
    groups = []
    for number, one in enumerate(edited, start=1):
        name = one.title or str(number)
        group = read_group(one.title, one.cap, _("Group %(group)s", group=name))
        group["criteria"] = [
            read_criterion(row, _("Group %(group)s, criterion %(n)s", group=name, n=n))
            for n, row in enumerate(one.rows, start=1)
        ]
        groups.append(group)
    return checked(groups)


def _row(criterion: dict[str, Any]) -> dict[str, str]:
    told = {name: str(criterion.get(name) or "") for name in CELLS}
    return told | {"steps": written_steps(criterion)}


class EditionForm(RecordForm):
    """An edition of a scheme: what it is called, and its rows."""

    groups: Sequence[tuple[Words, Sequence[str]]] = (
        (_("Which scheme"), ("title", "source")),
        (_("Groups and criteria"), ("criteria",)),
        (_("From a file"), ("file",)),
    )

    title = TextField(_("Title"), validators=[required(), at_most(120)])
    source = TextField(
        _("Approved by"), description=_("The act that approves it"), validators=[optional(), at_most(200)]
    )
    criteria = SchemeField(_("Groups and criteria"))
    file = FileField(
        _("File of the scheme"),
        description=_("CSV; the button “Fill in from the file” puts its rows above, and nothing is saved yet"),
    )

    def __init__(self, formdata: Any = None, obj: Any = None, **options: Any) -> None:
        super().__init__(formdata, obj=obj, **options)
        if obj is not None and not formdata:
            self.criteria.show(obj.groups)

    def validate_criteria(self, sent: SchemeField) -> None:
        """Refuse an empty scheme when nothing else was wrong with its rows."""
        if sent.data is None and not sent.process_errors:
            raise ValueError(str(_("Write at least one criterion.")))

    def values(self) -> dict[str, Any]:
        """What was read; the file was only a way to fill in the rows."""
        values = super().values()
        values.pop("file")
        return values


class SchemeForm(EditionForm):
    """A scheme with its key, which all its editions share."""

    groups = ((_("Which scheme"), ("title", "key", "source")), *EditionForm.groups[1:])

    key = TextField(
        _("Key"), validators=[required(), at_most(40)],
        description=_("A short word, such as sas; the next edition of a key takes the next number"),
    )  # fmt: skip
