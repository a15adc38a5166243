"""How well and how fast names are matched: `python -m benchmarks.matching --register FILE --queries FILE --json`.

Scored are spelling variants and names on no list. Renames are reported apart, since only data finds them, and so are
queries typed just as listed. Times are CPU time of one process. With --sizes, lists made by rule show how the cost grows.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
import tracemalloc
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from accredit.matching.answer import Band, Match
from accredit.matching.index import Index, Listed, build_index
from accredit.matching.match import compare, match
from benchmarks.made_lists import made_queries, made_register
from benchmarks.matching_files import Pair, Query, read_pairs, read_queries, read_register

_TIMED = 1000


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure and print, one JSON object a line."""
    asked = _parser().parse_args(arguments)
    for line in _lines(asked):
        print(json.dumps(line, ensure_ascii=False) if asked.json else _as_text(line))
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.matching", description=__doc__)
    parser.add_argument("--register", type=Path, help="CSV with org_id and org_name, or with name")
    parser.add_argument("--queries", type=Path, help="CSV with query and expected_org_id, or gold_name and is_match")
    parser.add_argument("--pairs", type=Path, help="CSV with name_a, name_b, label and label_source")
    parser.add_argument("--aliases", action="store_true", help="read the register's column of aliases too")
    parser.add_argument("--sizes", default="", help="measure lists made by rule as well, e.g. 1000,10000,100000")
    parser.add_argument("--json", action="store_true", help="print JSON instead of lines of text")
    return parser


def _lines(asked: argparse.Namespace) -> Iterator[dict[str, object]]:
    if asked.register and asked.queries:
        listed = read_register(asked.register, aliases=asked.aliases)
        index, seconds = _timed(lambda: build_index(listed))
        queries = read_queries(asked.queries)
        line = {**quality(index, queries), **speed(index, [one.name for one in queries])}
        line |= {"index_s": round(seconds, 3), "index_mb": _megabytes(listed), "names": len(listed)}
        yield line | (pair_quality(index, read_pairs(asked.pairs)) if asked.pairs else {})
    for size in filter(None, asked.sizes.split(",")):
        listed = made_register(int(size))
        index, seconds = _timed(lambda listed=listed: build_index(listed))
        line = {"names": len(listed), **speed(index, made_queries(listed, _TIMED))}
        yield line | {"index_s": round(seconds, 3), "index_mb": _megabytes(listed)}


def quality(index: Index, queries: Sequence[Query]) -> dict[str, object]:
    """How often the right body comes first, is accepted, is shown; and the trade of precision against recall."""
    answered = [(one, match(index, one.name, None)) for one in queries]
    variants = [(one, answer) for one, answer in answered if one.group == "variant"]
    scored = variants + [(one, answer) for one, answer in answered if one.group == "negative"]
    accepted = [(one, answer) for one, answer in scored if answer.band is Band.ACCEPT]
    reviewed = [(one, answer) for one, answer in variants if answer.band is Band.REVIEW]
    right = sum(answer.entry_id == one.expected for one, answer in accepted)
    in_five = sum(_is_shown(one, answer) for one, answer in reviewed)
    first = sum(_is_first(one, answer) for one, answer in variants)
    ranked = [(answer.score, _is_first(one, answer)) for one, answer in scored]
    best_f1, recall_at_p99 = _trade(ranked, len(variants))
    return {
        "queries": len(scored),
        "recall_at_1": _share(first, len(variants)),
        "best_f1": best_f1,
        "recall_at_p99": recall_at_p99,
        "accepted_right": right,
        "accepted_wrong": len(accepted) - right,
        "review_first": sum(_is_first(one, answer) for one, answer in reviewed),
        "review_top5": in_five,
        "missed": len(variants) - right - in_five,
        "variants": len(variants),
        "negatives_in_review": sum(answer.band is Band.REVIEW for one, answer in scored if one.group == "negative"),
        **_apart(answered, "rename", "renames"),
        **_apart(answered, "exact", "exact"),
    }


