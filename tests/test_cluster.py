"""The work pools of a cluster and its manifests: what they name exists."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import prefect
import pytest
from jsonschema import Draft202012Validator
from ruamel.yaml import YAML

from flows.command_line import main
from paragraf.errors import BadSettings
from tasks.work_pool import Values, read_values

FOLDER = Path(__file__).parents[1] / "deployments"
WORKERS = Path(prefect.__file__).parent / "server/api/collections_data/views/aggregate-worker-metadata.json"


def template(kind: str) -> dict[str, Any]:
    """The template of a kind of pool, as the installed Prefect knows it."""
    found: dict[str, Any] = json.loads(WORKERS.read_bytes())[f"prefect-{kind}"][kind]["default_base_job_configuration"]
    return found


@pytest.mark.parametrize("kind", ["docker", "kubernetes"])
def test_our_values_are_variables_of_the_pool_and_of_the_right_kind(kind: str) -> None:
    values = read_values(FOLDER / f"{kind}.yaml")
    properties = template(kind)["variables"]["properties"]
    made = values.over(template(kind))["variables"]["properties"]
    for name, value in values.variables.items():
        Draft202012Validator(properties[name]).validate(value)
        assert made[name]["default"] == value
    assert made.keys() == properties.keys()


def test_a_variable_that_the_pool_does_not_have_is_refused() -> None:
    with pytest.raises(BadSettings, match="'imagee' is no variable of this kind of work pool"):
        Values(variables={"imagee": "paragraf"}).over(template("docker"))


def test_what_is_laid_over_a_job_leaves_the_rest_of_it() -> None:
    before = template("kubernetes")["job_configuration"]["job_manifest"]["spec"]["template"]["spec"]
    made = read_values(FOLDER / "kubernetes.yaml").over(template("kubernetes"))
    after = made["job_configuration"]["job_manifest"]["spec"]["template"]["spec"]
    assert {name: after[name] for name in before if name != "containers"} == {
        name: value for name, value in before.items() if name != "containers"
    }
    [container] = after["containers"]
    assert container["image"] == "{{ image }}"
    assert {mount["name"] for mount in container["volumeMounts"]} == {volume["name"] for volume in after["volumes"]}


def objects() -> list[dict[str, Any]]:
    return list(YAML(typ="safe", pure=True).load_all((FOLDER / "kubernetes" / "cluster.yaml").read_text("utf-8")))


def named(kind: str) -> dict[str, dict[str, Any]]:
    return {one["metadata"]["name"]: one for one in objects() if one["kind"] == kind}


def pods() -> Iterator[tuple[str, dict[str, Any]]]:
    """The specifications of all pods, that of our runs too."""
    for one in objects():
        if one["kind"] in ("Deployment", "Job"):
            yield one["metadata"]["name"], one["spec"]["template"]["spec"]
    values = read_values(FOLDER / "kubernetes.yaml").over(template("kubernetes"))
    run = values["job_configuration"]["job_manifest"]["spec"]["template"]["spec"]
    account = values["variables"]["properties"]["service_account_name"]["default"]
    yield "run", {**run, "serviceAccountName": account}


def test_all_objects_are_in_one_namespace_and_no_secret_is_among_them() -> None:
    assert {one["metadata"].get("namespace") for one in objects() if one["kind"] != "Namespace"} == {"paragraf"}
    assert set(named("Namespace")) == {"paragraf"}
    assert named("Secret") == {}
    names = [(one["kind"], one["metadata"]["name"]) for one in objects()]
    assert len(names) == len(set(names))


@pytest.mark.parametrize(("name", "pod"), list(pods()), ids=[name for name, _ in pods()])
def test_what_a_pod_names_is_there(name: str, pod: dict[str, Any]) -> None:
    text = (FOLDER / "kubernetes" / "cluster.yaml").read_text("utf-8")
    [container] = pod["containers"]
    for source in container["envFrom"]:
        if "configMapRef" in source:
            assert source["configMapRef"]["name"] in named("ConfigMap")
        else:
            assert f"#   {source['secretRef']['name']} " in text  # it is said what the operator puts in
    claims = {volume["name"]: volume["persistentVolumeClaim"]["claimName"] for volume in pod.get("volumes", [])}
    assert {mount["name"] for mount in container.get("volumeMounts", [])} == set(claims)
    assert set(claims.values()) <= set(named("PersistentVolumeClaim"))
    assert pod.get("serviceAccountName", "default") in {"default", *named("ServiceAccount")}


@pytest.mark.parametrize(("name", "pod"), list(pods()), ids=[name for name, _ in pods()])
def test_a_pod_has_no_more_rights_than_it_needs(name: str, pod: dict[str, Any]) -> None:
    [container] = pod["containers"]
    assert pod["securityContext"]["runAsNonRoot"] is True
    assert container["securityContext"] == {"allowPrivilegeEscalation": False, "capabilities": {"drop": ["ALL"]}}
    assert (name == "worker") is pod.get("automountServiceAccountToken", True)


def test_services_lead_to_pods_and_clients_to_services() -> None:
    labels = [one["spec"]["template"]["metadata"]["labels"] for one in named("Deployment").values()]
    for name, service in named("Service").items():
        assert service["spec"]["selector"] in labels
        [port] = service["spec"]["ports"]
        [container] = named("Deployment")[name]["spec"]["template"]["spec"]["containers"]
        assert container["ports"] == [{"containerPort": port["port"]}]
    for one in named("Deployment").values():
        assert one["spec"]["selector"]["matchLabels"] == one["spec"]["template"]["metadata"]["labels"]
    addresses = named("ConfigMap")["paragraf"]["data"]
    assert addresses["PREFECT_API_URL"] == "http://prefect:4200/api"
    assert addresses["MLFLOW_TRACKING_URI"] == "http://mlflow:5000"


def test_what_a_pod_starts_exists(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    ours = {name: pod["containers"][0]["args"] for name, pod in pods() if pod["containers"][0]["image"] == "paragraf"}
    for watcher in ("inbox", "reviving"):
        assert ours[watcher][:2] == ["python", "-m"]
        assert (FOLDER.parent / f"{ours[watcher][2].replace('.', '/')}.py").is_file()
    monkeypatch.setattr("sys.argv", [*ours["deploy"], "--help"])
    with pytest.raises(SystemExit) as ended:
        main()
    assert ended.value.code == 0
    assert "--type" in capsys.readouterr().out


def test_the_worker_has_the_version_of_prefect_that_is_tested_here() -> None:
    [container] = named("Deployment")["worker"]["spec"]["template"]["spec"]["containers"]
    assert container["image"] == f"prefecthq/prefect:{prefect.__version__}-python3.11-kubernetes"
