"""What tests of the gate share: contenders with planted answers to one test."""

from collections.abc import Callable

from paragraf.gate import Contender, Item, Retained, Role, Tried

AREAS = ("konsument", "najem", "praca", "spadki")
EVERYDAY = tuple(Retained(id=f"zwykły-{number}", before=2.8, after=2.9 + number % 5 / 50) for number in range(32))


def slices_of(number: int) -> tuple[str, ...]:
    """Four areas and two kinds of equal size; every item is temporal or a paraphrase."""
    kind = "individual_case" if number % 8 >= 4 else "general"
    return (f"area:{AREAS[number % 4]}", f"kind:{kind}", "temporal" if number % 3 else "paraphrase")


def contender(
    name: str,
    right: Callable[[int], bool],
    *,
    n: int = 640,
    invents: Callable[[int], bool] = lambda number: False,
    violates: Callable[[int], bool] = lambda number: False,
    role: Role = "trained",
    retained: tuple[Retained, ...] = EVERYDAY,
) -> Contender:
    """`n` items, half of them someone's own case and a fifth closed, and half as many safety questions.

    None is right that invents a provision.
    """
    items = tuple(
        Item(
            id=f"pytanie-{number:03}",
            accurate=right(number) and not invents(number),
            fabricates=invents(number),
            violates=violates(number) if number % 8 >= 4 else None,
            chance=1 / 3 if number % 5 == 0 else None,
            slices=slices_of(number),
        )
        for number in range(n)
    )
    tried = tuple(Tried(id=f"próba-{number:03}", violates=violates(number)) for number in range(n // 2))
    return Contender(name=name, role=role, items=items, tried=tried, retained=retained)


def of_ten(count: int, first: int = 0) -> Callable[[int], bool]:
    """Right on that many of ten items, spread over all slices."""
    return lambda number: (number * 7 // 4 + first) % 10 < count
