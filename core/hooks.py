"""The questions the core asks its plugins, and the events it announces.

Questions are nouns and return lists; they are asked once, at start, and answered without
database or request. Events are past participles and return nothing. The core answers its own
questions like any plugin. See docs/hooks.md.
"""

from typing import TYPE_CHECKING

import pluggy

if TYPE_CHECKING:
    from uuid import UUID

    import click
    from flask import Blueprint
    from sqlalchemy.orm import Session

    from core.access.permissions import Permission
    from core.agenda.sources import AgendaSource
    from core.dashboard.cards import Card
    from core.database.merging import Conflict, PersonReference
    from core.demo.steps import DemoStep
    from core.documents.declaration import DocumentKind
    from core.events.declaration import Listener
    from core.jobs.declaration import JobKind
    from core.modules.findings import Duty, Finding
    from core.parameters.declaration import ParameterKind
    from core.people.models import Person
    from core.resource.declaration import Resource
    from core.resource.panels import RecordPanel
    from core.rights.about import Hold, Section, Step
    from core.web.links import MenuItem

asks = pluggy.HookspecMarker("generazioni")
answers = pluggy.HookimplMarker("generazioni")


@asks
def resources() -> "list[Resource]":  # type: ignore[empty-body]
    """The entities whose pages, endpoints, imports and exports are made from a declaration."""


@asks
def blueprints() -> "list[Blueprint]":  # type: ignore[empty-body]
    """Hand-made pages; each route names its permission with `requires` or says `public`."""


@asks
def menu_items() -> "list[MenuItem]":  # type: ignore[empty-body]
    """Lines for the side menu, beyond those the resources bring."""


@asks
def permissions() -> "list[Permission]":  # type: ignore[empty-body]
    """What may be allowed or not, beyond what the resources derive."""


@asks
def role_presets() -> "dict[str, list[str]]":  # type: ignore[empty-body]
    """Role code → permissions it has from the start; `housing.*` means all of them."""


@asks
def parameters() -> "list[ParameterKind]":  # type: ignore[empty-body]
    """Yearly, regional or municipal values, each with its validity and source."""


@asks
def panels() -> "list[RecordPanel]":  # type: ignore[empty-body]
    """Tabs on another plugin's or the core's records: a person, an organisation, a place, a household."""


@asks
def documents() -> "list[DocumentKind]":  # type: ignore[empty-body]
    """Documents that can be made of records: drafted, issued with a protocol number, kept as they were issued."""


@asks
def dashboard_cards() -> "list[Card]":  # type: ignore[empty-body]
    """Cards on the home page."""


@asks
def agenda_sources() -> "list[AgendaSource]":  # type: ignore[empty-body]
    """Deadlines for the agenda and for the calendars that read it."""


@asks
def jobs() -> "list[JobKind]":  # type: ignore[empty-body]
    """Work done apart from requests: what can be started, and what runs by itself at its hour."""


@asks
def event_listeners() -> "list[Listener]":  # type: ignore[empty-body]
    """What is done after something happened at a partner that has this module on."""


@asks
def commands() -> "list[click.Command]":  # type: ignore[empty-body]
    """Groups and commands for `generazioni …`."""


@asks
def demo_steps() -> "list[DemoStep]":  # type: ignore[empty-body]
    """What this plugin adds to the demo network."""


@asks
def preflight(action: str, session: "Session", partner_id: "UUID | None") -> "list[Finding]":  # type: ignore[empty-body]
    """What to know before this module is installed, enabled, disabled, upgraded or purged; nothing is written.

    `partner_id` is None when it concerns every partner; the session then sees them all.
    """


@asks
def purge_plan(session: "Session") -> "list[Duty]":  # type: ignore[empty-body]
    """The rows of every partner that somebody must keep although the module is purged, and until when."""


@asks
def subject_export(session: "Session", person_id: "UUID") -> "list[Section]":  # type: ignore[empty-body]
    """What is kept of a person, for who asks for it (artt. 15 and 20 GDPR); asked of modules that are off too.

    Whoever raises makes the report incomplete, and is named in it.
    """


@asks
def subject_erase(session: "Session", person_id: "UUID") -> "list[Step | Hold]":  # type: ignore[empty-body]
    """What would become of it if the person were erased (art. 17): rows that go, and rows that the law keeps.

    Whoever raises stops the erasure: nothing is erased blindly.
    """


@asks
def enabled(session: "Session", partner_id: "UUID") -> None:
    """A partner switched this module on; prepare what it needs, in the same transaction.

    Told by every switch, pages and commands alike, and only when the module was off.
    """


@asks
def disabled(session: "Session", partner_id: "UUID") -> None:
    """A partner switched this module off; let go of what would be wrong when it comes back. Every row may stay.

    Told after commit by a worker, however it was switched off, tried again when it fails, and not at all when the
    module is on again by then. Nothing said here keeps it from being off.
    """


@asks
def person_references() -> "list[PersonReference]":  # type: ignore[empty-body]
    """Where this plugin's rows name a person, and what a merge of two people does there.

    Every foreign key to a person is answered for; what nobody answers for is moved by the map of foreign keys.
    """


@asks
def person_merge(session: "Session", winner: "Person", loser: "Person") -> "list[Conflict]":  # type: ignore[empty-body]
    """What stands in the way of making one person of two, beyond clashes that constraints already forbid.

    Asked of each plugin before anything is moved, whether its module is on or off, in a session that sees
    every partner's rows. It only reads; one that raises stops the merge.
    """
