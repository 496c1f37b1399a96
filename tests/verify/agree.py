"""Verifies logs with the program and with verify_log.py, and insists that they say the same. Started by tests/verify/run."""

import argparse
import gzip
import json
import os
import subprocess
import sys
from pathlib import Path

import verify_log

# What the program knows besides, and what a name is.
APART = {"name", "halted", "line"}

SHIFT_UP = """UPDATE audit_leaves SET leaf_index = -leaf_index - 1 WHERE leaf_index >= {0};
    UPDATE audit_leaves SET leaf_index = -leaf_index WHERE leaf_index < 0;"""
SHIFT_DOWN = """UPDATE audit_leaves SET leaf_index = -leaf_index WHERE leaf_index > {0};
    UPDATE audit_leaves SET leaf_index = -leaf_index - 1 WHERE leaf_index < 0;"""
FORGED = """INSERT INTO audit_events (tenant_id, id, at, actor_kind, action, purpose, outcome, rules, policy_digest, request_id,
    clock, seal, xid) SELECT tenant_id, '019a0000-0000-7000-8000-00000000abcd', now() - interval '1 day', 'staff', 'patient.read',
    'TREAT', 'allowed', '{}', '', 'forged', 'checked', sha256('a') || substr(sha256('b'), 1, 16), 3 FROM tenants;"""
PLACED = FORGED + SHIFT_UP + """INSERT INTO audit_leaves SELECT tenant_id, 1, {0}, id, at, sha256('guess') FROM audit_events
    WHERE request_id = 'forged';"""
LISTED = "(SELECT leaf_index FROM audit_leaves l JOIN audit_event_patients p USING (event_id) ORDER BY 1 LIMIT 1)"


def at(place):
    return f"id = (SELECT event_id FROM audit_leaves WHERE leaf_index = {place})"


def edit(change, place):
    return f"UPDATE audit_events SET {change} WHERE {at(place)};"


def exchange(columns, one, other):
    sets = ", ".join(f"{column} = o.{column}" for column in columns.split())
    places = f"(SELECT event_id FROM audit_leaves WHERE leaf_index IN ({one}, {other}))"
    return f"""UPDATE audit_events e SET {sets} FROM (SELECT * FROM audit_events WHERE id IN {places}) o
        WHERE e.id IN {places} AND e.id <> o.id;"""


def over_a_third(table, column, one, other):
    """Exchanges two values of a column whose values have to differ."""
    aside = -1 if column == "leaf_index" else "'00000000-0000-0000-0000-000000000000'::uuid"
    steps = [("x", one, aside), ("y", other, "(SELECT v FROM x)"), ("z", aside, "(SELECT v FROM y)")]
    return "".join(f"CREATE TEMP TABLE {name} AS SELECT {start} AS v; UPDATE {table} SET {column} = {end} WHERE {column} = (SELECT v FROM {name});"
                   for name, start, end in steps)


ALL = """actor_kind account_id staff_member_id client_id profession facility_id session_id action purpose outcome code
    patient_id resource_type resource_id count rules policy_digest request_id source_ip decision ground resource_version
    on_behalf_of device_id query_digest clock"""

