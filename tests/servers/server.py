"""What every throw-away server has in common: a folder, leased ports, guarded processes, waiting until it is ready."""

import shutil
import signal
import subprocess
import sys
import tempfile
import time
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

from tests.servers.ports import PortLease

GUARD = Path(__file__).with_name("guard.py")
READY_SECONDS = 60.0
HALT_SECONDS = 30.0
TICK = 0.05


class ServerFailedError(Exception):
    """A throw-away server did not come up; the message ends with its log."""


@dataclass(frozen=True)
class Account:
    """The operating-system user a server runs as."""

    user: int
    group: int


class GuardedProcess:
    """A server process that ends with this one (see guard.py)."""

    def __init__(
        self,
        command: Sequence[str],
        *,
        log: Path,
        folder: Path,
        dying_signal: signal.Signals,
        environment: Mapping[str, str],
        account: Account | None = None,
    ) -> None:
        guard = [sys.executable, "-I", "-S", str(GUARD), f"--dying-signal={dying_signal.value}", f"--remove={folder}"]
        if account:
            guard += [f"--user={account.user}", f"--group={account.group}"]
        with log.open("ab") as output:
            self._guard = subprocess.Popen(
                [*guard, "--", *command],
                stdin=subprocess.PIPE,
                stdout=output,
                stderr=output,
                bufsize=0,
                cwd=folder,
                env=dict(environment),
                start_new_session=True,  # or Ctrl-C would end the guard before it has ended the server
            )

    @property
    def running(self) -> bool:
        return self._guard.poll() is None

    def send(self, number: signal.Signals) -> None:
        """Send the server a signal; nothing happens when it is gone already."""
        assert self._guard.stdin is not None
        try:
            self._guard.stdin.write(f"{number.value}\n".encode())
        except BrokenPipeError:
            return

    def wait(self) -> int:
        """Wait until the program ends by itself; its exit code."""
        assert self._guard.stdin is not None
        code = self._guard.wait()
        self._guard.stdin.close()
        return code

    def end(self, number: signal.Signals, patience: float) -> None:
        """Send a signal that ends the server, wait for it, and use SIGKILL when patience runs out."""
        self.send(number)
        try:
            self._guard.wait(patience)
        except subprocess.TimeoutExpired:
            self.send(signal.SIGKILL)
        self.wait()


class ThrowAwayServer(ABC):
    """A server on its own ports and folder, as a context manager.

    ``stop``, or the end of this process, removes everything.

    ``halt`` and ``kill`` keep ports and data: ``restart`` brings the same server back.
    """

    name: str
    crash_signal = signal.SIGKILL
    halt_signal = signal.SIGTERM

    def __init__(self) -> None:
        self._folder: Path | None = None
        self._leases: list[PortLease] = []
        self._process: GuardedProcess | None = None

    # --- what each server says about itself

    @abstractmethod
    def _prepare(self) -> None:
        """Once, before the first start: lease ports, write settings, make the data folder."""

    @abstractmethod
    def _run(self) -> GuardedProcess:
        """Start the server process."""

    @abstractmethod
    def _is_ready(self) -> bool:
        """Whether a client can work with the server now."""

    # --- what callers use

    @property
    def folder(self) -> Path:
        if self._folder is None:
            raise RuntimeError(f"{self.name} has not been started")
        return self._folder

    @property
    def log(self) -> Path:
        return self.folder / "server.log"

    @property
    def running(self) -> bool:
        return self._process is not None and self._process.running

    def launch(self) -> None:
        """Start without waiting (a second call does nothing); on the first start also prepare folder and ports."""
        if self.running:
            return
        try:
            if self._folder is None:
                self._folder = Path(tempfile.mkdtemp(prefix=f"khet-{self.name}-"))
                self._prepare()
            self._process = self._run()
        except BaseException:
            self.stop()
            raise

    def wait_ready(self, seconds: float = READY_SECONDS) -> None:
        """Return when a client can work with the server; a server that did not come up is stopped."""
        if self._process is None:
            raise RuntimeError(f"{self.name} has not been launched")
        try:
            self._wait_for(self._process, self._is_ready, seconds)
        except BaseException:
            self.stop()
            raise

    def start(self) -> Self:
        self.launch()
        self.wait_ready()
        return self

    def halt(self) -> None:
        """Shut down in good order; data and ports stay for :meth:`restart`."""
        self._end(self.halt_signal)

    def kill(self) -> None:
        """Crash: no good-byes, nothing flushed; data and ports stay for :meth:`restart`."""
        self._end(self.crash_signal)

    def restart(self) -> None:
        """Shut down (if it runs) and come back with the same data on the same ports."""
        self.halt()
        self.start()

    def stop(self) -> None:
        """End the server and remove all traces of it. Safe to call twice."""
        self._end(self.crash_signal)  # the data goes anyway: no reason to wait for a good order
        if self._folder is not None:
            shutil.rmtree(self._folder, ignore_errors=True)
            self._folder = None
        while self._leases:
            self._leases.pop().release()

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    # --- for the servers below

    def _lease_port(self) -> int:
        lease = PortLease()
        self._leases.append(lease)
        return lease.port

    def _end(self, number: signal.Signals) -> None:
        if self._process is not None:
            self._process.end(number, HALT_SECONDS)
            self._process = None

    def _wait_for(self, process: GuardedProcess, ready: Callable[[], bool], seconds: float) -> None:
        deadline = time.monotonic() + seconds
        while not ready():
            if not process.running:
                raise ServerFailedError(f"{self.name} ended while starting.\n{self._last_words()}")
            if time.monotonic() > deadline:
                raise ServerFailedError(f"{self.name} was not ready after {seconds} s.\n{self._last_words()}")
            time.sleep(TICK)

    def _last_words(self) -> str:
        return self.log.read_text(errors="replace")[-4000:]


@contextmanager
def running(*servers: ThrowAwayServer) -> Iterator[None]:
    """Run several servers, starting them side by side.

    Put the slow one first: it boots while the next one prepares.
    """
    with ExitStack() as stack:
        for server in servers:
            stack.callback(server.stop)
            server.launch()
        for server in servers:
            server.wait_ready()
        yield
