"""People and the unit in which each of them works. What names or reaches a person is sealed in the database."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from services.schools.database import Base
from services.schools.people.rules import PersonState, display_name
from shared.db.sealed import Sealed


class Person(Base):
    """A person who works in a unit; what they may do stands in their grants, not here.

    ``citizen_id_index`` finds a person by citizen id without opening anybody's; ``version`` is the entity tag.
    ``revision`` counts what others are told of (where they work, what they hold), ``told`` the last that was.
    """

    __tablename__ = "person"

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    unit_id: Mapped[str] = mapped_column(ForeignKey("org_unit.id"), index=True)
    title: Mapped[str] = mapped_column(Sealed("person.title"))
    given_name: Mapped[str] = mapped_column(Sealed("person.given_name"))
    family_name: Mapped[str] = mapped_column(Sealed("person.family_name"))
    citizen_id: Mapped[str | None] = mapped_column(Sealed("person.citizen_id"))
    citizen_id_index: Mapped[str | None] = mapped_column(String(64), unique=True)
    position: Mapped[str | None] = mapped_column(String(200))
    email: Mapped[str | None] = mapped_column(Sealed("person.email"))
    phone: Mapped[str | None] = mapped_column(Sealed("person.phone"))
    synthetic: Mapped[bool]
    state: Mapped[str] = mapped_column(String(10), default=PersonState.ACTIVE)
    retired_on: Mapped[dt.date | None]
    retired_reason: Mapped[str | None] = mapped_column(Text)
    version: Mapped[int] = mapped_column(default=1)
    revision: Mapped[int] = mapped_column(default=1)
    told: Mapped[int] = mapped_column(default=0)

    @property
    def name(self) -> str:
        return display_name(self.title, self.given_name, self.family_name, synthetic=self.synthetic)

    @property
    def etag(self) -> str:
        return f"p{self.version}"
