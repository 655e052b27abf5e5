"""Facts of the rounds service. Counts and aggregates only: no pupil's data is ever on the bus."""

from __future__ import annotations

from marshmallow import Schema, fields

from shared.bus.contracts.records import Records
from shared.bus.contracts.registry import declare


class RoundState(Schema):
    """A data round: its dates (ISO 8601) and its state."""

    round_id = fields.String(required=True)
    system = fields.String(required=True)
    year_be = fields.Integer(required=True)
    round_no = fields.Integer(required=True)
    title = fields.String(required=True)
    as_of_date = fields.String(required=True)
    open_at = fields.String(required=True)
    school_deadline = fields.String(required=True)
    certify_deadline = fields.String(required=True)
    area_ack_deadline = fields.String(required=True)
    close_at = fields.String(required=True)
    state = fields.String(required=True)
    org_path = fields.String(required=True)
    closed_at = fields.String(allow_none=True)
    published_at = fields.String(allow_none=True)
    amendments = fields.Integer()
    rule_set = fields.String()


class SchoolRoundState(Schema):
    """One school in one round. ``version`` is the file that stands now, 0 when there is none.

    The deadlines are the school's own. ``locked_from`` is where it was locked; it stays while an extension of a closed
    round runs, because what was signed then counts until the school is locked again.
    ``returns``: how often the area sent the data back (ตีกลับ, ยกเลิกการยืนยัน).
    """

    round_id = fields.String(required=True)
    round_title = fields.String(required=True)
    smis = fields.String(required=True)
    name = fields.String(required=True)
    amphoe = fields.String(required=True, allow_none=True)
    org_path = fields.String(required=True)
    state = fields.String(required=True)
    locked_from = fields.String(required=True, allow_none=True)
    version = fields.Integer(required=True)
    submission_id = fields.String(required=True, allow_none=True)
    school_deadline = fields.String(required=True)
    certify_deadline = fields.String(required=True)
    confirmed_at = fields.String(required=True, allow_none=True)
    on_hold = fields.Boolean(required=True)
    reason = fields.String(required=True, allow_none=True)
    late = fields.Boolean()
    extended_until = fields.String(allow_none=True)
    extension_reason = fields.String(allow_none=True)
    returns = fields.Integer()


class ClassCount(Schema):
    """Pupils present in one room; grade and room are null where they could not be read."""

    grade = fields.String(required=True, allow_none=True)
    room = fields.Integer(required=True, allow_none=True)
    male = fields.Integer(required=True)
    female = fields.Integer(required=True)


class AgeCount(Schema):
    """Pupils of one age in full years at the as-of date; null where no birth date could be read."""

    age = fields.Integer(required=True, allow_none=True)
    male = fields.Integer(required=True)
    female = fields.Integer(required=True)


class KindCount(Schema):
    """Pupils of one kind of a code list (nationality, religion)."""

    kind = fields.String(required=True)
    male = fields.Integer(required=True)
    female = fields.Integer(required=True)


class KindGradeCount(KindCount):
    """Pupils of one kind in one grade (disadvantage, identities)."""

    grade = fields.String(required=True, allow_none=True)


class Tables(Schema):
    """Every table that reports need of one school's file.

    ``identities`` are the pupils without a number of a Thai citizen: ``G`` (G-code), the first digit of the others'
    numbers (``0``, ``6``, ``7``, ``8``), ``none``, ``unread``. ``missing`` names the tables for which the file has no
    column: those are empty because nobody knows, not because there is nobody.
    """

    classes = Records(fields.Nested(ClassCount), required=True)
    ages = Records(fields.Nested(AgeCount), required=True)
    disadvantage = Records(fields.Nested(KindGradeCount), required=True)
    nationality = Records(fields.Nested(KindCount), required=True)
    religion = Records(fields.Nested(KindCount), required=True)
    identities = Records(fields.Nested(KindGradeCount))
    missing = fields.List(fields.String())


