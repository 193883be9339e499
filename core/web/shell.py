"""What stands around every page: the one context object, `shell`, that page.html is drawn from."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from core.language import Words
from core.web.links import Link


@dataclass(frozen=True)
class NavLink:
    """A line of the side menu; `current` marks where the reader stands, `within` are the lines under it."""

    label: Words
    url: str
    icon: str = "list"
    current: bool = False
    within: Sequence["NavLink"] = ()


@dataclass(frozen=True)
class NavSection:
    """Lines of the side menu under a title; the first section usually has none."""

    title: Words
    links: Sequence[NavLink]


@dataclass(frozen=True, kw_only=True)
class Site:
    """What pages show to strangers too; plain.html needs nothing else, and no database."""

    network_name: Words
    version: str
    home_url: str = "/"
    accessibility_url: str = "/accessibility"
    privacy_url: str = "/privacy"
    status_url: str = "/status"


@dataclass(frozen=True, kw_only=True)
class Shell(Site):
    """The site as a signed-in member sees it.

    `partner_choices` are posts that move the visit to another partner; empty, the name stands alone.
    `homes` are the modules' own pages by the plugin's key; `demo` puts the banner that says the
    records are invented. `viewing` is the role that the reader looks as.
    """

    partner_name: Words
    user_name: str
    sign_out_url: str
    search_url: str
    partner_choices: Sequence[Link] = ()
    user_links: Sequence[Link] = ()
    language_links: Sequence[Link] = ()
    nav: Sequence[NavSection] = ()
    homes: Mapping[str, Link] = field(default_factory=dict)
    demo: bool = False
    viewing: Words = ""
