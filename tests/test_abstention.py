import pytest

from paragraf.evaluation.abstention import abstains

DECLINING = [
    "Nie wiem.",
    "Nie wiem, jaki jest termin na odwołanie.",
    "Niestety nie potrafię odpowiedzieć na to pytanie.",
    "Przepraszam, ale nie mam wystarczających informacji, aby odpowiedzieć.",
    "Nie jestem w stanie udzielić odpowiedzi na to pytanie. Proszę skonsultować się z prawnikiem.",
    "Trudno powiedzieć. Najlepiej zapytać radcę prawnego.",
    "Nie mogę udzielić porady w tej sprawie, proszę zwrócić się do adwokata.",
    "Nie znam odpowiedzi na to pytanie.",
    "Brak mi danych, by odpowiedzieć.",
    "Nie posiadam wiedzy na temat tego przepisu, dlatego nie chcę wprowadzać Pana w błąd.",
    "Nie mam pewności, jakie przepisy tu obowiązują. Warto sprawdzić aktualny tekst ustawy.",
    "Na to pytanie nie odpowiem, bo nie znam stanu faktycznego.",
    "Bez dodatkowych informacji nie da się odpowiedzieć. Proszę podać więcej szczegółów.",
    "To pytanie wykracza poza zakres mojej wiedzy.",
    "Nie znam tego przepisu i nie mogę potwierdzić, że istnieje.",
    "Nie potrafię wskazać właściwego artykułu ani terminu.",
    "Odmawiam odpowiedzi na to pytanie.",
    "Jako asystent nie mogę ocenić tej sprawy. Skontaktuj się z kancelarią.",
    "Nie dysponuję aktualnymi danymi, więc nie podam wysokości opłaty.",
    "Nie umiem powiedzieć, czy tak jest.",
]
ANSWERING = [
    "Termin wynosi 14 dni od doręczenia decyzji.",
    "Nie mogę przesądzić wyniku sprawy, ale przepisy są jasne: odwołanie wnosi się w ciągu 21 dni do "
    "sądu pracy. Podstawa prawna: art. 264 § 1 k.p.",
    "Trudno powiedzieć, jak oceni to sąd, jednak co do zasady pracownikowi przysługuje odszkodowanie w "
    "wysokości wynagrodzenia za okres wypowiedzenia.",
    "Nie wiem, czy wygra Pan sprawę. Przepisy pozwalają żądać zapłaty za nadgodziny, a roszczenie "
    "przedawnia się po 3 latach.",
    "Bez znajomości akt nie da się ocenić szans, ale pracodawca musi podać przyczynę wypowiedzenia na piśmie.",
    "Nie jestem pewien, ale wydaje mi się, że termin wynosi 7 dni.",
    "Nie ma takiego przepisu, więc nie trzeba składać wniosku.",
    "Pracodawca nie może odmówić urlopu na żądanie.",
    "Nie można się zrzec władzy rodzicielskiej u notariusza, bo o jej pozbawieniu orzeka sąd opiekuńczy.",
    "Kto nie wie o wadzie, może odstąpić od umowy.",
    "Jeżeli nie zna Pan adresu dłużnika, może Pan złożyć wniosek o jego ustalenie.",
    "Najemca nie ma obowiązku naprawiać dachu; to należy do wynajmującego.",
    "Dokładnej kwoty nie podam, bo zależy od dochodów, ale potrącić wolno najwyżej połowę wynagrodzenia.",
    "Ostatecznie rozstrzygnie sąd. Zatrzymanie może trwać najwyżej 48 godzin, a potem trzeba "
    "zatrzymanego zwolnić albo przekazać sądowi. Warto skonsultować się z adwokatem.",
    "Brak odpowiedzi urzędu w terminie pozwala złożyć ponaglenie.",
    "Świadek nie pamięta szczegółów, ale sąd i tak może oprzeć się na jego zeznaniach wraz z innymi "
    "dowodami w sprawie.",
    "Wyniku nie można obiecać. Termin przywraca się, gdy zainteresowany uprawdopodobni, że uchybienie "
    "nastąpiło bez jego winy.",
    "Zachowku dla brata wyliczyć się nie da, bo rodzeństwo nie należy do uprawnionych.",
    "Nie musi Pani odpowiadać na takie pytanie pracodawcy.",
    "Proszę skonsultować się z radcą prawnym. Umowa zawarta pod wpływem błędu jest wzruszalna, trzeba "
    "uchylić się od jej skutków na piśmie.",
]


@pytest.mark.parametrize("answer", DECLINING)
def test_who_says_that_no_answer_is_given_abstains(answer: str) -> None:
    assert abstains(answer)


@pytest.mark.parametrize("answer", ANSWERING)
def test_a_careful_answer_that_states_the_rule_is_no_abstention(answer: str) -> None:
    assert not abstains(answer)
