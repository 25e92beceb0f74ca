from pathlib import Path
from typing import get_args

import pytest
from pydantic import BaseModel, ValidationError

from flows.flags import parse_settings
from paragraf.errors import BadSettings, MissingInput
from paragraf.remote.settings import DpoMethod, OpenAITraining
from paragraf.search.settings import SweepSettings
from paragraf.settings import Settings, did_you_mean, explain, read_yaml
from paragraf.train.settings import FullSettings, LoraSettings

STAGES = [
    *("preflight", "load", "clean", "split", "augment", "validation", "format", "train", "export", "answer"),
    *("baselines", "safety", "judge", "gate", "promotion"),
]


@pytest.fixture
def yaml_file(tmp_path: Path) -> Path:
    return tmp_path / "settings.yaml"


def refusal(arguments: list[str]) -> str:
    with pytest.raises(BadSettings) as caught:
        parse_settings("finetune", arguments)
    return str(caught.value)


def refusal_of_file(path: Path, text: str) -> str:
    path.write_text(text, "utf-8")
    return refusal(["--config", str(path)])


def test_the_stages_are_the_fields_of_the_settings_in_the_order_of_the_pipeline() -> None:
    assert list(Settings.model_fields) == [*STAGES, "runner"]


def alternatives() -> list[type[BaseModel]]:
    """The settings classes of all stages; a stage that can be done in several ways has one for each."""
    kinds = [Settings.model_fields[stage].annotation for stage in STAGES]
    return [one for kind in kinds for one in (get_args(kind) or (kind,))]


@pytest.mark.parametrize("kind", alternatives())
def test_every_setting_says_what_it_does(kind: type[BaseModel]) -> None:
    assert kind.__doc__
    assert {name: bool(field.description) for name, field in kind.model_fields.items()} == dict.fromkeys(
        kind.model_fields, True
    )


@pytest.mark.parametrize("kind", alternatives())
def test_settings_are_frozen_strict_and_have_defaults_that_pass_their_own_bounds(kind: type[BaseModel]) -> None:
    with pytest.raises(ValidationError):
        kind.model_validate({"no_such_setting": 1})
    # an alternative that nobody gets without naming it is named
    named = {name: get_args(field.annotation)[0] for name, field in kind.model_fields.items() if field.is_required()}
    defaults = kind.model_validate(named)
    with pytest.raises(ValidationError):
        setattr(defaults, next(iter(kind.model_fields)), 1)
    assert kind.model_validate(defaults.model_dump()) == defaults


def test_settings_survive_the_way_through_json() -> None:
    settings = Settings.model_validate({"clean": {"min_chars": 30}, "load": {"fields": {"question": "pytanie"}}})
    assert Settings.model_validate_json(settings.model_dump_json()) == settings


def test_flat_names_every_setting_with_its_stage() -> None:
    flat = Settings().flat()
    assert flat["train.learning_rate"] == "0.001"
    assert flat["load.source"] == "sample"
    assert {name.split(".")[0] for name in flat} == {*STAGES, "runner"}
    assert all(isinstance(value, str) for value in flat.values())


def test_without_flags_and_file_the_settings_are_the_defaults() -> None:
    assert parse_settings("finetune", []) == Settings()


def test_flags_win_over_the_file_and_the_file_over_the_defaults(yaml_file: Path) -> None:
    yaml_file.write_text("clean:\n  min_chars: 30\n  max_chars: 400\n", "utf-8")
    clean = parse_settings("finetune", ["--clean.min-chars", "31", "--config", str(yaml_file)]).clean
    assert (clean.min_chars, clean.max_chars, clean.min_rows) == (31, 400, 50)


def test_the_order_of_flags_and_file_on_the_command_line_does_not_matter(yaml_file: Path) -> None:
    yaml_file.write_text("clean: {min_chars: 30}\n", "utf-8")
    before = parse_settings("finetune", ["--clean.min-chars", "31", f"--config={yaml_file}"])
    after = parse_settings("finetune", [f"--config={yaml_file}", "--clean.min-chars", "31"])
    assert before == after
    assert before.clean.min_chars == 31


def test_a_key_of_one_stage_leaves_the_other_stages_alone(yaml_file: Path) -> None:
    yaml_file.write_text("train: {epochs: 2}\n", "utf-8")
    settings = parse_settings("finetune", ["--config", str(yaml_file), "--train.rank", "8"])
    assert settings.train == LoraSettings(epochs=2, rank=8)
    assert settings.clean == Settings().clean


