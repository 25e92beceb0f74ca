"""Validate: rows of each age in, the numbers and flags that the expectations judge out; never text."""

from paragraf.validate.evidence import Ages, Evidence, gather
from paragraf.validate.frames import Drawn, Feature, Frame, Suite, length
from paragraf.validate.settings import ValidateSettings

__all__ = ["Ages", "Drawn", "Evidence", "Feature", "Frame", "Suite", "ValidateSettings", "gather", "length"]
