"""Privacy: personal data in Polish texts found and replaced, and the law left as it is."""

from paragraf.privacy.finding import find_personal
from paragraf.privacy.masking import Masked, Pseudonyms, is_clean, mask
from paragraf.privacy.spans import KINDS, Kind, Span

__all__ = ["KINDS", "Kind", "Masked", "Pseudonyms", "Span", "find_personal", "is_clean", "mask"]
