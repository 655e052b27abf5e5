"""Free TCP ports that two test sessions on one machine never both take."""

import random
import socket

# Below Linux's ephemeral ports (32768-60999): no outgoing connection can take one of ours while a server restarts.
LOWEST, HIGHEST = 20_000, 29_999
ATTEMPTS = 200


class PortLease:
    """A free port that is ours until :meth:`release`.

    "Bind to 0 and close" would hand the same port to two sessions, and to anyone while our server restarts. The lease
    is an abstract unix socket named after the port: as wide as the ports are (one network namespace, all users), no
    file to clean, and given back by the kernel when this process dies.
    """

    def __init__(self) -> None:
        self.port, self._lock = _lease()

    def release(self) -> None:
        self._lock.close()


def _lease() -> tuple[int, socket.socket]:
    for _ in range(ATTEMPTS):
        port = random.randint(LOWEST, HIGHEST)
        lock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        try:
            lock.bind(f"\0khet-test-port-{port}")
        except OSError:
            lock.close()
            continue
        if _is_free(port):
            return port, lock
        lock.close()
    raise RuntimeError(f"No free port found between {LOWEST} and {HIGHEST} in {ATTEMPTS} attempts")


def _is_free(port: int) -> bool:
    """Whether nobody listens on the port on any address."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        try:
            probe.bind(("", port))
        except OSError:
            return False
    return True


def accepts(port: int) -> bool:
    """Whether something answers on the port of this machine."""
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=1):
            return True
    except OSError:
        return False
