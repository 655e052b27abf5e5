"""docker-compose.yml and the Dockerfile fit the code, and leave no door open. No engine is needed to know that."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path
from typing import Any

import click
import pytest
import yaml

from shared.bus.broker_definitions import VHOST, users
from shared.cli.commands import khet
from shared.printing.fonts import DEBIAN_PACKAGE
from shared.runtime.processes import PROCESSES, VAULT_OWNERS
from shared.settings import Settings, load, table

ROOT = Path(__file__).resolve().parents[2]
COMPOSE = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
DOCKERFILE = (ROOT / "deploy" / "docker" / "Dockerfile").read_text()
EXAMPLE = (ROOT / "deploy" / ".env.example").read_text()
VARIABLE = re.compile(r"\$\{(?P<name>[A-Z_]+)(?:(?P<kind>:\?|:-)(?P<word>[^}]*))?\}")
DATABASES = [name for name, process in PROCESSES.items() if process.database]
OURS = {name: service for name, service in SERVICES.items() if service["image"].startswith("khet:")}
LASTING = [name for name, service in SERVICES.items() if service["restart"] != "no"]
OPTIONAL = {"IMAGE_TAG", "KHET_LOG_LEVEL"}
# read, not imported: importing the runner makes the process green, and these tests need nothing of it
RUNNER = (ROOT / "shared" / "runtime" / "runner.py").read_text()
EXTRA_STOP_SECONDS = int(re.findall(r"^EXTRA_STOP_SECONDS = (\d+)$", RUNNER, re.MULTILINE)[0])


def environment_of(service: str) -> dict[str, str]:
    """The environment as an operator's ``.env`` makes it."""
    environment = SERVICES[service].get("environment", {})
    return {name: VARIABLE.sub(_filled, str(value)) for name, value in environment.items()}


def _filled(found: re.Match[str]) -> str:
    return found["word"] if found["kind"] == ":-" else f"value-of-{found['name']}"


def variables() -> list[re.Match[str]]:
    """Every ``${…}`` outside comments."""
    lines = (ROOT / "docker-compose.yml").read_text().splitlines()
    return [found for line in lines if not line.lstrip().startswith("#") for found in VARIABLE.finditer(line)]


def volumes(service: str) -> list[tuple[str, str, str]]:
    """Source, place and mode of every mount."""
    parts = [(*mount.split(":"), "rw")[:3] for mount in SERVICES[service].get("volumes", [])]
    return [(source, place, mode) for source, place, mode in parts]


def seconds(duration: str) -> int:
    return int(duration.removesuffix("s"))


def test_every_process_runs_and_no_other() -> None:
    run = {name: service["command"] for name, service in OURS.items() if service["command"][0] == "run"}
    assert run == {name: ["run", name] for name in PROCESSES}


@pytest.mark.parametrize("service", OURS)
def test_every_command_is_one_of_khet(service: str) -> None:
    if "entrypoint" in OURS[service]:
        assert OURS[service]["entrypoint"][0] == "cp", "the one job that needs nothing of Khet"
        return
    command: click.Command = khet
    arguments = list(OURS[service]["command"])
    while isinstance(command, click.Group):
        name = arguments.pop(0)
        assert name in command.commands, name
        command = command.commands[name]
    command.make_context("khet", arguments)


@pytest.mark.parametrize("service", OURS)
def test_every_variable_is_a_setting_and_the_settings_hold(service: str) -> None:
    environment = environment_of(service)
    known = {variable for variable, _, _ in table()} | {f"BROKER_PASSWORD_{user.upper()}" for user in users()}
    assert set(environment) <= known
    if "KHET_MODE" in environment:
        settings = load(environment)
        assert settings.mode == "services"
        assert settings.env == ("demo" if service == "seed" else "production")
        assert settings.demo_password != Settings().demo_password or service != "seed"


def test_interpolated_settings_are_settings() -> None:
    named = {found["name"] for found in variables() if found["name"].startswith("KHET_")}
    assert named <= {variable for variable, _, _ in table()}


def test_there_is_no_default_password() -> None:
    for found in variables():
        if "PASSWORD" in found["name"]:
            assert found["kind"] == ":?", f"{found['name']} must be refused when it is not set"
    for service in SERVICES.values():
        for name, value in service.get("environment", {}).items():
            if "PASSWORD" in name:
                assert VARIABLE.fullmatch(str(value)), f"{name} is written down"
    for line in EXAMPLE.splitlines():
        if "PASSWORD" in line.partition("=")[0] and not line.startswith("#"):
            assert line.endswith("="), line


