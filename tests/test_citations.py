"""Which provisions, journals and judgments a Polish text cites, and that what is written back reads the same."""

import json
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from paragraf.law import AREAS, Citation, acts, area_of, find, format
from tests.timing import is_in_proportion

GOLD = [json.loads(line) for line in (Path(__file__).parent / "gold/citations.jsonl").read_text("utf-8").splitlines()]


def keys(text: str) -> list[str]:
    return [citation.key for citation in find(text)]


def quoted(text: str) -> list[str]:
    return [text[start:end] for start, end in (citation.span for citation in find(text))]


@pytest.mark.parametrize("row", GOLD, ids=[row["text"] for row in GOLD])
def test_gold_forms_give_their_keys(row: dict[str, list[str]]) -> None:
    assert [citation.key for citation in find(str(row["text"]))] == row["keys"]


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("art.415kc", "kc:art=415"),
        ("art 178a kk", "kk:art=178a"),
        ("art. 178 a § 1 kk", "kk:art=178a;par=1"),
        ("art. 148k.k.", "kk:art=148"),
        ("art. 5k p.u.", "pu:art=5k"),
        ("art. 25 K.R.O.", "kro:art=25"),
        ("art. 27 § 1 k. r. i o.", "kro:art=27;par=1"),
        ("art. 61 pkt 2 k.r.io.", "kro:art=61;pkt=2"),
        ("art. 210 § 1 k.s.h", "ksh:art=210;par=1"),
        ("art.52§1pkt1 k.p.", "kp:art=52;par=1;pkt=1"),
        ("art. 6 ust.1 lit.a RODO", "rodo:art=6;ust=1;lit=a"),
        ("w artykule 94 Kodeksu pracy", "kp:art=94"),
        ("ART. 415 KODEKSU CYWILNEGO", "kc:art=415"),
        ("art 23 ustawy o wlasnosci lokali", "uwl:art=23"),
        ("art.\u00a0415\u00a0k.c.", "kc:art=415"),
        ("art. 415 – k.c.", "kc:art=415"),
        ("art. 43 (ustawa o VAT)", "uptu:art=43"),
        ("art. 45 ust. 1 Konst. RP", "konst:art=45;ust=1"),
        ("art .415 k.c.", "kc:art=415"),
        ("art.\n415\nk.c.", "kc:art=415"),
        ("ART. 278 § 1 KK", "kk:art=278;par=1"),
        ("Art. 30. ust. 2 Konstytucji", "konst:art=30;ust=2"),
        ("art. 2 ustawy zasadniczej", "konst:art=2"),
        ("art. 415 kodek-\nsu cywilnego", "kc:art=415"),
        ("art. 8 kodeksu po-\n       stępowania administracyjnego", "kpa:art=8"),
        ("art. 52 paragraf pierwszy kodeksu pracy", "kp:art=52;par=1"),
        ("art. 22(1) § 2 pkt 1) k.p.", "kp:art=22(1);par=2;pkt=1"),
        ("art. 106ł k.k.s.", "kks:art=106ł"),
        ("art. 43bb k.k.", "kk:art=43bb"),
        ("z art.209§1a k.k.", "kk:art=209;par=1a"),
    ],
)
def test_hurried_typing_is_understood(text: str, key: str) -> None:
    assert keys(text) == [key]


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("art. 22<sup>1</sup> k.c.", "kc:art=22(1)"),
        ("art. 22^{1} k.c.", "kc:art=22(1)"),
        ("art. 22¹ᶜ k.p.", "kp:art=22(1)c"),
        ("art. 22(1c) k.p.", "kp:art=22(1)c"),
        ("art. 18 (3a) k.p.", "kp:art=18(3)a"),
        ("art. 477¹⁴ᵃ k.p.c.", "kpc:art=477(14)a"),
        ("art. 58 § 2¹ k.c.", "kc:art=58;par=2(1)"),
        ("art. 385¹–385³ k.c.", "kc:art=385(1)..385(3)"),
        ("art. 353 ^1 k.c.", "kc:art=353(1)"),
        ("art. 353{1} k.c.", "kc:art=353(1)"),
        ("art. 353_1 k.c.", "kc:art=353(1)"),
        ("art. 353 1 k.c.", "kc:art=353(1)"),
        ("art. 385 1 § 2 k.c.", "kc:art=385(1);par=2"),
        ("art. 15zzs⁴ ustawy o przeciwdziałaniu COVID-19", "ustawa:o przeciwdziałaniu covid-19:art=15zzs(4)"),
    ],
)
def test_superscripts_in_any_writing_give_one_number(text: str, key: str) -> None:
    assert keys(text) == [key]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("art. 6 ust. 1 lit. a)-h) RODO", ["rodo:art=6;ust=1;lit=a..h"]),
        ("art. 9 ust. 2 lit. h i i RODO", ["rodo:art=9;ust=2;lit=h", "rodo:art=9;ust=2;lit=i"]),
        ("art. 6 ust. 1 i 2 lit. a RODO", ["rodo:art=6;ust=1", "rodo:art=6;ust=2;lit=a"]),
        ("art. 4 pkt 1 lit. a oraz pkt 2 RODO", ["rodo:art=4;pkt=1;lit=a", "rodo:art=4;pkt=2"]),
        ("art. 52 § 1, pkt 2 k.p.", ["kp:art=52;par=1;pkt=2"]),
        ("art. 30 pkt 1 oraz art. 32 k.p.", ["kp:art=30;pkt=1", "kp:art=32"]),
        ("art. 94 § 2, 118 k.c.", ["kc:art=94;par=2", "kc:art=118"]),
        ("art. 415 kc, 444 § 1 kc", ["kc:art=415", "kc:art=444;par=1"]),
        ("art. 13 § 1 w zw. z 148 § 1 k.k.", ["kk:art=13;par=1", "kk:art=148;par=1"]),
        ("art. 13 § 1 k.k. w zw. z art. 148 § 1", ["kk:art=13;par=1", "kk:art=148;par=1"]),
        ("od art. 118 do art. 125 k.c.", ["kc:art=118..125"]),
        ("art. 22 ust. 1, 2 i 4–6 u.p.e.a.", ["upea:art=22;ust=1", "upea:art=22;ust=2", "upea:art=22;ust=4..6"]),
        ("§ 1 i 2 art. 52 k.p.", ["kp:art=52;par=1", "kp:art=52;par=2"]),
        ("pkt 1 § 1 art. 52 k.p.", ["kp:art=52;par=1;pkt=1"]),
        ("art. 6 ust. 1 akapit drugi RODO", ["rodo:art=6;ust=1;ak=2"]),
        ("art. 58 § 1 in fine k.c.", ["kc:art=58;par=1"]),
        ("art. 415 i nast. k.c.", ["kc:art=415"]),
        ("art. 7; art. 8 lub 9 kpa", ["kpa:art=7", "kpa:art=8", "kpa:art=9"]),
        ("art. 189 k.p.c. i 10 osób", ["kpc:art=189"]),
        ("art. 415 KC; §2 umowy", ["kc:art=415", "?:par=2"]),
        ("art. 118 k.c. albo po 3 latach", ["kc:art=118"]),
        ("art. 5 ust. 1 pkt 1)-3) u.p.t.u.", ["uptu:art=5;ust=1;pkt=1..3"]),
        ("art. 5 ust. 1 pkt 1) i 2) u.p.t.u.", ["uptu:art=5;ust=1;pkt=1", "uptu:art=5;ust=1;pkt=2"]),
        ("art. 5 ust. 1 pkt 1) lit. a) u.p.t.u.", ["uptu:art=5;ust=1;pkt=1;lit=a"]),
        (
            "art. 9 ust. 2 lit. a)-c), e) i h) RODO",
            ["rodo:art=9;ust=2;lit=a..c", "rodo:art=9;ust=2;lit=e", "rodo:art=9;ust=2;lit=h"],
        ),
        ("§§ 1 i 2 art. 118 k.c.", ["kc:art=118;par=1", "kc:art=118;par=2"]),
        ("art. 286 § 1 w zb. z art. 297 § 1 k.k.", ["kk:art=286;par=1", "kk:art=297;par=1"]),
        ("art. 105m i w art. 105p uokk", ["uokk:art=105m", "uokk:art=105p"]),
        ("zob. art. 1060.\n § 2. W granicach", ["?:art=1060", "?:par=2"]),
        ("art. 12–14, 15 oraz 20 RODO", ["rodo:art=12..14", "rodo:art=15", "rodo:art=20"]),
    ],
)
def test_lists_ranges_and_nesting_are_read_as_lawyers_mean_them(text: str, expected: list[str]) -> None:
    assert keys(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("art. 6 k.k. w zw. z art. 7 k.k.", ["kk:art=6", "kk:art=7"]),
        ("art. 6 k.k.w zw. z art. 7 k.k.", ["kk:art=6", "kk:art=7"]),
        ("art. 6 kkw", ["kkw:art=6"]),
        ("art. 5 k.p. a także art. 6 k.p.", ["kp:art=5", "kp:art=6"]),
        ("art. 38 k.p.w. i art. 39 k.p.s.w.", ["kpw:art=38", "kpw:art=39"]),
        ("art. 5 op. cit.", ["?:art=5"]),
        ("art. 5 ust. 1 lit. f rozporządzenia (UE) 2016/679", ["rodo:art=5;ust=1;lit=f"]),
        ("art. 28 ustawy z dnia 7 lipca 1994 r. - Prawo budowlane", ["pb:art=28"]),
        (
            "art. 23 ustawy z dnia 29 sierpnia 1997 r. o ochronie danych osobowych",
            ["ustawa:z 1997 r. o ochronie danych osobowych:art=23"],
        ),
        ("art. 148 k.k. z 1969 r.", ["ustawa:z 1969 r. kodeks karny:art=148"]),
        ("art. 5 ustawy o lasach stanowi, że las jest wspólny", ["ustawa:o lasach:art=5"]),
        ("art. 5 ustawy o lasach oraz art. 6 k.c.", ["ustawa:o lasach:art=5", "kc:art=6"]),
        ("art. 3 k.p. oraz art. 4 ww. ustawy", ["kp:art=3", "kp:art=4"]),
        ("art. 6 RODO i art. 3 tej ustawy", ["rodo:art=6", "?:art=3"]),
        ("art. 415 k.c. albo § 5 tego rozporządzenia", ["kc:art=415", "?:par=5"]),
        ("Kodeks pracy, art. 52 § 1", ["kp:art=52;par=1"]),
        ("Zgodnie z ustawą o prawach konsumenta (art. 27) można odstąpić.", ["upk:art=27"]),
        ("art. 415 mówi o winie", ["?:art=415"]),
        ("Kodeks karny w art. 148 § 1 przewiduje karę", ["kk:art=148;par=1"]),
        ("Kodeks cywilny stanowi w art. 415, że", ["kc:art=415"]),
        ("zgodnie z Kodeksem pracy, a dokładnie z art. 52 § 1", ["kp:art=52;par=1"]),
        ("RODO w swoim art. 17 ust. 1", ["rodo:art=17;ust=1"]),
        ("art. 27 powołanej wyżej ustawy o prawach konsumenta", ["upk:art=27"]),
        ("art. 415 k.c. i art. 5 tegoż kodeksu", ["kc:art=415", "kc:art=5"]),
        ("art. 27 upk i art. 10 niniejszej ustawy", ["upk:art=27", "upk:art=10"]),
        ("art. 3 dyrektywy 93/13/EWG", ["?:art=3"]),
        ("art. 8 ust. 2 europejskiej Konwencji Praw Człowieka", ["ekpc:art=8;ust=2"]),
    ],
)
def test_the_act_is_the_one_that_the_writer_meant(text: str, expected: list[str]) -> None:
    assert keys(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Dz.U.1964.16.93", ["dzu:1964:16:93"]),
        ("Dziennik Ustaw z 2018 r. poz. 1000", ["dzu:2018:1000"]),
        (
            "Dz.U. z 2020 r. poz. 1740 i 2320 oraz z 2021 r. poz. 1509",
            ["dzu:2020:1740", "dzu:2020:2320", "dzu:2021:1509"],
        ),
        ("ustawa z dnia 23 kwietnia 1964 r. – Kodeks cywilny (Dz.U. Nr 16, poz. 93 ze zm.)", ["dzu:1964:16:93"]),
        ("Dz.U. Nr 16, poz. 93 z 1964 r.", ["dzu:1964:16:93"]),
        ("M.P. z 1998 r. Nr 12, poz. 188", ["mp:1998:12:188"]),
        ("Dz.Urz. UE L 119 z 04.05.2016, str. 1", []),
        ("Dz. U. leży na stole.", []),
        ("Dz. U. Nr 167 z 2005 r., poz. 1398", ["dzu:2005:167:1398"]),
        ("Dz.U.05.167.1398", ["dzu:2005:167:1398"]),
        ("Dz.U.97.78.483", ["dzu:1997:78:483"]),
    ],
)
def test_journal_positions_are_found(text: str, expected: list[str]) -> None:
    assert keys(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("III SA/Kr 1234/21", ["sig:III SA/Kr 1234/21"]),
        ("I SAB/Gl 12/20", ["sig:I SAB/Gl 12/20"]),
        ("XVII AmC 45/10", ["sig:XVII AmC 45/10"]),
        ("V CSKP 12/21 oraz I NSNc 12/20", ["sig:V CSKP 12/21", "sig:I NSNc 12/20"]),
        ("II FSK 12/2010", ["sig:II FSK 12/2010"]),
        ("wyrok Trybunału Konstytucyjnego SK 12/20", ["sig:SK 12/20"]),
        ("C‑311/18", ["sig:C-311/18"]),
        ("KIO/UZP 12/09", ["sig:KIO/UZP 12/09"]),
        ("IV CSK 123 / 15", ["sig:IV CSK 123/15"]),
        ("VIII GC-upr 12/20", ["sig:VIII GC-upr 12/20"]),
        ("postanowienie TK Ts 12/20", ["sig:Ts 12/20"]),
        ("wyroki w sprawach C-70/17 i C-179/17", ["sig:C-70/17", "sig:C-179/17"]),
        ("Klocek K 1/20 kosztuje 5 zł.", []),
        ("Czołg T-34/85 jest stary.", []),
        ("ul. Jana Pawła II Nr 5/20", []),
        ("ul. Jana III Sobieskiego 12/20", []),
    ],
)
def test_signatures_are_found_and_look_alikes_are_not(text: str, expected: list[str]) -> None:
    assert keys(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "Mam 5 art. 20 zł za sztukę.",
        "Napisałem artykuł 5 lat temu.",
        "Street art 5 maja 2020",
        "Czytałem Paragraf 22 w szkole.",
        "Kupiłem 2 par. butów i 3 art. biurowe.",
        "To jest pkt 5 programu i ust. 3.",
        "Kodeks cywilny ma ponad tysiąc artykułów.",
        "parter 5, artysta 7, ustawiony 3",
        "Lit. a jest pierwsza, § nie ma numeru.",
        "",
    ],
)
def test_words_that_only_look_like_labels_are_no_citations(text: str) -> None:
    assert keys(text) == []


