"""Rows that are forgotten leave every place of a workspace, and never come in again."""

import base64
import gzip
import io
import json
import os
import sqlite3
import stat
import struct
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest

from paragraf.answer import Answer, publish_answers, to_line
from paragraf.augment import AugmentSettings, augment
from paragraf.augment.paraphrase import Translation, Wordings
from paragraf.baselines.asking import Asking
from paragraf.clean import CleanSettings, clean
from paragraf.errors import BadSettings, Busy, Damaged, MissingInput
from paragraf.events import read_events
from paragraf.forget import Pending, Wanted, finish, foresee, pending, prepare
from paragraf.forget.receipt import Receipt
from paragraf.forget.rewriting import rewrite, successor
from paragraf.forget.sources import places
from paragraf.forget.traces import Traces
from paragraf.generator import AnswerForm, NoGenerator, Request, open_generator
from paragraf.generator.budget import Tokens
from paragraf.generator.prompts import quoted
from paragraf.generator.shelf import Shelf
from paragraf.identity import ProcessIdentity
from paragraf.inbox import inbox
from paragraf.ledger import write_down
from paragraf.lineage import asked
from paragraf.load import LoadSettings, load
from paragraf.publish import publish, publish_file
from paragraf.records import Changed, Dropped, Kept, Record
from paragraf.runs import alone, at_work
from paragraf.server.files import Files
from paragraf.server.state import State
from paragraf.snapshots import Snapshot, Splits
from paragraf.split import SplitSettings, assign
from paragraf.tombstones import Tombstones
from tests.forgetting import places_with, rows_of, texts_of
from tests.running import small_corpus
from tests.tiny import chats_of

ROW = "rodo-043"  # a training row with a variant
CLEAN = CleanSettings(min_rows=5)


def no_versions(_: Pending) -> tuple[list[str], list[str]]:
    return [], []


def forget(row: str = "", matching: str = "") -> Receipt:
    return finish(prepare(Wanted(row, matching)), no_versions)


@pytest.fixture
def source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return small_corpus(tmp_path_factory.mktemp("corpus"))


@pytest.fixture
def rows(source: Path) -> dict[str, Record]:
    return rows_of(source)


@pytest.fixture
def worked(workspace: Path, source: Path) -> Splits:
    """The data stages' snapshots in the workspace, and what later stages make of them."""
    raw = Snapshot.write("load", load(LoadSettings(source=str(source))))
    corpus = Snapshot.write("clean", clean(raw, CLEAN))
    assignment = assign(corpus, SplitSettings())
    parts = Splits(
        train=Snapshot.write("train", assignment.lines(corpus, "train")),
        valid=Snapshot.write("valid", assignment.lines(corpus, "valid")),
        test=Snapshot.write("test", assignment.lines(corpus, "test")),
    )
    write_down(assignment, corpus.digest, 0)
    with open_generator(NoGenerator()) as generator:
        more = Snapshot.write("augment", augment(parts.train, (parts.valid, parts.test), AugmentSettings(), generator))
    chats = chats_of(more.read())
    publish_file(
        workspace / "training" / "a1" / "order.json", json.dumps({"train": f"/x/{chats.path}/train.jsonl"}).encode()
    )
    publish_file(workspace / "results" / "augment-1", json.dumps({"result": more.model_dump_json()}).encode())
    publish_file(workspace / "results" / "valid-1", json.dumps({"result": parts.valid.model_dump_json()}).encode())
    said = "".join(to_line(Answer(id=record.id, text="Tak.")) for record in parts.test.records())
    publish_answers("tuned", Asking(), said.encode())
    return parts.with_train(more)


def holders(workspace: Path, record: Record) -> list[str]:
    return places_with(workspace, texts_of(record))


