import json
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from paragraf.clean import CleanSettings, clean, clean_row
from paragraf.records import Changed, Dropped, Kept, Record

SAMPLE = Path(__file__).parents[1] / "paragraf" / "data" / "sample.jsonl"
EXAMS = Path(__file__).parents[2] / "shared" / "data" / "exams-2012-2019.jsonl"
LANGUAGE_BLIND = CleanSettings(
    min_rows=1, min_chars=1, min_question_chars=1, require_polish=False, personal_data="keep"
)
QUESTION = "Czy najemca może wypowiedzieć umowę najmu zawartą na czas oznaczony?"
ANSWER = "Najemca może ją wypowiedzieć tylko w wypadkach określonych w umowie, co wynika z art. 673 § 3 k.c."
PESEL = "00610100006"  # month 61: born in 2200


def row(question: str = QUESTION, answer: str = ANSWER, **fields: object) -> Record:
    return Record(id="row", question=question, answer=answer, **fields)  # type: ignore[arg-type]


def changed(record: Record, settings: CleanSettings = CleanSettings()) -> Changed:  # noqa: B008  # frozen
    outcome = clean_row(record, settings)
    assert isinstance(outcome, Changed)
    return outcome


def dropped(record: Record, settings: CleanSettings = CleanSettings()) -> Dropped:  # noqa: B008  # frozen
    outcome = clean_row(record, settings)
    assert isinstance(outcome, Dropped)
    return outcome


@pytest.mark.parametrize(
    ("answer", "reasons", "mended"),
    [
        (f" {ANSWER}\u00a0", ("whitespace",), ANSWER),
        (ANSWER.replace("może", "mo\u200bże"), ("control_characters",), ANSWER),
        (ANSWER.replace("ż", "z\u0307"), ("composed_letters",), ANSWER),
        (ANSWER.encode("cp1250").decode("latin-1"), ("encoding_repaired",), ANSWER),
        (ANSWER.replace("tylko", "<b>tylko</b>"), ("html_removed",), ANSWER),
        (ANSWER.replace("wypowiedzieć", "wypo- wiedzieć"), ("rejoined_words",), ANSWER),
        (f"{QUESTION} {ANSWER}", ("echo_removed",), ANSWER),
        (f"<p>{ANSWER}</p>\n\n\n<p>Tak.</p>", ("html_removed", "whitespace"), f"{ANSWER}\n\nTak."),
    ],
)
def test_a_changed_row_is_told_with_what_it_was_and_why(answer: str, reasons: tuple[str, ...], mended: str) -> None:
    outcome = changed(row(answer=answer))
    assert (outcome.reasons, outcome.record.answer, outcome.was.answer) == (reasons, mended, answer)


def test_every_text_of_a_row_is_mended() -> None:
    outcome = changed(row(basis_text="Zapła- ta czynszu", facts=("dwa  lata",), choices=(("A", "&sect; 2"),)))
    assert outcome.reasons == ("html_removed", "whitespace", "rejoined_words")
    assert (outcome.record.basis_text, outcome.record.facts) == ("Zapłata czynszu", ("dwa lata",))
    assert outcome.record.choices == (("A", "§ 2"),)


def test_a_row_that_needs_nothing_is_the_row_itself() -> None:
    record = row()
    assert clean_row(record, CleanSettings()) is record


@pytest.mark.parametrize(
    ("broken", "whole"),
    [
        ("ponosi odpowie- dzialność za szkodę", "ponosi odpowiedzialność za szkodę"),
        ("ponosi odpo-\n    wiedzialność", "ponosi odpowiedzialność"),
        ("po- winien, na- leży", "powinien, należy"),
        ("ODPOWIE- DZIALNOŚĆ", "ODPOWIEDZIALNOŚĆ"),
        ("zadośćuczy nienie za krzywdę", "zadośćuczynienie za krzywdę"),
        ("postano wienie sądu o kosztach i opłatach należnych", "postanowienie sądu o kosztach i opłatach należnych"),
        ("spółka komandytowo- akcyjna", "spółka komandytowo-akcyjna"),
    ],
)
def test_a_broken_word_is_joined(broken: str, whole: str) -> None:
    assert changed(row(basis_text=broken)).record.basis_text == whole


