"""What an action on a module would do, as values: shown, printed and confirmed before anything happens."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core.database import installed
from core.jobs.models import Job, JobState
from core.language import Words, _, plural
from core.modules.findings import Action, Duty, Finding, Weight, duties, preflight
from core.modules.obstacles import Case, Share, obstacles
from core.modules.tables import counted, names_of
from core.partners.models import ModuleSwitch, Partner
from core.partners.services import dependants
from core.refusals import NotFound, Refusal

if TYPE_CHECKING:
    from core.plugins.installation import Installation, Plugin

# What the machine of a small office does in a second.
REVISIONS_A_SECOND, ROWS_A_SECOND = 10, 5000


@dataclass(frozen=True)
class Plan:
    """An action before it happens."""

    action: Action
    key: str
    plugin: "Plugin | None"
    title: str
    partners: list[Share]
    tables: dict[str, int]
    revisions: list[str] = field(default_factory=list)
    needs: list[str] = field(default_factory=list)
    takes_along: list[str] = field(default_factory=list)
    pages: list[Words] = field(default_factory=list)
    tabs: list[Words] = field(default_factory=list)
    cards: list[Words] = field(default_factory=list)
    permissions: list[Words] = field(default_factory=list)
    jobs: list[Words] = field(default_factory=list)
    waiting_jobs: int = 0
    duties: list[Duty] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)

    @property
    def rows(self) -> int:
        """The rows it is about, of every partner."""
        return sum(self.tables.values())

    @property
    def stopped(self) -> bool:
        """Whether something is in the way; nothing ever is of switching off."""
        return self.action is not Action.DISABLE and any(one.weight is Weight.STOPS for one in self.findings)

    @property
    def seconds(self) -> int:
        """How long it may take, rounded up."""
        if self.action is Action.PURGE:
            return 1 + self.rows // ROWS_A_SECOND
        return 1 + len(self.revisions) // REVISIONS_A_SECOND + (self.rows // ROWS_A_SECOND if self.revisions else 0)


def plan_of(session: Session, house: "Installation", action: Action, key: str, partner: UUID | None = None) -> Plan:
    """The plan of an action; for one partner's switch, of what that partner has.

    The session sees every partner, or the one that it is about.
    """
    connection = session.connection()
    plugin = house.plugins.get(key)
    heads = installed.heads(connection)
    head = heads.get(key)
    if plugin is None and head is None:
        raise NotFound(_("There is no module %(key)s here.", key=key))
    counts = counted(connection, names_of(connection, key, heads) if head is not None else [])
    shares = [one for one in _shares(session, key, counts) if partner is None or one.key == partner]
    titles = house.titles()
    needs, along = _others(house, action, key, _on(session, partner) if partner else set(heads))
    declared = plugin.declared if plugin else None
    collections = house.collections.of_plugin(key)
    kept, told = duties(plugin, session) if action is Action.PURGE else ([], [])
    asked = preflight(plugin, action, session, partner) if plugin and plugin.module else []
    return Plan(
        action=action, key=key, plugin=plugin, title=plugin.title if plugin else _title_of(session, key),
        partners=shares,
        tables={name: by.get(partner, 0) if partner else sum(by.values()) for name, by in counts.items()},
        revisions=plugin.line.after(head or "") if plugin and action in {Action.INSTALL, Action.UPGRADE} else [],
        needs=[str(titles.get(one, one)) for one in needs], takes_along=[str(titles.get(one, one)) for one in along],
        pages=[*(i.label for i in declared.menu_items), *(c.resource.title for c in collections)] if declared else [],
        tabs=[panel.title for panel in declared.panels] if declared else [],
        cards=[card.title for card in declared.dashboard_cards] if declared else [],
        permissions=[one.label for one in house.rights.permissions if house.rights.declared.get(one.key) == key],
        jobs=[kind.label for kind in declared.jobs] if declared else [], waiting_jobs=_waiting(session, key, partner),
        duties=kept,
        findings=[*obstacles(Case(action, plugin, head, shares, needs, along), house), *told, *asked],
    )  # fmt: skip


def refuse_stopped(plan: Plan) -> None:
    """Refuse with all that stands in the way, whoever asks: a page, a command or `generazioni upgrade`."""
    if plan.stopped:
        raise Refusal(" ".join(str(one.text) for one in plan.findings if one.weight is Weight.STOPS))


def _title_of(session: Session, key: str) -> str:
    found = session.execute(select(installed.INSTALLED.c.title).where(installed.INSTALLED.c.key == key)).scalar()
    return found or key


def _shares(session: Session, key: str, counts: dict[str, dict[UUID | None, int]]) -> Iterable[Share]:
    switches = {one.partner_id: one for one in session.scalars(select(ModuleSwitch).where(ModuleSwitch.key == key))}
    for partner in session.scalars(select(Partner).order_by(Partner.name)):
        switch = switches.get(partner.id)
        yield Share(
            partner.id, partner.code, partner.name, bool(switch and switch.enabled),
            switch.changed_at if switch else None, sum(by.get(partner.id, 0) for by in counts.values()),
        )  # fmt: skip


def _on(session: Session, partner: UUID) -> set[str]:
    wanted = select(ModuleSwitch.key).where(ModuleSwitch.enabled, ModuleSwitch.partner_id == partner)
    return set(session.scalars(wanted))


def _others(house: "Installation", action: Action, key: str, there: set[str]) -> tuple[list[str], list[str]]:
    """The modules that must come first, and those that go along or stand in the way."""
    requirements = house.requirements()
    needs = requirements.get(key, frozenset()) - there if action in {Action.INSTALL, Action.ENABLE} else frozenset()
    along = (dependants(key, requirements) & there) - {key} if action in {Action.DISABLE, Action.PURGE} else frozenset()
    return sorted(needs), sorted(along)


def _waiting(session: Session, key: str, partner: UUID | None) -> int:
    wanted = select(func.count(Job.id)).where(Job.module == key, Job.state.in_([JobState.WAITING, JobState.RUNNING]))
    return session.scalar(wanted.where(Job.partner_id == partner) if partner else wanted) or 0


def lines_of(plan: Plan) -> list[str]:
    """The plan in words, for the command line."""
    told = [f"{plan.action.label}: {plan.title}"]
    told += [f"{one.weight.label}: {one.text}" for one in plan.findings]
    told += [_line(_("Must be there first"), plan.needs), _line(_("Goes off with it"), plan.takes_along)]
    told += [f"{name}: {plural('%(n)s row', '%(n)s rows', rows)}" for name, rows in plan.tables.items()]
    told += [_line(_("Migrations"), plan.revisions)]
    told += [
        f"{one.name}: {_('on') if one.on else _('off')}, {plural('%(n)s row', '%(n)s rows', one.rows)}"
        for one in plan.partners if one.on or one.rows
    ]  # fmt: skip
    told += [f"{one.what}: {plural('%(n)s row', '%(n)s rows', one.rows)}. {one.reason}" for one in plan.duties]
    told += [_line(_("Pages"), plan.pages), _line(_("Jobs"), plan.jobs)]
    told.append(str(plural("About %(n)s second", "About %(n)s seconds", plan.seconds)))
    return [line for line in told if line]


def _line(heading: Words, names: Iterable[Words]) -> str:
    told = ", ".join(str(one) for one in names)
    return f"{heading}: {told}" if told else ""
