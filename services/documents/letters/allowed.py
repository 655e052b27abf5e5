"""What somebody may do with a letter now: what the commands would refuse is not offered."""

from __future__ import annotations

from collections.abc import Sequence

from services.documents import access
from services.documents.circulations.reaching import circulates_within
from services.documents.circulations.rules import may_be_circulated
from services.documents.clearances.readers import has_decider, keeps_list
from services.documents.clearances.standing import may_key_in
from services.documents.letters.rules import EDITABLE, LetterState, Move, Secrecy, Speed, reached_by
from services.documents.letters.stuck import may_unstick
from services.documents.letters.tables import Letter
from services.documents.registers.opening import book_id
from services.documents.registers.rules import BookKind
from services.documents.tasks.deciding import capacity_of
from services.documents.tasks.finding import own_task
from services.documents.tasks.rules import TaskRole, TaskState
from services.documents.tasks.tables import Task
from shared.db.unit import Unit


def received_book(letter: Letter) -> str:
    """The id of the book in which a letter is registered where it is now: with a class of secrecy the secret one."""
    return book_id(letter.holder, BookKind.RECEIVED if letter.secrecy == Secrecy.NONE else BookKind.SECRET_RECEIVED)


def allowed(unit: Unit, letter: Letter, tasks: Sequence[Task]) -> list[str]:
    """The names of the operations of ``/letters/{id}`` that the caller may call now, ``change`` for its fields."""
    state, speed = LetterState(letter.state), Speed(letter.speed)
    keeps_registry = access.acts_at(unit, access.KEEPS_BOOKS, letter.org_path)
    keeps = access.acts_at(unit, access.KEEPS_BOOKS, letter.holder_path)
    secrecy = Secrecy(letter.secrecy)
    keys_in, is_stub = may_key_in(unit, letter.org_path, secrecy), secrecy is Secrecy.TOP_SECRET
    decides = capacity_of(unit, letter) is not None
    own = own_task(unit, tasks)
    own_state = TaskState(own.state) if own else TaskState.CANCELLED
    acts = own is not None and own.role == TaskRole.RESPONSIBLE

    def can(move: Move) -> bool:
        return reached_by(state, move, speed) is not None

    returns = decides or (keeps and state is LetterState.FORWARDED) or may_unstick(unit, letter)
    pulls_back = keeps_registry if state is LetterState.FORWARDED else keeps
    voids = keeps_registry or unit.identity.holds(access.DIRECTS, letter.org_path)
    may = {
        "register": keeps and keys_in and can(Move.REGISTER),
        "forward": keeps_registry and secrecy is Secrecy.NONE and can(Move.FORWARD),
        "propose": keeps and not is_stub and can(Move.PROPOSE) and has_decider(unit, letter),
        "assign": decides and not is_stub and can(Move.ASSIGN),
        "endorse": decides and state is LetterState.PROPOSED,
        "accept": own_state is TaskState.ASSIGNED,
        "report": acts and own_state in (TaskState.ASSIGNED, TaskState.ACCEPTED),
        "close": (keeps or decides) and can(Move.CLOSE),
        "return": (decides and can(Move.SEND_BACK)) or (returns and can(Move.RETURN)),
        "pull_back": pulls_back and can(Move.PULL_BACK),
        "circulate": may_be_circulated(state, secrecy) and bool(circulates_within(unit, letter)),
        "change": keeps_registry and keys_in and state in EDITABLE,
        "reject": keeps_registry and can(Move.REJECT),
        "void": voids and can(Move.VOID),
        "readers": keeps_list(unit, letter),
    }
    return [name for name, is_allowed in may.items() if is_allowed]
