"""The pages, one module an area of work."""

from __future__ import annotations

from gateway.web.pages import (
    account,
    api_docs,
    board,
    home,
    inbox,
    login,
    ops,
    reports,
    rounds,
    school_round,
    school_round_steps,
    schools,
)
from gateway.web.site import STATIC

MODULES = (
    login,
    home,
    rounds,
    board,
    school_round,
    school_round_steps,
    reports,
    inbox,
    schools,
    ops,
    account,
    api_docs,
)
ROUTES = (*(module.routes for module in MODULES), STATIC.routes)