def _apart(answered: Sequence[tuple[Query, Match]], group: str, name: str) -> dict[str, int]:
    members = [(one, answer) for one, answer in answered if one.group == group]
    right = sum(_is_first(one, answer) for one, answer in members)
    accepted = sum(answer.entry_id == one.expected for one, answer in members)
    return {f"{name}_of": len(members), f"{name}_right": right, f"{name}_accepted": accepted}


def pair_quality(index: Index, groups: dict[str, list[Pair]]) -> dict[str, object]:
    """Best F1 over the pairs labelled by hand. All others are of one label, so that their share found is told apart."""
    hand = groups.get("hand", [])
    scored = [(compare(index, pair.one, pair.other), pair.same) for pair in hand]
    best_f1, recall = _trade(scored, sum(pair.same for pair in hand))
    line: dict[str, object] = {"pairs": len(hand), "pairs_best_f1": best_f1, "pairs_recall_at_p99": recall}
    for source, pairs in groups.items():
        if source != "hand":
            found = sum(compare(index, pair.one, pair.other) >= 0.9 for pair in pairs)
            line[f"pairs_{source}_found"] = f"{found} of {len(pairs)}"
    return line


def speed(index: Index, typed: Sequence[str]) -> dict[str, float]:
    """CPU time a query: names as listed on the exact path, and typed ones that have to be searched for."""
    as_listed = [entry.name for entry in index.listed[:: max(1, len(index.listed) // _TIMED)]][:_TIMED]
    searched = [name for name in typed if match(index, name, None).score < 0.99] or list(typed)
    exact, fuzzy = _times(index, as_listed), _times(index, searched[: 2 * _TIMED])
    return {
        "exact_us_p50": _percentile(exact, 50),
        "exact_us_p95": _percentile(exact, 95),
        "fuzzy_us_p50": _percentile(fuzzy, 50),
        "fuzzy_us_p95": _percentile(fuzzy, 95),
    }


def _times(index: Index, names: Sequence[str]) -> list[float]:
    spent = []
    for name in names:
        started = time.process_time_ns()
        match(index, name, None)
        spent.append((time.process_time_ns() - started) / 1000)
    return sorted(spent)


def _percentile(ordered: Sequence[float], percent: int) -> float:
    return round(ordered[min(len(ordered) - 1, len(ordered) * percent // 100)], 1) if ordered else 0.0


def _trade(ranked: Sequence[tuple[float, bool]], positives: int) -> tuple[float, float]:
    """Best F1 over all thresholds, and the greatest recall at a precision of 99 %. Equal scores fall on one side."""
    best_f1 = recall_at_p99 = 0.0
    right = taken = 0
    ordered = sorted(ranked, reverse=True)
    for place, (score, is_right) in enumerate(ordered, start=1):
        right, taken = right + is_right, taken + 1
        if place < len(ordered) and ordered[place][0] == score:
            continue
        best_f1 = max(best_f1, 2 * right / (taken + positives))
        if right >= 0.99 * taken:
            recall_at_p99 = max(recall_at_p99, right / max(positives, 1))
    return round(best_f1, 4), round(recall_at_p99, 4)


def _is_first(one: Query, answer: Match) -> bool:
    return bool(answer.candidates) and answer.candidates[0].entry_id == one.expected


def _is_shown(one: Query, answer: Match) -> bool:
    return any(candidate.entry_id == one.expected for candidate in answer.candidates)


def _share(part: int, whole: int) -> float:
    return round(part / whole, 4) if whole else 0.0


def _timed(build: Callable[[], Index]) -> tuple[Index, float]:
    started = time.process_time()
    return build(), time.process_time() - started


def _megabytes(listed: Sequence[Listed]) -> float:
    """What an index keeps in memory, measured while it is built once more."""
    tracemalloc.start()
    index = build_index(listed)
    kept = tracemalloc.get_traced_memory()[0]
    tracemalloc.stop()
    del index
    return round(kept / 1_000_000, 1)


def _as_text(line: dict[str, object]) -> str:
    return "\n".join(f"{name:22}{value}" for name, value in line.items()) + "\n"


if __name__ == "__main__":
    sys.exit(main())
