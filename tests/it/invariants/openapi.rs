//! The published interface is the one that is served, that the client library speaks, and that the documents describe.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
};

use actix_web::{
    App,
    introspection::IntrospectionTree,
    test::{TestRequest, call_and_read_body, init_service},
    web::{self, Data},
};
use serde_json::Value;
use tsumugi_server::{config, openapi, routes};
use utoipa_actix_web::AppExt;

const ROOT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/..");

/// The operations that can be asked by anybody and cannot be asked wrongly.
const WITHOUT_REFUSAL: [&str; 3] = ["find_health", "find_openapi", "find_readiness"];

fn text_of(path: &str) -> String {
    fs::read_to_string(Path::new(ROOT).join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// An operation as it is published.
struct Operation {
    method: String,
    path: String,
    says: Value,
}

impl Operation {
    fn id(&self) -> &str {
        self.says["operationId"]
            .as_str()
            .unwrap_or_else(|| panic!("{} {} has no id", self.method, self.path))
    }
}

fn document() -> Value {
    serde_json::to_value(openapi::document()).unwrap()
}

fn published() -> Vec<Operation> {
    let mut found = Vec::new();
    for (path, methods) in document()["paths"].as_object().unwrap() {
        for (method, says) in methods.as_object().unwrap() {
            found.push(Operation {
                method: method.to_uppercase(),
                path: path.clone(),
                says: says.clone(),
            });
        }
    }
    assert!(!found.is_empty());
    found
}

#[actix_web::test]
#[expect(
    clippy::disallowed_methods,
    reason = "the address at which the tree of addresses is read is not published"
)]
async fn what_is_registered_is_what_is_published() {
    let show = async |tree: Data<IntrospectionTree>| tree.report_as_json();
    let (app, _) = App::new()
        .into_utoipa_app()
        .configure(routes::configure)
        .map(|app| app.route("/tree", web::get().to(show)))
        .split_for_parts();
    let service = init_service(app).await;
    let body = call_and_read_body(&service, TestRequest::get().uri("/tree").to_request()).await;
    let tree: Value = serde_json::from_slice(&body).unwrap();
    let mut registered = Vec::new();
    for item in tree.as_array().unwrap() {
        let path = item["full_path"].as_str().unwrap();
        let methods = item["methods"].as_array().unwrap();
        // An address without a method would answer to all of them.
        assert!(
            !methods.is_empty() || item["resource_type"] == "app",
            "{item}"
        );
        registered.extend(
            methods
                .iter()
                .map(|method| format!("{path} {}", method.as_str().unwrap())),
        );
    }
    registered.sort();
    let mut expected: Vec<String> = published()
        .iter()
        .map(|of| format!("{} {}", of.path, of.method))
        .collect();
    expected.push("/tree GET".to_owned());
    expected.sort();
    assert_eq!(registered, expected);
}

#[test]
fn the_committed_document_is_the_one_that_is_served() {
    assert!(
        text_of("schema/openapi.json") == openapi::text().unwrap(),
        "write it anew with `tsumugi openapi`"
    );
}

#[test]
fn the_example_of_settings_is_the_table_of_settings() {
    assert_eq!(text_of("deploy/env.example"), config::example());
}

#[test]
fn the_client_library_has_every_operation() {
    let mut known: Vec<&str> = tsumugi_client::OPERATIONS.to_vec();
    known.sort_unstable();
    let published = published();
    let mut ids: Vec<&str> = published.iter().map(Operation::id).collect();
    ids.sort_unstable();
    assert_eq!(known, ids);
}

#[test]
fn every_operation_has_an_id_of_its_own() {
    let published = published();
    let ids: BTreeSet<&str> = published.iter().map(Operation::id).collect();
    assert_eq!(ids.len(), published.len());
    for id in ids {
        let parts: Vec<&str> = id.split('_').collect();
        let word =
            |part: &&str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_lowercase());
        assert!(
            parts.len() >= 2 && parts.iter().all(word),
            "{id} is not verb_noun"
        );
    }
}

#[test]
fn every_operation_is_described_and_tells_how_it_is_refused() {
    let mut missing = Vec::new();
    let mut without_refusal = Vec::new();
    for operation in published() {
        let (id, says) = (operation.id(), &operation.says);
        if says["tags"].as_array().is_none_or(|tags| tags.len() != 1) {
            missing.push(format!("{id}: exactly one tag"));
        }
        // The first paragraph of a handler's documentation is the summary, the rest the description.
        if [&says["summary"], &says["description"]]
            .iter()
            .all(|text| text.as_str().is_none_or(str::is_empty))
        {
            missing.push(format!("{id}: a description"));
        }
        if says["responses"]["4XX"].is_null() {
            without_refusal.push(id.to_owned());
        }
        let parameters = says["parameters"].as_array().cloned().unwrap_or_default();
        let described =
            |parameter: &&Value| parameter["description"].as_str().is_none_or(str::is_empty);
        missing.extend(
            parameters
                .iter()
                .filter(described)
                .map(|parameter| format!("{id}: parameter {}", parameter["name"])),
        );
        let in_path = |name: &str| {
            parameters
                .iter()
                .any(|of| of["in"] == "path" && of["name"] == name && of["required"] == true)
        };
        let names = operation
            .path
            .split('{')
            .skip(1)
            .filter_map(|part| part.split('}').next());
        missing.extend(
            names
                .filter(|name| !in_path(name))
                .map(|name| format!("{id}: {name} of the path")),
        );
    }
    without_refusal.sort();
    assert_eq!(without_refusal, WITHOUT_REFUSAL);
    assert!(missing.is_empty(), "missing: {missing:#?}");
}

