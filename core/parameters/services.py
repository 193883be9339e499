"""Values in force on a day, and the verbs that set them."""

from collections.abc import Callable, Iterable, Sequence
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, literal, or_, select
from sqlalchemy.orm import Session

from core.database.scope import scope_of
from core.language import _
from core.language.formats import show_date
from core.parameters.declaration import ParameterKind, kind_of, label_of
from core.parameters.memory import recalled
from core.parameters.models import Dated, NetworkParameter, PartnerParameter
from core.refusals import Refusal

PATRON = "patron_day"
Seed = tuple[str, str, date, date | None, str]
Parameter = TypeVar("Parameter", bound=Dated)


def value_of(session: Session, key: str, *, on: date) -> str:
    """The exact text in force on the day: the partner's own value, else the network's.

    Refuses with the parameter's name and the day when neither is there: a missing legal value is
    never guessed.
    """
    return values_of(session, key, on=on)[key]


def values_of(session: Session, *keys: str, on: date) -> dict[str, str]:
    """As `value_of`, of several parameters with one question to the database."""
    found = _values_set(session, keys, on)
    for key in keys:
        if key not in found:
            raise Refusal(
                _(
                    "No value of “%(parameter)s” (%(key)s) is in force on %(day)s: set it among the parameters.",
                    parameter=label_of(key),
                    key=key,
                    day=show_date(on),
                )
            )
    return found


def value_if_set(session: Session, key: str, *, on: date) -> str | None:
    """The exact text in force on the day, or None: for what holds only where somebody set it."""
    return _values_set(session, (key,), on).get(key)


def _values_set(session: Session, keys: Iterable[str], on: date) -> dict[str, str]:
    """The network's values, each under the partner's own where there is one."""
    keys = tuple(keys)
    return recalled(session, (scope_of(session).partner_id, keys, on), lambda: _read(session, keys, on))


def _read(session: Session, keys: Sequence[str], on: date) -> dict[str, str]:
    network = select(literal(0).label("own"), NetworkParameter.key, NetworkParameter.value).where(
        NetworkParameter.key.in_(keys), _in_force(NetworkParameter, on)
    )
    own = select(literal(1), PartnerParameter.key, PartnerParameter.value).where(
        PartnerParameter.partner_id == scope_of(session).partner_id, PartnerParameter.key.in_(keys),
        _in_force(PartnerParameter, on),
    )  # fmt: skip
    rows = session.execute(network.union_all(own)).all()
    return {row.key: row.value for row in sorted(rows, key=lambda row: row.own)}


def patron_of(session: Session, *, on: date) -> tuple[int, int] | None:
    """Month and day of the municipality's patron, a holiday in its legal terms; None where nobody set it."""
    written = value_if_set(session, PATRON, on=on)
    if written is None:
        return None
    try:
        day, month = (int(part) for part in written.split("/"))
        date(2024, month, day)
    except ValueError as error:
        raise Refusal(
            _("The patron's day is “%(text)s”: write day and month among the parameters, as 08/05.", text=written)
        ) from error
    return month, day


def decimal_of(session: Session, key: str, *, on: date) -> Decimal:
    """The value of a decimal, money or percent parameter; percent as written, 2.5 for 2.5%."""
    return Decimal(value_of(session, key, on=on))


def integer_of(session: Session, key: str, *, on: date) -> int:
    """The value of an integer parameter."""
    return int(value_of(session, key, on=on))


def date_of(session: Session, key: str, *, on: date) -> date:
    """The value of a date parameter."""
    return date.fromisoformat(value_of(session, key, on=on))


def rows_of(session: Session, key: str, *, on: date) -> list[list[str]]:
    """The value of a table parameter: its lines, cut into cells at each `;`."""
    return [
        [cell.strip() for cell in line.split(";")]
        for line in value_of(session, key, on=on).splitlines()
        if line.strip()
    ]


def _in_force(model: Any, on: date) -> ColumnElement[bool]:
    return (model.valid_from <= on) & or_(model.valid_to.is_(None), model.valid_to >= on)


def set_parameter(
    session: Session, *, key: str, value: str, valid_from: date, source: str, valid_to: date | None = None
) -> PartnerParameter:
    """Set a partner's own value for a stretch of time that none of its values touches yet."""
    own = PartnerParameter(key=key, value=value, valid_from=valid_from, valid_to=valid_to, source=source)
    return _add(session, own)


def set_network_parameter(
    session: Session, *, key: str, value: str, valid_from: date, source: str, valid_to: date | None = None
) -> NetworkParameter:
    """Set the value that holds for every partner without one of its own."""
    common = NetworkParameter(key=key, value=value, valid_from=valid_from, valid_to=valid_to, source=source)
    return _add(session, common)


