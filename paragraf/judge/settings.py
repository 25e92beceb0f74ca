"""What can be set about the language model that judges answers, and when its word counts."""

from typing import Annotated, Literal

from pydantic import Field

from paragraf.generator import NoGenerator, OpenAISettings
from paragraf.stage import StageSettings


class NoJudge(NoGenerator):
    """No judge: answers are measured by rules alone."""

    kind: Annotated[Literal["none"], Field(description="Ask no language model for its opinion.")] = "none"


class OpenAIJudge(OpenAISettings):
    """A judge at any endpoint that speaks the OpenAI protocol."""

    max_answer_tokens: Annotated[
        int, Field(ge=16, le=65_536, description="Longest opinion in tokens; one that is cut off is no opinion.")
    ] = 512
    temperature: Annotated[float, Field(ge=0, le=2, description="0 gives the same opinion most often.")] = 0.0


class JudgeSettings(StageSettings):
    """Which language model judges answers, and what its agreement with people must be before its word counts."""

    generator: Annotated[NoJudge | OpenAIJudge, Field(description="The language model that judges.")] = NoJudge()
    min_labels: Annotated[
        int, Field(ge=10, le=100_000, description="Answers or pairs with labels of people, at least.")
    ] = 50
    min_kappa: Annotated[
        float,
        Field(
            ge=0,
            le=1,
            description="Least agreement with people, as quadratic weighted kappa at the lower end of its interval.",
        ),
    ] = 0.6  # where substantial agreement begins: Landis and Koch, Biometrics 33, 1977
    max_swap_bias: Annotated[
        float,
        Field(
            ge=0,
            le=1,
            description="Largest share of pairs whose verdict changes with the order of the answers, at the upper end "
            "of its interval.",
        ),
    ] = 0.2
