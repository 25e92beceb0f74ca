"""The image and the compose file: what they name is there, nothing is open to others, and no secret has a default."""

import json
import re
from importlib.metadata import entry_points
from pathlib import Path

import pytest
import yaml
from compose_spec import PyCompose

from tests.team.compose import COMPOSE, DOCKERFILE, ROOT, SERVICES, image_variables, image_words, variables

OURS = sorted(name for name, service in SERVICES.items() if service["image"] == "paragraf")


def test_the_compose_file_is_one_by_the_specification() -> None:
    whole = yaml.safe_load(COMPOSE)  # which resolves what is merged
    assert sorted(PyCompose.from_json(json.dumps(whole)).service_names()) == sorted(SERVICES)
    whole["services"]["worker"]["depends"] = {}
    with pytest.raises(ValueError, match="depends"):
        PyCompose.from_json(json.dumps(whole))


def test_all_ports_are_of_this_machine_alone() -> None:
    ports = [port for service in SERVICES.values() for port in service.get("ports", [])]
    assert len(ports) == 4
    assert all(re.fullmatch(r"127\.0\.0\.1:(\d+):\1", port) for port in ports)


def test_every_secret_comes_from_the_environment_and_says_what_it_is_where_it_is_missing() -> None:
    told = variables()
    assert len(told) == 6
    assert all(told.values())
    words = re.findall(r"^\s*[A-Z_]*(?:PASSWORD|SECRET|KEY|AUTH_STRING)[A-Z_]*: (.*)$", COMPOSE, re.MULTILINE)
    assert words
    assert [word for word in words if not re.match(r"(?:paragraf:)?\$\{\w+:\?", word)] == []


def test_the_readme_describes_every_variable() -> None:
    readme = (ROOT / "README.md").read_text("utf-8")
    assert [name for name in variables() if f"`{name}`" not in readme] == []


def test_programs_of_the_image_exist() -> None:
    scripts = {script.name for script in entry_points(group="console_scripts")} | {"python"}
    words = [image_words(""), image_words("HEALTHCHECK")]
    words += [SERVICES[name]["command"] for name in OURS if "command" in SERVICES[name]]
    assert {command[0] for command in words} <= scripts


def test_files_that_are_named_exist() -> None:
    copied = re.findall(r"^COPY (?!--from)(.+) \S+$", DOCKERFILE, re.MULTILINE)
    named = [word for line in copied for word in line.split()]
    named += re.findall(r"/opt/paragraf/(deployments/[\w.-]+)", COMPOSE)
    named += [f"deployments/{name}" for name in re.findall(r"- \./([\w.-]+):", COMPOSE)]
    named += [f"deployments/{Path(SERVICES[name]['build']['dockerfile']).name}" for name in OURS]
    assert len(named) > 12
    assert [name for name in named if not (ROOT / name).exists()] == []
    ignored = (ROOT / "deployments" / "Dockerfile.dockerignore").read_text("utf-8").splitlines()
    assert [name for name in named if f"!{name.split('/')[0]}" not in ignored] == []


def test_the_image_runs_for_nobody_in_particular_offline_with_the_cpu_build_of_the_pinned_torch() -> None:
    last = DOCKERFILE.split("\nFROM ")[-1]
    assert re.search(r"^USER 1\d{4}$", last, re.MULTILINE)
    assert "RUN pip" not in last
    assert image_variables()["HF_HUB_OFFLINE"] == "1"
    assert """"torch==$(sed -n 's/^torch==//p' constraints.txt)+cpu\"""" in DOCKERFILE
    assert re.search(r"^torch==\d[\d.]+$", (ROOT / "constraints.txt").read_text("utf-8"), re.MULTILINE)


def test_our_containers_can_gain_no_rights() -> None:
    for name in OURS:
        assert (SERVICES[name]["cap_drop"], SERVICES[name]["security_opt"]) == (["ALL"], ["no-new-privileges:true"])