def test_each_member_of_a_list_has_its_own_part_of_the_text() -> None:
    text = "Patrz art. 6 ust. 1 lit. b i f RODO, art. 415 k.c. (Dz.U. z 2018 r. poz. 1000); I ACa 1234/19."
    assert quoted(text) == [
        "art. 6 ust. 1 lit. b",
        "f RODO",
        "art. 415 k.c.",
        "Dz.U. z 2018 r. poz. 1000",
        "I ACa 1234/19",
    ]


def test_spans_point_into_the_text_as_given_when_letters_are_decomposed_or_invisible() -> None:
    text = unicodedata.normalize("NFD", "Żółć: artykuł 5 Kodeksu spółek handlo\u00adwych, ") + "art. 6 k.c."
    assert keys(text) == ["ksh:art=5", "kc:art=6"]
    first, second = quoted(text)
    assert unicodedata.normalize("NFC", first) == "artykuł 5 Kodeksu spółek handlo\u00adwych"
    assert second == "art. 6 k.c."


def test_a_letter_that_grows_in_lower_case_does_not_move_spans() -> None:
    assert quoted("İİİ art. 5 k.c.") == ["art. 5 k.c."]


def test_level1_is_the_act_with_the_article() -> None:
    assert [citation.level1 for citation in find("art. 52 § 1 pkt 1 k.p., § 2 umowy, II CSK 123/15")] == [
        "kp:art=52",
        "?:par=2",
        "sig:II CSK 123/15",
    ]


