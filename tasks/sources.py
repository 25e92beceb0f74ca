"""Sources: the code and data files that a task's result depends on, as one digest."""

import ast
import hashlib
import importlib.util
import re
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

from paragraf.law.acts import own_acts_file
from paragraf.law.changes import changes_path
from paragraf.law.statutes import index_path
from paragraf.publish import hash_file

_OURS = re.compile(r"(?:paragraf|tasks|flows|expectations)(?:\.\w+)*\Z")

_FILE_NAME = re.compile(r"[\w./-]{1,100}\.(?:json|jsonl|yaml|yml|j2|md|txt|html|css)\Z")


class _Source(NamedTuple):
    """What a Python file is made of, comments and layout apart, and what it names."""

    digest: str
    modules: tuple[str, ...]
    strings: tuple[str, ...]


@cache
def source_digest(module: str) -> str:
    """SHA-256 over a module, all of our modules that it imports (however deep) and the data files that they name.

    Comments and layout do not count. A module named in a string (a child process) counts as imported; a data file is
    one whose path below the package's folder stands in a string.
    """
    total = hashlib.sha256()
    for file in sorted(_rests_on(module)):
        total.update((_source(file).digest if file.suffix == ".py" else hash_file(file)).encode())
    return total.hexdigest()


def outside_digest(module: str) -> str:
    """SHA-256 of the files of the user's that the code behind a module reads.

    These are acts of their own, the statute index, and what changes of the law they told of.
    """
    files = _rests_on(module)
    reads: list[Path | None] = []
    if _file_of("paragraf.law.acts") in files:
        reads.append(own_acts_file())
    if _file_of("paragraf.law.statutes") in files:
        reads.append(index_path())
    if _file_of("paragraf.law.changes") in files:
        reads.append(changes_path())
    there = [path for path in reads if path and path.is_file()]
    return hashlib.sha256("".join(map(hash_file, there)).encode()).hexdigest() if there else ""


@cache
def _rests_on(module: str) -> frozenset[Path]:
    files: set[Path] = set()
    _collect(module, files)
    return frozenset(files)


def _collect(module: str, files: set[Path]) -> None:
    file = _file_of(module)
    if file is None or file in files:
        return
    files.add(file)
    source = _source(file)
    for name in source.modules:
        steps = name.split(".")
        for depth in range(1, len(steps) + 1):
            _collect(".".join(steps[:depth]), files)
    for text in source.strings:
        files.update(_data_files(_root(module), text))


@cache
def _source(file: Path) -> _Source:
    tree = ast.parse(file.read_bytes())
    nodes = list(ast.walk(tree))
    strings = [node.value for node in nodes if isinstance(node, ast.Constant) and isinstance(node.value, str)]
    told = [text for text in strings if "." in text and _OURS.match(text)]
    names = tuple(text for text in strings if _FILE_NAME.match(text))
    return _Source(hashlib.sha256(ast.dump(tree).encode()).hexdigest(), (*_imported(nodes), *told), names)


def _imported(nodes: Iterable[ast.AST]) -> Iterator[str]:
    for node in nodes:
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names if _OURS.match(alias.name))
        elif isinstance(node, ast.ImportFrom) and node.module and _OURS.match(node.module):
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def _root(module: str) -> Path:
    file = _file_of(module.split(".", maxsplit=1)[0])
    assert file is not None  # a module was found below it  # noqa: S101
    return file.parent


@cache
def _data_files(package: Path, name: str) -> list[Path]:
    """Files of a package that a string names, directly or in one of its folders (data, pages, prompts)."""
    found = [path for path in (package / name, *package.glob(f"*/{name}")) if path.is_file()]
    templates = [path for match in found if match.suffix == ".j2" for path in match.parent.glob("*.j2")]
    return found + templates  # a template reaches others by inheritance


@cache
def _file_of(module: str) -> Path | None:
    """Where a module is, looked up without importing anything: some of ours take ten seconds to import."""
    root, *below = module.split(".")
    spec = importlib.util.find_spec(root)
    if spec is None or spec.origin is None:
        return None
    path = Path(spec.origin).parent.joinpath(*below)
    files = (path / "__init__.py", path.parent / f"{path.name}.py")
    return next((file for file in files if file.is_file()), None)  # none: `from package import name`, no module