# Name, what is done, what it is, and where; END is the size of the log, UNLISTED are places whose entries name no list.
ATTACKS = [
    ("edit what was done", edit("action = 'patient.create'", 300), "edited", 300),
    ("edit the patient", edit("patient_id = gen_random_uuid()", 0), "edited", 0),
    ("edit who it was", edit("account_id = gen_random_uuid()", 255), "edited", 255),
    ("edit the time", edit("at = at - interval '2 hours'", 256), "edited", 256),
    ("edit the secret", edit("seal = sha256('x') || substr(sha256('y'), 1, 16)", 600), "edited", 600),
    ("edit the id", edit("id = gen_random_uuid()", 601), "edited", 601),
    ("edit the last", edit("outcome = (ARRAY['denied', 'allowed'])[1 + (outcome = 'denied')::int]", "END - 1"), "edited", "END - 1"),
    ("edit with the hash of the leaf", edit("action = 'x.y'", 77) + f"UPDATE audit_leaves SET hash = sha256('x') WHERE leaf_index = 77;",
     "edited", 77),
    ("edit the list of patients", f"DELETE FROM audit_event_patients WHERE event_id = (SELECT event_id FROM audit_leaves WHERE leaf_index = {LISTED});",
     "edited", LISTED),
    ("add to the list of patients", "INSERT INTO audit_event_patients SELECT tenant_id, event_id, gen_random_uuid(), event_at "
     "FROM audit_leaves WHERE leaf_index = 345;", "edited", 345),
    ("delete one", f"DELETE FROM audit_events WHERE {at(300)};", "deleted", 300),
    ("delete one with its place", f"DELETE FROM audit_events WHERE {at(301)}; DELETE FROM audit_leaves WHERE leaf_index = 301;",
     "deleted", 301),
    ("delete one and move the others up", f"DELETE FROM audit_events WHERE {at(302)}; DELETE FROM audit_leaves WHERE leaf_index = 302;"
     + SHIFT_DOWN.format(302) + "UPDATE audit_trees SET size = size - 1;", "deleted", 302),
    ("delete several", "DELETE FROM audit_events WHERE id IN (SELECT event_id FROM audit_leaves WHERE leaf_index IN (4, 9, 700));",
     "deleted", 4),
    ("delete all of one patient", "DELETE FROM audit_events WHERE patient_id = (SELECT patient_id FROM audit_events e JOIN audit_leaves "
     "ON event_id = e.id WHERE patient_id IS NOT NULL ORDER BY leaf_index LIMIT 1);", "deleted",
     "(SELECT min(leaf_index) FROM audit_leaves JOIN audit_events ON id = event_id WHERE patient_id IS NOT NULL)"),
    ("cut the end", "DELETE FROM audit_events WHERE id IN (SELECT event_id FROM audit_leaves WHERE leaf_index >= 850);", "truncated", 850),
    ("cut the end with its places", "DELETE FROM audit_events WHERE id IN (SELECT event_id FROM audit_leaves WHERE leaf_index >= 600);"
     "DELETE FROM audit_leaves WHERE leaf_index >= 600;", "truncated", 600),
    ("cut the end, and say that it was never longer", "DELETE FROM audit_events WHERE id IN (SELECT event_id FROM audit_leaves WHERE "
     "leaf_index >= 600); DELETE FROM audit_leaves WHERE leaf_index >= 600; DELETE FROM audit_tiles WHERE tile_index > 1;"
     "UPDATE audit_trees SET size = 600, edge = '';", "truncated", 600),
    ("insert one with an old date", FORGED, "inserted", None),
    ("insert one with a place", PLACED.replace("{0}", "300"), "inserted", 300),
    ("insert one at the end of a tile", PLACED.replace("{0}", "511"), "inserted", 511),
    ("insert one in the last tile", PLACED.replace("{0}", "880"), "inserted", 880),
    ("exchange what two say", exchange(ALL, 100, 101), "swapped", 100),
    ("exchange what two say with secrets and times", exchange(ALL + " seal at", 102, 700), "swapped", 102),
    ("exchange who it was", exchange("account_id staff_member_id", 105, 702), "swapped", 105),
    ("exchange the patients", exchange("patient_id", 106, 703), "swapped", 106),
    ("exchange the times", exchange("at", 107, 704), "swapped", 107),
    ("exchange the secrets", exchange("seal", 108, 705), "swapped", 108),
    ("exchange the ids", over_a_third("audit_events", "id", "(SELECT event_id FROM audit_leaves WHERE leaf_index = 109)",
                                      "(SELECT event_id FROM audit_leaves WHERE leaf_index = 706)"), "swapped", 109),
    ("exchange the places", over_a_third("audit_leaves", "leaf_index", 110, 707), "swapped", 110),
    ("exchange places in the last tile", over_a_third("audit_leaves", "leaf_index", 800, 870), "swapped", 800),
    ("exchange the entries of places", "CREATE TEMP TABLE l AS SELECT * FROM audit_leaves WHERE leaf_index IN (111, 708);"
     "DELETE FROM audit_leaves WHERE leaf_index IN (111, 708); UPDATE l SET leaf_index = 111 + 708 - leaf_index;"
     "UPDATE l SET hash = o.hash FROM (SELECT * FROM l) o WHERE o.leaf_index <> l.leaf_index; INSERT INTO audit_leaves SELECT * FROM l;",
     "swapped", 111),
    ("exchange a tile", "UPDATE audit_tiles t SET hashes = o.hashes FROM (SELECT * FROM audit_tiles) o WHERE t.level = 0 AND o.level = 0 "
     "AND t.tile_index + o.tile_index = 1 AND t.tile_index IN (0, 1);", "swapped", 0),
    ("forge a checkpoint", "UPDATE audit_trees SET note = replace(note, E'\\n' || size || E'\\n', E'\\n' || size + 1 || E'\\n');",
     "bad_signature", None),
    ("forge an older checkpoint", "INSERT INTO audit_checkpoints SELECT tenant_id, 1, size - 1, now(), "
     "replace(note, E'\\n' || size || E'\\n', E'\\n' || size - 1 || E'\\n') FROM audit_trees;", "bad_signature", None),
    ("remove the checkpoints", "DELETE FROM audit_checkpoints; UPDATE audit_trees SET note = NULL;", "incomplete", None),
]


