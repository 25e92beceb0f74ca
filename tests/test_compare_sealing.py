"""A sealed test: what raters see tells nothing, orders are drawn, and whatever is changed later is found out."""

import hashlib
import json
from collections import Counter
from itertools import pairwise
from pathlib import Path

import pytest
from pydantic import ValidationError

from paragraf.compare.links import Links, issue_link, read_links
from paragraf.compare.sealing import BlindTest, Seal, find_test, seal_up
from paragraf.compare.settings import BlindSettings, CompareSettings
from paragraf.errors import BadSettings, Damaged, MissingInput
from paragraf.events import read_events
from paragraf.publish import MANIFEST, hash_file
from tests.blind import FIRST, SECOND, blind_test, chance, links_of, pairs


def everything_but_the_seal(test: BlindTest) -> str:
    files = [path for path in test.folder.rglob("*") if path.is_file() and path.name != "seal.json"]
    assert len(files) >= 4
    return " ".join(path.name + path.read_text("utf-8") for path in files)


def test_the_hash_of_the_seal_stands_in_the_event_log_before_the_test_can_be_opened() -> None:
    test = blind_test()
    [event] = read_events("compare_sealed")
    content = (test.folder / "sealed" / "seal.json").read_bytes()
    assert event["commitment"] == hashlib.sha256(content).hexdigest() == test.digest
    assert len(bytes.fromhex(json.loads(content)["nonce"])) == 32
    assert find_test("newest") == find_test(test.name) == test


def test_only_the_seal_knows_the_names_the_ids_and_who_stands_left() -> None:
    test = blind_test()
    links_of(test, "http://127.0.0.1:1")
    told = everything_but_the_seal(test)
    assert [secret for secret in (FIRST, SECOND, '"q1"', test.seal().key, test.seal().nonce) if secret in told] == []
    assert FIRST not in (test.folder.parents[1] / "events.jsonl").read_text()


def test_a_stranger_may_not_look_into_the_folder_of_a_test() -> None:
    assert blind_test().folder.stat().st_mode & 0o077 == 0


def test_every_rater_gets_all_questions_in_one_order_with_the_sides_drawn_for_each() -> None:
    test = blind_test(count=200, raters=("anna", "jan"))
    seal, sheets = test.seal(), test.sheets()
    anna, jan = ([seal.first_is_left(rater, item) for item in seal.items] for rater in ("anna", "jan"))
    assert [item.question for item in sheets["anna"].items] == [item.question for item in sheets["jan"].items]
    for lefts in (anna, jan):
        assert 70 < sum(lefts) < 130  # of 200 fair coins; further off once in 30,000 times
        assert 70 < sum(one == other for one, other in pairwise(lefts)) < 130
    assert 70 < sum(one == other for one, other in zip(anna, jan, strict=True)) < 130
    shown = sheets["anna"].items[0]
    assert (shown.left == seal.items[0].first) == anna[0]
    assert {shown.left, shown.right} == {seal.items[0].first, seal.items[0].second}


def test_the_order_of_questions_is_drawn_too() -> None:
    orders = [[item.id for item in blind_test(count=12, seed=seed).seal().items] for seed in range(20)]
    assert len({tuple(order) for order in orders}) == 20
    assert max(Counter(order[0] for order in orders).values()) < 10


def test_without_a_given_chance_two_tests_differ_in_every_secret() -> None:
    settings = BlindSettings(first=FIRST, second=SECOND)
    one, other = (seal_up(pairs(3), settings).seal() for _ in range(2))
    assert not {one.key, one.nonce, one.test} & {other.key, other.nonce, other.test}


@pytest.mark.parametrize("changed", ["nonce", "first", "items"])
def test_a_changed_seal_is_found_even_if_its_manifest_was_changed_with_it(changed: str) -> None:
    test = blind_test()
    path = test.folder / "sealed" / "seal.json"
    content = json.loads(path.read_bytes())
    content[changed] = content[changed][::-1]
    forge(path, content)
    with pytest.raises(Damaged, match="was written to the event log when the test was sealed"):
        test.seal()
    with pytest.raises(Damaged):
        test.sheets()


def test_a_sheet_that_shows_something_else_than_what_was_sealed_is_found() -> None:
    test = blind_test()
    path = test.folder / "sealed" / "sheet-00.json"
    content = json.loads(path.read_bytes())
    first = content["items"][0]
    first["left"], first["right"] = first["right"], first["left"]
    forge(path, content)
    with pytest.raises(Damaged, match="raters were not shown what was sealed"):
        test.seal()


