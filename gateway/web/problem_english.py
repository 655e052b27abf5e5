"""English words of problems by code, and of field errors by code. ``{names}`` are members of the problem."""

from __future__ import annotations

# code → title, detail; an empty detail keeps the service's own, which says more than a code can
PROBLEMS: dict[str, tuple[str, str]] = {
    # who may
    "sign_in": ("Please sign in", "You are not signed in, or your session has ended."),
    "unauthenticated": ("Please sign in", "You are not signed in, or your session has ended."),
    "login.failed": ("Sign-in failed", "The user name or the password is wrong."),
    "login.limited": ("Too many wrong passwords", "Wait a while before you try again."),
    "forbidden": ("Not permitted", "Your account may not do this."),
    "csrf": ("The request did not come from a page of this system", "Open the page again and retry."),
    "password.must_change": ("Change your password first", "Somebody else set this password. Choose your own."),
    # what is there
    "not_found": ("Not found", "There is no such page or record, or it is not yours to see."),
    "method": ("This cannot be done here", ""),
    "invalid": ("Some of the data is not valid", "Check the fields named below."),
    "precondition.stale": (
        "The data was changed in the meantime",
        "Somebody saved it after you opened the page. Open the latest, check, and save again.",
    ),
    "precondition.required": ("The version to change is missing", ""),
    "if_match_required": ("The version to change is missing", ""),
    # how it was sent
    "media_type": ("This kind of content is not taken here", ""),
    "pairs": ("The form could not be read", ""),
    "json": ("The body is not readable JSON", ""),
    "multipart": ("The file could not be read", "The upload was not well formed."),
    "incomplete": ("The data did not arrive completely", "The connection broke. Please send it again."),
    "too_slow": ("The data arrived too slowly", "The connection was silent for too long. Please send it again."),
    "too_large": ("Too large", ""),
    "file.store_full": ("There is no room for the file", "Tell whoever runs the system."),
    # the system itself
    "unavailable": ("Temporarily not available", "Please try again in a moment. Nothing that was saved is lost."),
    "draining": ("The system is restarting", "Please try again in a moment."),
    "unexpected": ("Something went wrong", ""),
    # rounds
    "round.state": ("Not possible in this state of the round", ""),
    "round.exists": ("There is such a round already", ""),
    "round.not_open": ("The round is not open yet", "Files are taken from its opening day."),
    "round.closed": ("The round is closed", "Data can no longer be changed."),
    "round.confirm_from": ("Too early to confirm", "Confirming begins later in this round."),
    "school_round.state": ("Not possible in this state of the school", ""),
    "school_round.version": (
        "There is a newer version of the file",
        "Version {version} stands now. Open the page again and check it.",
    ),
    "school_round.hold": ("Confirming is on hold", "The area office has to lift the hold first."),
    "school_round.no_hold": ("Nothing to lift", "This school's confirmation is not on hold."),
    "school_round.same_person": ("The same person", "Whoever certifies must not be the one who confirmed."),
    "submission.state": ("Not this version", "Only the current, checked version can be explained."),
    "submission.not_ready": ("Not ready", "The file still has errors, or warnings without an explanation."),
    "submission.same_file": ("The same file", "It equals version {version}, which stands now: nothing to send."),
    "no_pupils.declare": ("Please declare it once more", "The school reported no pupils: tick the box to confirm."),
    # files
    "F01.empty": ("No file", "Attach the file from DMC, or declare that there are no pupils."),
    "F01.too_large": ("The file is too large", ""),
    "F01.type": ("Not a workbook", "Send the .xlsx, .xls or .csv file from DMC."),
    "F01.extension": ("The name does not fit the content", "Send the file as DMC made it."),
    "F01.encrypted": ("The file is protected by a password", "Save it without a password and send it again."),
    "F01.bomb": ("The file is damaged", "Download it from DMC again."),
    "F01.unreadable": ("The file cannot be opened", "Download it from DMC again."),
    # schools
    "school.closed": ("The school is closed", "Its profile can no longer be changed."),
}

FIELDS: dict[str, str] = {
    "required": "Required.",
    "unknown": "Not known here.",
    "date": "Type the date as day/month/year B.E., for example 10/06/2569.",
    "date_order": "The dates are not in order.",
    "number": "Type a whole number.",
    "range": "Outside the permitted range.",
    "year": "Type a year of the Buddhist Era, for example 2569.",
    "choice": "Not one of the choices.",
    "different": "The two do not match.",
    "empty": "Required.",
    "one": "One only.",
    "repeated": "Given more than once.",
    "too_large": "Too large.",
    "too_long": "Too long.",
    "too_short": "Too short.",
    "characters": "Holds characters that are not permitted.",
}
