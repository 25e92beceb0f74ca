"""Frames: ways to ask about law, and the other ways to ask the same, with what must hold for both to mean the same.

A pattern matches a whole sentence without its question mark. In a phrasing, `{what}` is a part as it stands,
`{what:nom}` the same if it is a noun phrase in that case, `{what:nom>gen}` that phrase in another case, `{what!}` a
deed with the short pronoun before its infinitive put behind it, and `<what:może|mogą>` the verb for one or for many.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass

from paragraf.augment import meanings
from paragraf.augment.meanings import Parts

Guard = Callable[[Parts], str | None]  # the reason why the meaning would change


@dataclass(frozen=True, slots=True)
class Frame:
    """A way to ask, the ways to ask the same, and who may object.

    Attributes:
        is_clause: it may also close a sentence that tells the case: "Dostałem mandat, ile mam czasu na odwołanie?"
    """

    rule: str
    pattern: re.Pattern[str]
    phrasings: tuple[str, ...]
    guard: Guard | None
    is_clause: bool


def _frame(rule: str, pattern: str, *phrasings: str, guard: Guard | None = None) -> Frame:
    return Frame(
        rule, re.compile(pattern, re.IGNORECASE), phrasings, guard, not pattern.startswith(("czy", "(?P<who>"))
    )


_SUBJECT = r"(?P<who>(?!(?:pan|pani|państwo|to|on|ona|ktoś|ja)\b)[^,?]+?)"
_PERMISSION = (
    _frame(
        "permission_mine",
        r"czy mogę (?P<deed>.+)",
        *("Czy wolno mi {deed!}?", "Czy mam prawo {deed}?", "Czy prawo pozwala mi {deed!}?"),
        guard=meanings.is_allowed,
    ),
    _frame(
        "permission_ours",
        r"czy możemy (?P<deed>.+)",
        *("Czy wolno nam {deed!}?", "Czy mamy prawo {deed}?"),
        guard=meanings.is_allowed,
    ),
    _frame("permission_mine", r"czy (?:wolno mi|mam prawo) (?P<deed>.+)", "Czy mogę {deed}?", guard=meanings.is_deed),
    _frame(
        "permission",
        rf"czy {_SUBJECT} (?:może|mogą) (?P<deed>.+)",
        *("Czy {who:nom} <who:ma|mają> prawo {deed}?", "Czy {who:nom>dat} wolno {deed!}?"),
        "Czy prawo pozwala {who:nom>dat} {deed!}?",
        guard=meanings.is_somebody_allowed,
    ),
    _frame(
        "permission",
        rf"czy {_SUBJECT} (?:ma|mają) prawo (?P<deed>.+)",
        *("Czy {who:nom} <who:może|mogą> {deed}?", "Czy prawo pozwala {who:nom>dat} {deed!}?"),
        guard=meanings.is_somebody_allowed,
    ),
    _frame(
        "permission_whose",
        r"kto może (?P<deed>.+)",
        *("Kto ma prawo {deed}?", "Komu wolno {deed!}?"),
        guard=meanings.is_allowed,
    ),
    _frame(
        "permission_general",
        r"czy wolno (?!(?:mi|nam|mu|jej|im|ci) )(?P<deed>.+)",
        "Czy prawo pozwala {deed!}?",
        guard=meanings.is_allowed,
    ),
)
_DUTY = (
    _frame(
        "duty_mine",
        r"czy (?P<really>(?:rzeczywiście |naprawdę )?)muszę (?P<deed>.+)",
        "Czy {really}mam obowiązek {deed}?",
        guard=meanings.is_duty,
    ),
    _frame("duty", r"czy musi (?P<deed>.+)", "Czy ma obowiązek {deed}?", guard=meanings.is_duty),
    _frame("duty", r"czy muszą (?P<deed>.+)", "Czy mają obowiązek {deed}?", guard=meanings.is_duty),
    _frame("duty_mine", r"czy mam obowiązek (?P<deed>.+)", "Czy muszę {deed}?", guard=meanings.is_deed),
    _frame(
        "duty",
        rf"czy {_SUBJECT} (?:musi|muszą) (?P<deed>.+)",
        "Czy {who:nom} <who:ma|mają> obowiązek {deed}?",
        guard=meanings.is_somebody_bound,
    ),
    _frame("duty", r"kto musi (?P<deed>.+)", "Kto ma obowiązek {deed}?", guard=meanings.is_duty),
)
_TIME = (
    _frame(
        "prescription",
        r"(?:kiedy|po ilu latach|po jakim czasie) przedawnia(?:ją)? się (?P<what>.+)",
        *("Jaki jest termin przedawnienia {what:nom>gen}?", "Po jakim czasie przedawnia<what:|ją> się {what:nom}?"),
    ),
    _frame(
        "prescription",
        r"jaki jest termin przedawnienia (?P<what>.+)",
        *("Kiedy przedawnia<what:|ją> się {what:gen>nom}?", "Po jakim czasie przedawnia<what:|ją> się {what:gen>nom}?"),
    ),
    _frame(
        "time_mine",
        r"(?:ile mam czasu|ile czasu mam) na (?P<what>.+)",
        *("Ile czasu mam na {what}?", "Ile mam czasu na {what}?", "Jaki termin mam na {what:acc}?"),
    ),
    _frame(
        "time_mine",
        r"(?:ile mam czasu|ile czasu mam), (?P<aim>żeby|aby|by) (?P<deed>.+)",
        *("Ile czasu mam na to, {aim} {deed}?", "Ile mam czasu na to, {aim} {deed}?"),
    ),
    _frame(
        "time_general",
        r"(?:ile (?:jest )?czasu (?:jest )?na|jaki jest termin na|termin na) (?P<what>.+)",
        *("Jaki jest termin na {what:acc}?", "Ile jest czasu na {what:acc}?"),
    ),
    _frame(
        "time_of",
        r"ile (?:czasu (?:ma|mają)|(?:ma|mają) czasu) (?P<who>.+?) na (?P<what>.+)",
        *("Ile czasu {who:nom} <who:ma|mają> na {what}?", "Jaki termin <who:ma|mają> {who:nom} na {what:acc}?"),
    ),
    _frame(
        "time_of",
        r"ile czasu na (?P<what>.+?) (?:ma|mają) (?P<who>.+)",
        "Ile czasu {who:nom} <who:ma|mają> na {what:acc}?",
    ),
    _frame("until", r"do kiedy mogę (?P<deed>.+)", "W jakim terminie mogę {deed}?", guard=meanings.is_deed),
    _frame(
        "until",
        r"do kiedy (?P<must>muszę|trzeba|należy) (?P<deed>.+)",
        "W jakim terminie {must} {deed}?",
        guard=meanings.is_deed,
    ),
    _frame(
        "until",
        r"(?:do kiedy|w jakim terminie|w jakim czasie) (?P<deed>.+)",
        "W jakim terminie należy {deed}?",
        guard=meanings.is_bare_deed,
    ),
    _frame("until", r"do kiedy (?P<what>.+)", "Do kiedy można złożyć {what:nom>acc}?", guard=meanings.is_filing),
    _frame("time_general", r"ile dni na (?P<what>.+)", "Ile dni jest na {what:acc}?"),
    _frame(
        "duration",
        r"(?:ile|jak długo) (?P<lasts>może trwać|mogą trwać|trwa|trwają) (?P<what>.+)",
        *("Jak długo {lasts} {what:nom}?", "Ile czasu {lasts} {what:nom}?"),
    ),
    _frame("period", r"jaki jest (?P<what>okres .+)", *("Ile wynosi {what:nom}?", "Jak długi jest {what:nom}?")),
    _frame("period", r"ile wynosi (?P<what>okres .+)", "Jaki jest {what:nom}?"),
    _frame("period", r"jaki mam okres (?P<what>.+)", "Ile wynosi mój okres {what:gen}?"),
)
_MONEY = (
    _frame("amount", r"ile wynos(?:i|zą) (?P<what>.+)", "Jaka jest wysokość {what:nom>gen}?", guard=meanings.is_sum),
    _frame("amount", r"jaka jest wysokość (?P<what>.+)", "Ile wynos<what:i|zą> {what:gen>nom}?"),
    _frame(
        "price",
        r"ile kosztuj(?:e|ą) (?P<what>.+)|ile (?P<what_>.+) kosztuj(?:e|ą)",
        *("Jaki jest koszt {what:nom>gen}?", "Ile trzeba zapłacić za {what:nom>acc}?"),
    ),
    _frame(
        "payer",
        r"kto płaci za (?P<what>.+)",
        *("Kto ponosi koszty {what:acc>gen}?", "Kto pokrywa koszty {what:acc>gen}?"),
    ),
    _frame(
        "payer", r"kto płaci koszty (?P<what>.+)", *("Kto ponosi koszty {what:gen}?", "Kto pokrywa koszty {what:gen}?")
    ),
    _frame("payer", r"kto ponosi koszty (?P<what>.+)", "Kto pokrywa koszty {what:gen}?"),
    _frame("receipt", r"czy dostanę (?P<what>.+)", "Czy otrzymam {what}?", guard=meanings.names_sum),
)
_ENTITLEMENT = (
    _frame(
        "entitlement_mine",
        r"czy (?:przysługuj(?:e|ą) mi|należ(?:y|ą) mi się) (?P<what>.+)",
        *("Czy przysługuj<what:e|ą> mi {what:nom}?", "Czy należ<what:y|ą> mi się {what:nom}?"),
        "Czy mam prawo do {what:nom>gen}?",
    ),
    _frame(
        "entitlement_mine",
        r"czy (?:przysługuj(?:e|ą) nam|należ(?:y|ą) nam się) (?P<what>.+)",
        *("Czy przysługuj<what:e|ą> nam {what:nom}?", "Czy mamy prawo do {what:nom>gen}?"),
    ),
    _frame("entitlement", r"komu przysługuj(?:e|ą) (?P<what>.+)", "Kto ma prawo do {what:nom>gen}?"),
    _frame("entitlement", r"kto ma prawo do (?P<what>.+)", "Komu przysługuj<what:e|ą> {what:gen>nom}?"),
    _frame("entitlement", r"kiedy przysługuj(?:e|ą) (?P<what>.+)", "Kiedy ma się prawo do {what:nom>gen}?"),
    _frame(
        "entitlement",
        r"(?P<what>(?:jakie|jaki|jaka) .+?) przysługuj(?:e|ą) (?P<whom>.+)",
        "Do {what:nom>gen} <whom:ma|mają> prawo {whom:dat>nom}?",
    ),
    _frame(
        "entitlement_mine",
        r"ile (?P<unit>dni|godzin|tygodni|miesięcy) (?P<what>.+?) (?:mi przysługuje|przysługuje mi)",
        "Do ilu {unit} {what:gen} mam prawo?",
    ),
    _frame("rights", r"jakie prawa (?:ma|mają) (?P<who>.+)", "Jakie prawa przysługują {who:nom>dat}?"),
    _frame("rights", r"jakie są prawa (?P<who>.+)", "Jakie prawa przysługują {who:gen>dat}?"),
    _frame("duties", r"jakie obowiązki (?:ma|mają) (?P<who>.+)", "Jakie obowiązki ciążą na {who:nom>loc}?"),
    _frame("duties", r"jakie są obowiązki (?P<who>.+)", "Jakie obowiązki ciążą na {who:gen>loc}?"),
)
_CONSEQUENCES = (
    _frame(
        "consequences",
        r"jakie są (?:konsekwencje|skutki)(?: prawne)? (?P<what>.+)",
        *("Jakie skutki prawne wynikają z {what:gen}?", "Do czego <what:może|mogą> prowadzić {what:gen>nom}?"),
    ),
    _frame(
        "penalty_asked",
        r"jakie są (?:konsekwencje|skutki)(?: prawne)? (?P<what>.+)",
        "Co grozi za {what:gen>acc}?",
        guard=meanings.is_offence_gen,
    ),
    _frame(
        "penalty",
        r"co grozi za (?P<what>.+)",
        *("Jaka kara grozi za {what:acc}?", "Jakie są kary za {what:acc}?", "Jaka jest kara za {what:acc}?"),
        guard=meanings.is_offence,
    ),
    _frame(
        "penalty",
        r"(?:jaka kara grozi|jakie kary grożą|jaka jest kara|jakie są kary) (?P<where>(?:w [^,]+? )?)za (?P<what>.+)",
        *("Co grozi {where}za {what:acc}?", "Jaka kara grozi {where}za {what:acc}?"),
    ),
    _frame("punishable", r"czy (?P<what>[^,?]+?) jest karaln[yae]", "Czy za {what:nom>acc} grozi kara?"),
    _frame("liability", r"kto odpowiada za (?P<what>.+)", "Kto ponosi odpowiedzialność za {what:acc}?"),
    _frame("liability", r"czy odpowiadam za (?P<what>.+)", "Czy ponoszę odpowiedzialność za {what:acc}?"),
    _frame("inheritance", r"kto dziedziczy po (?P<whom>.+)", "Komu przypada spadek po {whom:loc}?"),
)
_MEANING = (
    _frame(
        "law_says",
        r"co mówi(?:ą)? (?:polskie )?(?:prawo|przepisy) o(?:be)? (?P<what>.+)",
        *("Jakie są przepisy dotyczące {what:loc>gen}?", "Co warto wiedzieć o {what:loc}?"),
    ),
    _frame(
        "law_rules",
        r"co mówi(?:ą)? (?:polskie )?(?:prawo|przepisy) o(?:be)? (?P<what>.+)",
        "Jak prawo reguluje {what:loc>acc}?",
        guard=meanings.is_thing,
    ),
    _frame("what_is", r"(?:co to jest|co to są) (?P<what>.+)", "Czym <what:jest|są> {what:nom}?"),
    _frame(
        "what_is",
        r"(?:czym jest|czym są) (?P<what>.+)",
        *("Co to <what:jest|są> {what:nom}?", "Co należy rozumieć przez {what:nom>acc}?"),
    ),
    _frame("what_is", r"co to jest (?P<what>.+)", "Co należy rozumieć przez {what:nom>acc}?"),
    _frame("what_is", r"na czym polega (?P<what>.+)", "Czym <what:jest|są> {what:nom}?"),
    _frame("tasks_of", r"czym zajmuj(?:e|ą) się (?P<who>.+)", "Jakie są zadania {who:nom>gen}?"),
    _frame("depends", r"od czego zależ(?:y|ą) (?P<what>.+)", "Co wpływa na {what:nom>acc}?"),
    _frame(
        "difference",
        r"czym (?P<one>[^,]+?) różni(?:ą)? się od (?P<other>.+)"
        r"|czym (?:się )?różni(?:ą)? (?:się )?(?P<one_>.+?) od (?P<other_>.+)",
        "Jaka jest różnica między {one:nom>inst} a {other:gen>inst}?",
    ),
    _frame(
        "difference",
        r"(?P<one>[^,]+?) a (?P<other>[^,]+?) [–—-] jaka (?:jest )?różnica",
        *(
            "Jaka jest różnica między {one:nom>inst} a {other:nom>inst}?",
            "Czym {one:nom} różni<one:|ą> się od {other:nom>gen}?",
        ),
    ),
    _frame(
        "cases",
        r"kiedy (?P<what>.+? (?:jest|są) [^ ]+)",
        "W jakich przypadkach {what}?",
        guard=meanings.is_state_of_law,
    ),
    _frame("cases", r"kiedy wolno (?P<deed>.+)", "W jakich przypadkach wolno {deed}?", guard=meanings.is_deed),
)
_MANNER = (
    _frame("manner", r"jak (?P<deed>.+)", "W jaki sposób {deed}?", guard=meanings.is_bare_deed),
    _frame(
        "manner", r"jak (?P<can>można|należy|mogę) (?P<deed>.+)", "W jaki sposób {can} {deed}?", guard=meanings.is_deed
    ),
    _frame("manner", r"jak (?P<what>[^ ]+ne są .+)", "W jaki sposób {what}?"),
    _frame("place", r"gdzie (?P<deed>.+)", "Gdzie należy {deed}?", guard=meanings.is_bare_deed),
    _frame(
        "what_to_do",
        r"co (?:zrobić|robić), (?P<when>gdy|jeśli|jeżeli|kiedy) (?P<clause>.+)",
        *("Co należy zrobić, {when} {clause}?", "Jak postąpić, {when} {clause}?"),
    ),
)
FRAMES: tuple[Frame, ...] = (
    *(*_PERMISSION, *_DUTY, *_TIME, *_MONEY),
    *(*_ENTITLEMENT, *_CONSEQUENCES, *_MEANING, *_MANNER),
)