def test_a_flag_of_another_command_means_the_same(yaml_file: Path) -> None:
    arguments = ["--split.seed", "3", "--no-clean.require-polish"]
    assert parse_settings("prepare", arguments) == parse_settings("finetune", arguments)
    assert parse_settings("prepare", arguments).clean.require_polish is False


def test_field_names_are_given_on_the_command_line_as_pairs() -> None:
    settings = parse_settings("finetune", ["--load.fields", "question=pytanie", "--load.fields", "answer=odpowiedź"])
    assert settings.load.fields == {"question": "pytanie", "answer": "odpowiedź"}


def test_an_exponent_without_a_point_is_a_number_as_in_yaml_1_2(yaml_file: Path) -> None:
    yaml_file.write_text("train: {learning_rate: 1e-4}\n", "utf-8")
    assert read_yaml(yaml_file, Settings) == {"train": {"learning_rate": 1e-4}}
    assert parse_settings("finetune", ["--config", str(yaml_file)]).train.learning_rate == 1e-4


def test_environment_variables_are_no_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CLEAN", '{"min_chars": 99}')
    monkeypatch.setenv("TRAIN__EPOCHS", "9")
    assert parse_settings("finetune", []) == Settings()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--bogus"], "--bogus: no such flag; the stages are " + ", ".join(STAGES)),
        (["--clean.min-char", "5"], "--clean.min-char: no such flag; did you mean"),
        (["--clean.min-char", "5"], "clean.min-chars"),
        (["--clean.min-chars", "0"], "clean.min_chars: Input should be greater than or equal to 1, found '0'."),
        (["--clean.min-chars", "5.5"], "clean.min_chars: Input should be a valid integer"),
        (["--clean.min-chars"], "argument --clean.min-chars: expected one argument."),
        (["--train.learning-rate", "nan"], "train.learning_rate: Input should be a finite number, found 'nan'."),
        (["--train.epochs", "1e999"], "train.epochs: Input should be a finite number"),
        (
            ["--load.format", "xml"],
            "load.format: Input should be 'auto', 'qa', 'openai', 'exam', 'sharegpt', 'alpaca', 'prompt_completion' or"
            " 'text', found 'xml'.",
        ),
        (["--split.train-share", "0.9", "--split.valid-share", "0.2"], "leave nothing for the test part"),
        (["--clean.min-chars", "41", "--clean.max-chars", "40"], "min_chars 41 is over max_chars 40"),
    ],
)
def test_a_wrong_flag_is_named_with_what_is_allowed(arguments: list[str], message: str) -> None:
    assert message in refusal(arguments)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("augmnt: {}", "augmnt: no such setting; did you mean augment?"),
        ("clean: {min_charz: 3}", "clean.min_charz: no such setting; did you mean clean.min_chars?"),
        ("xyzzy: 1", "xyzzy: no such setting; the stages are " + ", ".join(STAGES)),
        ("clean: {min_chars: kot}", "clean.min_chars: Input should be a valid integer"),
        ("clean: 3", "clean: "),
        ("load: {source: 5}", "load.source: Input should be a valid string, found 5."),
        ("clean: {1: 2}", "clean.1: "),
    ],
)
def test_a_wrong_key_of_the_file_is_named_with_what_is_allowed(yaml_file: Path, text: str, message: str) -> None:
    assert message in refusal_of_file(yaml_file, text)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("- clean", "expected stage names with their settings, found list"),
        ("clean", "expected stage names with their settings, found str"),
        ("clean: [1", "not readable as YAML"),
        ("clean:\n  min_chars: 3\n  min_chars: 4\n", "duplicate key"),
        ("a: 1\n---\nb: 2\n", "not readable as YAML"),
        ('clean: !!python/object/apply:os.system ["true"]', "not readable as YAML"),
        ("a: " + "[" * 5000 + "]" * 5000, "not readable as YAML"),
        ("#" * 300_000, "no settings file"),
    ],
)
def test_a_file_that_is_no_settings_file_is_named_in_one_line(yaml_file: Path, text: str, message: str) -> None:
    said = refusal_of_file(yaml_file, text)
    assert said.startswith(f"{yaml_file}: ")
    assert message in said
    assert "\n" not in said


def test_a_file_that_is_not_text_is_named(yaml_file: Path) -> None:
    yaml_file.write_bytes(b"\xff\xfe\x00clean")
    assert "not readable as YAML" in refusal(["--config", str(yaml_file)])


