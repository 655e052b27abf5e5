"""The clusters of an area."""

from __future__ import annotations

from sqlalchemy import ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from services.schools.database import Base


class Cluster(Base):
    """A cluster of an area's schools; ``version`` is its entity tag. A closed one keeps its name for old reports."""

    __tablename__ = "cluster"
    __table_args__ = (
        # two clusters of one name cannot be told apart in a list; a closed one may have left its name to another
        Index(
            "uq_cluster_open_name",
            "area_id",
            "name",
            unique=True,
            sqlite_where=text("state = 'OPEN'"),
            postgresql_where=text("state = 'OPEN'"),
        ),
    )

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    area_id: Mapped[str] = mapped_column(ForeignKey("org_unit.id"), index=True)
    name: Mapped[str] = mapped_column(String(200))
    state: Mapped[str] = mapped_column(String(10))
    version: Mapped[int]
