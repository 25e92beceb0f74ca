"""The page of a finished blind test (HTML, in Polish), and beside it the same as JSON for programs."""

import hashlib

from paragraf.compare.unsealing import Comparison
from paragraf.compare.wording import alpha_label, kappa_label, meaning_name
from paragraf.markup import page
from paragraf.publish import digest_of, publish, read_manifest
from paragraf.snapshots import Receipt
from paragraf.workspace import home, relative


class ComparisonPage(Receipt):
    """A published result: comparison.html and comparison.json."""


def publish_comparison(result: Comparison) -> ComparisonPage:
    """Publish what a blind test found in the workspace's reports."""
    files = render(result)
    total = hashlib.sha256(b"".join(name.encode() + files[name] for name in sorted(files))).hexdigest()
    final = home() / "reports" / f"compare-{result.test}-{total[:12]}"
    with publish(final) as folder:
        for name, content in files.items():
            (folder / name).write_bytes(content)
    return ComparisonPage(path=relative(final), digest=digest_of(read_manifest(final)))


def render(result: Comparison) -> dict[str, bytes]:
    """The files of a result by their names."""
    counted = result.count
    html = page(
        "comparison.html.j2",
        result=result,
        count=counted,
        sequential=counted.sequential,
        totals={kind: sum(tally.counts[kind] for tally in counted.tallies) for kind in counted.tallies[0].counts},
        comments=sum(bool(vote.comment) for one in counted.judged for vote in one.votes),
        told={kind: meaning_name(kind, result.first, result.second) for kind in counted.tallies[0].counts},
        labels={"nominal": alpha_label(counted.agreement.nominal), "ordinal": alpha_label(counted.agreement.ordinal)},
        kappas=[(pair, kappa_label(pair.value)) for pair in counted.agreement.pairs],
    )
    return {"comparison.html": html.encode(), "comparison.json": result.model_dump_json(indent=1).encode()}
