"""Partners beside the bench's own, each with a registry: none of it is the bench's partner's business."""

from core.config import read_settings
from core.database.scope import Scope, ScopedSession
from core.database.session import Database
from core.demo.population import crowd
from core.demo.registries import towns
from core.demo.residents import Residents
from core.partners.models import PartnerKind
from core.partners.services import register_partner
from core.plugins.loading import load

FAR = 200_000


def settle(partners: int, each: int) -> None:
    """Register so many partners with so many people each, whom nobody has met before."""
    settings = read_settings()
    load(settings)
    database = Database(settings)
    operator = Scope(operator=True, actor="bench", reason="bench")
    parts = crowd(FAR + partners * each, registrar="", together=each)
    for _part in range(FAR // each):
        next(parts)
    for number in range(partners):
        code = f"N{number:03}"

        def move_in(session: ScopedSession, code: str = code) -> None:
            partner = register_partner(session, code=code, name=f"Neighbour {code}", kind=PartnerKind.ASSOCIATION)
            Residents(session, {"": partner.id}, towns(session)).register_people(next(parts))

        database.run(operator, move_in)
    database.close()
