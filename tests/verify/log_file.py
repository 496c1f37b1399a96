"""Reads a log in the format tsumugi-log/1: its lines, its notes, its hashes. See docs/access-log.md."""

import base64
import gzip
import hashlib
import itertools
import json
import re
import zlib
from datetime import datetime

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

LARGEST, LONGEST_LINE, WIDTH = 1 << 53, 1 << 20, 256
STAGES = {"checkpoint": 1, "tile": 2, "entry": 2, "missing": 2, "archived": 2, "loose": 3, "end": 4}
UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z", re.ASCII)


class Malformed(Exception):
    """A line that cannot be read, or stands where it must not."""


# --- hashes and trees (RFC 6962) ------------------------------------------------------------------------------------

def sha(*parts):
    return hashlib.sha256(b"".join(parts)).digest()


def leaf_hash(data):
    return sha(b"\0", data)


def node_hash(left, right):
    return sha(b"\1", left, right)


def split(count):
    return 1 << (count - 1).bit_length() - 1


class Tree:
    """A list of leaves; hashes of ranges are remembered."""

    def __init__(self, leaves):
        self.leaves, self.known = leaves, {}

    def range(self, start, end):
        if end - start < 2:
            return self.leaves[start] if start < end else sha()
        if (start, end) not in self.known:
            middle = start + split(end - start)
            self.known[start, end] = node_hash(self.range(start, middle), self.range(middle, end))
        return self.known[start, end]

    def root(self, size):
        return self.range(0, size)


def proven(leaf, index, size, proof, root):
    if index >= size:
        return False
    at, last, value = index, size - 1, leaf
    for sibling in proof:
        if last == 0:
            return False
        if at & 1 or at == last:
            value = node_hash(sibling, value)
            while not at & 1 and at:
                at, last = at >> 1, last >> 1
        else:
            value = node_hash(value, sibling)
        at, last = at >> 1, last >> 1
    return last == 0 and value == root


# --- what is written in base64, notes and keys ------------------------------------------------------------------------

def unbase64(text):
    try:
        data = base64.b64decode(text.encode("ascii"), validate=True)
    except (ValueError, UnicodeError):
        raise Malformed from None
    if base64.b64encode(data).decode() != text:
        raise Malformed
    return data


def unhex(text):
    if not re.fullmatch(r"([0-9a-f]{2})*", text):
        raise Malformed
    return bytes.fromhex(text)


def is_name(name):
    return bool(name) and len(name.encode()) <= 300 and "+" not in name and name.isprintable() and not re.search(r"\s", name)


def key_id(name, kind, key):
    return sha(name.encode(), b"\n", bytes([kind]), key)[:4]


class Key:
    def __init__(self, name, key):
        self.name, self.bytes, self.key = name, key, Ed25519PublicKey.from_public_bytes(key)

    @classmethod
    def parse(cls, text):
        parts = text.strip().split("+", 2)
        if len(parts) != 3 or not is_name(parts[0]):
            raise Malformed
        data = unbase64(parts[2])
        if len(data) != 33 or data[0] not in (1, 4) or parts[1] != key_id(parts[0], data[0], data[1:]).hex():
            raise Malformed
        return cls(parts[0], data[1:])

    def __str__(self):
        return f"{self.name}+{key_id(self.name, 1, self.bytes).hex()}+{base64.b64encode(bytes([1]) + self.bytes).decode()}"

    def of(self, origin):
        """The same key, as it signs for another tree of its network."""
        def log(name):
            match = re.fullmatch(r"(.*)/[0-9]+", name, re.ASCII)
            return match and match[1]
        return Key(origin, self.bytes) if log(self.name) and log(self.name) == log(origin) else self

    def holds(self, signature, message):
        try:
            self.key.verify(signature, message)
        except (InvalidSignature, ValueError):
            raise Malformed from None


def read_note(note, key):
    """Size, root and time of a checkpoint that the key signed; Malformed for any other."""
    if len(note.encode()) > 16384 or re.search(r"[\x00-\x09\x0b-\x1f\x7f]", note) or not note.endswith("\n"):
        raise Malformed
    text, found, lines = note.rpartition("\n\n")
    lines = lines[:-1].split("\n")
    head = text.split("\n")
    if not found or len(lines) > 64 or len(head) < 3 or "" in head or not re.fullmatch(r"0|[1-9][0-9]{0,18}", head[1], re.ASCII):
        raise Malformed
    origin, size, root = head[0], int(head[1]), unbase64(head[2])
    if len(root) != 32 or key.name != origin:
        raise Malformed
    text, when = f"{text}\n".encode(), None
    for line in lines:
        name, _, signature = line.removeprefix("— ").partition(" ")
        data = unbase64(signature)
        if not line.startswith("— ") or not is_name(name) or len(data) < 5:
            raise Malformed
        if name == key.name and data[:4] == key_id(name, 1, key.bytes):
            key.holds(data[4:], text)
        elif name == key.name and data[:4] == key_id(name, 4, key.bytes):
            when = int.from_bytes(data[4:12], "big")
            key.holds(data[12:], b"cosignature/v1\ntime %d\n" % when + text)
    if when is None:
        raise Malformed
    return size, root, when


