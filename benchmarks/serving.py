"""Serving: chat clients of `paragraf serve` at once, against one after another, by the load tool autocannon (npm).

    npm ci --ignore-scripts --prefix COPY   # COPY: a folder with package.json and package-lock.json of tests/contract
    python benchmarks/serving.py --tool COPY --clients 32 --requests 96 --max-tokens 64

A server with the built-in model is started in a workspace of its own (or PARAGRAF_HOME, if that is set). Every client
puts different questions of the sample in turn, at temperature 0; the model goes on to the limit more often than not.
Before that, as many clients ask once each and the texts are compared with what the same questions get alone: numbers
of 16 bits add up in another order in a batch, so near-ties between two words can fall the other way.
"""

import argparse
import json
import os
import secrets
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1]))

from flows.server import free_port
from paragraf.load import SAMPLE
from paragraf.models import WHEEL_MODEL
from paragraf.processes import end_child, start_child

_SCRIPT = """
const told = JSON.parse(require('fs').readFileSync(0));
require(told.tool)(told.options, (error, result) => {
  if (error) throw error;
  console.log(JSON.stringify(result));
});
"""


def main() -> None:
    """Print a line a figure."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--tool", type=Path, required=True, help="folder whose node_modules holds autocannon")
    parser.add_argument("--clients", type=int, default=32)
    parser.add_argument("--requests", type=int, default=96)
    parser.add_argument("--max-tokens", type=int, default=64)
    parser.add_argument("--precision", choices=["bf16", "fp32"], default="bf16")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, served(Path(folder), asked.precision) as (url, key):
        bodies = [body_of(question, asked.max_tokens) for question in questions(asked.clients)]
        told_alone = [answer(url, key, body) for body in bodies]
        print(f"as alone: {compared(url, key, bodies, told_alone)}")
        alone = load(asked.tool, url, key, bodies, (1, max(8, asked.requests // 8)))
        print(f"one after another: {line_of(alone)}")
        together = load(asked.tool, url, key, bodies, (asked.clients, asked.requests))
        print(f"{asked.clients} at once: {line_of(together)}")
        print(f"ratio: {together['requests']['total'] / together['duration'] / rate_of(alone):.1f}")


@contextmanager
def served(folder: Path, precision: str) -> Iterator[tuple[str, str]]:
    """A server that runs: where it answers, and to which key."""
    port, key = free_port(), secrets.token_urlsafe(24)
    own = {"PARAGRAF_SERVER_KEY": key, "PARAGRAF_HOME": os.environ.get("PARAGRAF_HOME", str(folder))}
    command = [sys.executable, "-c", "from flows.command_line import main; main()", "serve"]
    command += ["--serve.port", str(port), "--serve.precision", precision]
    server = start_child(command, folder / "server.log", environment=own)
    url = f"http://127.0.0.1:{port}"
    try:
        end = time.monotonic() + 180
        while not answers(url):
            if server.poll() is not None or time.monotonic() > end:
                sys.exit((folder / "server.log").read_text("utf-8"))
            time.sleep(0.2)
        yield url, key
    finally:
        end_child(server)


def answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(f"{url}/health", timeout=5) as answered:  # noqa: S310  # on this machine
            return bool(answered.status == 200)
    except OSError:
        return False


def questions(count: int) -> list[str]:
    """Different questions of the sample."""
    rows = map(json.loads, SAMPLE.read_text("utf-8").splitlines())
    return [row["question"] for row, _ in zip(rows, range(count), strict=False)]


def body_of(question: str, max_tokens: int) -> str:
    messages = [{"role": "user", "content": question}]
    asked = {"model": WHEEL_MODEL, "messages": messages, "max_tokens": max_tokens, "temperature": 0}
    return json.dumps(asked, ensure_ascii=False)


def answer(url: str, key: str, body: str) -> str:
    """One request, by itself."""
    headers = {"Authorization": f"Bearer {key}", "Content-Type": "application/json"}
    request = urllib.request.Request(f"{url}/v1/chat/completions", body.encode(), headers)  # noqa: S310
    with urllib.request.urlopen(request, timeout=600) as answered:  # noqa: S310
        return str(json.loads(answered.read())["choices"][0]["message"]["content"])


def compared(url: str, key: str, bodies: Sequence[str], alone: Sequence[str]) -> str:
    """How many answers of all at once are those of each alone, and how much of the others is."""
    gate = threading.Barrier(len(bodies))

    def at_once(body: str) -> str:
        gate.wait()
        return answer(url, key, body)

    with ThreadPoolExecutor(len(bodies)) as pool:
        together = list(pool.map(at_once, bodies))
    same = sum(one == other for one, other in zip(alone, together, strict=True))
    empty = sum(not text for text in together)
    begins = [same_beginning(one, other) for one, other in zip(alone, together, strict=True) if one != other]
    shares = f"; the others part after {sum(begins) / len(begins):.0%} of the text" if begins else ""
    return f"{same} of {len(alone)} texts are equal{shares}; {empty} are empty"


def same_beginning(one: str, other: str) -> float:
    """The share of a text that another one begins with."""
    same = next((at for at, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))
    return same / max(1, len(one))


def load(tool: Path, url: str, key: str, bodies: Sequence[str], size: tuple[int, int]) -> dict[str, Any]:
    """What autocannon measures of (clients, requests)."""
    clients, amount = size
    headers = {"authorization": f"Bearer {key}", "content-type": "application/json"}
    requests = [{"method": "POST", "path": "/v1/chat/completions", "headers": headers, "body": body} for body in bodies]
    options = {"url": url, "connections": clients, "amount": amount, "timeout": 600, "requests": requests}
    order = json.dumps({"tool": str(tool.absolute() / "node_modules" / "autocannon"), "options": options})
    done = subprocess.run(["node", "-e", _SCRIPT], input=order, capture_output=True, text=True, check=True)
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def rate_of(found: dict[str, Any]) -> float:
    return float(found["requests"]["total"] / found["duration"])


def line_of(found: dict[str, Any]) -> str:
    """Requests a second, latencies, and how many answers were none."""
    latency = found["latency"]
    wrong = found["non2xx"] + found["errors"] + found["timeouts"]
    percentiles = ", ".join(f"p{name} {latency[f'p{name}'] / 1000:.2f} s" for name in ("50", "90", "99"))
    return f"{rate_of(found):.2f} requests/s; {percentiles}; {found['2xx']} answered, {wrong} not"


if __name__ == "__main__":
    main()