class Site:
    def __init__(self, asked):
        self.asked, self.database, self.count = asked, asked.database, 0

    def sql(self, statements, database=None):
        url = self.asked.superuser.replace("DATABASE", database or self.database)
        done = subprocess.run([self.asked.psql, "-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-d", url], input=statements,
                              text=True, capture_output=True)
        if done.returncode:
            raise SystemExit(f"{statements}\n{done.stderr}")
        return done.stdout.strip()

    def environment(self):
        names = ["TSUMUGI_DATABASE_URL", "TSUMUGI_LOG_DATABASE_URL", "TSUMUGI_OWNER_DATABASE_URL"]
        urls = {name: os.environ[name].rsplit("/", 1)[0] + "/" + self.database for name in names}
        return os.environ | urls

    def program(self, *arguments):
        return subprocess.run([self.asked.program, "audit", *map(str, arguments)], text=True, capture_output=True, env=self.environment())

    def reports(self, since=(), more=(), archives=()):
        """What is found in the database, in a file by the program, and in the file by the other verifier; of each what was
        found in the archives, where some were given, and last in the log."""
        since = ["--since", *since] if since else []
        since += ["--archive", *archives] if archives else []
        self.count += 1
        file = Path(self.asked.folder) / f"copy-{self.count}.log{'.gz' if self.count % 2 else ''}"
        key = self.asked.key or self.key()
        stored = self.program("verify", "--network", self.asked.network, "--json", "--key", key, *since)
        wrote = self.program("export", "--network", self.asked.network, "--out", file, *more)
        if wrote.returncode:
            raise SystemExit(f"export: {wrote.stderr}")
        read = self.program("verify", "--bundle", file, "--json", "--key", key, *since)
        other = subprocess.run([sys.executable, str(Path(__file__).with_name("verify_log.py")), "--bundle", str(file), "--json", "--key", key,
                                *map(str, since)], text=True, capture_output=True)
        file.unlink()
        found = []
        for name, done in (("database", stored), ("file", read), ("other", other)):
            try:
                said = json.loads(done.stdout)
            except ValueError:
                raise SystemExit(f"{name}: {done.stdout}{done.stderr}") from None
            if said["exit"] != done.returncode:
                raise SystemExit(f"{name}: ended with {done.returncode}, said {said['exit']}")
            apart = [{key: value for key, value in report.items() if key not in APART} for report in said["reports"]]
            found.append(apart if archives else apart[0])
        return found

    def key(self):
        done = self.program("key", "--network", self.asked.network)
        self.asked.key = done.stdout.strip()
        return self.asked.key


def differences(one, other, but=()):
    return {key: (one.get(key), other.get(key)) for key in one | other if key not in but and one.get(key) != other.get(key)}


def same(name, found):
    """Whether all three say the same. The export leaves an entry of its own, which waits for its place."""
    stored, read, other = found
    wrong = differences(read, other) or differences(stored, read, {"unsealed"})
    if wrong:
        print(f"{name}: the verifiers do not agree: {wrong}")
    return not wrong


