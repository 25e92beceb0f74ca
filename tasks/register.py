"""Run register: a version of the model in the registry, with the digests of everything that made it."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from prefect import get_run_logger, task
from prefect.cache_policies import NO_CACHE
from pydantic import BaseModel, ConfigDict

from paragraf.events import record_event
from paragraf.gate import Verdict
from paragraf.models import Model
from paragraf.registry import CHALLENGER
from paragraf.update.past import Making
from tasks.registry import DIGEST, JUDGED_OVER, RECEIPT, REGISTERED_NAME, RUN, SCORE, TRAINED_ON, VERDICT
from tasks.tracking import Tracking, client

if TYPE_CHECKING:
    from mlflow import MlflowClient

PARENT = "parent"  # the tag of an update: the version that it began with


class Evidence(BaseModel):
    """What a version's place in the registry rests on.

    Attributes:
        judged_over: version of the champion that the verdict is about; "" if it is about the base model.
        scores: measures on test rows, by name.
        trained_on: the rows in words.
        run: name of the pipeline run.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    verdict: Verdict
    judged_over: str
    scores: dict[str, float]
    trained_on: str
    run: str

    def tags(self) -> dict[str, str]:
        told = {VERDICT: self.verdict.decision, "digest.verdict": self.verdict.digest, JUDGED_OVER: self.judged_over}
        scores = {f"{SCORE}{name}": f"{value:.6g}" for name, value in self.scores.items()}
        return {**told, **scores, TRAINED_ON: self.trained_on, RUN: self.run}


class Version(BaseModel):
    """A registered version."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    number: str


@task(cache_policy=NO_CACHE, retries=2, retry_delay_seconds=2)
def register(
    tracking: Tracking, model: Model, digests: Mapping[str, str], evidence: Evidence, making: Making
) -> Version:
    """Register the model once, tell what is known of it by tags, and point `challenger` at it."""
    store = client()
    known = _version_of(store, model.digest)
    number = known or _create(store, tracking, model, digests)
    for name, value in (evidence.tags() | ({PARENT: making.parent} if making.parent else {})).items():
        store.set_model_version_tag(REGISTERED_NAME, number, name, value)
    store.set_registered_model_alias(REGISTERED_NAME, CHALLENGER, number)
    told = {"model": model.model_dump_json(), "making": making.model_dump_json()}
    record_event("model_ready", {"version": number, **told})
    if known:
        get_run_logger().info("%s version %s holds this model already.", REGISTERED_NAME, number)
    else:
        get_run_logger().info("%s version %s, alias %s.", REGISTERED_NAME, number, CHALLENGER)
    return Version(name=REGISTERED_NAME, number=number)


def _version_of(store: "MlflowClient", digest: str) -> str | None:
    found = store.search_model_versions(f"name = '{REGISTERED_NAME}'")
    return next((str(version.version) for version in found if version.tags.get(DIGEST) == digest), None)


def _create(store: "MlflowClient", tracking: Tracking, model: Model, digests: Mapping[str, str]) -> str:
    if not store.search_registered_models(f"name = '{REGISTERED_NAME}'"):
        store.create_registered_model(REGISTERED_NAME, description="Answers questions about Polish law.")
    store.log_artifacts(tracking.run, str(model.folder()), artifact_path="model")
    source = f"{store.get_run(tracking.run).info.artifact_uri}/model"
    tags = {
        DIGEST: model.digest,
        RECEIPT: model.model_dump_json(),
        "base": model.base.name,
        "backend": model.backend,
    }
    tags |= {f"digest.{name}": digest for name, digest in digests.items()}
    return str(store.create_model_version(REGISTERED_NAME, source, run_id=tracking.run, tags=tags).version)