/// The properties below `schema` that nothing is said about.
fn undocumented(name: &str, schema: &Value, found: &mut Vec<String>) {
    for (property, value) in schema["properties"].as_object().into_iter().flatten() {
        let name = format!("{name}.{property}");
        // What may be absent is one of nothing and something that is described.
        let one_of = value["oneOf"].as_array().into_iter().flatten();
        if ![value].into_iter().chain(one_of).any(|part| {
            part["description"]
                .as_str()
                .is_some_and(|text| !text.is_empty())
        }) {
            found.push(name.clone());
        }
        undocumented(&name, value, found);
    }
    for part in ["allOf", "oneOf", "anyOf"]
        .iter()
        .flat_map(|key| schema[*key].as_array().into_iter().flatten())
    {
        undocumented(name, part, found);
    }
    if !schema["items"].is_null() {
        undocumented(name, &schema["items"], found);
    }
}

#[test]
fn every_schema_and_property_is_documented() {
    let document = document();
    let schemas = document["components"]["schemas"].as_object().unwrap();
    assert!(schemas.len() > 20);
    let mut found = Vec::new();
    for (name, schema) in schemas {
        if schema["description"].as_str().is_none_or(str::is_empty) {
            found.push(name.clone());
        }
        undocumented(name, schema, &mut found);
    }
    assert_eq!(found, [""; 0]);
}

/// Every Rust file of the server.
fn server_files(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            server_files(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
}

/// The text between the quotes that follow `start`, wherever that is.
fn quoted_after<'a>(text: &'a str, start: &str) -> Vec<&'a str> {
    let after = text.split(start).skip(1).map(str::trim_start);
    after
        .filter_map(|rest| rest.strip_prefix('"')?.split('"').next())
        .collect()
}

/// Every code that an error can have, and where it is written.
fn error_codes() -> BTreeMap<String, String> {
    let errors = text_of("server/src/error.rs");
    let (_, codes) = errors.split_once("fn code(&self)").unwrap();
    let (codes, rest) = codes.split_once("fn problem(&self)").unwrap();
    let (_, conflicts) = rest.split_once("fn conflict(").unwrap();
    let (conflicts, _) = conflicts.split_once("#[cfg(test)]").unwrap();
    let place = "server/src/error.rs".to_owned();
    let mut found: BTreeMap<String, String> = BTreeMap::new();
    for code in quoted_after(codes, "=>")
        .into_iter()
        .chain(quoted_after(codes, "map_or("))
    {
        found.insert(code.to_owned(), place.clone());
    }
    for code in quoted_after(conflicts, "(") {
        found.insert(code.to_owned(), place.clone());
    }
    // Every arm of both has been understood.
    let arms = codes.matches("=>").count() + conflicts.matches("\" =>").count();
    assert_eq!(
        quoted_after(codes, "=>").len() + quoted_after(conflicts, "(").len(),
        arms - 3,
        "but for three that pass on"
    );
    let printing = text_of("server/src/print/mod.rs");
    let (_, printing) = printing.split_once("fn code(&self)").unwrap();
    let (printing, _) = printing.split_once("\n    }\n").unwrap();
    for code in quoted_after(printing, "=>") {
        found.insert(code.to_owned(), "server/src/print/mod.rs".to_owned());
    }
    let mut files = Vec::new();
    server_files(&Path::new(ROOT).join("server/src"), &mut files);
    for file in files {
        let text = fs::read_to_string(&file).unwrap();
        let named = ["Error::Conflict(", "Error::NamesNothing(", "Error::Upload("];
        for code in named.iter().flat_map(|start| quoted_after(&text, start)) {
            found.insert(
                code.to_owned(),
                file.strip_prefix(ROOT).unwrap().display().to_string(),
            );
        }
    }
    found
}

#[test]
fn every_error_code_is_in_the_guide() {
    let codes = error_codes();
    assert!(
        codes.contains_key("not_found")
            && codes.contains_key("login_name_taken")
            && codes.len() > 25,
        "{codes:?}"
    );
    let guide = text_of("docs/api.md");
    let missing: Vec<_> = codes
        .iter()
        .filter(|(code, _)| !guide.contains(&format!("`{code}`")))
        .collect();
    assert!(missing.is_empty(), "not in docs/api.md: {missing:#?}");
}

/// Rust files of a folder and of those in it.
fn sources(folder: &Path, found: &mut Vec<String>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            sources(&path, found);
        } else if path.extension().is_some_and(|end| end == "rs") {
            found.push(fs::read_to_string(path).unwrap());
        }
    }
}

/// The name under which the type that is declared first in `code` is published.
fn published_name(code: &str) -> String {
    let mut words = code.split(|c: char| !c.is_alphanumeric() && c != '_');
    let declared = words
        .by_ref()
        .find(|word| ["struct", "enum"].contains(word));
    let name = words.next().unwrap();
    let before = code.split(declared.unwrap()).next().unwrap();
    let renamed = before.split("#[schema(as = ").nth(1);
    renamed
        .map_or(name, |rest| rest.split(')').next().unwrap())
        .to_owned()
}

#[test]
fn every_published_type_has_a_name_of_its_own() {
    let mut files = Vec::new();
    sources(&Path::new(ROOT).join("server/src"), &mut files);
    let mut seen = BTreeMap::<String, usize>::new();
    for file in files {
        for derived in file.split("ToSchema)]").skip(1) {
            *seen.entry(published_name(derived)).or_default() += 1;
        }
    }
    assert!(seen.len() > 100, "{} types", seen.len());
    seen.retain(|_, count| *count > 1);
    assert_eq!(seen, BTreeMap::new(), "each hides another");
}
