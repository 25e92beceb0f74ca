"""Cost: rows and settings in, how many tokens a training takes and what that costs, before and after, out."""

from datetime import date
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from paragraf.errors import BadSettings, MissingInput
from paragraf.remote.settings import OpenAITraining

_OWN_TABLE = "data/prices.yaml"
_MILLION = 1_000_000
# What OpenAI's cookbook says "auto" does: three passes, more over less than a hundred rows, never over 25 in all.
_AUTO_EPOCHS, _AUTO_ROWS, _AUTO_MOST = 3, 100, 25


class Price(BaseModel):
    """Prices of a million tokens; None where nobody knows."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    training: Annotated[float, Field(ge=0)] | None = None
    input: Annotated[float, Field(ge=0)] | None = None
    output: Annotated[float, Field(ge=0)] | None = None


class Prices(BaseModel):
    """A table of prices: name of a base model -> price, as of a day, from a source."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    as_of: date
    currency: str
    source: str
    models: dict[str, Price]

    def of(self, model: str) -> Price:
        """The price of a model by its name or that of its version; of a fine-tuned one, by its base's."""
        base = model.removeprefix("ft:").split(":")[0]
        fitting = [name for name in self.models if base == name or base.startswith(f"{name}-2")]
        return self.models[max(fitting, key=len)] if fitting else Price()


class Cost(BaseModel):
    """What a training takes; the tokens of before are an estimate of about 5 %, a range where passes are "auto"."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    least_tokens: int
    most_tokens: int
    trained_tokens: int | None = None
    price: float | None = None
    currency: str = ""
    as_of: str = ""

    def after(self, trained: int | None) -> "Cost":
        """The same, once the endpoint has told how many tokens it trained on."""
        return self.model_copy(update={"trained_tokens": trained})

    def money(self, tokens: int | None) -> float | None:
        """What so many tokens cost; None where the price or the tokens are unknown."""
        return None if tokens is None or self.price is None else tokens * self.price / _MILLION

    def expected(self) -> str:
        """The line for the log before a training."""
        tokens = _range(f"{self.least_tokens:,}", f"{self.most_tokens:,}")
        least, most = self.money(self.least_tokens), self.money(self.most_tokens)
        if least is None or most is None:
            return f"About {tokens} tokens to train on, at an unknown price: the table of {self.as_of} has none."
        money = _range(f"{least:.2f}", f"{most:.2f}")
        return f"About {tokens} tokens to train on, {money} {self.currency} at the prices of {self.as_of}."

    def spent(self) -> str:
        """The line for the log after it."""
        if self.trained_tokens is None:
            return "The endpoint does not say on how many tokens it trained."
        money = self.money(self.trained_tokens)
        told = "at an unknown price" if money is None else f"{money:.2f} {self.currency} at the prices of {self.as_of}"
        return f"Trained on {self.trained_tokens:,} tokens, {told}."


def expected_cost(tokens: int, rows: int, settings: OpenAITraining, prices: Prices) -> Cost:
    """What a training on rows with so many tokens takes, over all its passes."""
    least, most = _epochs(rows, settings)
    return Cost(
        least_tokens=tokens * least,
        most_tokens=tokens * most,
        price=0.0 if settings.profile == "local" else prices.of(settings.model).training,
        currency=prices.currency,
        as_of=prices.as_of.isoformat(),
    )


def read_prices(path: str) -> Prices:
    """The user's table of prices, or the one that comes with the package.

    Raises:
        MissingInput: there is no such file.
        BadSettings: it is no table of prices.
    """
    from ruamel.yaml import YAML
    from ruamel.yaml.error import YAMLError

    file = Path(path) if path else Path(__file__).parents[1] / _OWN_TABLE
    if not file.is_file():
        raise MissingInput(f"{file}: no such file; check train.prices.")
    try:
        return Prices.model_validate(YAML(typ="safe", pure=True).load(file.read_text("utf-8")))
    except (YAMLError, UnicodeDecodeError, ValidationError) as error:
        first = error.errors()[0] if isinstance(error, ValidationError) else None
        told = f"{'.'.join(map(str, first['loc']))}: {first['msg']}" if first else " ".join(str(error).split())[:200]
        raise BadSettings(f"{file}: no table of prices: {told}") from None


def _epochs(rows: int, settings: OpenAITraining) -> tuple[int, int]:
    if settings.n_epochs != "auto":
        return settings.n_epochs, settings.n_epochs
    return 1, max(_AUTO_EPOCHS, min(_AUTO_MOST, -(-_AUTO_ROWS // max(rows, 1))))


def _range(least: str, most: str) -> str:
    return least if least == most else f"{least} to {most}"