def test_the_example_names_every_variable_and_the_script_fills_it() -> None:
    named = {line.partition("=")[0] for line in EXAMPLE.splitlines() if line and not line.startswith("#")}
    assert named == {found["name"] for found in variables()} - OPTIONAL
    printed = subprocess.run([ROOT / "deploy" / "new-env.sh"], check=True, capture_output=True, text=True).stdout
    filled = dict(line.split("=", 1) for line in printed.splitlines() if line and not line.startswith("#"))
    assert set(filled) == named
    secrets = [value for name, value in filled.items() if "PASSWORD" in name]
    assert len(set(secrets)) == len(secrets)
    assert all(re.fullmatch(r"[0-9a-f]{48}", secret) for secret in secrets)


@pytest.mark.parametrize("process", PROCESSES)
def test_a_process_comes_as_its_own_user_to_its_own_database(process: str) -> None:
    environment = environment_of(process)
    own = f"value-of-BROKER_PASSWORD_{process.upper()}"
    assert environment["KHET_AMQP_URL"] == f"amqp://{process}:{own}@rabbitmq:5672/{VHOST}"
    if process in DATABASES:
        login = f"khet_{process}:value-of-DB_PASSWORD_{process.upper()}"
        assert environment["KHET_DATABASE_URL"] == f"postgresql+psycopg://{login}@postgres:5432/khet_{process}"
        assert environment_of(f"migrate-{process}") == environment
    else:
        assert "KHET_DATABASE_URL" not in environment


def test_the_servers_know_every_service() -> None:
    postgres = environment_of("postgres")
    assert postgres["SERVICES"].split() == DATABASES
    assert {f"DB_PASSWORD_{name.upper()}" for name in DATABASES} <= set(postgres)
    assert set(environment_of("broker-definitions")) == {f"BROKER_PASSWORD_{user.upper()}" for user in users()}


def test_the_signing_key_is_with_the_schools_service_alone() -> None:
    holders = {name for name in OURS for source, _, _ in volumes(name) if source == "signing-keys"}
    assert holders == {"keys", "shared-keys", "schools"}
    assert "identity.private.pem" not in str(SERVICES["shared-keys"]["command"])


@pytest.mark.parametrize("owner", VAULT_OWNERS)
def test_the_keys_that_seal_data_are_with_their_owner_alone(owner: str) -> None:
    mounted = {
        name: (place, mode) for name in OURS for source, place, mode in volumes(name) if source == f"vault-{owner}"
    }
    assert mounted.pop("keys") == (f"/var/lib/khet/vault/{owner}", "rw")
    assert environment_of("keys")["KHET_VAULT"] == "/var/lib/khet/vault"
    others = {"schools": {"seed"}, "incoming": {"gateway", "documents", "rounds", "schools"}}
    assert set(mounted) == ({owner} & set(DATABASES)) | others.get(owner, set())
    for name, mount in mounted.items():
        assert mount == (f"{environment_of(name)['KHET_VAULT']}/{owner}", "ro")


def test_files_are_with_the_gateway_and_their_owners_alone() -> None:
    holders = {name for name in OURS for source, _, _ in volumes(name) if source == "files"}
    assert holders == {"gateway", "documents", "rounds", "schools"}


@pytest.mark.parametrize("service", SERVICES)
def test_every_mount_has_a_source_and_a_place(service: str) -> None:
    for source, place, mode in volumes(service):
        if source.startswith("./"):
            assert (ROOT / source).is_file(), source
            assert mode == "ro"
        else:
            assert source in COMPOSE["volumes"]
            if service in OURS:
                assert re.search(rf"\s{place}(\s|$)", DOCKERFILE), f"{place} is not made in the image"


def test_settings_point_to_what_is_mounted() -> None:
    for service in OURS:
        places = {place: mode for _, place, mode in volumes(service)}
        environment = environment_of(service)
        if service in PROCESSES:
            assert places[environment["KHET_SECRETS"]] == "ro"
        if service in {"gateway", "rounds", "schools"}:
            assert places[environment["KHET_FILES"]] == "rw"


def test_the_broker_reads_what_the_job_writes() -> None:
    conf = (ROOT / "deploy" / "rabbitmq" / "rabbitmq.conf").read_text()
    read = re.search(r"^definitions\.local\.path = (\S+)$", conf, re.MULTILINE)
    written = Path(SERVICES["broker-definitions"]["command"][-1])
    place = {source: place for source, place, _ in volumes("rabbitmq")}["broker-definitions"]
    assert read is not None
    assert Path(read[1]) == Path(place) / written.name
    assert ("broker-definitions", str(written.parent), "rw") in volumes("broker-definitions")


