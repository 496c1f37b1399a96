"""What was done to a log that is not what was signed. See docs/access-log.md, "What was done"."""

import itertools
import json

from log_file import Malformed, Tree, leaf_hash, node_hash, sha, split, unhex

KEPT = 64


def found(kind, index, before=None, id=None):
    return {"kind": kind, "index": index, "before": before, "id": id}


# --- entries that say something else ------------------------------------------------------------------------------------

def fields(told):
    """Everything that it says, one by one, and its patients; None where not everything was told."""
    try:
        flat = {key: value for key, value in told.says.items() if key not in ("who", "where", "what", "patients")}
        for one in told.opened:
            if one["name"] != "patient":
                flat |= {f"{one['name']}.{key}": value for key, value in json.loads(one["value"]).items()}
        flat["secret"] = told.line["secret"]
        patients = {one["value"] for one in told.opened if one["name"] == "patient"}
        return (flat, patients) if hash_of(flat, patients) == told.hash else None
    except (ValueError, KeyError, AttributeError, TypeError, Malformed):
        return None


def hash_of(flat, patients):
    """The hash of an entry that says this."""
    secret = unhex(flat["secret"])

    def commit(name, value):
        return sha(sha(secret, name.encode())[:16], value.encode()).hex()
    says = {key: value for key, value in flat.items() if "." not in key and key != "secret"}
    for name in ("who", "where", "what"):
        group = {key.partition(".")[2]: value for key, value in flat.items() if key.startswith(f"{name}.")}
        if group:
            says[name] = commit(name, compact(group))
    if patients:
        says["patients"] = sorted(commit(f"patient:{patient}", patient) for patient in patients)
    return leaf_hash(compact(says).encode())


def compact(value):
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), sort_keys=True)


ALONE = ["at", "secret", "actor_kind", "profession", "facility", "action", "outcome", "code", "purpose", "ground", "resource_type",
         "resource_version", "count", "rules", "policy", "clock", "who.account", "who.client", "who.on_behalf_of", "who.staff_member",
         "where.device", "where.request", "where.session", "where.source_ip", "what.decision", "what.query", "what.resource"]
POST = ["actor_kind", "profession", "facility"]


def choices(differing):
    """Which fields are exchanged together."""
    if len(differing) <= 8:
        yield from (list(some) for count in range(len(differing) + 1) for some in itertools.combinations(differing, count))
        return
    yield []
    for left in ([], ["at"], ["secret"], ["at", "secret"]):
        yield [key for key in differing if key not in left]
    who, where, what = ([key for key in ALONE if key.startswith(group)] for group in ("who.", "where.", "what."))
    yield from (who, where, what, POST + who, POST + who + where)
    yield from ([key] for key in differing)


def are_exchanged(one, one_hash, other, other_hash):
    """Whether two entries have their hashes when what they say is exchanged."""
    (a, a_patients), (b, b_patients) = one, other
    differing = [key for key in ALONE if a.get(key) != b.get(key)]
    pairs = [(a_patients, b_patients), (b_patients, a_patients)]
    if (len(a_patients) + 1) * (len(b_patients) + 1) <= 128:
        for given, taken in itertools.product([set(), *({p} for p in a_patients)], [set(), *({p} for p in b_patients)]):
            pairs.append((a_patients - given | taken, b_patients - taken | given))
    for fields in choices(differing):
        few = not fields or len(fields) + 2 >= len(differing)
        x, y = dict(a), dict(b)
        for key in fields:
            for into, value in ((x, b.get(key)), (y, a.get(key))):
                into.pop(key, None)
                if value is not None:
                    into[key] = value
        for x_patients, y_patients in pairs if few else pairs[:2]:
            if hash_of(x, x_patients) == one_hash and hash_of(y, y_patients) == other_hash:
                return True
    return False


# --- the first bad place --------------------------------------------------------------------------------------------------

def by_place(log, belongs, bad, end):
    """What was done at the first bad place, or by entries without a place. Answers also with how many of these there are."""
    waiting = {}
    for place in bad[:KEPT]:
        if log.empty.get(place):
            waiting.setdefault(log.empty[place], place)
    paired, left = {}, []
    for told, why in log.loose:
        if why != "unsealed":
            if told.id in waiting and waiting[told.id] not in paired:
                paired[waiting[told.id]] = told
            else:
                left.append(told)
    if not bad:
        return (found("inserted", None, None, left[0].id) if left else None), len(left)
    first = bad[0]
    id = log.places[first].id if first in log.places else log.empty.get(first)
    return found(kind_of(log, belongs, bad, end, paired, left), first, None, id), len(left)


def kind_of(log, belongs, bad, end, paired, left):
    first = bad[0]
    told, known = log.places.get(first) or paired.get(first), belongs(first)
    if told is None:
        id = log.empty.get(first)
        wholes = [whole for one in left[:KEPT] if (whole := fields(one))]
        if id and known and any(hash_of(flat | {"id": id}, patients) == known for flat, patients in wholes):
            return "edited"
        later = any(place > first for place in log.places) or any(stop > first for _, stop in log.archived)
        return "deleted" if later or paired else "truncated"
    if told.hash == known:
        return "edited"
    if first in log.places:
        later = range(first + 1, end)
        belongs_later = any(belongs(place) == told.hash for place in later)
        stands_later = known is not None and any(place in log.places and log.places[place].hash == known for place in later)
        following = log.places.get(first + 1)
        stands_next = following is not None and following.hash == known
        next_is_right = following is not None and following.hash == belongs(first + 1)
        if belongs_later:
            return "swapped" if stands_later else "deleted"
        if stands_later:
            return "inserted" if stands_next or not next_is_right else "swapped"
    return "swapped" if is_exchanged(log, belongs, bad, paired, fields(told), known) else "edited"


def is_exchanged(log, belongs, bad, paired, one, known):
    if not one or known is None:
        return False
    for place in bad[1:KEPT]:
        other = log.places.get(place) or paired.get(place)
        whole = fields(other) if other else None
        if whole and belongs(place) and are_exchanged(one, known, whole, belongs(place)):
            return True
    return False


# --- everything agrees, but not with what was signed ------------------------------------------------------------------------

def with_others(tree, start, end, others):
    """The hash of a range in which some leaves are others."""
    if not any(start <= place < end for place in others):
        return tree.range(start, end)
    if end - start == 1:
        return others[start]
    middle = start + split(end - start)
    return node_hash(with_others(tree, start, middle, others), with_others(tree, middle, end, others))


def root_without(tree, shifted, size, left_out):
    """The root of so many leaves when one is left out and the later ones move up."""
    def part(start, end):
        if end <= left_out:
            return tree.range(start, end)
        if start >= left_out:
            return shifted.range(start, end)
        middle = start + split(end - start)
        return node_hash(part(start, middle), part(middle, end))
    return part(0, size)


def explain(leaves, size, root, start, suspect):
    """What makes the leaves give this root: one that was put in, or two that were exchanged."""
    tree, shifted = Tree(leaves), Tree(leaves[1:])
    last = range(max(start, size - 1024), size)
    for place in last if size < len(leaves) else ():
        if root_without(tree, shifted, size, place) == root:
            return found("inserted", place)
    for place in last:
        if place >= size - 256 or place == suspect:
            for other in range(place + 1, size):
                if with_others(tree, 0, size, {place: leaves[other], other: leaves[place]}) == root:
                    return found("swapped", place)
    return None
