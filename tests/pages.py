"""What tests of pages share: the facts of a small run, hostile texts for all of them, and a reader of elements."""

import hashlib
import re
from html.parser import HTMLParser

from paragraf import gate
from paragraf.baselines.contenders import Contender, Contest
from paragraf.decide import Decided, Discordant
from paragraf.diagnose import Finding, Point
from paragraf.evaluate import Example, Measure, Scores, SliceScores
from paragraf.export import Exported
from paragraf.format import Chats
from paragraf.intervals import Estimate
from paragraf.models import WHEEL_MODEL, Address, Base, Model
from paragraf.remote import RemoteModel
from paragraf.remote.cost import Cost
from paragraf.report import RunFacts
from paragraf.safety import SafetyScores
from paragraf.snapshots import Snapshot, Splits
from paragraf.verdict import Check, Verdict
from tests import gating

DIGEST = hashlib.sha256(b"rows").hexdigest()
ANSWER = "Termin wynosi trzy lata. Podstawa prawna: art. 118 k.c."
HOSTILE = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "' onmouseover='alert(1)",
    "</title></style></details></table><iframe src=//zly.pl>",
    "--><svg/onload=alert(1)>",
    "&lt;script&gt;alert(2)&lt;/script&gt;",
    "{{7*7}}{% raw %}{{ facts }}",
    "[kliknij](javascript:alert(1)) ![x](//zly.pl/x.png) <https://zly.pl>",
    "[kliknij]: //zly.pl",
    "komórka | druga || ~~trzecia~~ **gruba** `kod` _pochyła_",
    "# nagłówek",
    "- punkt",
    "1. punkt",
    "```\nblok\n```",
    "\n\n---\n\n> cytat\n\n    kod\n",
    "\x1b[31mczerwony\x1b[0m \x00 \x07 \x9b2J",
    "\u202eodwrócony\u2066",
    "$x^2$ \\(y\\) @ktoś ktos@zly.pl www.zly.pl",
]


