//! The rules of the house that a program can hold: sizes, names, who may use what. A rule that is not worth a test is
//! not a rule. Files are those that git knows or would add.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::Path,
    process::Command,
};

const ROOT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/..");

/// What lies at the top; names with a dot in front are settings of tools.
const TOP: &[&str] = &[
    "Cargo.lock",
    "Cargo.toml",
    "LICENSE",
    "README.md",
    "client-sdk",
    "clippy.toml",
    "deny.toml",
    "deploy",
    "docs",
    "rust-toolchain.toml",
    "schema",
    "server",
    "tests",
];

/// Written by programs.
const GENERATED: &[&str] = &[
    "schema/openapi.json",
    "schema/src/tables.rs",
    "server/src/fhir/r4-elements.txt",
    "server/web/src/api/schema.gen.ts",
];

/// What may name a connection besides the `queries.rs` of a feature.
const NEAR_THE_DATABASE: &[&str] = &[
    "server/src/setup/archive.rs",
    "server/src/setup/demo.rs",
    "server/src/setup/demo/appointments.rs",
    "server/src/setup/demo/beside.rs",
    "server/src/setup/demo/duty.rs",
    "server/src/setup/demo/facts.rs",
    "server/src/setup/demo/history.rs",
    "server/src/setup/demo/posts.rs",
    "server/src/setup/demo/rooms.rs",
    "server/src/setup/log.rs",
    "server/src/setup/mod.rs",
    "server/src/spine/access/queries.rs",
    "server/src/spine/access/readers.rs",
    "server/src/spine/access/rooms.rs",
    "server/src/spine/archive/queries.rs",
    "server/src/spine/audit/rows.rs",
    "server/src/spine/audit/write.rs",
    "server/src/spine/auth/guard.rs",
    "server/src/spine/auth/queries.rs",
    "server/src/spine/copies/queries.rs",
    "server/src/spine/idempotency.rs",
    "server/src/spine/mail.rs",
    "server/src/spine/outbox.rs",
    "server/src/spine/sealing/queries.rs",
    "server/src/spine/sealing/walk/loose.rs",
    "server/src/spine/sealing/walk/queries.rs",
    "server/src/spine/settings.rs",
    "server/src/spine/time_check/queries.rs",
    "server/src/worker.rs",
];

/// Addresses outside `/v1/`, `/fhir/` and `/oauth/`.
const BARE_ADDRESSES: &[&str] = &["/healthz", "/readyz"];

/// What a handler may do.
const VERBS: &[&str] = &[
    "acknowledge",
    "amend",
    "answer",
    "append",
    "approve",
    "ask",
    "assign",
    "cancel",
    "change",
    "close",
    "confirm",
    "cosign",
    "create",
    "delete",
    "end",
    "enrol",
    "explain",
    "export",
    "find",
    "finish",
    "import",
    "leave",
    "link",
    "list",
    "lock",
    "move",
    "read",
    "receive",
    "refresh",
    "release",
    "remind",
    "remove",
    "renew",
    "reopen",
    "reset",
    "resume",
    "retract",
    "return",
    "review",
    "revoke",
    "search",
    "set",
    "start",
    "step",
    "stream",
    "suspend",
    "switch",
    "update",
    "withdraw",
];

/// A file of the project.
struct File {
    path: String,
    text: String,
}

impl File {
    fn extension(&self) -> &str {
        self.path
            .rsplit_once('.')
            .map_or("", |(_, extension)| extension)
    }

    fn is_in(&self, folders: &[&str]) -> bool {
        folders.iter().any(|folder| self.path.starts_with(folder))
    }

    fn is_test(&self) -> bool {
        let name = self.path.rsplit('/').next().unwrap();
        self.is_in(&["tests/", "client-sdk/tests/"])
            || name == "tests.rs"
            || name.ends_with("_tests.rs")
            || [".test.ts", ".spec.ts"]
                .iter()
                .any(|end| name.ends_with(end))
    }

    /// Written by people, to be read by people: not by a program, and not odd on purpose.
    fn is_by_hand(&self) -> bool {
        let by_others = ["Cargo.lock", "package-lock.json", "LICENSE"]
            .iter()
            .any(|name| self.path.ends_with(name));
        !GENERATED.contains(&self.path.as_str())
            && !by_others
            && !self.is_in(&["tests/fixtures/fhir/"])
    }

