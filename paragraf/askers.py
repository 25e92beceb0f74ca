"""Askers: how many models are asked side by side on this machine, and on how many threads each.

Writing an answer is a long row of small steps: two models on a core each are done in the time that one takes on both.
"""

import psutil

from paragraf.jobs import threads
from paragraf.models import Base
from paragraf.processes import has_gpu

_MOST = 4
_BESIDE_WEIGHTS = 3 << 30  # bytes; what a batch keeps of its prompts, and the libraries
_COPIES = 2  # of the weights, while they are opened


def askers(base: Base) -> int:
    """Models asked at once: a thread each, at most 4, no more than memory holds; one on a GPU, or one elsewhere."""
    if has_gpu() or base.elsewhere:
        return 1
    each = _COPIES * sum(path.stat().st_size for path in base.folder().glob("*.safetensors")) + _BESIDE_WEIGHTS
    return max(1, min(_MOST, threads(), psutil.virtual_memory().total // each))


def threads_of_an_asker(base: Base) -> int:
    """An even part of the threads of a computation."""
    return threads() // askers(base)
