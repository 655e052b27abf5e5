"""The row by which a letter is found, kept with whatever changes the letter."""

from __future__ import annotations

from sqlalchemy import select

from services.documents.circulations.finding import readers_of
from services.documents.letters.rules import Secrecy
from services.documents.letters.tables import Letter
from services.documents.search.finding import Entry, remove, store, store_new
from services.documents.search.rules import SearchText
from services.documents.tasks.tables import Task
from shared.db.unit import Unit


def keep_found(unit: Unit, letter: Letter) -> None:
    """Have a letter found by what it says when the command is through, by whoever may see it then. Of one with a class
    of secrecy nothing is stored: these texts lie open in the database (decision 027).
    """
    # of a letter that is not in the database yet nobody has a task, and nothing is stored
    is_new = letter in unit.session.new
    unit.session.at_end(("letter_text", letter.id), lambda: _keep(unit, letter, is_new))


def _keep(unit: Unit, letter: Letter, is_new: bool) -> None:
    session = unit.session
    if letter.secrecy != Secrecy.NONE:
        if not is_new:
            remove(session, letter.id)
        return
    text = SearchText.of(
        letter.subject,
        correspondents=(letter.sender, letter.receiver),
        numbers=[number for number in (letter.doc_no, *(entry.display_no for entry in letter.numbers)) if number],
        notes=[note for note in (letter.note, letter.summary) if note],
    )
    places = [place.org_path for place in letter.places]
    if is_new:
        store_new(session, Entry(letter.id, letter.org_path, letter.created_at, text, tuple(places)))
        return
    session.flush()
    people = session.execute(select(Task.assignee_id).filter_by(letter_id=letter.id).distinct()).scalars()
    reach = (*places, *people, *readers_of(unit, letter.id))
    store(session, Entry(letter.id, letter.org_path, letter.created_at, text, reach))