    /// Lines of a Rust file that are not for tests, with their numbers.
    fn lines_outside_tests(&self) -> Vec<(usize, &str)> {
        let mut found = Vec::new();
        let mut lines = self.text.lines().zip(1..);
        while let Some((line, number)) = lines.next() {
            if line.trim() != "#[cfg(test)]" {
                found.push((number, line));
                continue;
            }
            // The item that follows, to its end.
            let indent = &line[..line.len() - line.trim_start().len()];
            let ends = [format!("{indent}}}"), format!("{indent}}};")];
            for (line, _) in lines.by_ref() {
                let is_one_line = line.ends_with(';')
                    && line.starts_with(indent)
                    && !line[indent.len()..].starts_with(' ');
                if is_one_line || ends.iter().any(|end| line == end) {
                    break;
                }
            }
        }
        found
    }

    /// The feature that the file belongs to.
    fn feature(&self) -> Option<&str> {
        self.path
            .strip_prefix("server/src/features/")?
            .split_once('/')
            .map(|(feature, _)| feature)
    }
}

/// Every text file that git knows or would add.
fn files() -> Vec<File> {
    let output = Command::new("git")
        .args([
            "-c",
            "safe.directory=*",
            "ls-files",
            "-z",
            "--cached",
            "--others",
            "--exclude-standard",
        ])
        .current_dir(ROOT)
        .output()
        .expect("git is there");
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    let names: BTreeSet<String> = String::from_utf8(output.stdout)
        .unwrap()
        .split_terminator('\0')
        .map(Into::into)
        .collect();
    let read = |path: String| {
        Some(File {
            text: fs::read_to_string(Path::new(ROOT).join(&path)).ok()?,
            path,
        })
    };
    let found: Vec<File> = names.into_iter().filter_map(read).collect();
    assert!(found.len() > 200);
    found
}

fn rust(folders: &[&str]) -> Vec<File> {
    let found: Vec<File> = files()
        .into_iter()
        .filter(|file| file.extension() == "rs" && file.is_in(folders))
        .collect();
    assert!(!found.is_empty());
    found
}

/// The crates that are shipped.
const SHIPPED: &[&str] = &["client-sdk/src/", "schema/src/", "server/src/"];

/// Fails with one line for each thing that is wrong.
#[track_caller]
fn none(wrong: &[String]) {
    assert!(
        wrong.is_empty(),
        "{} found:\n{}",
        wrong.len(),
        wrong.join("\n")
    );
}

/// A line of code without what a line comment says.
fn code(line: &str) -> &str {
    if line.trim_start().starts_with("//") {
        ""
    } else {
        line.split(" // ").next().unwrap()
    }
}

fn is_name(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '_'
}

/// The name of the function that begins on this line.
fn function_name(line: &str) -> Option<&str> {
    let (before, after) = line.split_once("fn ")?;
    let words = ["pub", "async", "const", "unsafe", "extern"];
    // `pub(in a::b)` is one word here.
    let before = before.replace("pub(in ", "pub(");
    let is_start = before
        .split_whitespace()
        .all(|word| words.iter().any(|known| word.starts_with(known)));
    let name = after.split(|c| !is_name(c)).next()?;
    (is_start && !name.is_empty()).then_some(name)
}

#[test]
fn files_are_short() {
    let kinds = ["rs", "ts", "js", "mjs", "svelte", "css", "sh", "sql"];
    let mut wrong = Vec::new();
    for file in files().iter().filter(|file| file.is_by_hand()) {
        let is_script = file.text.starts_with("#!");
        let limit = if file.is_test() { 700 } else { 500 };
        let lines = file.text.lines().count();
        if (is_script || kinds.contains(&file.extension())) && lines > limit {
            wrong.push(format!("{}: {lines} lines of {limit}", file.path));
        }
    }
    none(&wrong);
}

#[test]
fn the_list_of_generated_files_is_right() {
    let files = files();
    for path in GENERATED {
        let file = files.iter().find(|file| file.path == *path);
        assert!(
            file.is_some_and(|file| file.text.lines().count() > 100),
            "{path} is not there or needs no exception"
        );
    }
}

