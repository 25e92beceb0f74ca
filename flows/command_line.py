"""Command line: what a person types, in; the right flow started, its result or a one-line error out."""

import os
import sys
import traceback
from collections.abc import Callable
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import Any, cast

from flows.arguments import Parser, between
from flows.flags import parse_settings
from flows.overview import overview
from paragraf.bucket import is_address
from paragraf.console import DEBUG
from paragraf.errors import BadSettings, ParagrafError
from paragraf.load import files_of
from paragraf.registry import ALIASES
from paragraf.settings import Settings, one_line
from paragraf.workspace import at_rest


def main() -> None:
    """Entry point of the `paragraf` script."""
    arguments = sys.argv[1:]
    if "--debug" in arguments:
        os.environ[DEBUG] = "1"
    try:
        sys.exit(_run(arguments))
    except ParagrafError as error:
        if os.environ.get(DEBUG) == "1":
            traceback.print_exc()
        print(f"error: {one_line(str(error), 2000)}", file=sys.stderr)
        sys.exit(error.exit_code)
    except Exception as error:  # the last line of defence: a bug, told in one line and kept for --debug
        if os.environ.get(DEBUG) == "1":
            raise
        print(
            f"error: {type(error).__name__}: {one_line(str(error))}; this is a fault of ours: see it with --debug",
            file=sys.stderr,
        )
        sys.exit(1)
    except KeyboardInterrupt:
        print("interrupted; run the same command again to go on", file=sys.stderr)
        sys.exit(130)


def _run(arguments: list[str]) -> int:
    commands: dict[str, Callable[[list[str]], int]] = {
        **{"finetune": _finetune, "update": _update, "prepare": _prepare, "sweep": _sweep},
        **{"preflight": _preflight, "advise": _advise},
        **{"diagnose": _diagnose, "ask": _ask, "report": _report, "judge": _judge, "compare": _compare},
        **{"serve": _serve, "law": _law, "forget": _forget, "deploy": _deploy, "up": _up, "doctor": _doctor},
        **{name: partial(_promotion, name) for name in ("promote", "rollback", "versions")},
    }
    if not arguments or arguments[0] in ("-h", "--help"):
        overview().print_help()
        return 0
    if arguments[0] not in commands:
        raise BadSettings(f"{arguments[0]!r} is no command; the commands are {', '.join(commands)}.")
    return commands[arguments[0]](arguments[1:])


def _finetune(arguments: list[str]) -> int:
    print(_run_flow("finetune", arguments) / "report.html")
    return 0


def _update(arguments: list[str]) -> int:
    from paragraf.update.settings import UpdateSettings
    from paragraf.update.waiting import Waiting

    found = _result("update", parse_settings("update", arguments, UpdateSettings))
    print(found.summary() if isinstance(found, Waiting) else at_rest(found.path) / "report.html")
    return 0


def _prepare(arguments: list[str]) -> int:
    print(_run_flow("prepare", arguments))
    return 0


def _sweep(arguments: list[str]) -> int:
    from paragraf.search.settings import SweepSettings

    print(_run_flow("sweep", arguments, SweepSettings) / "search.html")
    return 0


def _advise(arguments: list[str]) -> int:
    print((_run_flow("advise", arguments) / "advice.txt").read_text("utf-8"))
    return 0


def _preflight(arguments: list[str]) -> int:
    from paragraf.readiness import ReadinessSettings

    folder = _run_flow("preflight", arguments, ReadinessSettings)
    print((folder / "readiness.txt").read_text("utf-8"))
    print(folder / "readiness.html")
    return 0


def _diagnose(arguments: list[str]) -> int:
    from flows.diagnosis import diagnosis

    return diagnosis(arguments, print)


def _run_flow(name: str, arguments: list[str], kind: type[Settings] = Settings) -> Path:
    """Run a flow with its settings; gives the folder that it made."""
    return _start(name, parse_settings(name, arguments, kind))


def _start(name: str, settings: Settings) -> Path:
    """Run the flow of that name; gives the folder that it made."""
    return at_rest(_result(name, settings).path)