class SubmissionState(Schema):
    """One version of a school's file. ``tables`` are null until it was read and accepted."""

    submission_id = fields.String(required=True)
    round_id = fields.String(required=True)
    smis = fields.String(required=True)
    org_path = fields.String(required=True)
    version = fields.Integer(required=True)
    state = fields.String(required=True)
    counts = fields.Dict(keys=fields.String(), values=fields.Integer(), required=True)
    tables = fields.Nested(Tables, required=True, allow_none=True)


class SnapshotState(Schema):
    """The immutable numbers of a school when it was locked; amended ones get the next ``number`` (1 where missing)."""

    round_id = fields.String(required=True)
    smis = fields.String(required=True)
    org_path = fields.String(required=True)
    submission_id = fields.String(required=True)
    version = fields.Integer(required=True)
    sha256 = fields.String(required=True)
    locked_from = fields.String(required=True)
    taken_at = fields.String(required=True)
    number = fields.Integer()
    tables = fields.Nested(Tables, required=True)


class DuplicateState(Schema):
    """A pupil who may stand in the files of two schools of a round; nothing of the pupil itself.

    ``kind`` is ``same_id`` (I10), ``same_person`` (I09) or ``near_id`` (I15); ``state`` OPEN, SETTLED, CARRIED or GONE;
    ``keep`` the SMIS code of the school where the pupil counts, or ``both``. ``found_by`` is the version that brought
    it up, ``found_with`` how many came up between the two schools with it.
    """

    case_id = fields.String(required=True)
    round_id = fields.String(required=True)
    round_title = fields.String(required=True)
    org_path = fields.String(required=True)
    kind = fields.String(required=True)
    first_smis = fields.String(required=True)
    first_name = fields.String(required=True)
    first_org_path = fields.String(required=True)
    second_smis = fields.String(required=True)
    second_name = fields.String(required=True)
    second_org_path = fields.String(required=True)
    state = fields.String(required=True)
    keep = fields.String(required=True, allow_none=True)
    found_at = fields.String(required=True)
    found_by = fields.String(required=True)
    found_with = fields.Integer(required=True)
    decided_at = fields.String(required=True, allow_none=True)


ROUND_ANNOUNCED = declare("rounds", "round_announced", RoundState, "Known to its schools; the set is frozen.")
ROUND_OPENED = declare("rounds", "round_opened", RoundState, "Schools may upload.")
CONFIRM_WINDOW_BEGAN = declare("rounds", "confirm_window_began", RoundState, "The school deadline has passed.")
ROUND_CLOSED = declare("rounds", "round_closed", RoundState, "Every school of the round is locked.")
ROUND_REOPENED = declare("rounds", "round_reopened", RoundState, "Taken up again after its close.")
ROUND_PUBLISHED = declare("rounds", "round_published", RoundState, "Its numbers are public; they are only amended.")
ROUND_AMENDED = declare("rounds", "round_amended", RoundState, "A school's public numbers have a newer snapshot.")

ROUND_RULES_CHANGED = declare("rounds", "round_rules_changed", RoundState, "A newer rule set is the round's.")

ROUND_EVENTS = (
    ROUND_ANNOUNCED,
    ROUND_OPENED,
    ROUND_RULES_CHANGED,
    CONFIRM_WINDOW_BEGAN,
    ROUND_CLOSED,
    ROUND_REOPENED,
    ROUND_PUBLISHED,
    ROUND_AMENDED,
)