#[test]
fn functions_are_short() {
    let (mut wrong, mut seen) = (Vec::new(), 0);
    for file in rust(SHIPPED) {
        let lines: Vec<&str> = file.text.lines().collect();
        for (at, line) in lines.iter().enumerate() {
            let Some(name) = function_name(code(line)) else {
                continue;
            };
            let indent = &line[..line.len() - line.trim_start().len()];
            let end = format!("{indent}}}");
            // A declaration without a body, or a body on the same line, ends where it begins.
            let is_end = |(offset, line): (usize, &&str)| {
                **line == end || offset == 0 && line.ends_with([';', '}'])
            };
            let length = lines[at..]
                .iter()
                .enumerate()
                .position(is_end)
                .map_or(1, |length| length + 1);
            seen += 1;
            if length > 80 {
                wrong.push(format!(
                    "{}:{}: {name} has {length} lines of 80",
                    file.path,
                    at + 1
                ));
            }
        }
    }
    assert!(seen > 500, "{seen} functions");
    none(&wrong);
}

#[test]
fn modules_say_what_they_are() {
    let mut wrong = Vec::new();
    for file in rust(&["client-sdk/src/", "schema/src/", "server/src/", "tests/"]) {
        let parts: Vec<&str> = file.path.split('/').collect();
        let is_root = parts.len() == 3 && parts[1] == "src";
        let is_feature = parts.len() == 5
            && file.path.ends_with("/mod.rs")
            && file.is_in(&["server/src/features/"]);
        if (is_root || is_feature || file.is_in(&["server/src/spine/", "tests/"]))
            && !file.text.starts_with("//! ")
        {
            wrong.push(format!("{}:1: does not open with what it is", file.path));
        }
    }
    none(&wrong);
}

#[test]
fn the_spine_does_not_know_the_features() {
    let mut wrong = Vec::new();
    for file in rust(&["server/src/spine/"]) {
        for (line, number) in file.text.lines().zip(1..) {
            if code(line)
                .split(|c| !is_name(c))
                .any(|word| word == "features")
            {
                wrong.push(format!("{}:{number}: {}", file.path, line.trim()));
            }
        }
    }
    none(&wrong);
}

/// What a module keeps to itself the compiler keeps from others; so nothing but `mod.rs` can be what others use.
#[test]
fn features_show_only_what_their_mod_exports() {
    let mut wrong = Vec::new();
    let mut modules = 0;
    for file in rust(&["server/src/features/"])
        .iter()
        .filter(|file| file.feature().is_some())
    {
        for (line, number) in file.text.lines().zip(1..) {
            let words: Vec<&str> = code(line).split_whitespace().collect();
            modules += usize::from(words.first() == Some(&"mod"));
            if words.first().is_some_and(|word| word.starts_with("pub"))
                && words.get(1) == Some(&"mod")
            {
                wrong.push(format!("{}:{number}: {}", file.path, line.trim()));
            }
        }
    }
    assert!(modules > 40, "{modules} modules");
    none(&wrong);
}

#[test]
fn only_queries_reach_the_database() {
    let mut found = BTreeSet::new();
    for file in rust(&["server/src/"]) {
        let reaches = |line: &str| line.contains("RunQueryDsl") || line.contains(".conn()");
        let is_queries = file.feature().is_some() && file.path.ends_with("/queries.rs");
        if !is_queries && file.text.lines().any(|line| reaches(code(line))) {
            found.insert(file.path);
        }
    }
    assert_eq!(
        found.iter().map(String::as_str).collect::<Vec<_>>(),
        NEAR_THE_DATABASE
    );
}

/// A handler as it is written.
struct Handler {
    place: String,
    feature: String,
    address: String,
    tag: String,
    name: String,
}