def _result(name: str, settings: Settings) -> Any:
    """What the flow of that name gives, in the module of that name."""
    if not is_address(settings.load.source):
        files_of(settings.load.source)  # a mistyped name is told at once, before any server is started
    from flows.server import prefect_api

    with prefect_api() as wait_for_it:
        flow = getattr(import_module(f"flows.{name}"), name)
        wait_for_it()
        return flow(settings)


def _ask(arguments: list[str]) -> int:
    parser = Parser(prog="paragraf ask", description="Ask the newest fine-tuned model a question about Polish law.")
    parser.add_argument("question", help="the question, in quotation marks")
    parser.add_argument(
        "--model",
        default="newest",
        help="newest, champion, challenger, version:3, a fine-tuned model's folder or run, or the name of a base model "
        "(default: newest)",
    )
    parser.add_argument(
        "--max-new-tokens", type=between(8, 8192), default=320, help="longest answer in tokens (default: 320)"
    )
    options = parser.parse_args(arguments)
    from paragraf.ask import VERSION, ask

    if options.model in ALIASES or options.model.startswith(VERSION):
        from tasks.fetch import fetch

        options.model = fetch(options.model)
    print(ask(options.question, options.model, options.max_new_tokens).shown)
    return 0


def _report(arguments: list[str]) -> int:
    Parser(prog="paragraf report", description="Say where the newest report is.").parse_args(arguments)
    from paragraf.ask import newest_report

    print(newest_report())
    return 0


def _judge(arguments: list[str]) -> int:
    from flows.judge import USAGE, judge, parts

    words, flags = parts(arguments)
    if {"-h", "--help"} & set(flags):
        print(USAGE, flush=True)
    return judge(words, parse_settings("judge", flags).judge, lambda line: print(line, flush=True))


def _compare(arguments: list[str]) -> int:
    from flows.comparison import PARTS, USAGE, comparison, flags_of_sides, prepare
    from paragraf.compare.settings import CompareSettings

    def tell(line: str) -> None:
        print(line, flush=True)

    if arguments and arguments[0] in PARTS:
        return comparison(arguments, tell)
    if {"-h", "--help"} & set(arguments):
        tell(USAGE)
    settings = cast(CompareSettings, parse_settings("compare", flags_of_sides(arguments), CompareSettings))
    prepare(settings, lambda: _start("compare", settings), tell)
    return 0


def _serve(arguments: list[str]) -> int:
    from flows.serve import USAGE, serve_protocol
    from paragraf.server.settings import ServerSettings

    def tell(line: str) -> None:
        print(line, flush=True)

    if {"-h", "--help"} & set(arguments):
        tell(USAGE)
    return serve_protocol(cast(ServerSettings, parse_settings("serve", arguments, ServerSettings)), tell)


def _promotion(command: str, arguments: list[str]) -> int:
    from flows.promotion import promotion

    return promotion(command, arguments, lambda flags: parse_settings(command, flags).promotion, print)


def _law(arguments: list[str]) -> int:
    from flows.law import law

    return law(arguments, lambda line: print(line, flush=True), lambda line: print(line, file=sys.stderr, flush=True))


def _forget(arguments: list[str]) -> int:
    from flows.forget import forget

    return forget(arguments, lambda line: print(line, flush=True))


def _deploy(arguments: list[str]) -> int:
    from flows.deploying import deploying

    return deploying(arguments, lambda line: print(line, flush=True))


def _up(arguments: list[str]) -> int:
    parser = Parser(
        prog="paragraf up",
        description="Start the Prefect and MLflow servers on 127.0.0.1, the deployments and a worker, and keep them up "
        "until Ctrl-C; runs whose process dies are started again.",
    )
    parser.add_argument(
        "--prefect-port", type=between(1, 65535), default=4200, help="port of the Prefect pages (default: 4200)"
    )
    parser.add_argument(
        "--mlflow-port", type=between(1, 65535), default=5000, help="port of the MLflow pages (default: 5000)"
    )
    options = parser.parse_args(arguments)
    from flows.up import up

    up(options.prefect_port, options.mlflow_port, lambda line: print(line, flush=True))
    return 0


def _doctor(arguments: list[str]) -> int:
    Parser(
        prog="paragraf doctor",
        description="Check the installation and the workspace, and say what to do; code 69 if something is broken.",
    ).parse_args(arguments)
    from flows.doctor import doctor

    return doctor(print)