def forge(path: Path, content: object) -> None:
    """Change a file, and the manifest with it."""
    path.write_text(json.dumps(content), "utf-8")
    manifest = path.parent / MANIFEST
    held = json.loads(manifest.read_bytes())
    held["files"][path.name] = hash_file(path)
    manifest.write_text(json.dumps(held), "utf-8")


def test_a_byte_that_was_changed_is_found() -> None:
    test = blind_test()
    path = test.folder / "sealed" / "sheet-01.json"
    path.write_bytes(path.read_bytes().replace(b"Trzy", b"Ztry", 1))
    with pytest.raises(Damaged, match=r"sheet-01\.json"):
        test.sheets()


def test_the_newest_test_is_found_and_a_name_that_is_none_is_told() -> None:
    with pytest.raises(MissingInput, match="no blind test yet; prepare one with: paragraf compare A B"):
        find_test("newest")
    earlier, later = blind_test(seed=1), blind_test(seed=2)
    assert find_test("newest") == later
    assert find_test(earlier.name) == earlier
    with pytest.raises(MissingInput, match="no blind test 'nic'"):
        find_test("nic")


def test_a_seal_gives_the_same_sheets_after_it_was_at_rest() -> None:
    seal = blind_test().seal()
    assert Seal.model_validate_json(seal.model_dump_json()).sheet("jan") == seal.sheet("jan")
    assert seal_up(pairs(12), BlindSettings(first=FIRST, second=SECOND), chance(9)).name != seal.test


def test_a_link_opens_for_its_rater_alone_and_only_its_hash_is_at_rest() -> None:
    test = blind_test()
    links = links_of(test, "https://test.example")
    tokens = {rater: link.rpartition("/")[2] for rater, link in links.items()}
    held = read_links(test)
    assert links["anna"].startswith("https://test.example/r/")
    assert {rater: held.rater(token) for rater, token in tokens.items()} == {"anna": "anna", "jan": "jan"}
    assert [held.rater(wrong) for wrong in ("", "x", tokens["jan"][:-1], "ł\ud800")] == [None] * 4
    assert min(map(len, tokens.values())) >= 43  # 256 bits
    assert not [token for token in tokens.values() if token in everything_but_the_seal(test)]


def test_a_renewed_link_ends_the_old_one_and_leaves_the_others() -> None:
    test = blind_test()
    links = links_of(test, "https://test.example")
    new = issue_link(test, "anna")
    held = read_links(test)
    assert held.rater(new.rpartition("/")[2]) == "anna"
    assert held.rater(links["anna"].rpartition("/")[2]) is None
    assert held.rater(links["jan"].rpartition("/")[2]) == "jan"
    with pytest.raises(BadSettings, match=r"'ewa' is no rater of test \w+; these are: anna, jan"):
        issue_link(test, "ewa")


def test_links_that_cannot_be_read_are_told() -> None:
    test = blind_test()
    with pytest.raises(Damaged, match=r"links\.json: not readable"):
        read_links(test)
    assert Links(address="a", tokens={"anna": ""}).rater("") is None


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"first": "a", "second": "a"}, "compared with itself"),
        ({"raters": ("anna", "Anna")}, "named twice"),
        ({"raters": ("<b>",)}, "is no rater's name"),
        ({"raters": ("",)}, "is no rater's name"),
        ({"raters": ()}, "at least 1 item"),
        ({"alpha": 0.5}, "less than or equal to 0.2"),
        ({"address": "ftp://x"}, "is no address"),
        ({"address": "http://x/y?z"}, "is no address"),
        ({"address": "http://a:b@x"}, "is no address"),
    ],
)
def test_settings_that_make_no_test_are_refused(values: dict[str, object], said: str) -> None:
    with pytest.raises(ValidationError) as caught:
        BlindSettings.model_validate(values)
    assert said in str(caught.value)


def test_the_settings_of_a_comparison_are_those_of_a_run_and_its_own_each_with_what_it_does() -> None:
    assert {name for name, field in BlindSettings.model_fields.items() if not field.description} == set()
    assert list(CompareSettings.model_fields)[-1] == "compare"
    assert BlindSettings(address="https://test.example/").address == "https://test.example"


@pytest.mark.parametrize(
    ("given", "sent_back"),
    [
        ("https://Testy.Kancelaria.example", "https://testy.kancelaria.example"),
        ("https://test.example:443", "https://test.example"),
        ("http://test.example:8765", "http://test.example:8765"),
        ("https://głosy.example", "https://xn--gosy-01a.example"),
        ("http://[::1]:8765", "http://[::1]:8765"),
    ],
)
def test_the_address_is_kept_as_browsers_send_it_back(given: str, sent_back: str) -> None:
    assert BlindSettings(address=given).address == sent_back