def _add(session: Session, parameter: Parameter) -> Parameter:
    for name, value in _checked(session, parameter, _values(parameter)).items():
        setattr(parameter, name, value)
    session.add(parameter)
    session.flush()
    return parameter


def amend_parameter(session: Session, parameter: Parameter, **changes: Any) -> Parameter:
    """Correct a value, its days or its source, of a partner or of the network."""
    for name, value in _checked(session, parameter, _values(parameter) | changes).items():
        setattr(parameter, name, value)
    session.flush()
    return parameter


def _values(parameter: Dated) -> dict[str, Any]:
    return {name: getattr(parameter, name) for name in ("key", "value", "valid_from", "valid_to", "source")}


def withdraw_parameter(session: Session, parameter: Any) -> None:
    """Remove a value: the network's holds again in its days."""
    session.delete(parameter)
    session.flush()


def _checked(session: Session, parameter: Any, values: dict[str, Any]) -> dict[str, Any]:
    """The values as they are kept; refused before anything is written."""
    kind, start, end = kind_of(values["key"]), values["valid_from"], values["valid_to"]
    if kind is None:
        raise Refusal(_("No installed module uses a parameter called “%(key)s”.", key=values["key"]), field="key")
    if end is not None and end < start:
        raise Refusal(_("The last day comes before the first."), field="valid_to")
    source = (values["source"] or "").strip()
    if not source:
        raise Refusal(_("Write the act or decision that sets this value."), field="source")
    exact = exact_text(kind, values["value"])
    _refuse_overlap(session, parameter, values)
    return values | {"value": exact, "source": source}


def _refuse_overlap(session: Session, parameter: Any, values: dict[str, Any]) -> None:
    model, key, valid_from, valid_to = type(parameter), values["key"], values["valid_from"], values["valid_to"]
    touching = select(model).where(model.key == key, or_(model.valid_to.is_(None), model.valid_to >= valid_from))
    if parameter.id is not None:
        touching = touching.where(model.id != parameter.id)
    if model is PartnerParameter:
        touching = touching.where(PartnerParameter.partner_id == scope_of(session).partner_id)
    if valid_to is not None:
        touching = touching.where(model.valid_from <= valid_to)
    other = session.scalars(touching.order_by(model.valid_from)).first()
    if other is not None:
        until = show_date(other.valid_to) if other.valid_to else _("further notice")
        raise Refusal(
            _(
                "From %(start)s until %(end)s the value is already %(value)s: end that one first.",
                start=show_date(other.valid_from),
                end=until,
                value=other.value,
            ),
            field="valid_from",
        )


def exact_text(kind: ParameterKind, value: str) -> str:
    """The value as it is kept, refused when it is not what the parameter holds.

    Numbers have a dot before the decimals, days are ISO 8601: pages read people's own formats first.
    """
    try:
        return READERS[kind.kind]((value or "").strip())
    except (ValueError, InvalidOperation) as error:
        raise Refusal(SENTENCES[kind.kind], field="value") from error


def _number(text: str) -> str:
    if not Decimal(text).is_finite():
        raise ValueError(text)
    return text


def _amount(text: str) -> str:
    if Decimal(_number(text)) != round(Decimal(text), 2):
        raise ValueError(text)
    return text


def _written(text: str) -> str:
    if not text:
        raise ValueError(text)
    return text


READERS: dict[str, Callable[[str], str]] = {
    "decimal": _number,
    "percent": _number,
    "money": _amount,
    "integer": lambda text: str(int(text)),
    "date": lambda text: date.fromisoformat(text).isoformat(),
    "text": _written,
    "table": _written,
}
SENTENCES = {
    "decimal": _("Write a number."),
    "percent": _("Write a percentage as a number, such as 2.5."),
    "money": _("Write an amount with at most two decimals."),
    "integer": _("Write a whole number."),
    "date": _("Write a day."),
    "text": _("Write a value here: it is required."),
    "table": _("Write at least one line, with “;” between its cells."),
}


def seed(session: Session, values: Iterable[Seed]) -> int:
    """Add the network's values that are missing and say how many; what somebody set or edited stays."""
    there: dict[str, list[NetworkParameter]] = {}
    for parameter in session.scalars(select(NetworkParameter)):
        there.setdefault(parameter.key, []).append(parameter)
    added = 0
    for key, value, valid_from, valid_to, source in values:
        known = there.setdefault(key, [])
        if any(_touch(other, valid_from, valid_to) for other in known):
            continue
        new = NetworkParameter(key=key, value=value, valid_from=valid_from, valid_to=valid_to, source=source)
        session.add(new)
        known.append(new)
        added += 1
    session.flush()
    return added


def _touch(other: NetworkParameter, valid_from: date, valid_to: date | None) -> bool:
    starts_before_end = valid_to is None or other.valid_from <= valid_to
    return starts_before_end and (other.valid_to is None or other.valid_to >= valid_from)
