"""Serving: offer the flows to a Prefect server, so that runs can be started from its pages and schedules."""

from prefect import serve

from flows.finetune import finetune
from flows.prepare import prepare

if __name__ == "__main__":
    serve(
        finetune.to_deployment("finetune", tags=["paragraf"]),  # type: ignore[arg-type]
        prepare.to_deployment("prepare", tags=["paragraf"]),  # type: ignore[arg-type]
        pause_on_shutdown=False,
    )
