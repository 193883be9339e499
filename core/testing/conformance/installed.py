"""The installation that the conformance tests look at, and what of it is tested."""

from core.config import read_settings
from core.database.ownership import ConsentBound, PartnerOwned
from core.plugins.loading import load
from core.testing.subjects import is_tested

INSTALLATION = load(read_settings())
PLUGINS = [plugin for plugin in INSTALLATION.plugins.values() if is_tested(plugin.key.partition("@")[0])]
COLLECTIONS = [collection for collection in INSTALLATION.collections if is_tested(collection.plugin)]
OWNED = [c for c in COLLECTIONS if issubclass(c.resource.model, PartnerOwned | ConsentBound)]
OF_MODULES = [c for c in COLLECTIONS if c.plugin]
