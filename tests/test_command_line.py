"""The command line as a person meets it: the installed program, its exit codes and its one line of error."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from pydantic import BaseModel

from paragraf.settings import Settings

PROGRAM = Path(sys.executable).with_name("paragraf")
COMMANDS = ["finetune", "prepare", "preflight", "ask", "report", "judge", "compare", "serve", "law", "forget", "deploy"]
COMMANDS += ["up", "doctor", "promote", "rollback", "versions"]
HEAVY = ["prefect", "mlflow", "torch", "transformers", "great_expectations", "pandas", "numpy", "pyarrow"]

pytestmark = pytest.mark.skipif(not PROGRAM.is_file(), reason="the paragraf program is not installed")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path


def call(folder: Path, *arguments: str, program: tuple[str, ...] = (str(PROGRAM),)) -> subprocess.CompletedProcess[str]:
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("PREFECT_", "PARAGRAF_"))}
    return subprocess.run(
        [*program, *arguments],
        cwd=folder,
        env={**environment, "PARAGRAF_HOME": str(folder / "home"), "COLUMNS": "120"},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def error_of(ended: subprocess.CompletedProcess[str], code: int) -> str:
    """The one line of error, after the checks that hold for every refusal."""
    assert ended.stdout == ""
    assert "Traceback" not in ended.stderr
    assert "fault of ours" not in ended.stderr
    [line] = ended.stderr.splitlines()
    assert line.startswith("error: ")
    assert ended.returncode == code
    return line.removeprefix("error: ")


def heavy_modules_after(folder: Path, *arguments: str) -> list[str]:
    """Which heavy libraries a command has loaded when it ends."""
    code = (
        "import json, sys\nfrom flows.command_line import main\ntry:\n main()\nexcept SystemExit:\n pass\n"
        f"print('\\n' + json.dumps([name for name in {HEAVY} if name in sys.modules]))"
    )
    ended = call(folder, *arguments, program=(sys.executable, "-c", code))
    found: list[str] = json.loads(ended.stdout.splitlines()[-1])
    return found


def test_help_lists_every_command(folder: Path) -> None:
    ended = call(folder, "--help")
    assert ended.returncode == 0
    assert [name for name in COMMANDS if not re.search(rf"^    {name}\s", ended.stdout, re.MULTILINE)] == []
    assert ended.stderr == ""


def test_without_a_command_the_help_is_shown(folder: Path) -> None:
    assert call(folder).stdout == call(folder, "-h").stdout


def settings_of(kind: type[BaseModel], prefix: str = "") -> Iterator[tuple[str, str]]:
    """Dotted names of all settings with what they say of themselves, also of settings inside settings."""
    for name, field in kind.model_fields.items():
        inner = field.annotation
        if isinstance(inner, type) and issubclass(inner, BaseModel):
            yield from settings_of(inner, f"{prefix}{name}.")
        elif not hasattr(inner, "__args__") or not any(hasattr(item, "model_fields") for item in inner.__args__):
            yield f"{prefix}{name}", field.description or ""


def test_help_of_finetune_shows_every_setting_as_a_flag_with_what_it_does(folder: Path) -> None:
    shown = " ".join(call(folder, "finetune", "--help").stdout.split())
    missing = [
        name
        for name, description in settings_of(Settings)
        if f"--{name.replace('_', '-')} " not in shown or " ".join(description.split()[:3]) not in shown
    ]
    assert missing == []
    assert all(flag in shown for flag in ("--config", "--debug"))


@pytest.mark.parametrize("command", ["prepare", "preflight", "ask", "compare", "serve"])
def test_every_command_has_a_help_of_its_own(folder: Path, command: str) -> None:
    ended = call(folder, command, "--help")
    assert ended.returncode == 0
    assert ended.stdout.startswith(f"usage: paragraf {command}")


@pytest.mark.parametrize(
    "arguments", [("--help",), ("finetune", "--bogus"), ("ask", "Czy najem trwa?"), ("compare", "status")]
)
def test_what_needs_no_heavy_library_loads_none(folder: Path, arguments: tuple[str, ...]) -> None:
    assert heavy_modules_after(folder, *arguments) == []


def test_a_word_that_is_no_command_is_answered_with_the_commands(folder: Path) -> None:
    said = error_of(call(folder, "finetun"), 2)
    names = "finetune, update, prepare, sweep, preflight, advise, diagnose, ask, report, judge, compare, serve, law, "
    names += "forget, deploy, up, doctor, promote, rollback, versions"
    assert said == f"'finetun' is no command; the commands are {names}."


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        (["--bogus"], ["--bogus", "preflight", "answer"]),
        (["--clean.min-chars", "0"], ["clean.min_chars", "greater than or equal to 1", "'0'"]),
        (["--clean.min-chars"], ["--clean.min-chars", "expected one argument"]),
        (["--config"], ["--config", "expected one argument"]),
        (["--load.format", "xml"], ["load.format", "'auto', 'qa'", "'xml'"]),
    ],
)
def test_a_wrong_flag_is_one_line_and_code_2(folder: Path, arguments: list[str], named: list[str]) -> None:
    said = error_of(call(folder, "finetune", *arguments), 2)
    assert [part for part in named if part not in said] == []


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("clean: [1", ["settings.yaml", "YAML"]),
        ("clean:\n  min_chars: 3\n  min_chars: 4\n", ["settings.yaml", "duplicate key"]),
        ("clean: {min_charz: 3}", ["clean.min_charz", "clean.min_chars"]),
        ("1: 2", ["1", "preflight"]),
    ],
)
def test_a_wrong_settings_file_is_one_line_and_code_2(folder: Path, text: str, named: list[str]) -> None:
    (folder / "settings.yaml").write_text(text, "utf-8")
    said = error_of(call(folder, "prepare", "--config", "settings.yaml"), 2)
    assert [part for part in named if part not in said] == []


@pytest.mark.parametrize("start", ["bomb:\n", "load:\n  bad_rows:\n"])
def test_an_alias_bomb_is_refused_at_once(folder: Path, start: str) -> None:
    rows = ["  - &a0 [x, x]", *(f"  - &a{row} [{', '.join([f'*a{row - 1}'] * 10)}]" for row in range(1, 12))]
    (folder / "bomb.yaml").write_text(start + "\n".join(rows), "utf-8")
    try:
        ended = call(folder, "prepare", "--config", "bomb.yaml", program=("timeout", "5", str(PROGRAM)))
    finally:
        (folder / "bomb.yaml").unlink()
    assert len(error_of(ended, 2)) < 1000


def test_a_missing_settings_file_is_code_66(folder: Path) -> None:
    said = error_of(call(folder, "finetune", "--config", "nope.yaml"), 66)
    assert said == "nope.yaml: no such settings file."


def test_a_number_out_of_bounds_in_the_file_is_refused_as_a_flag_is(folder: Path) -> None:
    (folder / "settings.yaml").write_text("train: {learning_rate: 1e+4}\n", "utf-8")
    said = error_of(call(folder, "finetune", "--config", "settings.yaml"), 2)
    assert said == "train.learning_rate: Input should be less than or equal to 1, found 10000.0."


@pytest.mark.parametrize("question", ["", "x" * 8001])
def test_a_question_must_hold_something_and_fit(folder: Path, question: str) -> None:
    assert "the question must have 1 to 8000 characters" in error_of(call(folder, "ask", question), 2)


def test_a_question_must_be_given(folder: Path) -> None:
    assert "paragraf ask: the following arguments are required: question" in error_of(call(folder, "ask"), 2)


@pytest.mark.parametrize("tokens", ["kot", "0"])
def test_an_answer_has_a_length_that_makes_sense(folder: Path, tokens: str) -> None:
    assert "max-new-tokens" in error_of(call(folder, "ask", "Czy najem trwa?", "--max-new-tokens", tokens), 2)


def test_asking_before_anything_was_trained_is_code_66_and_says_what_to_run(folder: Path) -> None:
    said = error_of(call(folder, "ask", "Czy najem trwa?"), 66)
    assert said == f"{folder / 'home'}: no fine-tuned model yet; run: paragraf finetune"


def test_a_base_model_that_is_not_here_is_code_66(folder: Path) -> None:
    said = error_of(call(folder, "ask", "Czy najem trwa?", "--model", "nikt/nic"), 66)
    assert "'nikt/nic'" in said
    assert "smollm2-135m-instruct" in said


def test_a_report_before_any_run_is_code_66_and_says_what_to_run(folder: Path) -> None:
    said = error_of(call(folder, "report"), 66)
    assert said == f"{folder / 'home'}: no report yet; run: paragraf finetune"


def test_a_refusal_leaves_no_workspace_behind(folder: Path) -> None:
    call(folder, "finetune", "--bogus")
    call(folder, "report")
    assert list(folder.iterdir()) == []


@pytest.mark.parametrize("port", ["kot", "65536"])
def test_a_port_that_is_none_is_code_2(folder: Path, port: str) -> None:
    assert "port" in error_of(call(folder, "up", "--prefect-port", port), 2)


def test_debug_shows_the_traceback_and_keeps_the_code(folder: Path) -> None:
    ended = call(folder, "finetune", "--debug", "--clean.min-chars", "0")
    assert "Traceback" in ended.stderr
    assert "clean.min_chars" in ended.stderr.splitlines()[-1]
    assert ended.returncode == 2


def test_an_error_is_one_line_even_where_a_name_has_two(folder: Path) -> None:
    assert "no such settings file" in error_of(call(folder, "finetune", "--config", "two\nlines.yaml"), 66)
