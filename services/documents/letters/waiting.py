"""What waits with letters: who keeps or heads a unit sees the next step of that unit alone."""

from __future__ import annotations

from enum import StrEnum

from sqlalchemy import ColumnElement, exists, false

from services.documents import access
from services.documents.clearances.standing import can_act, cleared
from services.documents.delegations.standing import absent
from services.documents.letters.rules import LetterState, Secrecy
from services.documents.letters.stuck import stuck
from services.documents.letters.tables import Letter
from services.documents.tasks.rules import TaskRole, TaskState
from services.documents.tasks.tables import Task
from shared.db.unit import Unit

_S = LetterState


class Waiting(StrEnum):
    """What is to be done with a letter: registered, proposed or sent on, decided about, closed; or nobody decides about
    it, whoever has it can do no more, or somebody is late.
    """

    REGISTER = "register"
    PROPOSE = "propose"
    DECIDE = "decide"
    STUCK = "stuck"
    ABANDONED = "abandoned"
    CLOSE = "close"
    OVERDUE = "overdue"


def conditions(unit: Unit) -> dict[Waiting, ColumnElement[bool]]:
    """Of each the letters for which the caller has to see to it, as far as they may know of them."""
    kept = access.units_acted_for(unit, access.KEEPS_BOOKS)
    today = unit.clock.today()
    headed = access.units_headed(unit).union(*(access.decides_at(member, today) for _, member in absent(unit)))
    is_with_people = _at(kept | headed, _S.ASSIGNED, _S.IN_PROGRESS)
    waiting = {
        Waiting.REGISTER: _at(kept, _S.ARRIVED, _S.FORWARDED),
        # a stub goes no further than the register
        Waiting.PROPOSE: _at(kept, _S.REGISTERED, _S.RETURNED) & (Letter.secrecy != Secrecy.TOP_SECRET),
        Waiting.DECIDE: _at(headed, _S.PROPOSED),
        Waiting.STUCK: stuck(unit, kept),
        Waiting.ABANDONED: is_with_people & _has_open_task(~can_act(unit, Task.assignee_id)),
        Waiting.CLOSE: _at(kept | headed, _S.REPORTED, _S.ACKNOWLEDGED),
        Waiting.OVERDUE: is_with_people & _has_open_task(Task.due_at < unit.now()),
    }
    known = cleared(unit)
    return {what: condition & known for what, condition in waiting.items()}


def _has_open_task(condition: ColumnElement[bool]) -> ColumnElement[bool]:
    return exists().where(
        Task.letter_id == Letter.id,
        Task.role == TaskRole.RESPONSIBLE,
        Task.state.in_((TaskState.ASSIGNED, TaskState.ACCEPTED)),
        condition,
    )


def _at(paths: set[str], *states: LetterState) -> ColumnElement[bool]:
    return Letter.holder_path.in_(sorted(paths)) & Letter.state.in_(states) if paths else false()
