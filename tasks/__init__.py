"""Each stage as Prefect runs it: retries, cache, a line of log; no decision about rows."""

from paragraf.environment import set_defaults

set_defaults()