@pytest.mark.parametrize(
    "text",
    [
        "dwu- i trzyletni, osobowo- kapitałowa, krótko- i długoterminowy",
        "najem- to umowa, umowa- zlecenie",
        "wy powiedzenie umowy, za skarżony wyrok",
        "klauzula del credere, in vitro, de facto, pro bono",
        "biało-czerwony, polsko-niemiecki, społeczno-gospodarczy",
        "Art. 5 ust. 2 pkt 3 lit. a-c, poz. 12- 15",
        "moge rozwiazac umowe bez wy powiedzenia",
        "Kowalski- Nowak, Bielsko- Biała",
    ],
)
def test_what_may_be_two_words_stays_two(text: str) -> None:
    assert clean_row(row(basis_text=text), CleanSettings(personal_data="keep")) == row(basis_text=text)


@pytest.mark.parametrize(
    "answer",
    [
        "Najemca może wypowiedzieć umowę, jeżeli lokal ma wady, które",
        "Umowę wypowiada się na piśmie oraz",
        "Pozew składa się w sądzie rejonowym, a",
        "Trzeba dołączyć odpis aktu urodzenia i",
        "Termin wynosi czternaście dni, ale",
        "Opłata wynosi 100 zł. Do wniosku trzeba dołączyć:",
        "Tak. Najemca może wypowiedzieć umowę, jeśli lokal zagraża zdrowiu,",
        "Najemca może wypowiedzieć umowę wcześniej, jeżeli tak postanowiono w umowie,",
        "Obowiązek ten wynika z art.",
        "Stanowi o tym art. 5 ust.",
        "Podstawą jest art. 24 § 1 pkt",
        "Pracodawca ponosi odpowie-",
        "Strony mogą rozwiązać umowę przez...",
        "Sąd orzeka, biorąc pod uwagę (",
        "Najemca nie może wypowiedzieć umowy przed upływem terminu, chyba że stro",
        "Roszczenie o zachowek przedawnia się z upływem pięciu lat od ogłoszenia testamen",
    ],
)
def test_an_answer_that_breaks_off_is_dropped(answer: str) -> None:
    assert dropped(row(answer=answer)).reason == "incomplete"


@pytest.mark.parametrize(
    "answer",
    [
        "Podstawa prawna: art. 5 k.c",
        "dwa lata od dnia wymagalności",
        "Stosuje się przepisy o zleceniu, itd",
        "Termin upływa 30 kwietnia 2024 r",
        "Podstawą jest art. 6 ust. 1 lit. a",
        "Wniosek jest na stronie isap.sejm.gov.pl",
        "Tak stanowi „umowa oraz”",
        "Można żądać:\n1) naprawy,\n2) wymiany,\n3) obniżenia ceny,",
        "Grozi za to mandat i 15 pkt",
        "Zasada ta brzmi in dubio pro reo",
        "mozna zlozyc sprzeciw w terminie dwoch tygodni od doreczenia nakazu zaplaty",
        "Umowę rozwiązuje się z winy pracownika w trybie art 52 kp",
        "Kupujący może odstąpić od umowy zawartej przez internet w ciągu 14 dni bez podania przyczyny",
        "Umowa może zostać zawarta ustnie, pisemnie, elektronicznie...",
    ],
)
def test_a_whole_answer_stays_though_its_full_stop_is_missing(answer: str) -> None:
    assert clean_row(row(answer=answer), CleanSettings()) == row(answer=answer)


def test_an_exam_item_may_end_with_its_comma() -> None:
    question = "Zgodnie z Kodeksem cywilnym, umowa zawarta pod wpływem groźby:"
    answer = "Jest nieważna z mocy prawa, chyba że strony potwierdziły ją później na piśmie,"
    assert clean_row(row(question, answer), CleanSettings()) == row(question, answer)
    choices = (("A", "jest ważna,"), ("B", "jest nieważna oraz"))
    item = row(question, "jest nieważna oraz", choices=choices, correct="B", item_type="exam")
    assert clean_row(item, CleanSettings()) == item


