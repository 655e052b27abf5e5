"""The declarative base of this service and its plumbing."""

from __future__ import annotations

from typing import Any

from shared.db.plumbing import Plumbing, declare_base

Base: Any = declare_base("documents")
TABLES = Plumbing(Base)