def test_a_missing_file_is_missing_input(tmp_path: Path) -> None:
    with pytest.raises(MissingInput, match=r"nope\.yaml: no such settings file"):
        parse_settings("finetune", ["--config", str(tmp_path / "nope.yaml")])


@pytest.mark.parametrize("text", ["config: other.yaml", "debug: true", "_env_file: .env", "_secrets_dir: secrets"])
def test_a_key_that_is_no_stage_is_refused_even_where_the_command_line_knows_it(yaml_file: Path, text: str) -> None:
    assert "no such setting" in refusal_of_file(yaml_file, text)


@pytest.mark.parametrize("text", ["1: 2", "_cli_parse_args: [x]", "true: 1"])
def test_a_key_of_the_wrong_kind_is_a_bad_setting_and_no_fault_of_ours(yaml_file: Path, text: str) -> None:
    assert "no such setting" in refusal_of_file(yaml_file, text)


def test_a_value_that_holds_itself_is_refused(yaml_file: Path) -> None:
    assert len(refusal_of_file(yaml_file, "clean: &again\n  min_chars: *again")) < 1000


def test_a_key_over_two_lines_is_still_told_in_one(yaml_file: Path) -> None:
    assert "\n" not in refusal_of_file(yaml_file, 'clean: {"min\\nchars": 3}')


def test_a_long_wrong_value_is_cut(yaml_file: Path) -> None:
    assert len(refusal_of_file(yaml_file, f"clean: {{min_chars: {'k' * 100_000}}}")) < 1000


def test_a_flag_without_its_file_is_a_bad_setting() -> None:
    assert "--config" in refusal(["--config"])


def test_explain_tells_the_first_fault_alone() -> None:
    with pytest.raises(ValidationError) as caught:
        Settings.model_validate({"clean": {"min_chars": 0}, "train": {"rank": 0}})
    assert explain(caught.value) == "clean.min_chars: Input should be greater than or equal to 1, found 0."


def test_the_nearest_name_is_offered_and_else_the_stages() -> None:
    assert did_you_mean("clean.min_chrs") == "; did you mean clean.min_chars?"
    assert did_you_mean("wxyz") == "; the stages are " + ", ".join(STAGES)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--augment.generator.kind", "nope"], "augment.generator.kind: Input should be 'none' or 'openai' or 'local'"),
        (["--augment.generator.kind", "openai"], "augment.generator.model: Field required."),
        (["--train.backend", "full", "--train.rank", "8"], "train.rank: no such setting"),
        (["--train.backend", "nope"], "train.backend: Input should be 'lora' or 'full' or 'openai', found"),
    ],
)
def test_of_alternatives_the_error_tells_of_the_one_that_was_meant(arguments: list[str], message: str) -> None:
    assert message in refusal(arguments)


def test_the_way_of_training_is_chosen_by_its_name() -> None:
    settings = parse_settings("finetune", ["--train.backend", "full", "--train.epochs", "2"])
    assert settings.train == FullSettings(epochs=2)


def test_settings_inside_settings_are_flat_too() -> None:
    assert Settings().flat()["augment.noise.strength"] == "0.25"


def test_a_training_elsewhere_is_chosen_by_its_backend() -> None:
    flags = ["--train.backend", "openai", "--train.batch-size", "auto", "--train.n-epochs", "3"]
    method = ["--train.method.kind", "dpo", "--train.method.preferences", "p.jsonl"]
    settings = parse_settings("finetune", [*flags, *method])
    assert settings.train == OpenAITraining(
        backend="openai", n_epochs=3, method=DpoMethod(kind="dpo", preferences="p.jsonl")
    )
    assert settings.measured_by() == settings.train.tokenizer


@pytest.mark.parametrize("flags", [["--train.suffix", "x"], ["--train.profile", "openai"], ["--train.model", "m"]])
def test_a_flag_of_a_training_elsewhere_does_not_choose_it(flags: list[str]) -> None:
    with pytest.raises(BadSettings, match=r"train\.\w+: no such setting"):
        parse_settings("finetune", flags)


def test_a_sweep_is_of_trainings_on_this_machine() -> None:
    with pytest.raises(BadSettings, match=r"train.backend: Input should be 'lora' or 'full', found 'openai'"):
        parse_settings("sweep", ["--train.backend", "openai"], SweepSettings)