@pytest.mark.parametrize(
    ("question", "answer", "rest"),
    [
        (
            "Czy umowa ustna jest ważna?",
            "Czy umowa ustna jest ważna? Tak, jest w pełni ważna.",
            "Tak, jest w pełni ważna.",
        ),
        (
            "Czy umowa ustna jest ważna?",
            "Pytanie: czy umowa ustna jest wazna?\nOdpowiedź: Tak, jest w pełni ważna.",
            "Tak, jest w pełni ważna.",
        ),
        (
            "Czym jest prawo pomocy?",
            "**Czym jest prawo pomocy?**\n\nTo zwolnienie od kosztów.",
            "To zwolnienie od kosztów.",
        ),
        (
            "Kto dziedziczy po wdowie?",
            "Kto dziedziczy po wdowie ? - Dzieci i wnuki zmarłej.",
            "Dzieci i wnuki zmarłej.",
        ),
    ],
)
def test_an_answer_loses_the_question_that_it_begins_with(question: str, answer: str, rest: str) -> None:
    outcome = changed(row(question, answer))
    assert (outcome.record.answer, "echo_removed" in outcome.reasons) == (rest, True)


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("Przedawnienie roszczeń z umowy", "Przedawnienie roszczeń z umowy następuje po trzech latach."),
        ("Co grozi za jazdę po alkoholu?", "Co grozi za jazdę po alkoholu, zależy od stężenia we krwi."),
    ],
)
def test_a_sentence_that_begins_like_the_question_is_no_echo(question: str, answer: str) -> None:
    assert clean_row(row(question, answer), CleanSettings()) == row(question, answer)


@pytest.mark.parametrize(
    "answer",
    [
        "Jako AI nie mam dostępu do akt sprawy, ale termin wynosi 14 dni.",
        "Nie mogę, jako asystent AI, doradzać w tej sprawie.",
        "Moja wiedza sięga 2021 roku, więc sprawdź aktualne przepisy.",
        "Nie jestem prawnikiem. Proszę skonsultować się z prawnikiem.",
        "Witam. Niestety nie udzielam porad. Pozdrawiam, Czytelnik",
        "Podbijam temat! Proszę o szybką odpowiedź!",
        "Zapraszam do kontaktu z moją kancelarią. Tel. 500 000 000",
        "Dzień dobry, chętnie pomogę w Państwa sprawie. Zapraszam na konsultację.",
        "Kliknij tutaj, aby przeczytać więcej.",
        "Więcej informacji na stronie www.kancelaria-przyklad.pl",
        "Zaloguj się, aby zobaczyć odpowiedź",
        "[tu wpisz odpowiedź na pytanie]",
        "<|im_start|>assistant\nTak, można odstąpić od umowy.",
        "### Instruction: Odpowiedz na pytanie",
        "Jesteś pomocnym asystentem prawnym. Odpowiadaj krótko.",
        "Treść odpowiedzi w przygotowaniu",
    ],
)
def test_an_answer_without_content_is_boilerplate(answer: str) -> None:
    assert dropped(row(answer=answer), CleanSettings(personal_data="keep")).reason == "boilerplate"


