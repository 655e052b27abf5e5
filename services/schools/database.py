"""The declarative base of this service and its plumbing."""

from __future__ import annotations

from sqlalchemy.orm import DeclarativeBase

from shared.db.plumbing import Plumbing
from shared.db.types import TYPE_MAP, new_metadata


class Base(DeclarativeBase):
    """What the tables of this service share: their metadata and the house's column types."""

    metadata = new_metadata()
    type_annotation_map = TYPE_MAP


TABLES = Plumbing(Base)
