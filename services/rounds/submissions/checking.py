"""Reading and checking what waits: claimed with a lease, done in child processes, stored in one transaction.

Small files are taken several at a time: what each of them costs beside its rules is then paid once.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from sqlalchemy import select, update

from services.rounds.adapters import PREFIX
from services.rounds.rules.check import unreadable
from services.rounds.submissions.commands import publish_submission
from services.rounds.submissions.jobs import Claimed, claimed_of, paths_for
from services.rounds.submissions.rules import RESOURCE_CAUSES, SubmissionPhase, fair_share
from services.rounds.submissions.storing import store_results
from services.rounds.submissions.tables import Submission
from shared.bus.contracts import rounds as contracts
from shared.db.unit import Unit
from shared.runtime.children import JobFailed, Progress, attempt
from shared.runtime.leases import ATTEMPTS, Holding, claim, put_back

log = logging.getLogger(__name__)

TASK = "services.rounds.rules.check:check_each"
LOOKED_AT = 32


def check_next(app: Any) -> bool:
    """Read and check what waits longest. True when there was something."""
    claimed = claim_next(app)
    if not claimed:
        return False
    named = ", ".join(one.submission_id for one in claimed)
    attempt(lambda: _check(app, claimed), lambda failure: _failed(app, claimed, failure), f"checking {named}")
    return True


def claim_next(app: Any) -> list[Claimed]:
    """What waits longest, now in hand: a file, or several small ones. Empty when nothing waits."""
    waiting = (
        select(Submission)
        .where(Submission.state == SubmissionPhase.RECORDING.value)
        .order_by(Submission.created_at, Submission.id)
    )
    return claim(app, waiting, claimed_of, looked_at=LOOKED_AT, share=_share)


def _share(waiting: Sequence[Submission]) -> int:
    return fair_share([(submission.size, submission.attempts) for submission in waiting])


def _check(app: Any, claimed: Sequence[Claimed]) -> None:
    ids = [one.submission_id for one in claimed]
    held = update(Submission).where(Submission.id.in_(ids), Submission.lease == claimed[0].lease)
    holding = Holding(app, held)
    with holding.renewing():
        results = read_in_child(app, claimed, holding)
    with app.write() as unit:
        store_results(unit, list(zip(claimed, results, strict=True)))


def read_in_child(app: Any, claimed: Sequence[Claimed], progress: Progress) -> list[dict[str, Any]]:
    """What a child finds in each version; the rolls of those that it accepts are kept under ``roll_sha256``.

    Raises:
        JobFailed: no result.
    """
    with ExitStack() as opened:
        jobs = [{**one.job, **opened.enter_context(paths_for(app, one))} for one in claimed]
        results: list[dict[str, Any]] = app.adapters.children.run(TASK, {"jobs": jobs}, progress)["results"]
        _keep_rolls(app, results, jobs)
    return results


def _keep_rolls(app: Any, results: Sequence[dict[str, Any]], jobs: Sequence[dict[str, Any]]) -> None:
    """Put the rolls that the child wrote into the store, and their hashes into the results."""
    written = [(result, Path(job["roll_path"])) for result, job in zip(results, jobs, strict=True) if result["roll"]]
    kept = app.adapters.files.keep_all(PREFIX, [path.read_bytes() for _, path in written])
    for (result, _), sha256 in zip(written, kept, strict=True):
        result["roll_sha256"] = sha256


def _failed(app: Any, claimed: Sequence[Claimed], failure: JobFailed) -> None:
    """Our fault: tried again by itself, then left for a person. A file no child survives is the file's fault: F01."""
    for one in claimed:
        log.error("checking %s failed (%s of %s): %s", one.submission_id, one.attempts, ATTEMPTS, failure)
        with app.write() as unit:
            _fail(unit, one, failure)


def _fail(unit: Unit, claimed: Claimed, failure: JobFailed) -> None:
    submission = unit.session.execute(
        select(Submission).filter_by(id=claimed.submission_id).with_for_update()
    ).scalar_one()
    if submission.state != SubmissionPhase.RECORDING or submission.lease != claimed.lease:
        return
    if claimed.attempts < ATTEMPTS:
        put_back(submission, unit.now())
        return
    if failure.cause in RESOURCE_CAUSES:
        store_results(unit, [(claimed, unreadable(claimed.job["rule_set"]))])
        return
    submission.state = SubmissionPhase.FAILED.value
    submission.lease = submission.lease_until = None
    submission.progress = {"stage": "failed", "done": 0, "total": 0}
    publish_submission(unit, submission, contracts.SUBMISSION_FAILED)