@pytest.mark.parametrize(
    "answer",
    [
        "System, który działa jako chatbot, musi informować o tym użytkownika.",
        "Zaloguj się na Profil Zaufany i złóż wniosek przez ePUAP.",
        "Zadzwoń na policję i zgłoś kradzież samochodu.",
        "Adwokat z urzędu wyznaczony przez sąd.",
        "Skontaktuj się z sądem i wnieś o przywrócenie terminu.",
        "Zapraszam do złożenia wniosku w urzędzie skarbowym.",
        "Udaj się do notariusza i sporządź testament.",
        "Witam, ma Pan prawo odstąpić od umowy w ciągu 14 dni. Pozdrawiam",
        "We wzorze pisma wpisz [data] oraz [podaj adres].",
        "Kancelaria komornicza prowadzi egzekucję na wniosek wierzyciela.",
        "Brak odpowiedzi na reklamację w terminie 14 dni oznacza jej uznanie.",
        "Nie mogę doradzić ukrycia majątku, bo to przestępstwo z art. 300 k.k.",
    ],
)
def test_an_answer_with_content_stays_whatever_stands_beside_it(answer: str) -> None:
    assert clean_row(row(answer=answer), CleanSettings(personal_data="keep")) == row(answer=answer)


@pytest.mark.parametrize(
    ("answer", "found"),
    [
        ("Umowę można wypowied\ufffdieć w terminie miesiąca.", "wypowied"),
        ("Nie mo?na wypowiedzieć tej umowy bez przyczyny.", "mo?na"),
        ("?wiadek musi stawić się w sądzie na wezwanie.", "?wiadek"),
    ],
)
def test_a_row_with_lost_letters_is_dropped(answer: str, found: str) -> None:
    outcome = dropped(row(answer=answer))
    assert (outcome.reason, found in outcome.detail) == ("damaged_text", True)


@pytest.mark.parametrize(
    "answer",
    [
        "Czy to możliwe?Tak, można odstąpić od umowy.",
        "Zależy jaki to spadek?czy z długami, czy bez długów.",
        "Formularz jest pod adresem https://przyklad.pl/szukaj?wniosek=1 w serwisie.",
        "Tak (czy na pewno?), można odstąpić od umowy.",
    ],
)
def test_a_question_mark_that_is_one_is_no_lost_letter(answer: str) -> None:
    assert clean_row(row(answer=answer), CleanSettings()) == row(answer=answer)


def test_personal_data_get_one_placeholder_through_the_whole_row() -> None:
    outcome = changed(
        row(
            "Czy Jan Kowalski może wypowiedzieć umowę najmu?",
            f"Tak, Jan Kowalski, PESEL {PESEL}, może  ją wypowiedzieć na piśmie.",
            facts=("umowę zawarł Jan Kowalski",),
        )
    )
    assert outcome.reasons == ("whitespace", "masked_person", "masked_pesel")
    assert outcome.record.question == "Czy [OSOBA 1] może wypowiedzieć umowę najmu?"
    assert outcome.record.answer == "Tak, [OSOBA 1], PESEL [PESEL 1], może ją wypowiedzieć na piśmie."
    assert outcome.record.facts == ("umowę zawarł [OSOBA 1]",)
    assert outcome.was.answer == "Tak, [OSOBA 1], PESEL [PESEL 1], może  ją wypowiedzieć na piśmie."


def test_personal_data_that_damage_hid_are_not_told_either() -> None:
    hidden = "Tak, PESEL 006<b></b>10100006 może być podany w umowie najmu."
    outcome = changed(row(answer=hidden))
    assert outcome.reasons == ("html_removed", "masked_pesel")
    assert outcome.was.answer == outcome.record.answer == "Tak, PESEL [PESEL 1] może być podany w umowie najmu."


def test_a_row_that_is_set_aside_holds_no_personal_data_either() -> None:
    outcome = dropped(row(answer=f"PESEL {PESEL} oraz"))
    assert (outcome.reason, outcome.record.answer) == ("incomplete", "PESEL [PESEL 1] oraz")
    assert PESEL not in outcome.detail


def test_rows_with_personal_data_can_be_dropped_or_kept() -> None:
    record = row(answer=f"Tak, w umowie wpisano PESEL {PESEL} jednej ze stron.")
    outcome = dropped(record, CleanSettings(personal_data="drop"))
    assert (outcome.reason, outcome.detail) == ("personal_data", "1 pesel")
    assert PESEL not in outcome.record.answer
    assert clean_row(record, CleanSettings(personal_data="keep")) is record


