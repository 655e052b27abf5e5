"""The gateway put together: settings, who may pass, every route."""

from __future__ import annotations

from gateway.api import (
    accounts,
    audit,
    auth,
    batches,
    book_lookups,
    books,
    bulk_letters,
    circulations,
    clearances,
    contacts,
    delegations,
    docs,
    duplicates,
    imports,
    inbox,
    letter_files,
    letter_lists,
    letter_reports,
    letter_views,
    letters,
    me,
    office_days,
    old_registers,
    ops,
    organisations,
    overdue,
    people,
    reports,
    rounds,
    rules,
    school_changes,
    school_rounds,
    schools,
    subjects,
    submissions,
    threads,
)
from gateway.auth import Authenticator
from gateway.environment import CLOCK, SETTINGS
from gateway.web import pages
from gateway.web.errors import render_problem
from gateway.web.guard import Guard
from shared.http.health import health_routes
from shared.http.routing import Router
from shared.runtime import readiness
from shared.security import secrets
from shared.security.identity import IdentityVerifier

API = (
    auth,
    me,
    people,
    accounts,
    organisations,
    schools,
    school_changes,
    imports,
    rounds,
    overdue,
    school_rounds,
    rules,
    submissions,
    subjects,
    batches,
    duplicates,
    inbox,
    reports,
    book_lookups,
    books,
    old_registers,
    letters,
    letter_files,
    letter_lists,
    letter_views,
    bulk_letters,
    contacts,
    circulations,
    threads,
    letter_reports,
    delegations,
    clearances,
    office_days,
    audit,
    ops,
)
VERIFIER = IdentityVerifier(secrets.read(SETTINGS.secrets_root, "identity.public.pem"), CLOCK)

ROUTER = Router(
    [*(module.routes for module in API), docs.routes, *pages.ROUTES, health_routes(readiness.check)],
    authenticate=Guard(Authenticator(VERIFIER, CLOCK)),
    render_problem=render_problem,
)
docs.describe(ROUTER)