def notes_in(text):
    """The checkpoints in a letter."""
    lines = [line.removeprefix("> ") for line in text.replace("\r\n", "\n").split("\n")]
    for at in range(len(lines) - 4):
        size, root = lines[at + 1], lines[at + 2]
        if lines[at] and re.fullmatch(r"[0-9]+", size) and re.fullmatch(r"[A-Za-z0-9+/]{43}=", root) and lines[at + 3] == "":
            signatures = list(itertools.takewhile(lambda line: line.startswith("— "), lines[at + 4:]))
            if signatures:
                yield "\n".join([*lines[at:at + 3], "", *(line.rstrip() for line in signatures), ""])


# --- lines --------------------------------------------------------------------------------------------------------------

def no_pair_twice(pairs):
    if len({key for key, _ in pairs}) != len(pairs):
        raise Malformed
    return dict(pairs)


def whole(text):
    if text.startswith("-") or len(text) > 16:
        raise Malformed
    return int(text)


def is_number(value, below=LARGEST):
    return type(value) is int and value < below


def is_opened(value):
    return isinstance(value, list) and len(value) <= 2000 and all(
        isinstance(one, dict) and set(one) == {"name", "salt", "value"} and all(isinstance(v, str) for v in one.values()) for one in value)


def is_text(value):
    return isinstance(value, str)


def is_id(value):
    return is_text(value) and bool(UUID.fullmatch(value))


def is_proof(value):
    return isinstance(value, list) and len(value) <= 64 and all(map(is_text, value))


def one_of(*words):
    return lambda value: is_text(value) and value in words


