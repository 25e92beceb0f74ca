"""Gate: features in, the checks of a reviewed suite out; what GX would pass over in silence is an error."""

import json
import logging
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal

from paragraf.errors import Damaged
from paragraf.validate import Features
from paragraf.verdict import NAMED_ROWS, Check

Suite = Literal["raw", "corpus", "splits"]
_RULES: dict[Suite, str] = {"raw": "raw.json", "corpus": "corpus.json", "splits": "splits.json"}


def judge(suite: Suite, features: Features, parameters: Mapping[str, float]) -> list[Check]:
    """Judge a frame of features by a suite; checks come in the order of their rules.

    Raises:
        Damaged: the suite says something that cannot be judged, or a check could not be computed.
    """
    import great_expectations as gx
    import pandas as pd
    from great_expectations.data_context.types.base import (
        DataContextConfig,
        InMemoryStoreBackendDefaults,
        ProgressBarsConfig,
    )

    expectations = load_suite(Path(__file__).parent / _RULES[suite])
    if not features:  # every map expectation holds on an empty frame
        return [_nothing_to_judge(suite, expectations)]
    # without a site of its own GX leaves a temporary folder behind for each context
    config = DataContextConfig(store_backend_defaults=InMemoryStoreBackendDefaults(init_temp_docs_sites=False))
    context = gx.get_context(mode="ephemeral", project_config=config)
    context.variables.progress_bars = ProgressBarsConfig(globally=False, metric_calculations=False)
    asset = context.data_sources.add_pandas("features").add_dataframe_asset(suite)
    batch = asset.add_batch_definition_whole_dataframe("all").get_batch({"dataframe": pd.DataFrame(features)})
    result = batch.validate(
        expectations,
        expectation_parameters=dict(parameters),
        result_format={
            "result_format": "COMPLETE",
            "unexpected_index_column_names": ["id"],
            "exclude_unexpected_values": True,
            "return_unexpected_index_query": False,
        },
    )
    if len(result.results) != len(expectations.expectations):
        raise Damaged(f"suite {suite}: {len(expectations.expectations)} checks asked, {len(result.results)} answered.")
    return sorted((_check(suite, item) for item in result.results), key=lambda check: check.rule)


def load_suite(path: Path) -> Any:
    """A suite from its JSON file, with every expectation that the file names.

    Raises:
        Damaged: an expectation has no rule id of its own, or Great Expectations would drop it (unknown type, misspelt
            severity) with no more than a line in a log.
    """
    import great_expectations as gx

    written = json.loads(path.read_text("utf-8"))
    rules: list[str | None] = [(item.get("meta") or {}).get("rule") for item in written["expectations"]]
    if None in rules or len(set(rules)) != len(rules):
        raise Damaged(f"{path.name}: every expectation needs a meta.rule of its own.")
    log = logging.getLogger("great_expectations.core.expectation_suite")
    level = log.level
    log.setLevel(logging.CRITICAL)
    try:
        suite = gx.ExpectationSuite(name=written["name"], expectations=written["expectations"], notes=written["notes"])
    finally:
        log.setLevel(level)
    lost = sorted({str(rule) for rule in rules} - {(item.meta or {}).get("rule") for item in suite.expectations})
    if lost:
        raise Damaged(f"{path.name}: {', '.join(lost)} would be dropped; check the type and severity.")
    return suite


def _check(suite: Suite, item: Any) -> Check:
    config, found = item.expectation_config, item.result
    rule = config.meta["rule"]
    if not item.success and not found:
        messages = [entry["exception_message"] for entry in item.exception_info.values() if isinstance(entry, dict)]
        raise Damaged(f"suite {suite} {rule}: could not be judged: {' '.join(messages)[:300]}")
    rows = [str(row) for group in found.get("unexpected_index_list") or [] for row in group.get("id", [])]
    return Check(
        suite=suite,
        rule=rule,
        text=config.description or config.type,
        severity=getattr(config.severity, "value", config.severity),
        passed=bool(item.success),
        observed=_observed(found),
        failing=found.get("unexpected_count") or 0,
        rows=rows[:NAMED_ROWS],
    )


def _observed(found: Mapping[str, Any]) -> str:
    """The value found, as words: a number for the table, the failing share for rows."""
    if "element_count" in found and "unexpected_count" in found:
        return f"{found['unexpected_count']} of {found['element_count']} rows fail"
    value = found.get("observed_value")
    if value is None:
        missing, strange = found.get("partial_missing_list") or [], found.get("partial_unexpected_list") or []
        return f"missing {missing}, unexpected {strange}" if missing or strange else "all there"
    return f"{value:.4g}" if isinstance(value, float) else str(value)


def _nothing_to_judge(suite: Suite, expectations: Any) -> Check:
    first = min(expectations.expectations, key=lambda item: item.meta["rule"])
    return Check(
        suite=suite,
        rule=first.meta["rule"],
        text=first.description,
        severity="critical",
        passed=False,
        observed="0 rows",
    )
