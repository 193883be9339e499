"""What holds for every module holds for the gardens."""

from core.testing.conformance.declarations import *  # noqa: F403
from core.testing.conformance.lookups import *  # noqa: F403
from core.testing.conformance.messages import *  # noqa: F403
from core.testing.conformance.pages import *  # noqa: F403
from core.testing.conformance.tables import *  # noqa: F403