def test_placeholders_of_an_earlier_cleaning_keep_their_numbers() -> None:
    record = row("Czy Anna Zielińska może wypowiedzieć umowę najmu?", "Tak, [OSOBA 1] i jej mąż mogą ją wypowiedzieć.")
    assert changed(record).record.question == "Czy [OSOBA 2] może wypowiedzieć umowę najmu?"


def test_an_answer_with_a_fabricated_citation_is_set_aside_if_the_settings_say_so() -> None:
    record = row(answer="Wypowiedzenie umowy najmu na czas oznaczony reguluje art. 98765 k.c.")
    outcome = dropped(record, CleanSettings(fabricated_citations="quarantine"))
    assert (outcome.reason, outcome.detail) == ("fabricated_citation", "kc:art=98765")
    assert clean_row(record, CleanSettings()) is record


def test_a_question_may_cite_what_does_not_exist() -> None:
    record = row("Co mówi art. 98765 k.c. o najmie lokalu?", "Takiego przepisu nie ma; najem reguluje art. 659 k.c.")
    assert clean_row(record, CleanSettings(fabricated_citations="quarantine")) is record


def test_the_sample_needs_no_cleaning() -> None:
    rows = [json.loads(line) for line in SAMPLE.read_text("utf-8").splitlines()]
    records = [
        Record(id=each["id"], question=each["question"], answer=each["answer"], item_type=each["item_type"])
        for each in rows
    ]
    settings = CleanSettings(fabricated_citations="quarantine")
    assert [record.id for record in records if clean_row(record, settings) is not record] == []


@pytest.mark.skipif(not EXAMS.is_file(), reason="the exams are not here")
def test_no_item_of_the_exams_is_dropped_and_only_broken_compounds_are_mended() -> None:
    reasons = set()
    for item in map(json.loads, EXAMS.read_text("utf-8").splitlines()[::4]):
        record = Record(
            id="exam",
            question=item["question"],
            answer=item["choices"][item["answer"]],
            choices=tuple(item["choices"].items()),
            basis_text=item["legal_basis_content"],
        )
        outcome = clean_row(record, CleanSettings())
        assert not isinstance(outcome, Dropped)
        reasons.update(outcome.reasons if isinstance(outcome, Changed) else ())
    assert reasons <= {"rejoined_words"}


PIECES = [
    "<p>",
    "&nbsp;",
    "\n",
    "  ",
    "- ",
    "odpowie- dzialność",
    "s¹",
    "Ä…",
    "z\u0307",
    "\u200b",
    "\x85",
    "\ufffd",
    "?",
]
DAMAGED = st.lists(st.sampled_from(PIECES) | st.text(max_size=4), max_size=10).map("".join)


@settings(max_examples=200, deadline=None)
@example("0×Ä…Ä…", "0×Ä…Ä…Ä…")  # what stays behind the echo reads as damaged, the whole does not
@given(DAMAGED, DAMAGED)
def test_a_cleaned_row_needs_no_cleaning(question: str, answer: str) -> None:
    outcome = clean_row(row(question, answer), LANGUAGE_BLIND)
    if isinstance(outcome, Changed):
        assert clean_row(outcome.record, LANGUAGE_BLIND) is outcome.record


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(DAMAGED, DAMAGED), max_size=5), st.sampled_from(["mask", "drop", "keep"]))
def test_whatever_comes_in_is_kept_or_dropped_and_every_change_is_told(
    texts: list[tuple[str, str]], personal_data: str
) -> None:
    records = [Record(str(number), question, answer) for number, (question, answer) in enumerate(texts)]
    records.append(row())
    kept = Kept.of(clean(records, LANGUAGE_BLIND.model_copy(update={"personal_data": personal_data})))
    ids = [record.id for record in kept.records] + [item.record.id for item in kept.dropped]
    assert sorted(ids) == sorted(record.id for record in records)
    given_as = {record.id: record for record in records}
    told = {item.record.id for item in kept.changed}
    assert told == {record.id for record in kept.records if record != given_as[record.id]}
