#!/usr/bin/env python3
"""Verifies a log in the format tsumugi-log/1, as docs/access-log.md describes it. Shares nothing with the server.

Needs Python 3.11 and the package `cryptography`, for Ed25519 alone."""

import argparse
import itertools
import json
import sys
import time
from datetime import datetime

from log_file import WIDTH, Key, Log, Malformed, Tree, node_hash, notes_in, proven, read_note, sha
from what_was_done import by_place, explain, found

EXITS = {"sound": 0, "altered": 1, "incomplete": 2, "bad_signature": 3, "stale": 4}
WORST = ["bad_signature", "altered", "incomplete", "stale", "sound"]
LACKS = ["malformed", "end", "checkpoint", "tiles", "proof", "opened", "archive", "since"]


class Verification:
    """What follows from what a file says. `given` has `since` (notes), `archives` (ranges), `not_before` (a function)."""

    def __init__(self, log, given):
        self.log, self.older, self.other_trees = log, [], []
        self.kind, self.full = log.head["kind"], log.head["kind"] == "full"
        self.by_proof = self.kind in ("patient", "entry")
        self.read_older(given["since"])
        self.newest = max(log.heads, key=lambda head: (head[0], head[2]), default=None)
        self.size = self.newest[0] if self.newest else 0
        self.to = log.head["to"]
        if log.ended and log.head["size"] != (self.size if self.newest else None):
            log.lacks.add("checkpoint")
        self.find_elsewhere(given["archives"])
        self.find_bad_places()
        self.grow_trees()
        alteration = self.conclude()
        self.since = [{"size": size, "fits": self.older_fits(size, root)} for size, root in self.older]
        self.since += [{"size": size, "fits": False} for size in self.other_trees]
        if any(one["fits"] is None for one in self.since):
            log.lacks.add("since")
        signed_at = max((head[2] for head in log.heads), default=None)
        limit = given["not_before"](log.head)
        stale = limit is not None and (signed_at is None or signed_at < limit)
        outcome = "bad_signature" if log.bad_signatures else "altered" if alteration else "incomplete" if log.lacks \
            else "stale" if stale else "sound"
        self.report = self.told(outcome, alteration, signed_at)

    def read_older(self, notes):
        for note in notes:
            origin = note.split("\n", 1)[0]
            try:
                size, root, _ = read_note(note, self.log.key.of(origin))
                if origin == self.log.key.name:
                    self.older.append((size, root))
                else:
                    self.other_trees.append(size)
            except Malformed:
                self.log.bad_signatures += 1

    def find_elsewhere(self, archives):
        self.elsewhere = sum(end - start for start, end in self.log.archived)
        for place, end in self.log.archived:
            while place < end:
                place = next((stop for start, stop in archives if start <= place < stop), None)
                if place is None:
                    self.log.lacks.add("archive")
                    return

    def belongs(self, place):
        """The hash that belongs into a place, as far as that is known."""
        if self.by_proof:
            told = self.log.places.get(place)
            if not told or told.proof is None or not self.newest:
                return None
            size, root, _ = self.newest
            return told.hash if proven(told.hash, place, size, told.proof, root) else root
        tile = self.log.tiles.get((0, place // WIDTH), [])
        return tile[place % WIDTH] if place % WIDTH < len(tile) else None

    def find_bad_places(self):
        log = self.log
        if log.ended and self.newest and not self.by_proof:
            log.skip_to(max(self.to, self.size) if self.full else self.to)
        self.bad = [*log.empty, *(() if self.by_proof else (start for start, _ in log.gaps))]
        for place, told in log.places.items():
            known = self.belongs(place)
            if self.by_proof and known is None:
                log.lacks.add("proof")
            if not self.by_proof and not told.whole:
                log.lacks.add("opened")
            if not told.belongs or known not in (None, told.hash):
                self.bad.append(place)
        self.bad.sort()
        self.more = 0 if self.by_proof else sum(end - start - 1 for start, end in log.gaps)

    def end(self):
        """The place after the last of which something is known."""
        last = max((index for level, index in self.log.tiles if not level), default=-1)
        return max(min(self.log.next, (last + 1) * WIDTH), max(self.log.places, default=-1) + 1)

    def grow_trees(self):
        """Which checkpoints fit: by the hashes in tiles, or by those of entries."""
        self.by_tiles, self.by_entries = [], []
        if self.full:
            for number in itertools.count():
                tile = self.log.tiles.get((0, number), [])
                self.by_tiles += tile
                if len(tile) < WIDTH:
                    break
            while (told := self.log.places.get(len(self.by_entries))):
                self.by_entries.append(told.hash)
        self.trees = [Tree(self.by_tiles), Tree(self.by_entries)]

    def fits(self, size, root):
        known = [tree.root(size) == root for tree in self.trees if self.full and size <= len(tree.leaves)]
        return any(known) if known else None

    def older_fits(self, size, root):
        if self.newest and size == self.size:
            return root == self.newest[1]
        known = self.fits(size, root)
        if known is None and self.full and self.log.ended and size > max(self.to, self.size):
            return False
        return known

    def fits_below(self, size):
        heads = [(one[0], one[1]) for one in self.log.heads] + self.older
        return max((one for one, root in heads if one < size and self.fits(one, root)), default=0)

    def conclude(self):
        place, self.loose = by_place(self.log, self.belongs, self.bad, self.end())
        by_roots = self.by_roots() if self.full else self.by_tiles_above() if self.kind == "archive" else None
        order = [one for one in (by_roots, place) if one]
        first = min(order, key=lambda one: (one["index"] is None, one["index"] or 0), default=None)
        if self.other_trees:
            return found("rolled_back", 0, self.other_trees[0])
        misfits = [size for size, root in self.older if self.older_fits(size, root) is False]
        if misfits and not (first and first["index"] is not None and first["index"] < min(misfits)):
            return found("rolled_back", self.fits_below(min(misfits)), min(misfits))
        return first

    def by_roots(self):
        """The first own checkpoint that does not fit, although hashes and entries may agree."""
        if not self.newest:
            return None
        misfits = [(size, root) for size, root, _ in sorted(self.log.heads) if self.fits(size, root) is False]
        if not misfits:
            size, root, _ = self.newest
            tiles = size <= len(self.by_tiles) and self.trees[0].root(size) == root
            tiles = tiles and all(self.belongs(place) is not None for place in self.log.places)
            entries = size <= len(self.by_entries) and self.trees[1].root(size) == root
            if self.log.ended and not tiles and not entries and not self.bad:
                self.log.lacks.add("tiles")
            return None
        size, root = misfits[0]
        suspect = self.bad[0] if self.bad else None
        # The entries alone: from the last checkpoint that they fit to the first that they do not.
        heads = sorted({one[:2] for one in self.log.heads} | set(self.older))
        reached = [(one, self.trees[1].root(one) == other) for one, other in heads if one <= len(self.by_entries)]
        fitting = {one for one, fits in reached if fits}
        if size == next((one for one, _ in reached if one not in fitting), None):
            start = max((one for one in fitting if one < size), default=0)
            explained = explain(self.by_entries, size, root, start, suspect)
            if explained:
                return explained
        if suspect is not None and suspect < size:
            return None
        start = self.fits_below(size)
        if any(one > size and self.fits(one, other) for one, other, _ in self.log.heads):
            return found("rolled_back", start, size)
        return found("deleted" if self.to < self.size else "edited", start, size)

    def by_tiles_above(self):
        """In a part: whether every tile leads to the root."""
        log, start, end = self.log, self.log.head["from"], self.to
        if not self.newest or not log.ended:
            return None
        if end > self.size or any(self.belongs(place) is None for place in log.places):
            log.lacks.add("tiles")
        edge = []
        for level in range(8):
            width = (self.size >> 8 * level) % WIDTH
            if width:
                edge.append((level, (self.size >> 8 * level) // WIDTH, width))
        if any(len(log.tiles.get((level, index), [])) != width for level, index, width in edge):
            log.lacks.add("tiles")
            return None
        root = None
        for level, index, width in edge:
            peaks, at = [], 0
            for bit in reversed(range(8)):
                if width >> bit & 1:
                    peaks.append(Tree(log.tiles[level, index][at:at + (1 << bit)]).root(1 << bit))
                    at += 1 << bit
            for peak in reversed(peaks):
                root = peak if root is None else node_hash(peak, root)
        if (root or sha()) != self.newest[1]:
            return found("edited", start, end)
        edge = {(level, index) for level, index, _ in edge}
        # Those above first, then the full ones of level 0.
        lowest = {place for place, hashes in log.tiles.items() if not place[0] and len(hashes) == WIDTH}
        others = [*sorted(set(log.tiles) - edge - lowest), *sorted(lowest)]
        for level, index in others:
            hashes, above = log.tiles[level, index], log.tiles.get((level + 1, index // WIDTH), [])
            if index % WIDTH >= len(above):
                log.lacks.add("tiles")
                return None
            if len(hashes) != WIDTH or Tree(hashes).root(WIDTH) != above[index % WIDTH]:
                return found("edited", max(start, index * WIDTH) if (level, index) in lowest else start, end)
        full = -(-min(end, self.size // WIDTH * WIDTH) // WIDTH)
        if any((0, index) not in log.tiles for index in range(start // WIDTH, min(full, start // WIDTH + len(log.tiles) + 1))):
            log.lacks.add("tiles")
        return None

    # --- the report

    def told(self, outcome, alteration, signed_at):
        log = self.log
        late = ahead = 0
        heads = sorted(log.heads)
        covering = 0
        for place, told in log.places.items():
            while covering < len(heads) and heads[covering][0] <= place:
                covering += 1
            if told.at is None:
                continue
            if covering < len(heads):
                first = min(when for size, root, when in heads if (size, root) == heads[covering][:2])
                ahead += told.at > first + 60
            if covering:
                last = max(when for size, root, when in heads if (size, root) == heads[covering - 1][:2])
                late += told.at < last - 3600
        return {
            "outcome": outcome, "exit": EXITS[outcome], "kind": self.kind, "origin": log.head["origin"], "from": log.head["from"],
            "to": self.to, "size": self.size, "signed_at": signed_at, "key": str(log.key), "key_given": log.key_given,
            "entries": len(log.places), "unsigned": sum(place >= self.size for place in log.places),
            "unsealed": sum(why == "unsealed" for _, why in log.loose), "rejected": sum(why == "rejected" for _, why in log.loose),
            "elsewhere": self.elsewhere, "checkpoints": log.checkpoints, "bad_signatures": log.bad_signatures,
            "alteration": alteration, "places": len(self.bad) + self.more + self.loose,
            "lacks": sorted(log.lacks, key=LACKS.index), "line": log.line, "since": self.since, "late": late, "ahead": ahead}


UNREADABLE = {
    "outcome": "incomplete", "exit": 2, "kind": None, "origin": "", "from": 0, "to": 0, "size": 0, "signed_at": None, "key": "",
    "key_given": False, "entries": 0, "unsigned": 0, "unsealed": 0, "rejected": 0, "elsewhere": 0, "checkpoints": 0,
    "bad_signatures": 0, "alteration": None, "places": 0, "lacks": ["malformed"], "line": 1, "since": [], "late": 0, "ahead": 0}


def verify(data, key, given):
    """The report on an open file."""
    log = Log(data, key)
    return Verification(log, given).report if log.head else dict(UNREADABLE)


def verify_parts(paths, key):
    """The reports on files with parts, and the parts of which every place is good: log, places, newest checkpoint.

    One that lacks nothing but another file is looked at again when another was found."""
    reports, parts, known = {}, [], None
    while known != len(parts):
        known = len(parts)
        for at, path in enumerate(paths):
            if at in reports and reports[at]["lacks"] != ["archive"]:
                continue
            with open(path, "rb") as file:
                log = Log(file, key)
            given = {"since": [], "not_before": lambda head: None,
                     "archives": [places for origin, places, _ in parts if log.head and origin == log.head["origin"]]}
            report = reports[at] = Verification(log, given).report if log.head else dict(UNREADABLE)
            loose = report["alteration"] or {"kind": "inserted", "index": None}
            if not report["bad_signatures"] and not report["lacks"] and (loose["kind"], loose["index"]) == ("inserted", None):
                parts.append((report["origin"], (report["from"], report["to"]), log.newest_note()))
    return [reports[at] for at in range(len(paths))], parts


# --- the command ----------------------------------------------------------------------------------------------------------------

def freshness(max_age):
    """From when on the log has to be signed: asked, or 20 minutes before a whole log was written to a file."""
    def not_before(head):
        if max_age is not None:
            return int(time.time()) - 60 * max_age
        if head["kind"] != "full":
            return None
        try:
            made_at = datetime.fromisoformat(head["made_at"]).timestamp()
        except ValueError:
            made_at = time.time()
        return int(made_at) - 1200
    return not_before


class Parser(argparse.ArgumentParser):
    def error(self, message):
        self.print_usage(sys.stderr)
        self.exit(64, f"{self.prog}: {message}\n")


def main():
    parser = Parser(description=__doc__.splitlines()[0])
    parser.add_argument("--bundle", required=True, help="the file, or - for standard input")
    parser.add_argument("--archive", nargs="+", default=[], help="files with parts that are not in it")
    parser.add_argument("--key", type=Key.parse, help="the public key of the log")
    parser.add_argument("--since", nargs="+", default=[], help="files with older checkpoints")
    parser.add_argument("--max-age", type=int, help="how many minutes old the newest checkpoint may be")
    parser.add_argument("--json", action="store_true")
    try:
        asked = parser.parse_args()
    except Malformed:
        parser.error("this is no public key")
    try:
        since = []
        for path in asked.since:
            with open(path, encoding="utf-8") as file:
                text = file.read()
            since += list(notes_in(text)) or [text]
        reports, parts = verify_parts(asked.archive, asked.key)
        with (sys.stdin.buffer if asked.bundle == "-" else open(asked.bundle, "rb")) as file:
            log = Log(file, asked.key)
        known = [part for part in parts if log.head and part[0] == log.head["origin"]]
        given = {"since": since + [note for *_, note in known], "archives": [places for _, places, _ in known],
                 "not_before": freshness(asked.max_age)}
        report = Verification(log, given).report if log.head else dict(UNREADABLE)
        reports = [{"name": path, "halted": None} | one for path, one in [*zip(asked.archive, reports), (asked.bundle, report)]]
    except (OSError, UnicodeError) as error:
        print(f"verify_log: {error}", file=sys.stderr)
        return 69
    outcome = min((report["outcome"] for report in reports), key=WORST.index)
    if asked.json:
        print(json.dumps({"outcome": outcome, "exit": EXITS[outcome], "reports": reports}, ensure_ascii=False, indent=2))
    else:
        for report in reports:
            print(f"{report['name']}: {report['outcome']}")
            for key in ("alteration", "lacks", "origin", "size", "entries", "unsigned", "unsealed", "key", "key_given", "since"):
                print(f"  {key}: {report[key]}")
    return EXITS[outcome]


if __name__ == "__main__":
    sys.exit(main())
