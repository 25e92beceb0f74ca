"""Installation: the versions that are installed, held against those that this release can work with."""

import platform
from collections.abc import Callable, Iterator
from importlib.metadata import PackageNotFoundError, metadata, requires, version

from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet

from paragraf.doctor.finding import Finding

_DISTRIBUTION = "paragraf"
_WHY = {
    "fastapi": "Prefect's server can't start on it",
    "sqlalchemy": "Prefect's scheduler makes no runs on it",
}


def installation() -> Iterator[Finding]:
    """Python and the packages of this environment."""
    try:
        wanted, python = requires(_DISTRIBUTION) or [], metadata(_DISTRIBUTION)["Requires-Python"]
    except PackageNotFoundError:
        yield Finding("packages", "fault", "paragraf is not installed here", "pip install --editable .")
        return
    yield python_finding(platform.python_version(), python)
    yield from package_findings(wanted, version)


def python_finding(found: str, wanted: str) -> Finding:
    """Whether a version of Python is one of those that are wanted."""
    if SpecifierSet(wanted).contains(found, prereleases=True):
        return Finding("Python", "ok", found)
    return Finding("Python", "fault", f"{found}, but {wanted} is needed", "make .venv anew: rm -r .venv; make run")


def package_findings(wanted: list[str], installed: Callable[[str], str]) -> Iterator[Finding]:
    """One finding for each requirement that is not met, or one for all; extras are nobody's need.

    `installed` gives a package's version and raises PackageNotFoundError.
    """
    needs = [need for text in wanted if (need := Requirement(text)).marker is None or need.marker.evaluate()]
    wrong = 0
    for need in needs:
        asked = f"{need.name}{need.specifier}"
        try:
            found = installed(need.name)
        except PackageNotFoundError:
            found = "not installed"
        if found == "not installed" or not need.specifier.contains(found, prereleases=True):
            wrong += 1
            why = f": {_WHY[need.name]}" if need.name in _WHY and found != "not installed" else ""
            yield Finding("packages", "fault", f"{need.name} {found}{why}", f"pip install '{asked}'")
    if not wrong:
        prefect, fastapi, sqlalchemy = (installed(name) for name in ("prefect", "fastapi", "sqlalchemy"))
        what = f"all {len(needs)}; prefect {prefect}, fastapi {fastapi}, sqlalchemy {sqlalchemy}"
        yield Finding("packages", "ok", what)
