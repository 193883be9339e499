"""The pages of sharing: collections, what waits for an answer, who sees a person and why."""

from core.sharing.pages.collections import emergencies, notices, requests, shares
from core.sharing.pages.panels import who_sees, who_sees_in_short
from core.sharing.pages.views import pages

__all__ = ["emergencies", "notices", "pages", "requests", "shares", "who_sees", "who_sees_in_short"]
