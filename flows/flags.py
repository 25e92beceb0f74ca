"""Flags: what a person types after a command, and the YAML file that it names, in; settings out."""

import argparse
from pathlib import Path
from typing import Annotated, Any

from pydantic import Field, ValidationError, create_model
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict
from pydantic_settings.exceptions import SettingsError

from paragraf.errors import BadSettings
from paragraf.settings import Settings, did_you_mean, explain, one_line, read_yaml


def parse_settings(command: str, arguments: list[str], settings: type[Settings] = Settings) -> Settings:
    """Defaults, then the YAML file of `--config`, then the flags.

    Raises:
        BadSettings: an unknown flag, key or a value out of bounds; names itself and what is allowed.
    """
    kind = _command_line_model(command, settings)
    try:
        known, _ = _config_only().parse_known_args(arguments)
        given = kind(_cli_parse_args=arguments, **(read_yaml(known.config, settings) if known.config else {}))
        return settings.model_validate(given.model_dump(exclude={"config", "debug"}))
    except ValidationError as error:
        raise BadSettings(explain(error, settings)) from error
    except (SettingsError, argparse.ArgumentError) as error:
        raise BadSettings(_explain_flags(str(error), settings)) from error


def _command_line_model(command: str, settings: type[Settings]) -> type[BaseSettings]:
    class Flags(BaseSettings):
        model_config = SettingsConfigDict(
            cli_prog_name=f"paragraf {command}",
            cli_kebab_case=True,
            cli_exit_on_error=False,
            cli_avoid_json=True,
            cli_implicit_flags=True,
            cli_use_class_docs_for_groups=True,
            extra="forbid",
        )

        @classmethod
        def settings_customise_sources(
            cls,
            settings_cls: type[BaseSettings],
            init_settings: PydanticBaseSettingsSource,
            env_settings: PydanticBaseSettingsSource,
            dotenv_settings: PydanticBaseSettingsSource,
            file_secret_settings: PydanticBaseSettingsSource,
        ) -> tuple[PydanticBaseSettingsSource, ...]:
            return (init_settings,)  # the command line goes before it; the environment is not read

        config: Annotated[Path | None, Field(description="YAML file with settings; flags go before it.")] = None
        debug: Annotated[bool, Field(description="Show everything, with tracebacks.")] = False

    stages: dict[str, Any] = {name: (field.annotation, field) for name, field in settings.model_fields.items()}
    return create_model("Settings", __base__=Flags, **stages)


def _config_only() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(add_help=False, allow_abbrev=False, exit_on_error=False)
    parser.add_argument("--config", type=Path)
    return parser


def _explain_flags(message: str, settings: type[Settings]) -> str:
    text = message.removeprefix("error parsing CLI: ")
    unknown = text.removeprefix("unrecognized arguments: ").split()
    if text.startswith("unrecognized") and unknown:
        name = unknown[0].split("=")[0]
        if not name.startswith("--"):
            return one_line(f"{name}: no flag and no value of one; settings are given as --stage.name value.")
        close = did_you_mean(name.removeprefix("--").replace("-", "_"), settings).replace("_", "-")
        return one_line(f"{name}: no such flag{close.replace('mean ', 'mean --')}")
    return one_line(f"{text.removesuffix(': ') or text}.")
