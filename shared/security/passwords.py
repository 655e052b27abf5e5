"""Passwords: argon2id, reckoned beside the hub so that a morning of logins does not stop everybody else."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterable
from typing import Any

from argon2 import PasswordHasher
from argon2.exceptions import VerificationError
from eventlet import tpool
from eventlet.patcher import is_monkey_patched
from zxcvbn import zxcvbn  # type: ignore[import-untyped]

# OWASP's parameters for argon2id with one pass: 46 MB for each password that is being checked at the moment
_USUAL_KIB = 47104
_CHEAP_KIB = 8
# zxcvbn's own limit: what stands behind it makes a password no weaker, and its search grows with the square
_JUDGED_CHARACTERS = 72


class Passwords:
    """Makes and checks hashes. ``cheap`` takes parameters that only tests may use.

    All of it takes long: never call it inside an open unit of work.
    """

    def __init__(self, *, cheap: bool = False) -> None:
        self._hasher = PasswordHasher(time_cost=1, memory_cost=_CHEAP_KIB if cheap else _USUAL_KIB, parallelism=1)
        self._of_nobody = self._hasher.hash(secrets.token_hex())

    def hash(self, password: str) -> str:
        """The argon2id hash of ``password`` with a salt of its own."""
        hashed: str = _beside_the_hub(self._hasher.hash, password)
        return hashed

    def verify(self, known: str | None, password: str) -> bool:
        """Whether ``known`` is a hash of ``password``. None, for an account that is not there, takes just as long."""
        matches: bool = _beside_the_hub(self._matches, known or self._of_nobody, password)
        return matches and known is not None

    def score(self, password: str, words: Iterable[str]) -> int:
        """How hard ``password`` is to guess, from 0 to 4 (zxcvbn); ``words`` are those a guesser would try first."""
        score: int = _beside_the_hub(_score, password[:_JUDGED_CHARACTERS], [word for word in words if word])
        return score

    def _matches(self, known: str, password: str) -> bool:
        try:
            return self._hasher.verify(known, password)
        except VerificationError:
            return False


def _score(password: str, words: list[str]) -> int:
    return int(zxcvbn(password, user_inputs=words)["score"])


def _beside_the_hub(function: Callable[..., Any], *arguments: Any) -> Any:
    """Call ``function`` in a real thread where green threads share this one; elsewhere (CLI, tests) just call it."""
    if is_monkey_patched("thread"):
        return tpool.execute(function, *arguments)
    return function(*arguments)