SCHOOL_ANNOUNCED = declare("rounds", "school_round_announced", SchoolRoundState, "A school is part of a round.")
SCHOOL_CHECKED = declare("rounds", "school_round_checked", SchoolRoundState, "A school's file now stands, checked.")
SCHOOL_CONFIRMED = declare("rounds", "school_round_confirmed", SchoolRoundState, "ยืนยัน by the data officer.")
SCHOOL_CERTIFIED = declare("rounds", "school_round_certified", SchoolRoundState, "รับรอง by the director.")
SCHOOL_RETURNED = declare("rounds", "school_round_returned", SchoolRoundState, "ตีกลับ by the area.")
SCHOOL_REVOKED = declare("rounds", "school_round_revoked", SchoolRoundState, "ยกเลิกการยืนยัน by the area.")
SCHOOL_HOLD_LIFTED = declare("rounds", "school_round_hold_lifted", SchoolRoundState, "The school may confirm again.")
SCHOOL_ACKNOWLEDGED = declare("rounds", "school_round_acknowledged", SchoolRoundState, "รับทราบ by the area.")
SCHOOL_EXEMPTED = declare("rounds", "school_round_exempted", SchoolRoundState, "The school need not answer.")
SCHOOL_LOCKED = declare("rounds", "school_round_locked", SchoolRoundState, "The round is closed for the school.")
SCHOOL_DELAYED = declare("rounds", "school_round_delayed", SchoolRoundState, "Its deadline went by unconfirmed.")
SCHOOL_EXTENDED = declare("rounds", "school_round_extended", SchoolRoundState, "The school has dates of its own.")
SCHOOL_REOPENED = declare("rounds", "school_round_reopened", SchoolRoundState, "Unlocked with its whole round.")

SCHOOL_ROUND_EVENTS = (
    SCHOOL_ANNOUNCED,
    SCHOOL_CHECKED,
    SCHOOL_CONFIRMED,
    SCHOOL_CERTIFIED,
    SCHOOL_RETURNED,
    SCHOOL_REVOKED,
    SCHOOL_HOLD_LIFTED,
    SCHOOL_ACKNOWLEDGED,
    SCHOOL_EXEMPTED,
    SCHOOL_LOCKED,
    SCHOOL_DELAYED,
    SCHOOL_EXTENDED,
    SCHOOL_REOPENED,
)

SUBMISSION_RECEIVED = declare("rounds", "submission_received", SubmissionState, "A file arrived and waits to be read.")
SUBMISSION_CHECKED = declare("rounds", "submission_checked", SubmissionState, "Read, checked and accepted.")
SUBMISSION_REJECTED = declare("rounds", "submission_rejected", SubmissionState, "A BLOCK finding: it moves nothing.")
SUBMISSION_FAILED = declare("rounds", "submission_failed", SubmissionState, "Not read, and that is our fault.")
SUBMISSION_SUPERSEDED = declare("rounds", "submission_superseded", SubmissionState, "A newer version stands.")
SUBMISSION_EXPLAINED = declare("rounds", "submission_explained", SubmissionState, "Warnings were given a reason.")

SUBMISSION_ADJUSTED = declare(
    "rounds", "submission_adjusted", SubmissionState, "A decision on duplicates changed who of the file counts."
)

SUBMISSION_EVENTS = (
    SUBMISSION_RECEIVED,
    SUBMISSION_CHECKED,
    SUBMISSION_REJECTED,
    SUBMISSION_FAILED,
    SUBMISSION_SUPERSEDED,
    SUBMISSION_EXPLAINED,
    SUBMISSION_ADJUSTED,
)

SNAPSHOT_TAKEN = declare("rounds", "snapshot_taken", SnapshotState, "A confirmed school's numbers when locked.")

DUPLICATE_FOUND = declare("rounds", "duplicate_found", DuplicateState, "Two schools may have the same pupil.")
DUPLICATE_SETTLED = declare("rounds", "duplicate_settled", DuplicateState, "Decided where the pupil counts.")
DUPLICATE_CARRIED = declare("rounds", "duplicate_carried", DuplicateState, "Left for later by the area, with a reason.")
DUPLICATE_REOPENED = declare("rounds", "duplicate_reopened", DuplicateState, "It waits for a decision again.")
DUPLICATE_GONE = declare("rounds", "duplicate_gone", DuplicateState, "A newer file has the pupil no more.")

DUPLICATE_EVENTS = (DUPLICATE_FOUND, DUPLICATE_SETTLED, DUPLICATE_CARRIED, DUPLICATE_REOPENED, DUPLICATE_GONE)
