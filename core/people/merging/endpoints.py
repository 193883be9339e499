"""Merging through the JSON API: what would move, doing it, taking it back."""

from typing import Any
from uuid import UUID

from flask import Blueprint, Response, g

from core.access.permissions import requires
from core.language import _
from core.people.merging import acting, choosing, rules
from core.people.merging.forms import UndoForm
from core.people.merging.pages import MERGE
from core.people.models import Merge
from core.refusals import Refusal
from core.resource.endpoints import body_sent, read_sent, say, takes

merge_endpoints = Blueprint("merging-api", __name__, url_prefix="/api/v1")
KNOWN = {"take", "reason", "confirm_codes"}


@merge_endpoints.get("/people/<uuid:winner>/merge/<uuid:loser>")
@requires(MERGE)
def previewed(winner: UUID, loser: UUID) -> Response:
    """What a merge would move, what stands in the way, and the facts on which the two sheets differ."""
    stays, goes = acting.two_people(winner, loser)
    plan = acting.look_ahead(winner, loser)
    rows, others = plan.counted(g.scope.partner_id)
    differ = choosing.choices(stays, goes)
    return say({
        "codes": rules.codes_of(stays, goes).value,
        "facts": [{"name": one.name, "label": str(one.label), "stays": one.stays, "goes": one.goes} for one in differ],
        "moves": [
            {"label": str(label), "module": module or "core", "rows": moved, "left": left}
            for label, module, moved, left in rows
        ],
        "rows_of_other_partners": others, "conflicts": [str(one) for one in plan.told(g.scope.partner_id)],
        "will_see_it": plan.newcomers,
    })  # fmt: skip


@merge_endpoints.post("/people/<uuid:winner>/merge/<uuid:loser>")
@requires(MERGE)
def merged(winner: UUID, loser: UUID) -> Response:
    """Merge the second sheet into the first: reason, take (names of facts), confirm_codes."""
    sent = _sent()
    key = acting.merge(
        winner, loser, reason=str(sent.get("reason", "")), take=frozenset(sent.get("take", [])),
        confirm_codes=sent.get("confirm_codes") is True,
    )  # fmt: skip
    return say(told(key), 201, Location=f"/api/v1/merges/{key}")


@merge_endpoints.post("/merges/<uuid:key>/undo")
@requires(MERGE)
@takes(UndoForm)
def undone(key: UUID) -> Response:
    """Take a merge back; refused with the list of what was changed since."""
    acting.own_merge(key)
    acting.undo(key, reason=read_sent(UndoForm)["reason"])
    return say(told(key))


def told(key: UUID) -> dict[str, Any]:
    """A merge as programs read it."""
    merge = g.session.get_one(Merge, key)
    return {
        "id": str(merge.id), "person": str(merge.person_id), "merged": str(merge.merged_id),
        "state": merge.state.value, "rows": merge.rows, "reason": merge.reason,
        "undo_until": merge.undo_until.isoformat(),
    }  # fmt: skip


def _sent() -> dict[str, Any]:
    sent = body_sent()
    if unknown := sorted(set(sent) - KNOWN):
        raise Refusal(_("There is no field %(name)s here.", name=unknown[0]), field=unknown[0])
    take, names = sent.get("take", []), {group[0] for group in choosing.facts()} | {f"notes:{choosing.BOTH}"}
    if not isinstance(take, list) or not set(map(str, take)) <= names:
        raise Refusal(_("Name the facts to take from the other sheet, as the preview does."), field="take")
    return sent
