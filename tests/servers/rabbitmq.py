"""A throw-away RabbitMQ broker with management and Prometheus, beside whatever else runs on the machine."""

import os
import secrets
import signal
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import quote

import requests

from tests.servers.debian import ensure, rabbitmq_server
from tests.servers.ports import accepts
from tests.servers.server import GuardedProcess, ThrowAwayServer

USER = "guest"
PASSWORD = "guest"
EPMD_SECONDS = 10.0
# Erlang's schedulers spin while they wait, which starves the tests on a small machine.
ERLANG_ARGUMENTS = "+sbwt none +sbwtdcpu none +sbwtdio none -kernel inet_dist_use_interface {127,0,0,1}"


class RabbitServer(ThrowAwayServer):
    """A broker node of its own. ``settings`` are extra lines of rabbitmq.conf, e.g. ``{"consumer_timeout": "5000"}``.

    Its port mapper (epmd) is its own too: Erlang would otherwise start one for the whole machine and leave it there.
    """

    name = "rabbitmq"

    def __init__(self, settings: Mapping[str, str] | None = None) -> None:
        super().__init__()
        self._settings = dict(settings or {})
        self._epmd: GuardedProcess | None = None

    @property
    def amqp_uri(self) -> str:
        """The default virtual host ``/``; a test takes one of its own from :meth:`add_vhost`."""
        return self.uri("/")

    @property
    def management_url(self) -> str:
        return f"http://127.0.0.1:{self.management_port}"

    @property
    def prometheus_url(self) -> str:
        return f"http://127.0.0.1:{self.prometheus_port}/metrics"

    def uri(self, vhost: str, user: str = USER, password: str = PASSWORD) -> str:
        who = f"{quote(user, safe='')}:{quote(password, safe='')}"
        return f"amqp://{who}@127.0.0.1:{self.amqp_port}/{quote(vhost, safe='')}"

    def add_vhost(self, name: str) -> str:
        """Make an empty virtual host and return its URI."""
        vhost = quote(name, safe="")
        self.management("PUT", f"vhosts/{vhost}")
        self.management("PUT", f"permissions/{vhost}/{USER}", {"configure": ".*", "write": ".*", "read": ".*"})
        return self.uri(name)

    def drop_vhost(self, name: str) -> None:
        self.management("DELETE", f"vhosts/{quote(name, safe='')}")

    def management(self, method: str, path: str, body: Mapping[str, object] | None = None) -> Any:
        """Call the management API (``path`` without ``/api/``); the decoded answer, None when it is empty."""
        answer = self._ask(method, path, body)
        answer.raise_for_status()
        return answer.json() if answer.content else None

    def stop(self) -> None:
        super().stop()
        if self._epmd is not None:
            self._epmd.end(signal.SIGKILL, 5)
            self._epmd = None

    def _ask(self, method: str, path: str, body: Mapping[str, object] | None = None) -> requests.Response:
        with requests.Session() as session:
            session.trust_env = False  # a proxy in the environment is not for this machine
            return session.request(
                method, f"{self.management_url}/api/{path}", json=body, auth=(USER, PASSWORD), timeout=10
            )

    def _prepare(self) -> None:
        self._script = ensure(["rabbitmq-server"], rabbitmq_server)
        self.amqp_port = self._lease_port()
        self.management_port = self._lease_port()
        self.prometheus_port = self._lease_port()
        self._distribution_port = self._lease_port()
        self._epmd_port = self._lease_port()
        (self.folder / "conf.d").mkdir()
        self._write("rabbitmq.conf", self._configuration())
        self._write("plugins", "[rabbitmq_management,rabbitmq_prometheus].\n")
        self._write("advanced.config", "[].\n")
        self._write("rabbitmq-env.conf", "")
        self._write(".erlang.cookie", secrets.token_hex(16)).chmod(0o400)
        self.log.touch()

    def _write(self, name: str, text: str) -> Path:
        file = self.folder / name
        file.write_text(text)
        return file

    def _configuration(self) -> str:
        settings = {
            "listeners.tcp.1": f"127.0.0.1:{self.amqp_port}",
            "management.tcp.ip": "127.0.0.1",
            "management.tcp.port": str(self.management_port),
            "prometheus.tcp.ip": "127.0.0.1",
            "prometheus.tcp.port": str(self.prometheus_port),
            "default_user": USER,
            "default_pass": PASSWORD,
            # Every second instead of five: tests read queue lengths from the management API.
            "collect_statistics_interval": "1000",
            # A full CI disk should fail a build for its own reasons, not by blocking publishers for ever.
            "disk_free_limit.absolute": "10MB",
            **self._settings,
        }
        return "".join(f"{key} = {value}\n" for key, value in settings.items())

    def _environment(self) -> dict[str, str]:
        """Only what the node needs: nothing of /etc/rabbitmq and no RABBITMQ_* of the caller's shell leaks in."""
        folder = str(self.folder)
        return {
            "PATH": os.environ.get("PATH", os.defpath),
            "LANG": "C.UTF-8",
            "HOME": folder,  # where Erlang looks for its cookie
            "ERL_EPMD_PORT": str(self._epmd_port),
            "ERL_EPMD_ADDRESS": "127.0.0.1",
            "ERL_CRASH_DUMP": f"{folder}/erl_crash.dump",
            "RABBITMQ_NODENAME": "khet@localhost",
            "RABBITMQ_DIST_PORT": str(self._distribution_port),
            "RABBITMQ_MNESIA_BASE": f"{folder}/mnesia",
            "RABBITMQ_GENERATED_CONFIG_DIR": f"{folder}/generated",
            "RABBITMQ_LOG_BASE": f"{folder}/log",
            "RABBITMQ_LOGS": "-",  # to standard output, so that one file tells the whole start
            "RABBITMQ_PID_FILE": f"{folder}/pid",
            "RABBITMQ_ENABLED_PLUGINS_FILE": f"{folder}/plugins",
            "RABBITMQ_CONF_ENV_FILE": f"{folder}/rabbitmq-env.conf",
            "RABBITMQ_CONFIG_FILE": f"{folder}/rabbitmq.conf",
            "RABBITMQ_CONFIG_FILES": f"{folder}/conf.d/*.conf",
            "RABBITMQ_ADVANCED_CONFIG_FILE": f"{folder}/advanced.config",
            "RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS": ERLANG_ARGUMENTS,
            # The script then becomes the node instead of a shell that waits for it: signals arrive where they are sent.
            "RUNNING_UNDER_SYSTEMD": "true",
        }

    def _run(self) -> GuardedProcess:
        self._start_port_mapper()
        return self._guarded(str(self._script))

    def _start_port_mapper(self) -> None:
        """Before the node: a node that finds none starts one that would outlive us."""
        if self._epmd is not None and self._epmd.running:
            return
        self._epmd = self._guarded("epmd", "-port", str(self._epmd_port), "-address", "127.0.0.1")
        self._wait_for(self._epmd, lambda: accepts(self._epmd_port), EPMD_SECONDS)

    def _guarded(self, *command: str) -> GuardedProcess:
        return GuardedProcess(
            command,
            log=self.log,
            folder=self.folder,
            dying_signal=signal.SIGKILL,
            environment=self._environment(),
        )

    def _is_ready(self) -> bool:
        """The management API answers, knows the AMQP listener, and all virtual hosts are up."""
        try:
            return all(
                self._ask("GET", f"health/checks/{check}").ok
                for check in (f"port-listener/{self.amqp_port}", "virtual-hosts")
            )
        except requests.RequestException:
            return False
