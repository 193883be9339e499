"""Who wants to hear of what: declared by listeners, found again when something happened."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from core.events.facts import facts_of
from core.jobs import declaration as jobs
from core.jobs.declaration import JobKind
from core.jobs.work import Work
from core.language import Words, _


@dataclass(frozen=True)
class Listener:
    """What is done when an event happened: `handle(session, **facts)`, in a transaction of its own after commit.

    `event` is the announcer's name for it (`housing.lease_signed`), `key` the listener's own
    (`care.propose-contact`): with the event it makes the delivery, which has its effect once.
    """

    event: str
    key: str
    handle: Callable[..., Any]
    label: Words = ""

    @property
    def kind(self) -> JobKind:
        """Its deliveries as jobs: tried again, left for a person, and shown like any other."""
        return JobKind(self.key, self.label or self.key, Delivery(self.handle))


@dataclass(frozen=True)
class Delivery:
    """Telling one listener of one event, in one step: its effect and its being done are one."""

    handle: Callable[..., Any]

    def __call__(self, work: Work, *, facts: dict[str, Any]) -> Words:
        """Handle the event, unless that was done before somebody could say so."""
        if not work.done:
            with work.step(1) as session:
                self.handle(session, **facts_of(facts))
        return _("Delivered.")


_listening: dict[str, dict[str, tuple[str, Listener]]] = {}


def declare(module: str, listeners: Iterable[Listener]) -> None:
    """Remember a module's listeners, at start; declaring the same again changes nothing."""
    for listener in listeners:
        jobs.declare(module, [listener.kind])
        _listening.setdefault(listener.event, {})[listener.key] = (module, listener)


def listeners_of(event: str) -> list[tuple[str, Listener]]:
    """Module and listener of all who want to hear of an event."""
    return list(_listening.get(event, {}).values())


def forget(module: str) -> None:
    """Take back what a module declared, when it turns out to be broken; its deliveries are jobs."""
    for listeners in _listening.values():
        for key in [key for key, (owner, _one) in listeners.items() if owner == module]:
            del listeners[key]
