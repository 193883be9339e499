"""What can happen to shares, requests, emergencies and notices."""

from core.sharing.services.emergencies import end_emergency, open_emergency
from core.sharing.services.giving import give, revoke, withdraw_consent
from core.sharing.services.notices import notice_in_use, write_notice
from core.sharing.services.requests import ask, give_as_asked, refuse, withdraw_request

__all__ = [
    "ask",
    "end_emergency",
    "give",
    "give_as_asked",
    "notice_in_use",
    "open_emergency",
    "refuse",
    "revoke",
    "withdraw_consent",
    "withdraw_request",
    "write_notice",
]
