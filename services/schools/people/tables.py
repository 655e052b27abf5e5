"""People and the unit in which each of them works."""

from __future__ import annotations

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from services.schools.database import Base
from services.schools.people.rules import display_name


class Person(Base):
    """A person who works in a unit; what they may do stands in their grants, not here."""

    __tablename__ = "person"

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    unit_id: Mapped[str] = mapped_column(ForeignKey("org_unit.id"), index=True)
    title: Mapped[str] = mapped_column(String(40))
    given_name: Mapped[str] = mapped_column(String(100))
    family_name: Mapped[str] = mapped_column(String(100))
    synthetic: Mapped[bool]

    @property
    def name(self) -> str:
        return display_name(self.title, self.given_name, self.family_name, synthetic=self.synthetic)
