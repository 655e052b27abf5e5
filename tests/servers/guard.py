"""Run one server for a test session and end it when the session dies, however it dies. A script: standard library only.

    python guard.py --dying-signal 9 --remove FOLDER [--user UID --group GID] -- COMMAND...

The session holds our standard input. Each line on it is a signal number to pass on; its end means the session is gone
(even by SIGKILL): then the server gets the dying signal and the folder is removed. PR_SET_PDEATHSIG in the session
would not do: it fires when the *thread* that started the server ends. Here it serves for the case that we are killed.
"""

import argparse
import contextlib
import ctypes
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Sequence

PR_SET_PDEATHSIG = 1
PATIENCE = 5.0


class Child:
    """The server. It is reaped under a lock, so that its id can't have become somebody else's when a signal is sent."""

    def __init__(self, options: argparse.Namespace) -> None:
        libc = ctypes.CDLL(None)
        self._lock = threading.Lock()
        self._gone = False
        self.orphaned = False
        self._process = subprocess.Popen(
            options.command,
            stdin=subprocess.DEVNULL,
            start_new_session=True,  # Ctrl-C in the terminal is for the session, which then stops the servers in order
            user=options.user,
            group=options.group,
            extra_groups=None if options.user is None else [],
            preexec_fn=lambda: before_exec(libc, options.dying_signal),  # noqa: PLW1509 - there are no threads yet
        )

    def send(self, number: int) -> None:
        with self._lock:
            if not self._gone:
                os.kill(self._process.pid, number)

    def wait(self) -> int:
        """Wait for the server, end what is left of its process group, and return its exit code."""
        os.waitid(os.P_PID, self._process.pid, os.WEXITED | os.WNOWAIT)
        with self._lock:
            self._gone = True
            code = self._process.wait()
        end_group(self._process.pid)
        return code


def before_exec(libc: ctypes.CDLL, dying_signal: int) -> None:
    """In the server's process, after the change of user (which would undo the death signal)."""
    # A shell starts background jobs with these ignored, and a server that is still starting would miss its end.
    for number in (signal.SIGINT, signal.SIGQUIT, signal.SIGTERM):
        signal.signal(number, signal.SIG_DFL)
    libc.prctl(PR_SET_PDEATHSIG, dying_signal, 0, 0, 0)


def end_group(group: int) -> None:
    """Let a server's children leave by themselves (initdb's free their shared memory), then insist."""
    deadline = time.monotonic() + PATIENCE
    number = 0  # only asks whether anybody is left
    with contextlib.suppress(ProcessLookupError):
        while number == 0:
            if time.monotonic() > deadline:
                number = signal.SIGKILL
            os.killpg(group, number)
            time.sleep(0.02)


def obey(child: Child, dying_signal: int) -> None:
    """Pass on signals until the session is gone, then end the server."""
    for line in sys.stdin:
        child.send(int(line))
    child.orphaned = True
    child.send(dying_signal)
    threading.Timer(PATIENCE, child.send, [signal.SIGKILL]).start()


def parse(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    parser.add_argument("--dying-signal", type=int, required=True)
    parser.add_argument("--remove")
    parser.add_argument("--user", type=int)
    parser.add_argument("--group", type=int)
    parser.add_argument("command", nargs="+")
    return parser.parse_args(arguments)


def main(arguments: Sequence[str]) -> None:
    options = parse(arguments)
    child = Child(options)
    threading.Thread(target=obey, args=(child, options.dying_signal), daemon=True).start()
    code = child.wait()
    if child.orphaned and options.remove:
        shutil.rmtree(options.remove, ignore_errors=True)
    # Not sys.exit: it would wait for the thread that reads our standard input.
    os._exit(code if code >= 0 else 128 - code)


if __name__ == "__main__":
    main(sys.argv[1:])
