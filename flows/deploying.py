"""Deploying: the work pool and the deployments of deployments/prefect.yaml, put onto the server of the environment."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]


if __name__ == "__main__":
    prefect = [sys.executable, "-m", "prefect", "--no-prompt"]
    subprocess.run([*prefect, "work-pool", "create", "paragraf", "--type", "process", "--overwrite"], check=True)
    deploy = [*prefect, "deploy", "--all", "--prefect-file", "deployments/prefect.yaml"]
    sys.exit(subprocess.run(deploy, cwd=ROOT, check=False).returncode)
