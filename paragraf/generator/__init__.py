"""Generator: a language model that writes what it is asked for: over the OpenAI protocol, on this machine, or none."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from paragraf.generator.budget import Spent, Tokens
from paragraf.generator.local import LocalGenerator
from paragraf.generator.openai_protocol import OpenAIGenerator
from paragraf.generator.requests import AnswerForm, Failed, Form, Generated, Generator, Reason, Request
from paragraf.generator.settings import GeneratorSettings, LocalSettings, NoGenerator, OpenAISettings

__all__ = [
    "AnswerForm",
    "Failed",
    "Form",
    "Generated",
    "Generator",
    "GeneratorSettings",
    "LocalGenerator",
    "LocalSettings",
    "NoGenerator",
    "OpenAIGenerator",
    "OpenAISettings",
    "Reason",
    "Request",
    "Silent",
    "Spent",
    "Tokens",
    "check_key",
    "open_generator",
]


class Silent:
    """The generator of who has none: says so for every request."""

    def generate(self, requests: Iterable[Request[Form]]) -> Iterator[Generated[Form] | Failed]:
        for _ in requests:
            yield Failed("no_generator", "generator.kind is 'none'; set it to 'openai' or 'local'")

    def spent(self) -> Spent:
        return Spent()


def check_key(settings: OpenAISettings) -> None:
    """Nothing, if there is a key to ask this endpoint with; whether it is the right one, nobody is asked.

    Raises:
        BadSettings: there is no usable key in the environment.
    """
    OpenAIGenerator(settings).close()


@contextmanager
def open_generator(settings: GeneratorSettings) -> Iterator[OpenAIGenerator | LocalGenerator | Silent]:
    """The generator that the settings name, closed at the end of the block.

    Raises:
        BadSettings: there is no usable key in the environment.
        MissingInput: there is no such local model.
    """
    match settings:
        case OpenAISettings():
            with OpenAIGenerator(settings) as generator:
                yield generator
        case LocalSettings():
            yield LocalGenerator(settings)
        case NoGenerator():
            yield Silent()