def attacks(site):
    original, good = site.database, True
    site.key()
    size = site.sql("SELECT size FROM audit_trees;")
    sound = site.reports()
    good &= same("untouched", sound) and sound[0]["outcome"] == "sound"
    if not good:
        print(f"untouched: {sound}")
    for name, statements, expected, where in ATTACKS:
        site.database = "attacked"
        site.sql(f"DROP DATABASE IF EXISTS attacked; CREATE DATABASE attacked TEMPLATE {original} OWNER tsumugi_owner;", "postgres")
        if isinstance(where, str):
            where = int(site.sql(f"SELECT {where.replace('END', size)};"))
        site.sql(f"BEGIN; SET LOCAL session_replication_role = replica; {statements.replace('END', size)} COMMIT;")
        found = site.reports()
        said = found[0]["alteration"] or {"kind": found[0]["outcome"], "index": None}
        right = (said["kind"], said["index"]) == (expected, where)
        if not right:
            print(f"{name}: {said}, and it is {expected} at {where}: {found[0]}")
        good &= same(name, found) and right
        print(f"  {name}: {said['kind']}{'' if said['index'] is None else ' at ' + str(said['index'])}")
    site.database = original
    return good & parts(site) & proofs(site)


def parts(site):
    """Parts of the log, one patient, one entry: both verifiers find them sound."""
    patient = site.sql("SELECT patient_id FROM audit_events WHERE patient_id IS NOT NULL LIMIT 1;")
    entry = site.sql("SELECT event_id FROM audit_leaves WHERE leaf_index = 444;")
    good = True
    for name, more in [("a part", ["--from", "300", "--to", "700"]), ("the end", ["--from", "800"]), ("the beginning", ["--to", "256"]),
                       ("a patient", ["--patient", patient]), ("a patient with names", ["--patient", patient, "--who"]),
                       ("an entry", ["--entry", entry])]:
        _, read, other = site.reports(more=more)
        wrong = differences(read, other)
        if wrong or read["outcome"] != "sound" or not read["entries"]:
            print(f"{name}: {read} {wrong}")
            good = False
        print(f"  {name}: {read['outcome']}, {read['entries']} entries")
    return good


def proofs(site):
    """A proof of an entry, and one between two sizes, hold; bent ones do not."""
    folder, key, network = Path(site.asked.folder), site.key(), site.asked.network
    entry = site.sql("SELECT event_id FROM audit_leaves WHERE leaf_index = 444;")
    proof = site.program("proof", "--network", network, "--entry", entry).stdout
    good = True
    for name, text, expected in [("proof", proof, 0), ("bent", proof.replace("index 444", "index 445"), 1), ("none", "no proof", 2),
                                 ("other key", proof.replace("\n— ", "\n— x"), 3)]:
        file = folder / f"{name}.tlog-proof"
        file.write_text(text)
        done = site.program("verify-proof", file, "--key", key)
        if done.returncode != expected:
            print(f"proof, {name}: {done.returncode} instead of {expected}: {done.stdout}{done.stderr}")
            good = False
    new = folder / "new.checkpoint"
    new.write_text(site.program("checkpoint", "--network", network).stdout)
    size = int(new.read_text().splitlines()[1])
    lines = folder / "proof.lines"
    lines.write_text(site.program("consistency", "--network", network, "--from", size, "--to", size).stdout)
    done = site.program("verify-consistency", "--old", new, "--new", new, "--proof", lines, "--key", key)
    if done.returncode:
        print(f"consistency: {done.stdout}{done.stderr}")
        good = False
    print("  proofs: as they should be" if good else "  proofs: wrong")
    return good


def restored(site):
    found = site.reports(since=[site.asked.witness])
    alteration = found[0]["alteration"] or {}
    right = alteration.get("kind") == "rolled_back" and [one["fits"] for one in found[0]["since"]] == [False]
    print(f"  {alteration.get('kind')} at {alteration.get('index')}")
    if not right:
        print(found[0])
    return same("restored", found) and right


def sound(site):
    found = site.reports()
    if found[0]["outcome"] != "sound":
        print(found[0])
    return same("sound", found) and found[0]["outcome"] == "sound"


