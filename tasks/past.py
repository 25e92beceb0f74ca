"""Run past: the versions before an update, and the one that is trained on; asked anew in every run."""

from prefect import get_run_logger, task
from prefect.cache_policies import NO_CACHE

from paragraf.chat import Framing
from paragraf.errors import MissingInput
from paragraf.models import Base
from paragraf.records import PARTS
from paragraf.update.past import Past, past_of
from paragraf.workspace import home
from tasks.champion import reigning
from tasks.registry import digests


@task(cache_policy=NO_CACHE)
def past(corpus: str, base: Base, framing: Framing) -> Past:
    """What the first update with these rows (by their digest) found, else all versions and the champion.

    Raises:
        BadSettings: the version to train on is no adapter of this base model.
        Damaged: rows of a version are gone.
        MissingInput: no version was ever trained here.
    """
    logger = get_run_logger()
    champion = reigning()
    number = champion.version if champion else ""
    found = past_of(corpus, number, digests())
    if found is None:
        raise MissingInput(f"{home()}: no fine-tuned model to update yet; run: paragraf finetune")
    parent = found.begun_with()
    parent.check(base)
    found.rows(*PARTS)  # raises where they are gone
    if parent.model.framing != framing:
        logger.warning("Version %s learned questions in another framing; see the settings of format.", parent.number)
    if found.parent == number:
        logger.info("Trained on from the champion, version %s.", number)
    else:
        why = f"the champion, version {number}, is not its parent" if number else "there is no champion"
        logger.info("Trained on from version %s; %s.", found.parent, why)
    for version in found.versions:
        if version.making is None:
            logger.warning(
                "Version %s does not tell its rows; they are taken for new, and not replayed.", version.number
            )
    return found
