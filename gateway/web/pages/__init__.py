"""The pages, one module an area of work."""

from __future__ import annotations

from gateway.web.pages import (
    account,
    api_docs,
    audit,
    board,
    design,
    disclosures,
    helping,
    home,
    imports,
    inbox,
    login,
    ops,
    organisations,
    people,
    person,
    reports,
    rounds,
    rules,
    school_changes,
    school_round,
    school_round_steps,
    schools,
    settings,
    totp,
)
from gateway.web.site import STATIC

MODULES = (
    login,
    home,
    rounds,
    board,
    school_round,
    school_round_steps,
    rules,
    reports,
    inbox,
    school_changes,
    schools,
    organisations,
    imports,
    disclosures,
    audit,
    people,
    person,
    ops,
    account,
    totp,
    settings,
    api_docs,
    helping,
    design,
)
ROUTES = (*(module.routes for module in MODULES), STATIC.routes)
