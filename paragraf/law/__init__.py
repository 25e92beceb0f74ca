"""Law: the acts and areas of Polish law, and the citations by which texts point at them."""

from paragraf.law.acts import AREAS, UNKNOWN_AREA, Act, acts, area_of
from paragraf.law.citations import Citation, format
from paragraf.law.scanner import find

__all__ = ["AREAS", "UNKNOWN_AREA", "Act", "Citation", "acts", "area_of", "find", "format"]
