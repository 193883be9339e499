"""The base of housing's tables: a broken relationship in it breaks this plugin alone."""

from core.api import PYTHON_TYPES, DeclarativeBase, Record
from core.api import metadata as all_tables


class Model(Record, DeclarativeBase):
    """What every table of housing has."""

    metadata = all_tables
    type_annotation_map = PYTHON_TYPES
