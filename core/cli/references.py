"""What the program ships and every installation has: municipalities, the law's values, how long things are kept."""

from sqlalchemy.orm import Session

from core.documents import retention as documents
from core.jobs import retention as jobs
from core.parameters import reference_values
from core.places import gazetteer


def load_references(session: Session) -> None:
    """Bring the reference tables up to what is shipped; what somebody set stays."""
    for shipped in (gazetteer, reference_values, jobs, documents):
        shipped.load_reference(session)
