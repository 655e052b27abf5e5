"""What somebody may do with a letter now: what the commands would refuse is not offered."""

from __future__ import annotations

from collections.abc import Sequence

from services.documents import access
from services.documents.attachments.finding import may_attach
from services.documents.letters.rules import EDITABLE, OPEN_STATES, LetterState, Move, Speed, reached_by
from services.documents.letters.tables import Letter
from services.documents.registers.opening import book_id
from services.documents.registers.rules import BookKind, EntryState
from services.documents.registers.tables import RegisterEntry
from services.documents.tasks.deciding import capacity_of
from services.documents.tasks.finding import own_task
from services.documents.tasks.rules import TaskRole, TaskState
from services.documents.tasks.tables import Task
from shared.db.unit import Unit


def received_book(letter: Letter) -> str:
    """The id of the book in which a letter is registered where it is now."""
    return book_id(letter.holder, BookKind.RECEIVED)


def allowed(unit: Unit, letter: Letter, tasks: Sequence[Task], numbers: Sequence[RegisterEntry]) -> list[str]:
    """The names of the operations of ``/letters/{id}`` that the caller may call now, ``change`` for its fields."""
    state, speed = LetterState(letter.state), Speed(letter.speed)
    keeps_registry = access.acts_at(unit, access.KEEPS_BOOKS, letter.org_path)
    keeps = access.acts_at(unit, access.KEEPS_BOOKS, letter.holder_path)
    decides = capacity_of(unit, letter) is not None
    stands = any(entry.book_id == received_book(letter) and entry.state != EntryState.VOID for entry in numbers)
    own = own_task(unit, tasks)
    own_state = TaskState(own.state) if own else TaskState.CANCELLED
    acts = own is not None and own.role == TaskRole.RESPONSIBLE

    def can(move: Move) -> bool:
        return reached_by(state, move, speed) is not None

    returns = decides or (keeps and state is LetterState.FORWARDED)
    pulls_back = keeps_registry if state is LetterState.FORWARDED else keeps
    voids = keeps_registry or unit.identity.holds(access.DIRECTS, letter.org_path)
    may = {
        "register": keeps and can(Move.REGISTER) and not stands,
        "forward": keeps_registry and can(Move.FORWARD),
        "propose": keeps and can(Move.PROPOSE),
        "assign": decides and can(Move.ASSIGN),
        "endorse": decides and state is LetterState.PROPOSED,
        "accept": own_state is TaskState.ASSIGNED,
        "report": acts and own_state in (TaskState.ASSIGNED, TaskState.ACCEPTED),
        "close": (keeps or decides) and can(Move.CLOSE),
        "return": (decides and can(Move.SEND_BACK)) or (returns and can(Move.RETURN)),
        "pull_back": pulls_back and can(Move.PULL_BACK),
        "change": keeps_registry and state in EDITABLE,
        "reject": keeps_registry and can(Move.REJECT),
        "void": voids and can(Move.VOID),
        "attach": state in OPEN_STATES and may_attach(unit, letter, tasks),
    }
    return [name for name, is_allowed in may.items() if is_allowed]
