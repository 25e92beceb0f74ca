"""Advise: chats, a base model and settings in; what fits this machine and how long it takes out, before a run."""

import hashlib
from collections.abc import Callable, Iterator
from itertools import chain
from pathlib import Path
from typing import Any

from paragraf.advise.candidates import Candidate, first_candidates, last_resorts, layers_of, parameters_of
from paragraf.advise.findings import Findings, sentence_of
from paragraf.advise.probe import Machine, Probe, ProbeOrder
from paragraf.advise.text import render
from paragraf.errors import ChildFailed, ParagrafError
from paragraf.format import Chats
from paragraf.jobs import LOG, Entry, run_job, threads, warm_jobs
from paragraf.models import Base
from paragraf.publish import digest_of, publish, publish_file, read_manifest, scratch, verify
from paragraf.snapshots import Receipt
from paragraf.train.settings import LocalTraining
from paragraf.workspace import at_rest, home, relative

__all__ = ["Advice", "advise", "probed"]

_CHILD = "paragraf.advise.child"


class Advice(Receipt):
    """Published advice: advice.txt to read, advice.json with all that was measured."""

    sentence: str


def advise(chats: Chats, base: Base, settings: LocalTraining, on_entry: Callable[[Entry], None]) -> Advice:
    """Do a few steps of real training with a few settings, each in a process of its own, and say which to take.

    Each entry of a child's journal goes to `on_entry`, with the name of its `candidate`.

    Raises:
        ParagrafError: the settings as given cannot be run at all, for another reason than memory.
    """
    folder = at_rest(chats.path)
    verify(folder)
    machine, probes = _probe_all(folder / "train.jsonl", base, settings, on_entry)
    findings = Findings(
        base=base.name,
        parameters=parameters_of(base),
        machine=machine,
        settings=settings,
        probes=tuple(probes),
    )
    return _published(findings)


def probed(
    train: Path, base: Base, candidate: Candidate, work: Path, on_entry: Callable[[Entry], None]
) -> tuple[Machine, Probe]:
    """Measure one candidate in a child; one that was killed has too little memory.

    Raises:
        ParagrafError: what else went wrong.
    """
    heard: list[Entry] = []

    def listen(entry: Entry) -> None:
        heard.append(entry)
        on_entry({"candidate": candidate.name, **entry})

    order = ProbeOrder(train=str(train), base=base, settings=candidate.settings, threads=threads())
    killed = ""
    try:
        run_job(_CHILD, order, work, listen)
    except ChildFailed as failure:
        if not _was_killed(heard):
            raise _with_its_log(failure, work / LOG) from None
        killed = "killed by the system while it was measured"
    machine = Machine.model_validate(next(entry for entry in heard if entry["what"] == "machine"))
    return machine, _probe_of(candidate, machine, heard, killed)


def _probe_all(
    train: Path, base: Base, settings: LocalTraining, on_entry: Callable[[Entry], None]
) -> tuple[Machine, list[Probe]]:
    probes: list[Probe] = []
    machine: Machine | None = None
    with scratch(home() / "advice") as work, warm_jobs(_CHILD):
        for number, candidate in enumerate(_until_one_fits(settings, layers_of(base), probes)):
            try:
                found, probe = probed(train, base, candidate, work / str(number), on_entry)
            except ParagrafError as failure:
                if machine is None:
                    raise
                probe = Probe(**_known(candidate, machine), outcome="failed", message=str(failure))
            else:
                machine = machine or found
            probes.append(probe)
    assert machine is not None  # the first candidate gave it  # noqa: S101
    return machine, probes


def _until_one_fits(settings: LocalTraining, layers: int, probes: list[Probe]) -> Iterator[Candidate]:
    """The first candidates, without those that would measure the same again; the last resorts while nothing fits."""
    for candidate in first_candidates(settings):
        if candidate.name != "one row at once" or probes[0].rows_at_once != 1:
            yield candidate
    for candidate in last_resorts(settings, layers):
        if any(probe.fits() for probe in probes):
            return
        yield candidate


def _was_killed(heard: list[Entry]) -> bool:
    """Whether a child ended in the middle of a training, without a word."""
    told = {entry["what"] for entry in heard}
    return "machine" in told and "failed" not in told


def _with_its_log(failure: ChildFailed, log: Path) -> ChildFailed:
    """The same failure naming a copy of the log: the folder that a candidate is measured in does not stay."""
    kept = home() / "advice" / LOG
    publish_file(kept, log.read_bytes())
    return ChildFailed(str(failure).replace(str(log), str(kept)))


def _probe_of(candidate: Candidate, machine: Machine, heard: list[Entry], killed: str) -> Probe:
    steps = [entry for entry in heard if entry["what"] == "step"]
    peak = next((entry for entry in heard if entry["what"] == "peak"), None)
    told = [str(entry["message"]) for entry in heard if entry["what"] == "no_memory"]
    return Probe(
        **_known(candidate, machine),
        outcome="measured" if peak else "no_memory",
        peak_gib=float(peak["gib"] or 0) if peak else None,
        rows_at_once=int(peak["rows_at_once"] or 0) if peak else None,
        token_seconds=tuple(float(entry["seconds"] or 0) / float(entry["tokens"] or 1) for entry in steps[1:]),
        message=" ".join([*told, killed]).strip(),
    )


def _known(candidate: Candidate, machine: Machine) -> dict[str, Any]:
    """What holds of every probe of a candidate, however it ended."""
    return {
        "name": candidate.name,
        "flags": candidate.flags,
        "kind": machine.kind,
        "free_gib": machine.free_gib,
    }


def _published(findings: Findings) -> Advice:
    files = {
        "advice.txt": render(findings).encode(),
        "advice.json": findings.model_dump_json(indent=1).encode(),
    }
    name = hashlib.sha256(b"".join(chain.from_iterable((key.encode(), files[key]) for key in files))).hexdigest()[:16]
    final = home() / "advice" / name
    with publish(final) as folder:
        for key, content in files.items():
            (folder / key).write_bytes(content)
    return Advice(path=relative(final), digest=digest_of(read_manifest(final)), sentence=sentence_of(findings))
