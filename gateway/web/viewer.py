"""Who looks at a page: what may be shown to them. Services decide; this only keeps useless buttons away."""

from __future__ import annotations

from dataclasses import dataclass

from gateway.web import labels
from shared.security.identity import Identity

AREA_READERS = frozenset({"officer", "group_director", "deputy_director", "area_director", "auditor"})
SCHOOL_ROLES = frozenset({"data_officer", "school_director"})
READERS = AREA_READERS | SCHOOL_ROLES
PROFILE_EDITORS = frozenset({"data_officer", "officer"})


@dataclass(frozen=True)
class Viewer:
    """The signed-in person as templates see them."""

    identity: Identity

    @property
    def name(self) -> str:
        return self.identity.name

    @property
    def posts(self) -> list[tuple[str, str]]:
        """What is held and where, for every grant: ``ครูผู้รับผิดชอบข้อมูล``, ``บ้านศรีลานนา``."""
        return [(labels.label(labels.ROLES, grant.role), grant.name) for grant in self.identity.grants]

    def has(self, *roles: str) -> bool:
        """Whether one of ``roles`` is held anywhere."""
        return bool(self.identity.roles & set(roles))

    @property
    def reads_rounds(self) -> bool:
        return bool(self.identity.roles & READERS)

    @property
    def reads_area(self) -> bool:
        return bool(self.identity.roles & AREA_READERS)

    def schools_of(self, role: str) -> list[str]:
        """The codes of the schools in which ``role`` is held."""
        return sorted({grant.organisation for grant in self.identity.grants if grant.role == role})

    @property
    def own_schools(self) -> list[str]:
        """The codes of the schools in which a role in data rounds is held."""
        held = (grant for grant in self.identity.grants if grant.role in SCHOOL_ROLES)
        return sorted({grant.organisation for grant in held})