/// Every handler of every feature.
fn handlers() -> Vec<Handler> {
    let methods = [
        "get", "post", "put", "delete", "patch", "head", "options", "route",
    ];
    let mut found = Vec::new();
    for file in rust(&["server/src/features/"]) {
        let Some(feature) = file.feature() else {
            continue;
        };
        let lines: Vec<&str> = file.text.lines().collect();
        for (at, line) in lines.iter().enumerate() {
            let start = methods
                .iter()
                .find_map(|method| line.trim().strip_prefix(&format!("#[{method}(")));
            let Some(address) = start else { continue };
            let place = format!("{}:{}", file.path, at + 1);
            let address = address
                .split('"')
                .nth(1)
                .unwrap_or_else(|| panic!("{place}: the address is not written out"));
            // What is published of it stands just above.
            let above = lines[..at]
                .iter()
                .rposition(|line| line.starts_with("#[utoipa::path("));
            let above = above.unwrap_or_else(|| panic!("{place}: is not published"));
            let published = lines[above..at].join("\n");
            let tag = published
                .split("tag = \"")
                .nth(1)
                .and_then(|rest| rest.split('"').next());
            let name = lines[at..].iter().find_map(|line| function_name(line));
            found.push(Handler {
                feature: feature.to_owned(),
                address: address.to_owned(),
                tag: tag
                    .unwrap_or_else(|| panic!("{place}: has no tag"))
                    .to_owned(),
                name: name
                    .unwrap_or_else(|| panic!("{place}: has no handler"))
                    .to_owned(),
                place,
            });
        }
    }
    assert!(found.len() > 30, "{} handlers", found.len());
    found
}

#[test]
fn addresses_and_tags_say_where_the_handler_is() {
    let mut wrong = Vec::new();
    let mut bare = Vec::new();
    for handler in handlers() {
        if !["/v1/", "/fhir/", "/oauth/"]
            .iter()
            .any(|start| handler.address.starts_with(start))
        {
            bare.push(handler.address.clone());
        }
        if handler.tag != handler.feature {
            wrong.push(format!(
                "{}: tag {} in feature {}",
                handler.place, handler.tag, handler.feature
            ));
        }
    }
    bare.sort();
    assert_eq!(bare, BARE_ADDRESSES);
    none(&wrong);
}

#[test]
fn handlers_are_named_by_verb_and_noun() {
    let mut verbs = BTreeSet::new();
    for handler in handlers() {
        let (verb, noun) = handler
            .name
            .split_once('_')
            .unwrap_or_else(|| panic!("{}: {}", handler.place, handler.name));
        assert!(!noun.is_empty(), "{}: {}", handler.place, handler.name);
        verbs.insert(verb.to_owned());
    }
    assert_eq!(verbs.iter().map(String::as_str).collect::<Vec<_>>(), VERBS);
}

#[test]
fn nothing_is_left_unfinished_or_switched_off() {
    // Put together so that this file does not hold what it looks for.
    let unfinished = [
        concat!("to", "do!("),
        concat!("unimple", "mented!("),
        concat!("db", "g!("),
        concat!("#[ig", "nore"),
        concat!("#[ser", "ial"),
        concat!("FIX", "ME"),
        concat!("TO", "DO"),
        concat!("HA", "CK"),
    ];
    let switched_off = ["test", "it", "describe"].iter().flat_map(|what| {
        ["only", "skip", "todo", "fixme", "fails"].map(|how| format!("{what}.{how}("))
    });
    let switched_off: Vec<String> = switched_off.collect();
    let placeholder = concat!("X", "XX");
    let mut wrong = Vec::new();
    for file in files().iter().filter(|file| {
        file.is_by_hand() && !["json", "md", "tsv", "txt"].contains(&file.extension())
    }) {
        for (line, number) in file.text.lines().zip(1..) {
            // Part of a longer run it is the pattern of a temporary name.
            let has_placeholder = line.split(|c| !is_name(c)).any(|word| word == placeholder);
            let is_off = ["ts", "js"].contains(&file.extension())
                && switched_off.iter().any(|word| line.contains(word));
            if has_placeholder || is_off || unfinished.iter().any(|word| line.contains(word)) {
                wrong.push(format!("{}:{number}: {}", file.path, line.trim()));
            }
        }
    }
    none(&wrong);
}

#[test]
fn nothing_that_is_shipped_can_panic_on_purpose() {
    let panics = [".unwrap()", ".expect(", "panic!(", "unreachable!("];
    let unsafe_code = [
        "unsafe {",
        "unsafe fn",
        "unsafe impl",
        "unsafe extern",
        "#[unsafe(",
    ];
    let mut wrong = Vec::new();
    for file in rust(SHIPPED).iter().filter(|file| !file.is_test()) {
        for (number, line) in file.lines_outside_tests() {
            if panics
                .iter()
                .chain(&unsafe_code)
                .any(|word| code(line).contains(word))
            {
                wrong.push(format!("{}:{number}: {}", file.path, line.trim()));
            }
        }
    }
    none(&wrong);
}