def test_the_referee_finds_a_row_in_every_form(workspace: Path, rows: dict[str, Record]) -> None:
    record = rows[ROW]
    inside = json.dumps({"inner": json.dumps({"question": record.question})}).encode()
    told = {
        "plain.txt": record.answer.encode(),
        "escaped.json": json.dumps(record.question).encode(),
        "twice.json": inside,
        "coded.txt": b"x" + base64.b64encode(b"ab" + record.answer.encode() + b"c"),
        "packed.gz": gzip.compress(record.answer.encode()),
        "excerpt.txt": record.question[:40].encode(),
    }
    for name, content in told.items():
        (workspace / name).write_bytes(content)
    with zipfile.ZipFile(workspace / "packed.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("row.txt", record.question)
    assert holders(workspace, record) == sorted([*told, "packed.zip"])


def test_nothing_of_a_row_and_its_variants_is_left(worked: Splits, workspace: Path, rows: dict[str, Record]) -> None:
    variants = [record for record in worked.train.read() if record.origin == ROW]
    assert variants
    assert {place.split("/")[0] for place in holders(workspace, rows[ROW])} == {"rows", "chats"}
    receipt = forget(ROW)
    assert (receipt.rows, receipt.derived) == (1, len(variants))
    for record in (rows[ROW], *variants):
        assert holders(workspace, record) == []
    assert not (workspace / "training" / "a1").exists()
    assert sorted(path.name for path in (workspace / "results").iterdir()) == ["valid-1"]


def test_snapshots_without_the_row_stay_as_they_were(worked: Splits) -> None:
    forget(ROW)
    assert worked.valid.is_there()
    assert worked.test.is_there()
    assert not worked.train.is_there()


def test_the_part_that_held_it_is_written_anew_for_who_wants_old_rows_again(worked: Splits) -> None:
    stay = [record for record in worked.train.read() if ROW not in (record.id, record.origin)]
    assert forget(ROW).rewritten == 2  # before variants were added, and after
    found = successor(worked.train.path)
    assert found
    assert found.read() == stay
    other = stay[0].id
    forget(other)
    found = successor(worked.train.path)
    assert found
    assert [record.id for record in found.read()] == [one.id for one in stay if other not in (one.id, one.origin)]
    assert successor(worked.valid.path) is None


def test_kin_of_a_row_bear_no_hash_of_its_question(workspace: Path) -> None:
    mine = Record("r1", "Czy mogę odwołać darowiznę?", "Tak, w razie rażącej niewdzięczności obdarowanego.")
    name = asked(mine.question)
    kin = Record("r2", "Kiedy odwołam darowiznę?", "Gdy obdarowany okaże się rażąco niewdzięczny.", group=name)
    train = Snapshot.write("train", [replace(mine, group=name), kin])
    forget("r1")
    found = successor(train.path)
    assert found
    [left] = found.read()
    assert left.group not in ("", name)
    assert places_with(workspace, [name]) == []


def test_the_source_may_hold_it_and_no_later_run_takes_it_in(worked: Splits, source: Path, workspace: Path) -> None:
    before = Kept.of(load(LoadSettings(source=str(source)))).records
    forget(ROW)
    kept = Kept.of(load(LoadSettings(source=str(source))))
    assert [record for record in before if record.id != ROW] == kept.records
    assert [(item.reason, item.record.question, item.record.answer) for item in kept.dropped] == [("forgotten", "", "")]
    Snapshot.write("load", load(LoadSettings(source=str(source))))
    assert holders(workspace, rows_of_all(before)[ROW]) == []


def rows_of_all(records: list[Record]) -> dict[str, Record]:
    return {record.id: record for record in records}


def test_a_row_typed_in_another_way_or_asked_in_other_words_stays_out(worked: Splits, rows: dict[str, Record]) -> None:
    forget(ROW)
    shouted = Record("x1", rows[ROW].question.upper(), "Całkiem inna odpowiedź, dość długa, żeby mogła zostać.")
    reworded = Record("x2", "Zupełnie inne pytanie o to samo?", rows[ROW].answer.replace(",", " ,"))
    other = Record("x3", rows["praca-008"].question, rows["praca-008"].answer)
    outcomes = Kept.of(clean([shouted, reworded, other], CleanSettings(min_rows=1)))
    assert [record.id for record in outcomes.records] == ["x3"]
    assert outcomes.counts() == {"forgotten": 2}


def test_a_text_finds_all_rows_that_hold_it_however_it_is_typed(workspace: Path) -> None:
    asks = Record("r1", "Czy Jan Kowalski, z Łodzi, odwoła darowiznę?", "Może, jeśli został rażąco skrzywdzony.")
    told = Record("r2", "Kto dziedziczy po mojej ciotce?", "Dziedziczy jan kowalski z lodzi, jej jedyny siostrzeniec.")
    made = Record("r1~noise", "czy jan kowlaski z lodzi moze odwolac darowizne", asks.answer, origin="r1")
    other = Record("r3", "Czy Anna Kowalska z Łodzi może odwołać darowiznę?", "Nie może, bo darczyńca umarł.")
    Snapshot.write("load", [asks, told, made, other])
    found, _ = foresee(Wanted(matching="Jan Kowalski z Łodzi"))
    assert found.meant == ["r1", "r2"]
    assert found.derived == ["r1~noise"]


def test_an_answer_that_other_rows_give_too_does_not_keep_them_out(workspace: Path) -> None:
    refusal = "Nie pomogę w ukryciu majątku przed wierzycielem, ponieważ jest to przestępstwo."
    records = [Record(f"r{n}", f"Jak mam ukryć przed wierzycielem rzecz numer {n}?", refusal) for n in range(3)]
    Snapshot.write("load", records)
    forget("r1")
    outcomes = Kept.of(clean(records, CleanSettings(min_rows=1, near_duplicate_jaccard=1)))
    assert [record.id for record in outcomes.records] == ["r0", "r2"]


def test_duplicates_that_were_set_aside_are_forgotten_with_their_row(workspace: Path, rows: dict[str, Record]) -> None:
    twin = Record("twin", f"{rows[ROW].question} Proszę.", rows[ROW].answer)
    corpus = Snapshot.write("clean", clean([*rows.values(), twin], CLEAN))
    assert corpus.dropped == {"near_duplicate": 1}
    found, _ = foresee(Wanted(ROW))
    assert "twin" in found.derived


def test_the_ledger_forgets_the_question_and_keeps_the_others(worked: Splits, workspace: Path) -> None:
    path = workspace / "ledger" / "parts-seed-0.jsonl"
    before = path.read_text().splitlines()
    assert forget(ROW).removed_lines == 1
    assert len(set(before) - set(path.read_text().splitlines())) == 1


def test_databases_keep_no_page_that_held_a_row(worked: Splits, workspace: Path, rows: dict[str, Record]) -> None:
    path = workspace / "prefect" / "prefect.db"
    path.parent.mkdir()
    database = sqlite3.connect(path)
    database.execute("PRAGMA journal_mode = WAL")
    database.execute("PRAGMA secure_delete = OFF")
    database.executescript("CREATE TABLE log (id TEXT, message TEXT); CREATE TABLE flow_run (id TEXT, data TEXT)")
    told = json.dumps({"said": ["ok", f"row: {rows[ROW].answer}"], "count": 3})
    database.execute("INSERT INTO log VALUES ('1', ?), ('2', 'fine'), ('3', ?)", (rows[ROW].question, ROW))
    database.execute("INSERT INTO log VALUES ('4', ?)", (rows[ROW].answer * 4,))
    database.execute("INSERT INTO flow_run VALUES ('1', ?)", (told,))
    database.commit()
    database.execute("DELETE FROM log WHERE id = '4'")  # its pages are free and still hold it
    database.commit()
    database.close()
    assert path.read_bytes().count(rows[ROW].answer[:40].encode()) > 1
    forget(ROW)
    assert holders(workspace, rows[ROW]) == []
    with sqlite3.connect(path) as database:
        assert database.execute("SELECT id FROM log").fetchall() == [("2",)]
        assert json.loads(database.execute("SELECT data FROM flow_run").fetchone()[0]) == {
            "said": ["ok", "[forgotten]"],
            "count": 3,
        }


def test_reports_logs_and_copies_in_mlflow_that_quote_a_row_are_cleared(
    worked: Splits, workspace: Path, rows: dict[str, Record]
) -> None:
    question = rows[ROW].question
    with publish(workspace / "reports" / "one") as folder:
        (folder / "report.html").write_text(f"<p>{question}</p>", "utf-8")
    with publish(workspace / "reports" / "two") as folder:
        (folder / "report.html").write_text("<p>Inne pytanie.</p>", "utf-8")
    publish_file(workspace / "mlflow" / "artifacts" / "r1" / "artifacts" / "report" / "report.md", question.encode())
    publish_file(workspace / "mlflow" / "artifacts" / "r1" / "artifacts" / "model" / "README.md", b"weights")
    publish_file(workspace / "logs" / "server.log", f"started\nbad: {question!r}\nended\n".encode())
    forget(ROW)
    assert holders(workspace, rows[ROW]) == []
    assert [path.name for path in (workspace / "reports").iterdir()] == ["two"]
    assert [path.name for path in (workspace / "mlflow" / "artifacts" / "r1" / "artifacts").iterdir()] == ["model"]
    assert (workspace / "logs" / "server.log").read_text() == "started\nended\n"


def test_files_that_were_uploaded_to_the_server_go_with_the_row_and_it_no_longer_has_them(
    worked: Splits, workspace: Path, rows: dict[str, Record]
) -> None:
    state = State(workspace / "server" / "state.db")
    files = Files(state, workspace / "server" / "files")
    kept = [
        files.keep([json.dumps({"text": text}).encode()], "train.jsonl", "fine-tune")
        for text in (rows[ROW].question, "Inne pytanie.")
    ]
    forget(ROW)
    assert holders(workspace, rows[ROW]) == []
    assert [files.find(file.id) for file in kept] == [None, kept[1]]
    state.close()


def test_what_a_language_model_was_asked_about_a_row_goes_and_what_it_was_asked_about_others_stays(
    worked: Splits, workspace: Path, rows: dict[str, Record]
) -> None:
    shelf = Shelf("model at an address")

    def keep(form: type[AnswerForm], fields: dict[str, str], **answer: object) -> Request[AnswerForm]:
        request = Request("Do it.", quoted(fields), form)
        shelf.keep(request, form.model_validate(answer), Tokens(), "m")
        return request

    mine, other = rows[ROW].question, rows["praca-008"].question
    gone = [
        keep(Translation, {"text": mine}, text="May they read my post?"),
        keep(Translation, {"text": "May they read my post?"}, text="Wolno im czytać moją pocztę?"),
        keep(Wordings, {"question": mine}, questions=["Inaczej?"]),
        keep(Translation, {"question": mine, "expected": "x", "answer": "y"}, text="B, for it says less."),
    ]
    stay = [keep(Translation, {"text": other}, text="Is it so?"), keep(Translation, {"text": "Is it so?"}, text="Czy?")]
    old = workspace / "generated" / "answers" / "ab" / "ab1.json"
    publish_file(old, b'{"answer": "of an older form, which does not tell what it was asked"}')
    forget(ROW)
    assert [shelf.find(request) for request in gone] == [None] * len(gone)
    assert None not in [shelf.find(request) for request in stay]
    assert not old.exists()


def test_a_file_that_is_not_ours_and_holds_a_row_is_named(
    worked: Splits, workspace: Path, rows: dict[str, Record]
) -> None:
    notes = workspace / "notes.txt.gz"
    notes.write_bytes(gzip.compress(f"Zapamiętać: {rows[ROW].answer}".encode()))
    with pytest.raises(Damaged, match=r"notes\.txt\.gz: still holds something of a forgotten row"):
        forget(ROW)
    left = pending()
    assert left
    notes.unlink()
    finish(left, no_versions)
    assert pending() is None


def test_the_tombstones_hold_keyed_hashes_and_their_key_is_the_owners_alone(
    worked: Splits, workspace: Path, rows: dict[str, Record]
) -> None:
    receipt = forget(ROW)
    key = workspace / "forgotten" / "key"
    assert stat.S_IMODE(key.stat().st_mode) == 0o600
    assert set((workspace / "forgotten" / "tombstones.txt").read_text().split()) == set(receipt.hashes)
    assert ROW not in (workspace / "receipts" / f"{receipt.name}.json").read_text()
    assert read_events("rows_forgotten")[0]["receipt"] == receipt.name


def test_what_was_begun_is_finished_by_the_next_command_and_nothing_runs_before(
    worked: Splits, workspace: Path, rows: dict[str, Record]
) -> None:
    told = prepare(Wanted(ROW))
    assert stat.S_IMODE((workspace / "forgotten" / "pending.json").stat().st_mode) == 0o600
    for name in told.gone[:3]:
        os.system(f"rm -rf {workspace / name}")  # noqa: S605  # as far as it came before it was killed
    with pytest.raises(Busy, match="finish it with: paragraf forget"), at_work():
        pass
    left = pending()
    assert left
    finish(left, no_versions)
    assert holders(workspace, rows[ROW]) == []
    assert not (workspace / "training" / "a1").exists()
    with at_work():
        pass


def test_nothing_is_forgotten_while_a_run_is_at_work_and_no_run_begins_meanwhile() -> None:
    with at_work(), at_work(), pytest.raises(Busy, match="a run is at work"), alone():
        pass
    with alone(), pytest.raises(Busy, match="rows are being forgotten"), at_work():
        pass


def test_a_row_that_is_not_there_is_told() -> None:
    with pytest.raises(MissingInput, match="no row with the id 'nobody'"):
        prepare(Wanted("nobody"))


def test_a_row_that_is_only_foreseen_stays(worked: Splits, workspace: Path, rows: dict[str, Record]) -> None:
    before = holders(workspace, rows[ROW])
    found, plan = foresee(Wanted(ROW))
    assert found.meant == [ROW]
    assert worked.train.path in plan.gone
    assert holders(workspace, rows[ROW]) == before


def test_the_source_is_named_with_the_line(source: Path, rows: dict[str, Record]) -> None:
    line = next(n for n, text in enumerate(source.read_text("utf-8").splitlines(), 1) if f'"{ROW}"' in text)
    assert places([str(source), "/nowhere/at/all.jsonl"], [rows[ROW]]) == [f"{source}:{line}"]


def test_words_that_other_rows_say_too_are_no_trace() -> None:
    shared = "Od decyzji przysługuje odwołanie w terminie czternastu dni."
    mine = Record("a1", "Czy sąsiad może mi zabronić palenia grilla na balkonie?", f"Nie może. {shared}")
    other = Record("b1", "Jak odwołać się od decyzji wójta?", shared)
    traces = Traces.of([mine], [other])
    assert not traces.are_in(shared)
    assert traces.are_in(f"x{mine.question}x")
    assert traces.are_in(json.dumps({"a": json.dumps({"q": mine.question})}))
    assert traces.are_in(base64.b64encode(mine.question.encode()).decode())
    assert not traces.are_in("Czy sąsiad może mi zabronić wszystkiego?")


def test_many_traces_are_found_as_few_are() -> None:
    many = [
        Record(f"a{n}", f"Czy gmina numer {n} odpowie za dziurę w drodze {n}?", f"Tak, gmina {n}.") for n in range(99)
    ]
    traces = Traces.of(many, [])
    assert all(traces.are_in(f"<p>{record.question}</p>") for record in many)
    assert not traces.are_in("Czy gmina odpowie za dziurę w drodze powiatowej?")


def test_a_forgotten_row_in_a_source_is_counted_as_dropped_and_not_as_bad(worked: Splits, source: Path) -> None:
    forget(ROW)
    dropped = [
        item for item in load(LoadSettings(source=str(source), bad_rows="quarantine")) if isinstance(item, Dropped)
    ]
    assert [item.reason for item in dropped] == ["forgotten"]


def test_a_key_that_is_gone_is_told_before_forgotten_rows_come_in_again(
    worked: Splits, workspace: Path, source: Path
) -> None:
    forget(ROW)
    (workspace / "forgotten" / "key").unlink()
    with pytest.raises(Damaged, match="the key is gone"):
        list(load(LoadSettings(source=str(source))))


def test_a_database_that_is_in_use_is_told_and_the_rest_is_done_later(
    worked: Splits, workspace: Path, rows: dict[str, Record]
) -> None:
    path = workspace / "mlflow" / "mlflow.db"
    path.parent.mkdir()
    user = sqlite3.connect(path, isolation_level=None)
    user.execute("CREATE TABLE tags (value TEXT)")
    user.execute("INSERT INTO tags VALUES (?)", (rows[ROW].question,))
    user.execute("BEGIN IMMEDIATE")
    with pytest.raises(Busy, match=r"mlflow\.db: another process is using it"):
        forget(ROW)
    user.execute("COMMIT")
    user.close()
    left = pending()
    assert left
    finish(left, no_versions)
    assert holders(workspace, rows[ROW]) == []


def test_the_command_waits_for_nobody(worked: Splits, workspace: Path) -> None:
    from flows.forget import forget as command
    from flows.server import Servers, announced

    with at_work(), pytest.raises(Busy, match="a run is at work"):
        command([ROW], print)
    mine = {"owner": ProcessIdentity.mine().label(), "prefect_url": "p", "mlflow_url": "m", "password": "x"}
    with announced(Servers.model_validate(mine)), pytest.raises(Busy, match="end them first"):
        command([ROW], print)


def test_a_folder_without_a_workspace_gets_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from flows.forget import forget as command

    monkeypatch.setenv("PARAGRAF_HOME", str(tmp_path / "none"))
    with pytest.raises(MissingInput, match="no workspace is here"):
        command([ROW], print)
    assert not (tmp_path / "none").exists()


@pytest.mark.parametrize("arguments", [[], ["--matching", " ?! "], ["a", "--matching", "b"]])
def test_the_command_wants_one_way_to_say_which_rows(arguments: list[str]) -> None:
    from flows.forget import forget as command

    with pytest.raises(BadSettings, match="paragraf forget"):
        command(arguments, print)


@pytest.mark.slow
@pytest.mark.usefixtures("prefect_server")
def test_a_retraining_is_a_run_of_the_deployment_that_trains_by_the_clock() -> None:
    import asyncio

    from prefect.client.orchestration import get_client

    from tasks.forget import queue_retraining

    async def walk() -> tuple[str, str, list[str]]:
        before = await queue_retraining()
        async with get_client() as api:
            flow = await api.create_flow_from_name("finetune")
            for name in ("finetune", "monthly"):
                await api.create_deployment(flow, name, entrypoint="flows.finetune.finetune")
        queued = await queue_retraining()
        async with get_client() as api:
            return before, queued, [run.state_name or "" for run in await api.read_flow_runs() if "forget" in run.tags]

    before, queued, states = asyncio.run(walk())
    assert before == ""
    assert queued.startswith("finetune/monthly: ")
    assert states == ["Scheduled"]


def test_lines_of_the_inbox_lose_the_rows_and_keep_the_others(workspace: Path, source: Path) -> None:
    lines = source.read_text("utf-8").splitlines()
    inbox().mkdir()
    (inbox() / "plain.jsonl").write_text("\n".join(lines) + "\n", "utf-8")
    (inbox() / "escaped.ndjson").write_text("\n".join(json.dumps(json.loads(line)) for line in lines) + "\n", "utf-8")
    rows = rows_of(source)
    Snapshot.write("load", rows.values())
    name = next(iter(rows))
    forget(name)
    assert places_with(workspace, texts_of(rows[name])) == []
    for file in inbox().iterdir():
        assert rows_of(file).keys() == rows.keys() - {name}


def test_a_file_of_the_inbox_that_has_no_lines_is_named_for_its_owner_to_mend(source: Path) -> None:
    rows = rows_of(source)
    Snapshot.write("load", rows.values())
    inbox().mkdir()
    (inbox() / "all.json").write_text(json.dumps([json.loads(line) for line in source.read_text("utf-8").splitlines()]))
    name = next(iter(rows))
    with pytest.raises(Damaged, match=r"inbox/all\.json: still holds something of a forgotten row; delete it"):
        forget(name)


TOLD = Record(
    id="a-001",
    question="Czy Jan Kowalski musi zapłacić za rozbite okno sąsiada?",
    answer="Zgodnie z obowiązującymi przepisami Jan Kowalski zapłaci za szybę sąsiada.",
)
ALIKE = Record(
    id="n-001",
    question="Ile dni urlopu mi przysługuje w pierwszym roku?",
    answer="Zgodnie z obowiązującymi przepisami po każdym miesiącu nabywasz dwunastą część urlopu.",
)


def test_a_row_of_the_inbox_that_merely_begins_alike_stays_and_is_not_named() -> None:
    Snapshot.write("load", [TOLD])
    inbox().mkdir()
    (inbox() / "new.jsonl").write_text(ALIKE.to_json() + "\n", "utf-8")
    (inbox() / "old.jsonl").write_text(f"{TOLD.to_json()}\n{ALIKE.to_json()}\n", "utf-8")
    receipt = forget(TOLD.id)
    assert (receipt.lines, receipt.removed_lines) == (["inbox/old.jsonl"], 1)
    assert [(inbox() / name).read_text("utf-8") for name in ("new.jsonl", "old.jsonl")] == [ALIKE.to_json() + "\n"] * 2


@pytest.mark.parametrize(
    "row",
    [
        {"pytanie": TOLD.question.upper(), "odpowiedź": "Inna."},
        {"messages": [{"role": "user", "content": "Dzień dobry"}, {"role": "assistant", "content": TOLD.answer}]},
        {"id": TOLD.id, "question": "Czy Jan Kowalski musi płacić?", "answer": f"{TOLD.answer} Tak."},
    ],
)
def test_the_inbox_loses_a_forgotten_row_in_any_format_and_in_other_words_under_its_id(row: dict[str, object]) -> None:
    Snapshot.write("load", [TOLD])
    inbox().mkdir()
    (inbox() / "new.jsonl").write_text(json.dumps(row) + "\n", "utf-8")
    assert forget(TOLD.id).removed_lines == 1


@pytest.mark.parametrize(
    "damaged", [TOLD.to_json().encode()[:-9], TOLD.to_json().encode().replace("ą".encode(), b"\xc4")]
)
def test_a_line_of_the_inbox_that_is_no_row_is_named_and_not_taken_out(damaged: bytes) -> None:
    Snapshot.write("load", [TOLD])
    inbox().mkdir()
    (inbox() / "cut.jsonl").write_bytes(f"{ALIKE.to_json()}\n".encode() + damaged)
    with pytest.raises(Damaged, match=r"inbox/cut\.jsonl:2: still holds something of a forgotten row; delete it"):
        forget(TOLD.id)


def test_a_row_that_quotes_the_same_provision_is_no_trace_and_its_part_stays() -> None:
    provision = "Kto z winy swej wyrządził drugiemu szkodę, obowiązany jest do jej naprawienia."
    mine = replace(TOLD, answer=f"{TOLD.answer} {provision}")
    test = Snapshot.write("test", [replace(ALIKE, basis_text=provision)])
    train = Snapshot.write("train", [mine])
    receipt = forget(TOLD.id)
    assert (receipt.gone, receipt.rewritten) == ([train.path], 1)
    assert test.is_there()


def test_a_part_that_has_no_such_row_is_not_written_in_its_own_place() -> None:
    same, other = Snapshot.write("test", [ALIKE]), Snapshot.write("train", [TOLD, ALIKE])
    assert rewrite([same.path, other.path], {TOLD}, ()) == {same.path, f"rows/train-{same.path[-16:]}"}
    assert successor(same.path) is None
    assert successor(other.path) == Snapshot.write("train", [ALIKE])


def test_a_part_that_is_told_to_be_its_own_successor_is_found(workspace: Path) -> None:
    part = Snapshot.write("test", [ALIKE])
    told = json.dumps({part.path: part.model_dump(mode="json")})
    publish_file(workspace / "forgotten" / "successors.json", told.encode())
    assert successor(part.path) == part


@pytest.mark.parametrize("encoding", ["cp1250", "iso8859-2"])
def test_rows_in_an_old_encoding_are_known_as_load_knows_them(
    tmp_path_factory: pytest.TempPathFactory, encoding: str
) -> None:
    mine = Record("z-1", "Czy żądać zachówku po śmierci wuja Wąsika?", "Żądać można; roszczenie się przedawnia.")
    source = tmp_path_factory.mktemp("old") / "mine.jsonl"
    source.write_text(f"{ALIKE.to_json()}\n{mine.to_json()}\n", encoding)
    Snapshot.write("load", load(LoadSettings(source=str(source), encoding="auto")))
    inbox().mkdir()
    (inbox() / "mine.jsonl").write_bytes(source.read_bytes())
    receipt = forget(matching="wuja Wąsika")
    assert receipt.removed_lines == 1
    assert (inbox() / "mine.jsonl").read_text(encoding) == ALIKE.to_json() + "\n"
    assert places([str(source)], [mine]) == [f"{source}:2"]


def test_a_file_of_another_kind_in_an_old_encoding_is_named() -> None:
    mine = Record("z-1", "Czy żądać zachówku po śmierci wuja Wąsika?", "Żądać można; roszczenie się przedawnia.")
    Snapshot.write("load", [mine])
    inbox().mkdir()
    (inbox() / "mine.csv").write_text(f"question,answer\n{mine.question},{mine.answer}\n", "cp1250")
    with pytest.raises(Damaged, match=r"inbox/mine\.csv: still holds something of a forgotten row"):
        forget("z-1")


def zipped(flags: int, method: int) -> bytes:
    """A ZIP archive whose headers say that its file is encrypted (flags 1) or packed by another method."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("a.txt", "a")
    content = bytearray(packed.getvalue())
    for header in (content.find(b"PK\x03\x04") + 6, content.find(b"PK\x01\x02") + 8):
        content[header : header + 4] = struct.pack("<HH", flags, method)
    return bytes(content)


@pytest.mark.parametrize(
    ("name", "content"),
    [("half.parquet", b"PAR1" + bytes(100)), ("locked.zip", zipped(1, 0)), ("other.zip", zipped(0, 99))],
)
def test_a_file_that_nobody_can_open_is_searched_by_its_bytes(name: str, content: bytes) -> None:
    Snapshot.write("load", [TOLD])
    inbox().mkdir()
    (inbox() / name).write_bytes(content)
    told = prepare(Wanted(TOLD.id))
    (inbox() / name).write_bytes(content + TOLD.answer.encode())
    with pytest.raises(Damaged, match=f"inbox/{name}: still holds something of a forgotten row"):
        finish(told, no_versions)
    (inbox() / name).write_bytes(content)
    assert finish(told, no_versions).rows == 1


@pytest.mark.parametrize("name", ["7", "row-007"])
def test_a_row_of_another_source_that_bears_the_same_id_stays(name: str) -> None:
    mine, other = replace(TOLD, id=name), replace(ALIKE, id=name)
    made = replace(ALIKE, id=f"{name}~noise", question="ile dni urlopu mi przysluguje", origin=name)
    Snapshot.write("load", [mine])
    loaded = Snapshot.write("load", [other, made])
    train = Snapshot.write("train", [other, made])
    assert forget(matching="Jan Kowalski").forms == 1
    assert loaded.is_there()
    assert train.is_there()
    assert [Tombstones.read().holds(record) for record in (mine, other)] == [True, False]


def test_a_row_is_one_through_all_stages_and_goes_with_its_variants_wherever_they_lie() -> None:
    mine = replace(TOLD, id="7")
    cleaned = replace(mine, question="Czy muszę zapłacić za okno?", answer="Tak, trzeba zapłacić za szkodę.")
    variant = Record("7~noise", "musze zaplacic za okno", "Tak.", origin="7", group="g1")
    Snapshot.write("load", [mine])
    Snapshot.write("clean", [Changed(cleaned, mine, ("wording",))])
    Snapshot.write("train", [replace(cleaned, group="g1"), replace(ALIKE, group="g2")])
    Snapshot.write("augment", [variant, replace(ALIKE, group="g2")])
    found, _ = foresee(Wanted(matching="Jan Kowalski"))
    assert (found.meant, found.derived, len(found.records), found.different) == (["7"], ["7~noise"], 4, 1)


def test_an_id_that_several_rows_bear_names_them_all_and_their_number_is_told(workspace: Path) -> None:
    from flows.forget import forget as command

    Snapshot.write("load", [replace(TOLD, id="7")])
    Snapshot.write("load", [replace(ALIKE, id="7")])
    said: list[str] = []
    command(["7", "--dry-run"], said.append)
    assert said[0] == "rows     7 (2 different rows: sources share ids)"
    assert forget("7").rows == 2
