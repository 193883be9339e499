"""Links as values: what menus, tabs, breadcrumbs and buttons are made from."""

from dataclasses import dataclass

from core.language import Words


@dataclass(frozen=True)
class Link:
    """Somewhere to go, or with `post` something to do: then it is drawn as a form with a button.

    `lang` is the language of the label when it is not the page's; `count` is shown beside it.
    """

    label: Words
    url: str
    icon: str = ""
    current: bool = False
    post: bool = False
    count: int | None = None
    lang: str = ""


@dataclass(frozen=True)
class MenuItem:
    """A line of the side menu; `permission` hides it from who lacks it."""

    label: Words
    url: str
    icon: str = "list"
    permission: str = ""