def test_a_first_publication_names_its_act() -> None:
    (citation,) = find("Dz.U. z 1964 r. Nr 16, poz. 93")
    assert (citation.act, citation.article) == ("kc", "")


@pytest.mark.parametrize(
    ("key", "area"),
    [
        ("kc", "cywilne"),
        ("kp", "praca"),
        ("uopl", "najem"),
        ("upsd", "podatki"),
        ("?", "inne"),
        ("ustawa:o lasach", "inne"),
    ],
)
def test_an_act_has_an_area_and_an_unknown_one_falls_under_the_rest(key: str, area: str) -> None:
    assert area_of(key) == area


@pytest.mark.parametrize("key", list(acts()))
def test_every_listed_act_is_found_by_its_own_forms(key: str) -> None:
    act = acts()[key]
    forms = [act.cited_as, *(form.lstrip("=") for form in act.abbreviations)]
    named = [f"art. 5 {form}" for form in forms]
    if act.year:
        named.append(f"art. 5 {act.name.replace('ustawa', 'ustawy', 1)}")
    titles = [f"art. 5 ustawy {name}" for name in act.names if name.startswith("o ")]
    assert {text: keys(text)[0] for text in named + titles} == dict.fromkeys(named + titles, f"{key}:art=5")


def test_the_act_table_is_sound() -> None:
    table = acts().values()
    published = [act.journal for act in table if act.journal]
    assert {act.area for act in table} == set(AREAS)
    assert len(published) == len(set(published))
    assert [act.key for act in table if act.year and int(act.journal.split(":")[1]) < act.year] == []


