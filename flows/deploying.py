"""Deploying: the work pool and the deployments of deployments/prefect.yaml, put onto the server of the environment."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]


if __name__ == "__main__":
    prefect = [sys.executable, "-m", "prefect", "--no-prompt"]
    pool = [*prefect, "work-pool", "create", "paragraf", "--type", "process", "--overwrite"]
    deploy = [*prefect, "deploy", "--all", "--prefect-file", "deployments/prefect.yaml"]
    for command in (pool, deploy):
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
        if done.returncode:
            sys.exit(done.stderr or done.stdout)
