"""Working: a worker of this machine, whose runs work in the folder where it was started and outlive it."""

import asyncio
import socket
import sys
from pathlib import Path
from typing import Any

from prefect.workers.process import ProcessJobConfiguration, ProcessWorker


class Job(ProcessJobConfiguration):
    """How a run's process is started where its deployment says nothing else."""

    def prepare_for_flow_run(self, *run: Any, **told: Any) -> None:
        super().prepare_for_flow_run(*run, **told)
        self.stream_output = False  # else a run ends with the pipe to its worker; what it logs goes to the server
        self.working_dir = self.working_dir or Path.cwd()  # else an empty folder, where no file of the user is


async def work(pool: str) -> None:
    """Take the runs of a pool until the process is ended."""
    worker = ProcessWorker(work_pool_name=pool, name=f"paragraf on {socket.gethostname()}")
    worker.job_configuration = Job
    await worker.start()


if __name__ == "__main__":
    asyncio.run(work(sys.argv[1]))