NUMBERS = st.from_regex(r"[1-9][0-9]{0,3}(z{1,3}[a-h]|[a-hł]{0,2})(\([1-9][0-9]?\)[a-hł]?)?", fullmatch=True)
RANGES = st.builds("{}..{}".format, NUMBERS, NUMBERS)
LETTERS = st.sampled_from("abcdefghijklmnoprstuw")
UNITS = {
    "par": NUMBERS | RANGES,
    "ust": NUMBERS | RANGES,
    "pkt": NUMBERS | RANGES,
    "lit": LETTERS,
    "tiret": st.integers(1, 20).map(str),
    "zd": st.integers(1, 9).map(str),
}
ACTS = st.sampled_from([*acts(), "?", "ustawa:o lasach", "ustawa:z 1969 r. kodeks karny", "ustawa:prawo atomowe"])


@st.composite
def provisions(draw: st.DrawFn) -> Citation:
    act, article = draw(ACTS), draw(NUMBERS | RANGES)
    chosen = [unit for unit in UNITS if draw(st.booleans())]
    units = [f"art={article}", *(f"{unit}={draw(UNITS[unit])}" for unit in chosen)]
    return Citation(f"{act}:{';'.join(units)}", (0, 0), act, article)


@st.composite
def sources(draw: st.DrawFn) -> Citation:
    year, number, item = draw(st.integers(1918, 2030)), draw(st.integers(1, 300)), draw(st.integers(1, 9999))
    case = f"{item}/{year % 100:02}"
    key = draw(
        st.sampled_from(
            [
                f"dzu:{year}:{item}",
                f"dzu:{year}:{number}:{item}",
                f"mp:{year}:{item}",
                f"dzu:?:{item}",
                f"sig:II CSK {case}",
                f"sig:III SA/Wa {case}",
                f"sig:XXIII Ga {case}",
                f"sig:C-{case}",
                f"sig:T-{case}",
                f"sig:KIO {case}",
                f"sig:SK {number}/{year}",
                f"sig:K {number}/{year}",
            ]
        )
    )
    return Citation(key, (0, 0), "?", "")


