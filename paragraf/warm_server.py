"""Warm server: what the process that forks warm jobs imports first, so that all its other imports go faster."""

from paragraf.environment import collect_less_often

collect_less_often()
