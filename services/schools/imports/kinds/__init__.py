"""The kinds of lists that can be imported.

A new kind is a folder here with a ``KIND`` and a ``register`` module: one entry below, one in ``registers.py``.
"""

from __future__ import annotations

from collections.abc import Mapping

from services.schools.imports.kinds.model import Kind
from services.schools.imports.kinds.people import KIND as _PEOPLE
from services.schools.imports.kinds.schools import KIND as _SCHOOLS

KINDS: Mapping[str, Kind] = {kind.name: kind for kind in (_PEOPLE, _SCHOOLS)}
