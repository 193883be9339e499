"""Two versions of a ranking compared, and a scheme tried on a past call; both only read."""

from dataclasses import replace
from decimal import Decimal

from sqlalchemy.orm import Session

from core.api import Refusal, _
from plugins.housing.models import Application, ApplicationState, Call, Ranking, RankingRow, Regime, ScoringScheme
from plugins.housing.rules.calls import CallRules, DrawnRanking, draw_up
from plugins.housing.rules.comparison import Addend, Move, Standing, compare
from plugins.housing.rules.scheme import Scheme
from plugins.housing.services.applications import EXAMINED
from plugins.housing.services.calls import applications_of
from plugins.housing.wording import answer_text


def compare_versions(before: Ranking, after: Ranking) -> list[Move]:
    """What changed from one version of a call's ranking to another."""
    if before.call_id != after.call_id:
        raise Refusal(_("Only two versions of the same call's ranking are compared."), field="with")
    return compare(map(_standing, before.rows), map(_standing, after.rows))


def _standing(row: RankingRow) -> Standing:
    addends = (Addend(line["criterion"], line["datum"], Decimal(line["counted"])) for line in row.lines)
    return Standing(row.protocol, row.position, row.total, row.rule, tuple(addends))


def try_scheme(session: Session, scheme: ScoringScheme, call: Call) -> list[Move]:
    """The order a call's applications have and the one they would have under another scheme; nothing is written.

    Both are computed now from the same answers, so that the schemes alone make the difference. Who was left out
    by hand stays out.
    """
    if call.regime is Regime.SAP:
        raise Refusal(_("The region ranks public housing: a scheme is tried on a call ranked here."), field="call")
    applications = [one for one in applications_of(session, call) if one.state not in EXAMINED]
    if not applications:
        raise Refusal(_("No application of this call is decided yet: there is nothing to try."), field="call")
    rules = call.rules
    return compare(_order(rules, rules.scheme, applications), _order(rules, scheme.rules, applications))


def _order(rules: CallRules, scheme: Scheme, applications: list[Application]) -> list[Standing]:
    out = [one for one in applications if one.state is ApplicationState.EXCLUDED]
    entries = [one.entry for one in applications if one.state is not ApplicationState.EXCLUDED]
    drawn = draw_up(replace(rules, scheme=scheme), entries)
    left = [Standing(one, None, None, reasons[0].rule) for one, reasons in drawn.excluded.items()]
    return [*_placed(drawn, scheme), *left, *(Standing(one.protocol, None, None, one.rule or "") for one in out)]


def _placed(drawn: DrawnRanking, scheme: Scheme) -> list[Standing]:
    titles = {one.key: one.title or one.key for group in scheme.groups for one in group.criteria}
    return [
        Standing(
            place.candidate.application, place.position, place.candidate.total,
            addends=tuple(
                Addend(titles[line.criterion], answer_text(line.datum, line.criterion), line.counted)
                for line in drawn.scores[place.candidate.application].lines
            ),
        )
        for place in drawn.places
    ]  # fmt: skip