#[test]
fn every_crate_has_the_lints_of_the_house() {
    let manifests: Vec<File> = files()
        .into_iter()
        .filter(|file| file.path.ends_with("/Cargo.toml"))
        .collect();
    assert_eq!(manifests.len(), 4);
    for file in manifests {
        assert!(
            file.text.contains("[lints]\nworkspace = true"),
            "{}",
            file.path
        );
    }
}

#[test]
fn the_top_level_is_a_table_of_contents() {
    let tops: BTreeSet<String> = files()
        .iter()
        .map(|file| file.path.split('/').next().unwrap().to_owned())
        .collect();
    let wrong: Vec<String> = tops
        .iter()
        .filter(|name| !name.starts_with('.') && !TOP.contains(&name.as_str()))
        .cloned()
        .collect();
    none(&wrong);
    for needed in ["README.md", "docs", "server", "tests"] {
        assert!(tops.contains(needed), "{needed} is missing");
    }
}

#[test]
fn migrations_are_numbered_and_can_be_taken_back() {
    let mut folders: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for file in files() {
        let Some((folder, name)) = file
            .path
            .strip_prefix("schema/migrations/")
            .and_then(|path| path.split_once('/'))
        else {
            continue;
        };
        assert!(!file.text.trim().is_empty(), "{} is empty", file.path);
        folders
            .entry(folder.to_owned())
            .or_default()
            .push(name.to_owned());
    }
    assert!(!folders.is_empty());
    for ((folder, files), number) in folders.iter().zip(1..) {
        assert_eq!(
            folder.split('_').next(),
            Some(format!("{number:04}").as_str()),
            "{folder}"
        );
        assert_eq!(files, &["down.sql", "up.sql"], "{folder}");
    }
}

#[test]
fn text_is_clean() {
    let mut wrong = Vec::new();
    for file in files()
        .iter()
        .filter(|file| file.is_by_hand() && file.extension() != "tsv")
    {
        if !file.text.ends_with('\n') || file.text.ends_with("\n\n") {
            wrong.push(format!("{}: does not end with one line feed", file.path));
        }
        for (line, number) in file.text.split('\n').zip(1..) {
            if line.ends_with([' ', '\r']) || line.contains('\t') {
                wrong.push(format!(
                    "{}:{number}: tab, space or carriage return",
                    file.path
                ));
            }
        }
    }
    none(&wrong);
}

#[test]
fn the_readme_is_read_to_its_end() {
    let files = files();
    let readme = files
        .iter()
        .find(|file| file.path == "README.md")
        .expect("README.md is there");
    let lines = readme.text.lines().count();
    assert!((10..=120).contains(&lines), "{lines} lines");
}

#[test]
fn every_test_file_tests() {
    let starts = [
        "#[test]",
        "#[actix_web::test]",
        "#[tokio::test]",
        "proptest!",
    ];
    let (mut without, mut seen) = (Vec::new(), 0);
    for file in files() {
        let name = file.path.rsplit('/').next().unwrap();
        let in_rust = file.is_in(&["tests/it/features/", "tests/it/invariants/"])
            && file.extension() == "rs"
            && name != "mod.rs"
            || file.is_in(&["server/src/", "client-sdk/src/"]) && file.is_test();
        let in_script = [".test.ts", ".spec.ts"]
            .iter()
            .any(|end| name.ends_with(end));
        let tests = |line: &str| {
            starts
                .iter()
                .any(|start| in_rust && line.starts_with(start))
                || in_script
                    && ["test(", "it(", "test.each(", "it.each("]
                        .iter()
                        .any(|start| line.starts_with(start))
        };
        seen += usize::from(in_rust || in_script);
        if (in_rust || in_script) && !file.text.lines().any(|line| tests(line.trim())) {
            without.push(file.path);
        }
    }
    assert!(seen > 20, "{seen} files");
    assert_eq!(without, [""; 0]);
}
