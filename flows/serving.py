"""Serving: offer the flows to a Prefect server, so that runs can be started from its pages and schedules."""

from prefect import serve

from flows.advise import advise
from flows.compare import compare
from flows.finetune import finetune
from flows.preflight import preflight
from flows.prepare import prepare
from flows.sweep import sweep
from flows.update import update

if __name__ == "__main__":
    serve(
        advise.to_deployment("advise", tags=["paragraf"]),  # type: ignore[arg-type]
        compare.to_deployment("compare", tags=["paragraf"]),  # type: ignore[arg-type]
        finetune.to_deployment("finetune", tags=["paragraf"]),  # type: ignore[arg-type]
        preflight.to_deployment("preflight", tags=["paragraf"]),  # type: ignore[arg-type]
        prepare.to_deployment("prepare", tags=["paragraf"]),  # type: ignore[arg-type]
        sweep.to_deployment("sweep", tags=["paragraf"]),  # type: ignore[arg-type]
        update.to_deployment("update", tags=["paragraf"]),  # type: ignore[arg-type]
        pause_on_shutdown=False,
    )