LINES = {  # what has to be there, and what may
    "log": ({"format": one_of("tsumugi-log/1"), "kind": one_of("full", "archive", "patient", "entry"), "origin": is_text,
             "key": is_text, "tenant": is_id, "tree": lambda v: is_number(v, 1 << 32), "made_at": is_text, "from": is_number,
             "to": is_number, "size": is_number}, {}),
    "checkpoint": ({"note": is_text}, {}),
    "tile": ({"level": lambda v: is_number(v, 8), "index": lambda v: is_number(v, LARGEST // WIDTH), "hashes": is_text}, {}),
    "entry": ({"index": is_number, "entry": is_text}, {"opened": is_opened, "secret": is_text, "proof": is_proof}),
    "missing": ({"index": is_number}, {"id": is_id}),
    "archived": ({"from": is_number, "to": is_number, "file": is_text, "sha256": is_text}, {}),
    "loose": ({"entry": is_text, "why": one_of("unsealed", "rejected", "behind")}, {"opened": is_opened, "secret": is_text}),
    "end": ({"lines": lambda v: type(v) is int}, {}),
}


def parse(line):
    try:
        value = json.loads(line.decode(), object_pairs_hook=no_pair_twice, parse_int=whole)
        needed, optional = LINES[value.pop("t")]
        json.dumps(value, ensure_ascii=False).encode()  # halves of characters
    except (ValueError, RecursionError, KeyError, TypeError, AttributeError):
        raise Malformed from None
    checks = needed | optional
    if not set(needed) <= set(value) <= set(checks) or not all(checks[key](value[key]) for key in value):
        raise Malformed
    return value


def lines_of(data):
    """Every line with what it is; Malformed at one that is none, or where the file cannot be unpacked."""
    if data.peek(2)[:2] == b"\x1f\x8b":
        data = gzip.GzipFile(fileobj=data)
    while True:
        try:
            line = data.readline(LONGEST_LINE + 2)
        except (OSError, EOFError, zlib.error):
            raise Malformed from None
        if not line:
            return
        line = line.removesuffix(b"\n")
        if len(line) > LONGEST_LINE:
            raise Malformed
        value = parse(line)
        yield json.loads(line)["t"], value


# --- entries --------------------------------------------------------------------------------------------------------------

class Told:
    """An entry as it was told."""

    def __init__(self, line):
        self.line, self.hash = line, leaf_hash(line["entry"].encode())
        try:
            self.says = json.loads(line["entry"])
        except (ValueError, RecursionError):
            self.says = None
        self.opened = line.get("opened", [])
        self.belongs = all(map(self.stands_for, self.opened))
        self.whole = "secret" in line and isinstance(self.says, dict) and self.is_all_opened()
        self.says = self.says if isinstance(self.says, dict) else {}
        self.id = self.says.get("id") if is_id(self.says.get("id")) else None
        self.at = None
        if is_text(self.says.get("at")) and MOMENT.fullmatch(self.says["at"]):
            try:
                self.at = int(datetime.fromisoformat(self.says["at"]).timestamp() // 1)
            except ValueError:
                pass

    def is_all_opened(self):
        names = {one["name"] for one in self.opened}
        patients = {one["value"] for one in self.opened if one["name"] == "patient"}
        closed = self.says.get("patients", [])
        groups = {name: self.says[name] for name in ("who", "where", "what") if self.says.get(name) is not None}
        return isinstance(closed, list) and all(map(is_text, [*closed, *groups.values()])) and groups.keys() <= names \
            and len(patients) == len(set(closed))

    def stands_for(self, opened):
        try:
            made = sha(unhex(opened["salt"]), opened["value"].encode()).hex()
        except Malformed:
            return False
        if not isinstance(self.says, dict):
            return False
        name = opened["name"]
        if name == "patient":
            return made in self.says.get("patients", [])
        return name in ("who", "where", "what") and self.says.get(name) == made


# --- what a file says -------------------------------------------------------------------------------------------------------

class Log:
    """Everything that a file says, as far as it can be read."""

    def __init__(self, data, key):
        self.head, self.key, self.key_given, self.lacks, self.line, self.ended = None, key, key is not None, set(), None, False
        self.heads, self.tiles, self.places, self.empty, self.loose, self.archived, self.gaps = [], {}, {}, {}, [], [], []
        self.checkpoints, self.bad_signatures, self.count, self.notes = 0, 0, 0, []
        stage, self.last_tile = 0, -1
        try:
            for kind, line in lines_of(data):
                if not self.head:
                    self.on_log(kind, line)
                elif kind == "log" or STAGES[kind] < stage or stage == 4:
                    raise Malformed
                else:
                    stage = STAGES[kind]
                    self.count += 1
                    getattr(self, f"on_{kind}")(line)
        except Malformed:
            self.line = self.count + 1
            self.lacks.add("malformed")
        if not self.head:
            self.line = 1
            self.lacks.add("malformed")
        elif not self.ended and self.line is None:
            self.lacks.add("end")

    def on_log(self, kind, line):
        if kind != "log" or not line["origin"].endswith(f"/{line['tenant']}/{line['tree']}") or line["from"] > line["to"] \
                or (line["kind"] == "full" and line["from"]):
            raise Malformed
        key = self.key or Key.parse(line["key"])
        if not self.key and key.name != line["origin"]:
            raise Malformed
        self.key, self.head, self.next, self.count = key.of(line["origin"]), line, line["from"], 1

    def on_checkpoint(self, line):
        self.checkpoints += 1
        try:
            self.heads.append(read_note(line["note"], self.key))
            self.notes.append(line["note"])
        except Malformed:
            self.bad_signatures += 1

    def newest_note(self):
        return max(zip(self.heads, self.notes))[1]

    def on_tile(self, line):
        data = unbase64(line["hashes"])
        if not data or len(data) % 32 or len(data) > 32 * WIDTH:
            raise Malformed
        if not line["level"]:
            late = self.next > self.head["from"] and line["index"] * WIDTH < self.next
            if line["index"] <= self.last_tile or late:
                raise Malformed
            self.last_tile = line["index"]
        self.tiles[line["level"], line["index"]] = [data[at:at + 32] for at in range(0, len(data), 32)]

    def come_to(self, start, end):
        if start < self.next or end > self.head["to"]:
            raise Malformed
        self.skip_to(start)
        self.next = end

    def skip_to(self, place):
        """Notes that nothing was told of the places before this one."""
        if self.next < place:
            self.gaps.append((self.next, place))
            self.next = place

    def on_entry(self, line):
        proof = [unbase64(one) for one in line["proof"]] if "proof" in line else None
        if proof and any(len(one) != 32 for one in proof):
            raise Malformed
        self.come_to(line["index"], line["index"] + 1)
        self.places[line["index"]] = Told(line)
        self.places[line["index"]].proof = proof

    def on_missing(self, line):
        self.come_to(line["index"], line["index"] + 1)
        self.empty[line["index"]] = line.get("id")

    def on_archived(self, line):
        if line["from"] >= line["to"]:
            raise Malformed
        self.come_to(line["from"], line["to"])
        self.archived.append((line["from"], line["to"]))

    def on_loose(self, line):
        self.loose.append((Told(line), line["why"]))

    def on_end(self, line):
        if line["lines"] != self.count:
            raise Malformed
        self.ended = True
