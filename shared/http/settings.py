"""What a server may be told; ``container.config["HTTP"]`` holds these names."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network

from shared.files.store import FileStore

KIB, MIB = 1 << 10, 1 << 20


@dataclass(frozen=True)
class HttpSettings:
    """Addresses and limits; sizes in bytes, times in seconds.

    ``incoming`` receives uploads; a server without uploads has none. ``file_limit`` holds for one file,
    ``upload_limit`` for a whole multipart body: no route takes more than one file, so what says that it is longer is
    refused before it is read. ``socket_timeout`` is the longest silence of a client,
    ``receive_timeout`` the longest time a body may take (20 MB over a slow mountain link).
    ``trusted_proxies`` are the networks whose ``X-Forwarded-*`` headers are believed. ``https``: people reach the
    server by https alone, through a proxy.
    """

    host: str = "127.0.0.1"
    port: int = 8080
    incoming: FileStore | None = None
    body_limit: int = MIB
    file_limit: int = 20 * MIB + 64 * KIB
    upload_limit: int = 20 * MIB + 512 * KIB
    socket_timeout: float = 30
    receive_timeout: float = 900
    keepalive: float = 75
    connections: int = 512
    drain_timeout: float = 25
    trusted_proxies: tuple[str, ...] = ()
    https: bool = False

    def client_address(self, peer: str, forwarded_for: str) -> str:
        """Who is asking: the last address in ``X-Forwarded-For`` that is not one of our own proxies."""
        chain = [*(part.strip() for part in forwarded_for.split(",") if part.strip()), peer]
        while len(chain) > 1 and self.trusts(chain[-1]):
            chain.pop()
        return chain[-1]

    def trusts(self, peer: str) -> bool:
        """Whether ``peer`` is one of our own proxies."""
        if not self._networks:
            return False
        try:
            address = ip_address(peer)
        except ValueError:
            return False
        return any(address in network for network in self._networks)

    @cached_property
    def _networks(self) -> tuple[IPv4Network | IPv6Network, ...]:
        return tuple(ip_network(proxy) for proxy in self.trusted_proxies)

