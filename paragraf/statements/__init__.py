"""Statements: what a legal text states, in forms that can be compared: facts, numbers, modality, opposites."""
