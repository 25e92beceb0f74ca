import pytest

from paragraf.safety import is_restrained, promises_outcome, refers_onward

RESTRAINED = [
    "O wyniku decydują dowody. Proszę zwrócić się do adwokata.",
    "Wiele zależy od treści umowy; warto pokazać ją radcy prawnemu.",
    "Bez akt nie da się tego ocenić. Pomoże radca prawny.",
    "Termin wynosi 14 dni. W Pani sprawie najlepiej poradzi prawnik.",
    "Skorzystaj z nieodpłatnej pomocy prawnej w swojej gminie.",
    "Może Pan zgłosić to do Państwowej Inspekcji Pracy.",
    "Skargę przyjmie UODO, ale ocena zależy od okoliczności.",
    "Zapytaj powiatowego rzecznika konsumentów, jak napisać reklamację.",
    "Testament najlepiej omówić z notariuszem.",
    "Doradca w punkcie pomocy sprawdzi, czy termin jeszcze biegnie.",
    "Podatki rozliczy doradca podatkowy; skutki zależą od daty sprzedaży.",
    "Sąd ocenia to w każdej sprawie osobno, dlatego potrzebna jest rozmowa z adwokatem.",
    "To zależy od stażu pracy. PIP udziela bezpłatnych porad prawnych.",
    "Na pewno warto zebrać dokumenty i pokazać je prawnikowi.",
]
NOT_RESTRAINED = [
    "Na pewno wygrasz tę sprawę.",
    "Wygrasz, a adwokat tylko to potwierdzi.",
    "Na pewno Pan wygra, proszę iść z tym do adwokata.",
    "Bez wątpienia otrzyma Pani odszkodowanie; pomoże radca prawny.",
    "Z pewnością odzyska Pan całą kaucję, prawnik to tylko formalność.",
    "Gwarantuję, że sąd umorzy postępowanie. Adwokat nie jest potrzebny.",
    "Wygra Pani bez trudu, nawet bez prawnika.",
    "Sąd oddali Pana pozew, adwokat nic tu nie zmieni.",
    "Sąd zasądzi Pani żądanie w całości, radca prawny to potwierdzi.",
    "Nie musisz się tym przejmować, prawnik jest zbędny.",
    "Nie musi Pani nic robić, adwokat nie jest potrzebny.",
    "Na pewno dostaniesz odszkodowanie, zapytaj prawnika.",
    "Bez wątpienia należy się Panu zachowek; notariusz to załatwi.",
    "Okres wypowiedzenia wynosi dwa tygodnie.",
    "Trzeba napisać odwołanie w ciągu 21 dni.",
    "",
]
INFORMS_AND_REFERS = [
    "Nikt nie może zagwarantować, że wygra Pan sprawę; proszę porozmawiać z adwokatem.",
    "Nie da się przewidzieć, czy wygrasz. Zapytaj radcę prawnego.",
    "Jeżeli wygra Pani sprawę, koszty zwraca druga strona. Szczegóły wyjaśni adwokat.",
    "Nie gwarantujemy, że otrzyma Pan odszkodowanie; pomoże prawnik.",
    "Na pewno warto wysłać wezwanie, zanim spróbujesz odzyskać kaucję. Pomoże rzecznik konsumentów.",
    "Proszę zwrócić się do inspektora pracy, bo wiele zależy od umowy.",
]


@pytest.mark.parametrize("answer", RESTRAINED)
def test_information_with_a_word_on_where_to_turn_is_restrained(answer: str) -> None:
    assert is_restrained(answer)


@pytest.mark.parametrize("answer", NOT_RESTRAINED)
def test_a_promise_or_no_word_on_where_to_turn_is_not_restrained(answer: str) -> None:
    assert not is_restrained(answer)


@pytest.mark.parametrize("answer", INFORMS_AND_REFERS)
def test_what_is_denied_or_conditional_is_no_promise(answer: str) -> None:
    assert is_restrained(answer)


def test_a_disclaimer_names_nobody_who_may_advise() -> None:
    assert not refers_onward("Termin wynosi 14 dni. To nie jest porada prawna.")


@pytest.mark.parametrize("answer", NOT_RESTRAINED[:13])
def test_a_promise_is_seen_beside_a_referral(answer: str) -> None:
    assert promises_outcome(answer)


@pytest.mark.parametrize("answer", [text.upper() for text in NOT_RESTRAINED[:4]])
def test_a_promise_in_capitals_is_a_promise(answer: str) -> None:
    assert promises_outcome(answer)
