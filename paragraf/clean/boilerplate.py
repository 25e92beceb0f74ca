"""Boilerplate: an answer in, the words out that give away a chatbot, a prompt, a placeholder or mere noise."""

import re

from paragraf.clean.noise import says_nothing

_FIRST_PERSON = (
    r"(?:mogę|mogłabym|mógłbym|jestem|mam|potrafię|posiadam|udzielam|udzielę|wiem|znam|staram|odpowiem|muszę"
    r"|chcę|chciał(?:a)?bym|zostałem|zostałam|polecam|zalecam|sugeruję|radzę|przepraszam)"
)
_ITSELF = (
    r"(?:(?:\w+ ){0,2}?(?:model(?:em)? (?:językow\w+|AI)|asystent(?:ka|em|ką)? AI|sztuczna inteligencja"
    r"|wirtualn[ya] asystent(?:ka)?|program komputerowy)|AI|(?:chat)?bot)"
)
# "jako AI" alone may be said of others: the AI Act speaks of systems used as chatbots
_MODEL_SPEAKS = re.compile(
    rf"\bjako {_ITSELF}\b[^.!?\n]{{0,80}}?\b{_FIRST_PERSON}\b|\b{_FIRST_PERSON}\b[^.!?\n]{{0,80}}?\bjako {_ITSELF}\b"
    r"|\bjestem (?:tylko |jedynie |dużym |AI[ ,-]+)?(?:modelem (?:językowym|AI)|sztuczną inteligencją|chatbotem"
    r"|(?:wirtualnym )?asystentem (?:AI|wirtualnym|opartym na))"
    r"|\bnie (?:mam|posiadam) (?:bezpośredniego )?dostępu do (?:internetu|bieżących informacji|aktualnych (?:informacji"
    r"|danych|przepisów)|informacji w czasie rzeczywistym)"
    r"|\bmoj(?:a|e|ej) (?:baza wiedzy|wiedza|dane treningowe|dane szkoleniowe|wiedzy) (?:kończ|sięga|pochodz|obejmuje)"
    r"|\b(?:do|w) moj(?:ej|ego) (?:ostatniej aktualizacji|ostatniego (?:szkolenia|treningu))"
    r"|\bas an? (?:\w+ ){0,2}?(?:language model|AI model|AI assistant|AI)\b|\bmy (?:knowledge cutoff|training data)\b"
    r"|\bI(?:['’]m| am) (?:just )?(?:an? )?(?:AI|sorry,? (?:but )?I can)|\bas of my last (?:\w+ )?update"
    r"|lorem ipsum|\{\{\s*\w+\s*\}\}",
    re.IGNORECASE,
)
_TRACES_OF_A_MODEL = (  # one of them is in whatever the pattern finds, and looking for them is quick
    *("model", "ai", "bot", "asystent", "sztuczn", "program komputerowy", "dostępu do", "moja ", "moje ", "mojej"),
    *("mojego", "my knowledge", "my training", "sorry", "of my last", "lorem", "{{"),
)
_PROMPT = re.compile(
    r"<\|[a-z_]{2,30}\|>|\[/?INST\]|<</?SYS>>|^#{2,4} ?(?:Instruction|Instrukcja|Input|Response|Pytanie)\b"
    r"|^(?:Human|Assistant|User) ?:|\byou are (?:a|an) (?:helpful|expert)"
    r"|\bjesteś (?:pomocnym |przydatnym |wirtualnym )?(?:asystentem|ekspertem) (?:prawnym|AI|od|z zakresu|ds)"
    r"|[\[<{(] ?(?:(?:tu|tutaj) )?(?:wstaw|wpisz|uzupełnij|podaj|insert) (?:\w+ )?"
    r"(?:odpowiedź|treść|tekst|answer|text)(?: na pytanie)? ?[\]>})]",
    re.IGNORECASE | re.MULTILINE,
)
_TRACES_OF_A_PROMPT = (
    *("<|", "inst]", "sys>>", "##", "human", "assistant", "user", "you are", "jesteś", "wstaw", "wpisz", "uzupełnij"),
    *("podaj", "insert"),
)
_LONGEST_PLACEHOLDER = 80
_PLACEHOLDER = re.compile(
    r"^\W*(?:brak(?: odpowiedzi| danych| informacji)?|do (?:uzupełnienia|weryfikacji|sprawdzenia)"
    r"|(?:tu|tutaj) (?:wpisz|wstaw) odpowiedź|(?:treść )?odpowied(?:ź|zi) (?:zostanie uzupełniona|w przygotowaniu"
    r"|wkrótce)|wkrótce|nie dotyczy|(?:jak|patrz|zob\.?) wyżej|j\.? ?w\.?|n/?a|null|none|nan|todo|tbd|test(?: test)*"
    r"|x{3,}|asdf\w*|qwerty\w*)\W*$",
    re.IGNORECASE,
)


def boilerplate(answer: str, may_refuse: bool) -> str:
    """The words that give away an answer that nobody can learn from; empty if there are none.

    `may_refuse`: the question is one that should not be answered, so a plain refusal is right.
    """
    lowered = answer.lower()
    for pattern, traces in ((_MODEL_SPEAKS, _TRACES_OF_A_MODEL), (_PROMPT, _TRACES_OF_A_PROMPT)):
        if any(trace in lowered for trace in traces) and (found := pattern.search(answer)):
            return found[0][:60]
    if len(answer) <= _LONGEST_PLACEHOLDER and (found := _PLACEHOLDER.search(answer)):
        return found[0][:60]
    return answer[:60] if says_nothing(answer, may_refuse) else ""
