"""Invariants: what a variant must keep of its origin and of the crowd, told as the reason why it may not live."""

from paragraf.augment.invariants.crowd import told_apart
from paragraf.augment.invariants.pair import Fault, fault_of
from paragraf.augment.invariants.typing_noise import NOISE_TECHNIQUES, is_noise
from paragraf.augment.invariants.wording import marks_of

__all__ = ["NOISE_TECHNIQUES", "Fault", "fault_of", "is_noise", "marks_of", "told_apart"]
