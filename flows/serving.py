"""Serving: offer the flows to a Prefect server, so that runs can be started from its pages and schedules."""

from prefect import serve
from prefect.events import DeploymentEventTrigger

from flows.advise import advise
from flows.compare import compare
from flows.finetune import finetune
from flows.preflight import preflight
from flows.prepare import prepare
from flows.promote import AWAITS, promote
from flows.rollback import rollback
from flows.sweep import sweep
from flows.update import update

APPROVAL = DeploymentEventTrigger(
    name="paragraf-approval",
    description="Asks a person as soon as a training has ended with a version that could be promoted.",
    expect={AWAITS},
    match={"prefect.resource.id": "paragraf.version.*"},
    parameters={
        "settings": {
            "version": {"__prefect_kind": "jinja", "template": "{{ event.payload.version }}"},
            "promotion": {"approval": "person"},
        }
    },
)

if __name__ == "__main__":
    serve(
        advise.to_deployment("advise", tags=["paragraf"]),  # type: ignore[arg-type]
        compare.to_deployment("compare", tags=["paragraf"]),  # type: ignore[arg-type]
        finetune.to_deployment("finetune", tags=["paragraf"]),  # type: ignore[arg-type]
        preflight.to_deployment("preflight", tags=["paragraf"]),  # type: ignore[arg-type]
        prepare.to_deployment("prepare", tags=["paragraf"]),  # type: ignore[arg-type]
        promote.to_deployment("promote", tags=["paragraf"], triggers=[APPROVAL]),  # type: ignore[arg-type]
        rollback.to_deployment("rollback", tags=["paragraf"]),  # type: ignore[arg-type]
        sweep.to_deployment("sweep", tags=["paragraf"]),  # type: ignore[arg-type]
        update.to_deployment("update", tags=["paragraf"]),  # type: ignore[arg-type]
        pause_on_shutdown=False,
    )