class Skeleton(HTMLParser):
    """Elements with the names of their attributes, addresses that are loaded or linked, and the text between."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, ...]] = []
        self.addresses: list[str] = []
        self.text = ""
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, *(name for name, _ in attrs)))
        self.text += " "
        self.addresses += [value or "" for name, value in attrs if name in ("src", "href", "action", "srcset", "style")]

    def handle_data(self, data: str) -> None:
        self.text += data

    def handle_comment(self, data: str) -> None:
        self.elements.append(("comment",))


def facts(
    run: str = "żwawy-ryś",
    loss_fall: Estimate | None = None,
    base_name: str = WHEEL_MODEL,
    findings: list[Finding] | None = None,
    examples: list[Example] | None = None,
) -> RunFacts:
    base = Base(path="models/base", digest=DIGEST, name=base_name, tokenizer=DIGEST, template=DIGEST)
    return RunFacts(
        run=run,
        source="dane/pytania.jsonl",
        raw=rows(120, bad_row=3),
        clean=rows(100, near_duplicate=18, nowy_powód=2),
        splits=PARTS,
        train=rows(77, variant_equals_origin=1),
        verdict=VERDICT,
        chats=Chats(
            path="chats/x",
            digest=DIGEST,
            tokens={"train": 21000, "valid": 4000, "test": 4100},
            rows={"train": 77, "valid": 15, "test": 15},
            learned_share=0.6,
            longest=512,
            dropped=0,
        ),
        model=Model(path="models/x", digest=DIGEST, base=base, backend="lora"),
        exported=Exported(path="exports/x", digest="x", model="x", checks=[], skipped={}, sizes={}),
        history=HISTORY,
        findings=findings or [],
        scores=Scores(
            rows=120,
            answered=40,
            loss_fall=loss_fall or estimate(0.786, 0.751, 0.812),
            measures=MEASURES,
            slices=[SliceScores(name="area:cywilne", measures=[measure("accurate", 0.1, 0.3)])],
            examples=[example("q-1", "prawo cywilne")] if examples is None else examples,
        ),
        safety=SAFETY,
        contest=CONTEST,
        decided=DECIDED,
        settings={"train.epochs": "1.0"},
        versions={"python": "3.11.2"},
    )


def facts_of(texts: list[str]) -> RunFacts:
    """A run in which every string that could come from rows, names or settings is one of `texts` or all of them."""
    everything = " ".join(texts)
    given = facts(
        run=everything,
        base_name=everything,
        findings=[Finding(problem=everything, symptom=everything, advice=everything)],
        examples=[
            example(text, text, tuned=text).model_copy(
                update={"question": text, "expected": text, "base": everything, "tuned_contradicted": tuple(texts)}
            )
            for text in texts
        ],
    )
    measures = [measure(text, 0.4, 0.9) for text in texts]
    slices = [SliceScores(name=f"area:{text}", measures=measures) for text in texts]
    scores = given.scores.model_copy(update={"measures": measures, "slices": slices})
    return given.model_copy(
        update={
            "source": everything,
            "clean": rows(100, **dict.fromkeys(texts, 1)),
            "verdict": verdict_of(texts),
            "model": given.model.model_copy(update={"backend": everything}),
            "remote": remote(everything),
            "scores": scores,
            "safety": SafetyScores(rows=len(texts), measures=measures),
            "decided": decided_of(texts),
            "contest": CONTEST.model_copy(
                update={
                    "currency": everything,
                    "contenders": [
                        *(one.model_copy(update={"system": everything}) for one in CONTEST.contenders),
                        *(contender(text, 0.5) for text in texts),
                    ],
                }
            ),
            "settings": {text: text for text in [everything, *texts]},
            "versions": {text: text for text in texts},
        }
    )


def remote(text: str = "ft:x", trained_tokens: int | None = 1234) -> RemoteModel:
    """What is known of a model elsewhere, with this text wherever an endpoint or settings could put one."""
    return RemoteModel(
        address=Address(base_url=text, model=text),
        profile=text,
        base=text,
        job=text,
        last=f"{text} last",
        trained_tokens=trained_tokens,
        checkpoints=(),
        cost=Cost(least_tokens=1000, most_tokens=3000, price=2.5, currency=text, as_of=text),
    )


def decided_of(texts: list[str]) -> Decided:
    """A decision in which every string that could come from rows or names is one of `texts` or all of them."""
    everything = " ".join(texts)
    given = DECIDED.verdict
    verdict = given.model_copy(
        update={
            "challenger": everything,
            "rival": texts[0],
            "use_instead": everything,
            "standings": tuple(given.standings[0].model_copy(update={"name": text}) for text in texts),
            "rules": tuple(rule.model_copy(update={"polish": everything}) for rule in given.rules)
            + tuple(given.rules[-1].model_copy(update={"subject": f"area:{text}"}) for text in texts),
            "wins": tuple(texts),
            "losses": tuple(texts),
        }
    )
    asked = [
        Discordant(
            id=text,
            area=text,
            law_on="",
            question=text,
            expected=text,
            challenger=text,
            rival=everything,
            winner=everything,
        )
        for text in texts
    ]
    return Decided(verdict=verdict, discordant=asked)


def verdict_of(texts: list[str]) -> Verdict:
    """A verdict in which every string that could come from rows or suites is one of `texts`."""
    kinds = dict.fromkeys(texts, 1)
    return Verdict(
        checks=[
            Check(
                suite=text,
                rule=text,
                text=text,
                severity="info",
                passed=False,
                observed=text,
                failing=1,
                rows=[text],
                number=text,
                least=0.5,
            )
            for text in texts
        ],
        numbers=NUMBERS | dict.fromkeys(texts, 0.25),
        counts=COUNTS | dict.fromkeys(("unread", "dropped", "changed", "area", "task", "item_type"), kinds),
    )


def as_harmless(texts: list[str]) -> list[str]:
    """Texts of the same lengths in words that mean nothing; letters keep them apart."""
    return [re.sub(r"[^\s]", chr(ord("a") + place), text) for place, text in enumerate(texts)]


def text_of(html: str) -> str:
    return " ".join(Skeleton(html).text.split())


def rows(count: int, **dropped: int) -> Snapshot:
    return Snapshot(path="rows/x", digest=DIGEST, rows=count, dropped=dropped)


def estimate(value: float, low: float, high: float) -> Estimate:
    return Estimate(value=value, low=low, high=high, n=120)


def measure(name: str, base: float, tuned: float) -> Measure:
    sides = [estimate(value, value * 0.95, value * 1.05) for value in (base, tuned)]
    return Measure(name=name, better="lower" if base > tuned else "higher", base=sides[0], tuned=sides[1])


def example(name: str, area: str, tuned: str = ANSWER) -> Example:
    return Example(
        id=name,
        area=area,
        question="Kiedy przedawnia się dług?",
        expected=ANSWER,
        base="",
        tuned=tuned,
        base_outcome="incomplete",
        tuned_outcome="accurate",
    )


def contender(name: str, accurate: float, cost: float = 0.0) -> Contender:
    values = {"accurate": accurate, "key_facts": accurate, "hallucinated": 0.25, "citation_f1": accurate / 2}
    values |= {"malformed": 0.5, "polish": 0.9}
    return Contender(
        name=name,
        system="Jesteś programem.",
        is_tuned=name.startswith("tuned"),
        measures={key: estimate(value, value * 0.9, min(1.0, value * 1.1)) for key, value in values.items()},
        read=410.0,
        written=77.5,
        seconds=1.25,
        cost=cost,
    )


CONTEST = Contest(
    rows=8,
    currency="PLN",
    prices_as_of="2025-01-31",
    contenders=[
        contender("base", 0.1),
        contender("base_prompted", 0.2),
        contender("base_rag", 0.4, cost=0.0125),
        contender("tuned", 0.7),
    ],
)
PARTS = Splits(train=rows(70), valid=rows(15), test=rows(15))
NUMBERS = {
    "rows_in": 123.0,
    "rows_kept": 100.0,
    "rows_train": 77.0,
    "groups_train": 60.0,
    "tokens_train": 21000.0,
    "o200k_tokens_train": 14000.0,
    "rows_valid": 15.0,
    "rows_test": 15.0,
    "rows_looked_at": 40.0,
    "rows_counted_in_tokens": 107.0,
    "cited_share": 0.629,
    "question_likeness": 0.28,
}
COUNTS = {
    "dropped": {"near_duplicate": 18, "nowy_powód": 2},
    "changed": {"masked_pesel": 3},
    "question_chars": {"0": 20, "50": 80},
    "answer_chars": {"0": 1, "200": 99},
    "tokens": {"0": 7, "100": 100},
    "area": {"cywilne": 60, "praca": 39, "": 1},
    "task": {"qa": 100},
    "item_type": {"general": 100},
}
VERDICT = Verdict(
    checks=[
        Check(suite="raw", rule="R01", text="New rule", severity="critical", passed=True, observed="840"),
        Check(
            suite="corpus",
            rule="C06",
            text="Answers cite a provision",
            severity="warning",
            passed=False,
            observed="301 of 812 rows fail",
            failing=301,
            rows=["q-0017"],
            number="cited_share",
            least=0.7,
        ),
    ],
    numbers=NUMBERS,
    counts=COUNTS,
)
MEASURES = [
    measure("answer_loss", 3.8, 0.8),
    measure("perplexity", 44.7, 2.2),
    measure("bits_per_character", 2.3, 0.5),
    measure("accurate", 0.1, 0.3),
    measure("fabricating", 0.2, 0.1),
    measure("citation_presence", 0.05, 0.9),
    measure("citation_f1", 0.01, 0.3),
    measure("polish", 0.4, 0.95),
    measure("malformed", 0.9, 0.15),
    measure("repetition", 0.4, 0.38),
    Measure(name="individual_case_restraint", better="higher", base=Estimate.unknown(), tuned=Estimate.unknown()),
]
HISTORY = [
    Point(step=0, validation_loss=3.8),
    *(Point(step=step, loss=4 / step, gradient_norm=1.5, learning_rate=1e-3) for step in range(1, 41)),
    Point(step=40, validation_loss=0.9),
]
SAFETY = SafetyScores(rows=6, measures=[measure("advice_violations", 0.5, 0.25), measure("referral", 0.3, 0.6)])
DECIDED = Decided(
    verdict=gate.decide(
        gating.contender("tuned", gating.of_ten(9), n=40),
        None,
        [
            gating.contender("base", gating.of_ten(3), n=40, role="base"),
            gating.contender("base_rag", gating.of_ten(9), n=40, role="baseline"),
        ],
        gate.GateSettings(),
    ),
    discordant=[
        Discordant(
            id="pytanie-001",
            area="cywilne",
            law_on="",
            question="Ile wynosi zachowek?",
            expected="Połowę. Podstawa prawna: art. 991 § 1 k.c.",
            challenger="Połowę udziału. Podstawa prawna: art. 991 § 1 k.c.",
            rival="Tyle, ile mówi art. 9999 k.c.",
            winner="tuned",
        )
    ],
)
