"""What can be set about augmentation."""

from typing import Annotated

from pydantic import Field

from paragraf.augment.balance.settings import BalanceSettings
from paragraf.augment.noise import NoiseSettings
from paragraf.augment.paraphrase import BackTranslationSettings, ParaphraseSettings
from paragraf.generator.settings import GeneratorSettings, NoGenerator
from paragraf.stage import StageSettings

_Share = Annotated[float, Field(ge=0, le=1)]


class AugmentSettings(StageSettings):
    """Which variants are made of training rows; validation and test rows are never touched."""

    variation_share: Annotated[
        _Share, Field(description="Share of rows whose question is also asked in other right Polish words.")
    ] = 0.2
    template_share: Annotated[
        _Share, Field(description="Share of rows that are also given as an instruction (Wyjaśnij ...).")
    ] = 0.05
    noise: Annotated[NoiseSettings, Field(description="Twins typed in a hurry.")] = NoiseSettings()
    contrast_share: Annotated[
        _Share, Field(description="Share of rows that get a twin with a false premise, which its answer puts right.")
    ] = 0.0
    generator: Annotated[
        GeneratorSettings, Field(description="The language model that paraphrases and translates; none skips both.")
    ] = NoGenerator()
    paraphrase: Annotated[ParaphraseSettings, Field(description="Questions that the generator rewords.")] = (
        ParaphraseSettings()
    )
    back_translation: Annotated[
        BackTranslationSettings, Field(description="Questions that it translates to English and back.")
    ] = BackTranslationSettings()
    balance: Annotated[BalanceSettings, Field(description="How many rows of which kind there should be.")] = (
        BalanceSettings()
    )
    seed: Annotated[int, Field(ge=0, description="Same seed, same variants.")] = 7

    @property
    def asks_the_world(self) -> bool:
        """Whether what comes out depends on more than what goes in: then it is never taken from the cache."""
        return self.generator.kind != "none"