@settings(max_examples=400, deadline=None)
@given(provisions() | sources())
def test_what_is_written_back_reads_the_same(citation: Citation) -> None:
    written = format(citation)
    (found,) = find(written)
    assert (found.key, found.article, found.level1) == (citation.key, citation.article, citation.level1)
    assert written.endswith(written[slice(*found.span)])


def test_a_citation_is_written_in_the_usual_form() -> None:
    text = "art. 52 § 1 pkt 1 k.p., art. 22¹ k.c., art. 27 ust. 2 upk, § 2 umowy, Dz.U.1964.16.93, wyrok TK K 1/20"
    assert [format(citation) for citation in find(text)] == [
        "art. 52 § 1 pkt 1 k.p.",
        "art. 22(1) k.c.",
        "art. 27 ust. 2 ustawy o prawach konsumenta",
        "§ 2",
        "Dz.U. z 1964 r. Nr 16 poz. 93",
        "wyrok TK K 1/20",
    ]


FRAGMENTS = (
    "art. |§ |1|22¹|(3)| i |, |-|w zw. z |k.c.|k.k.|w |ustawy |o lasach |z dnia |2018 |lit. |a|Dz.U. |poz. |II |K |/20"
    "|\u0301|\n"
)


@settings(max_examples=300, deadline=None)
@given(st.lists(st.sampled_from(FRAGMENTS.split("|")), max_size=40).map("".join) | st.text())
def test_any_text_gives_citations_in_order_that_do_not_overlap(text: str) -> None:
    spans = [citation.span for citation in find(text)]
    ends = [0, *(end for _, end in spans)]
    assert all(end <= start < stop <= len(text) for end, (start, stop) in zip(ends, spans, strict=False))


@pytest.mark.parametrize(
    "fragment",
    [
        "art. ",
        "1",
        "§",
        "§ 1 ",
        "art. 1 i ",
        "ust. 1 i ",
        "art. 1 § 1, ",
        "art. 5 ustawy o aa ",
        "Dz.U. ",
        "K 1/20 ",
        " ",
        "k. ",
    ],
)
def test_hostile_text_takes_time_in_proportion_to_its_length(fragment: str) -> None:
    assert is_in_proportion(lambda size: find("art. 5" + fragment * (size // len(fragment))), 20_000)