def archived(site):
    """Months that went into files: each file by itself, the whole log with them, and what was done to one of them."""
    files = sorted(Path(site.asked.archives).glob("*.jsonl.gz"))
    good = len(files) == 2
    without = site.reports()
    good &= same("without the archives", without) and (without[0]["outcome"], without[0]["lacks"]) == ("incomplete", ["archive"])
    print(f"  without the archives: {without[0]['outcome']} {without[0]['lacks']}, {without[0]['elsewhere']} elsewhere")
    # In whichever order they are named; the second names the first.
    for order in (files, files[::-1]):
        good &= all_sound("with the archives", order, site.reports(archives=order))
    # The first alone stands for itself, and not for what is in the other.
    first = site.reports(archives=files[:1])
    good &= agreed("with one of them", first) and [one["outcome"] for one in first[0]] == ["sound", "incomplete"]
    print(f"  with one of them: {[one['outcome'] for one in first[0]]}")
    for name, change, expected in [
            ("an entry of an archive is edited", lambda line: line.replace(b"timeline.list", b"timeline.link"), "edited"),
            ("an entry of an archive is deleted", lambda line: b"", "deleted")]:
        bent = Path(site.asked.folder) / "bent.jsonl.gz"
        where = bend(files[0], bent, change)
        found = site.reports(archives=[bent, files[1]])
        said = found[0][0]["alteration"] or {}
        right = (said.get("kind"), said.get("index")) == (expected, where) and found[0][-1]["lacks"] == ["archive"]
        good &= agreed(name, found) and right
        print(f"  {name}: {said.get('kind')} at {said.get('index')}" + ("" if right else f", and it is at {where}: {found[0]}"))
    return good


def bend(file, into, change):
    """Changes one entry of a file; answers with its place."""
    lines = gzip.decompress(file.read_bytes()).splitlines(keepends=True)
    at = next(at for at, line in enumerate(lines) if at > 40 and b"timeline.list" in line)
    place = json.loads(lines[at])["index"]
    lines[at] = change(lines[at])
    text = b"".join(lines)
    if not lines[at]:
        text = text.replace(b'"lines":%d' % len(lines), b'"lines":%d' % (len(lines) - 1))
    into.write_bytes(gzip.compress(text))
    return place


def agreed(name, found):
    """As same(), for the reports on several files."""
    counts = len({len(reports) for reports in found}) == 1
    return counts and all([same(name, [reports[at] for reports in found]) for at in range(len(found[0]))])


def all_sound(name, files, found):
    outcomes = [one["outcome"] for one in found[0]]
    right = agreed(name, found) and set(outcomes) == {"sound"} and len(outcomes) == len(files) + 1
    print(f"  {name}: {outcomes}")
    if not right:
        print(found[0])
    return right


def faults(asked):
    """Broken files, of which the program has said what they are."""
    good, count, key = True, 0, None
    for file in sorted(Path(asked.files).glob("*.log")):
        with file.open("rb") as data:
            given = {"since": [], "archives": [], "not_before": lambda head: None}
            key = key or verify_log.Key.parse(json.loads(next(iter(first_lines(asked.files))))["key"])
            other = verify_log.verify(data, key, given)
        said = json.loads(file.with_suffix(".json").read_text())
        but = {"line"}
        if "malformed" in said["lacks"] and "malformed" in other["lacks"]:
            # Where a file cannot be unpacked any more depends on how much is unpacked at once.
            but |= set(said) if file.read_bytes()[:2] == b"\x1f\x8b" else set()
        wrong = differences(said, other, but)
        if wrong:
            print(f"{file}: {wrong}")
            good = False
        count += 1
    print(f"  {count} broken files")
    return good


def first_lines(folder):
    for file in sorted(Path(folder).glob("*.log")):
        line = file.read_bytes().split(b"\n")[0]
        try:
            if json.loads(line)["t"] == "log" and verify_log.Key.parse(json.loads(line)["key"]):
                yield line
        except (ValueError, KeyError, TypeError, AttributeError, verify_log.Malformed):
            continue


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("command", choices=["attacks", "restored", "sound", "archived", "faults"])
    for name in ["program", "psql", "superuser", "folder", "network", "database", "witness", "files", "key", "archives"]:
        parser.add_argument(f"--{name}")
    asked = parser.parse_args()
    if asked.command == "faults":
        return 0 if faults(asked) else 1
    return 0 if {"attacks": attacks, "restored": restored, "sound": sound, "archived": archived}[asked.command](Site(asked)) else 1


if __name__ == "__main__":
    sys.exit(main())
