"""How each kind of list is compared with the register and entered into it. Child processes need none of this."""

from __future__ import annotations

from collections.abc import Mapping

from services.schools.imports.kinds.model import Register
from services.schools.imports.kinds.people import register as _people
from services.schools.imports.kinds.schools import register as _schools

REGISTERS: Mapping[str, Register] = {
    "people": Register(_people.know, _people.write),
    "schools": Register(_schools.know, _schools.write),
}
