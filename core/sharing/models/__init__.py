"""The tables of sharing: what was given, what is asked, what was opened in an emergency, the notices of consents."""

from core.sharing.models.choices import ConsentBy, LegalGround, Level, Purpose, RequestState, Standing
from core.sharing.models.emergency import Emergency
from core.sharing.models.notice import Notice
from core.sharing.models.request import ShareRequest
from core.sharing.models.share import Share

__all__ = [
    "ConsentBy",
    "Emergency",
    "LegalGround",
    "Level",
    "Notice",
    "Purpose",
    "RequestState",
    "Share",
    "ShareRequest",
    "Standing",
]