@pytest.mark.parametrize("service", PROCESSES)
def test_a_process_has_time_to_drain_and_says_how_it_is(service: str) -> None:
    description = SERVICES[service]
    assert seconds(description["stop_grace_period"]) >= Settings().drain_seconds + EXTRA_STOP_SECONDS
    assert f":{environment_of(service)['KHET_HEALTH_PORT']}/health/ready" in description["healthcheck"]["test"][-1]
    assert "container_name" not in description, "one name would allow one container"


@pytest.mark.parametrize("service", SERVICES)
def test_a_container_may_do_little(service: str) -> None:
    description = SERVICES[service]
    assert description["cap_drop"] == ["ALL"]
    assert "no-new-privileges:true" in description["security_opt"]
    assert not {"privileged", "pid", "ipc", "network_mode", "devices"} & set(description)
    assert "mem_limit" in description
    if service in OURS:
        assert description["read_only"] is True
        assert description["user"] == "10001:10001"
        assert "cap_add" not in description
        assert any(mount.startswith("/tmp:") for mount in description["tmpfs"])


def test_only_the_gateway_is_published_and_only_here() -> None:
    assert [name for name, service in SERVICES.items() if "ports" in service] == ["gateway"]
    assert all(port.startswith("127.0.0.1:") for port in SERVICES["gateway"]["ports"])
    assert [name for name, service in SERVICES.items() if "front" in service["networks"]] == ["gateway"]
    assert COMPOSE["networks"]["back"]["internal"] is True


def test_what_is_waited_for_comes() -> None:
    for name, service in SERVICES.items():
        for other, how in service.get("depends_on", {}).items():
            assert "profiles" not in SERVICES[other], f"{name} would wait for {other}, which is not always started"
            if how["condition"] == "service_healthy":
                assert "healthcheck" in SERVICES[other]
            else:
                assert how["condition"] == "service_completed_successfully"
                assert SERVICES[other]["restart"] == "no"
    assert all("healthcheck" in SERVICES[name] for name in LASTING)


def test_images_have_a_version() -> None:
    for service in SERVICES.values():
        assert re.search(r":(\$\{IMAGE_TAG|\d)", service["image"]), service["image"]


def instructions() -> list[tuple[str, str]]:
    """Instruction and arguments of every line of the Dockerfile, continued lines joined."""
    joined = re.sub(r"\\\n\s*", " ", "\n".join(line for line in DOCKERFILE.splitlines() if not line.startswith("#")))
    return [tuple(line.split(" ", 1)) for line in joined.splitlines() if line.strip()]  # type: ignore[misc]


def test_the_image_runs_khet_itself_as_nobody_in_particular() -> None:
    last = dict(instructions())
    assert last["ENTRYPOINT"] == '["khet"]', "no shell between the engine's signals and the process"
    assert last["STOPSIGNAL"] == "SIGTERM"
    user = last["USER"].split(":")
    assert all(part.isdigit() and int(part) >= 10_000 for part in user)
    after_user = [name for name, _ in instructions()][[name for name, _ in instructions()].index("USER") :]
    assert not {"RUN", "COPY"} & set(after_user)


def test_the_image_holds_what_is_locked_and_no_secret() -> None:
    text = " ".join(arguments for name, arguments in instructions() if name == "RUN")
    assert "--require-hashes" in text
    assert not re.search(r"curl|wget|\bsudo\b|chmod 777", text)
    assert not [name for name, _ in instructions() if name == "ADD"]
    assert not [a for name, a in instructions() if name in {"ARG", "ENV"} and re.search(r"PASSWORD|SECRET|TOKEN", a)]
    assert "-slim-" in next(arguments for name, arguments in instructions() if name == "FROM")


def test_the_image_takes_only_what_the_context_gives() -> None:
    ignore = (ROOT / ".dockerignore").read_text().splitlines()
    assert "*" in ignore, "everything is out unless it is named"
    given = {line.removeprefix("!") for line in ignore if line.startswith("!")}
    copied = {
        source.removeprefix("./")
        for name, arguments in instructions()
        if name == "COPY" and "--from" not in arguments
        for source in arguments.split()[:-1]
    }
    assert copied == given
    assert all((ROOT / source).exists() for source in copied)


def test_the_image_has_a_python_that_the_project_allows() -> None:
    version = next(arguments for name, arguments in instructions() if name == "ARG" and "PYTHON_VERSION" in arguments)
    assert version.split("=")[1] in {"3.11", "3.12", "3.13"}


def test_the_image_has_the_font_of_official_papers() -> None:
    """In the stage that runs, not in the builder's."""
    assert re.search(rf"apt-get install .*{DEBIAN_PACKAGE}", DOCKERFILE.partition(" AS runtime")[2])
