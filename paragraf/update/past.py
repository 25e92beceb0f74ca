"""Past: the log of models in; the versions that came before an update, and the rows that they know, out."""

from collections.abc import Iterator, Mapping

from pydantic import BaseModel, ConfigDict

from paragraf.errors import BadSettings, Damaged
from paragraf.forget.rewriting import successor
from paragraf.logged import logged
from paragraf.models import Base, Model
from paragraf.records import Part
from paragraf.snapshots import Snapshot, Splits
from paragraf.workspace import at_rest


class Making(BaseModel):
    """What a version was made from, as the log of models tells it.

    Attributes:
        corpus: digest of the cleaned rows of its source.
        parent: number of the version that was trained on, "" for one that began with the base model.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    corpus: str
    splits: Splits
    parent: str = ""


class PastVersion(BaseModel):
    """A registered version, its model, and what that was made from (None: its log is older than that)."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    number: str
    model: Model
    making: Making | None

    def rows(self, *parts: Part) -> Iterator[Snapshot]:
        """Its rows of some parts; where rows were forgotten since, what is left of them.

        Raises:
            Damaged: they are gone.
        """
        for part, snapshot in self.making.splits.parts() if self.making else ():
            if part in parts:
                found = successor(snapshot.path) or snapshot
                if not found.is_there():
                    raise Damaged(
                        f"{at_rest(found.path)}: the {part} rows of version {self.number} are gone, and without them "
                        "nobody can tell what is new; train anew: paragraf finetune"
                    )
                yield found

    def check(self, base: Base) -> None:
        """Nothing, if its adapter can be trained on, upon this base model.

        Raises:
            BadSettings: it has no adapter, or one of another base, tokenizer or template.
        """
        own = self.model.base
        if self.model.backend != "lora":
            raise BadSettings(
                f"version {self.number} was trained with {self.model.backend!r}, and only adapters (lora) can be "
                "updated; train anew: paragraf finetune"
            )
        if (own.digest, own.tokenizer, own.template) != (base.digest, base.tokenizer, base.template):
            raise BadSettings(
                f"version {self.number} was trained on {own.name}, and this run names {base.name} or another state of "
                "it; name its own base model in train.base_model."
            )


class Past(BaseModel):
    """The versions before an update, oldest first, and the number of the one whose adapter is trained on."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    versions: tuple[PastVersion, ...]
    parent: str

    def content(self) -> str:
        """The rows of the versions and the model that is trained on."""
        told = [snapshot.digest for one in self.versions for snapshot in one.rows("train", "valid", "test")]
        return " ".join([*told, self.begun_with().model.digest])

    def begun_with(self) -> PastVersion:
        return next(one for one in self.versions if one.number == self.parent)

    def rows(self, *parts: Part) -> list[Snapshot]:
        """The rows of some parts of all versions, each snapshot once."""
        found = {snapshot.digest: snapshot for one in self.versions for snapshot in one.rows(*parts)}
        return list(found.values())

    def learned(self, versions: int) -> list[Snapshot]:
        """What the newest versions were trained on, each snapshot once, the newest first."""
        newest = reversed(self.versions[-versions:])
        return list({rows.digest: rows for one in newest for rows in one.rows("train")}.values())


def known_versions(digests: Mapping[str, str]) -> list[PastVersion]:
    """All versions in the log (see `logged`), in the order in which they were first registered."""
    found: dict[str, PastVersion] = {}
    for number, model, told in logged(digests):
        if number not in found or (told and found[number].making is None):
            making = Making.model_validate_json(told) if told else None
            found[number] = PastVersion(number=number, model=model, making=making)
    return list(found.values())


def is_learned(corpus: str, digests: Mapping[str, str]) -> bool:
    """Whether a version was made from just these cleaned rows (their digest), so that none of them is new any more."""
    return any(one.making and one.making.corpus == corpus for one in known_versions(digests))


def past_of(corpus: str, champion: str, digests: Mapping[str, str]) -> Past | None:
    """The past of an update by its rows (their digest): what its first run found, if there was one; else all.

    The champion is trained on, or the newest version where the champion is not known here; None without any version.
    """
    versions: list[PastVersion] = []
    for version in known_versions(digests):
        if version.making and version.making.parent and version.making.corpus == corpus:
            return Past(versions=tuple(versions), parent=version.making.parent)
        versions.append(version)
    whole = [one.number for one in versions if one.model.is_there()]
    if not whole:
        return None
    return Past(versions=tuple(versions), parent=champion if champion in whole else whole[-1])
