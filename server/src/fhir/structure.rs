//! Walks a resource along the definitions of FHIR R4 and notes what does not fit:
//! unknown elements, wrong types, missing or repeated elements, two values of one
//! choice, empty arrays and objects, codes outside a required binding. On the way it
//! collects what the rules of the Bundle need: references, contained ids, Patients.

use super::definitions::{Definitions, Element, Kind, TypeDefinition};
use super::issue::{Issue, IssueKind, quoted};
use super::json::{Json, Object, text};
use super::primitive::{Fault, Primitive};

/// More findings than this help nobody.
const MAX_ISSUES: usize = 100;

/// What the walk found.
#[derive(Default)]
pub(super) struct Findings<'a> {
    pub(super) issues: Vec<Issue>,
    pub(super) references: Vec<FoundReference<'a>>,
    /// Contained Patients and Patients of Bundles inside the Bundle.
    pub(super) inner_patients: Vec<(&'a Object, String)>,
}

/// A Reference element with what is needed to judge it.
pub(super) struct FoundReference<'a> {
    pub(super) reference: &'a Object,
    /// The resource types it may point to; any when empty.
    pub(super) targets: &'static [&'static str],
    /// The resource whose `contained` a `#id` means.
    pub(super) home: &'a Object,
    /// The Bundles around it, innermost last.
    pub(super) bundles: Vec<&'a Object>,
    /// The name of the element.
    pub(super) element: &'static str,
    pub(super) expression: String,
}

/// Checks `resource` and everything in it.
pub(super) fn check<'a>(definitions: &'static Definitions, resource: &'a Object) -> Findings<'a> {
    let mut walk = Walk {
        definitions,
        findings: Findings::default(),
        path: vec![Step::Name(
            text(resource, "resourceType").unwrap_or_default(),
        )],
        home: Vec::new(),
        bundles: Vec::new(),
    };
    walk.resource(resource, false);
    walk.findings
}

#[derive(Clone, Copy)]
enum Step<'a> {
    Name(&'a str),
    Index(usize),
}

struct Walk<'a> {
    definitions: &'static Definitions,
    findings: Findings<'a>,
    path: Vec<Step<'a>>,
    home: Vec<&'a Object>,
    bundles: Vec<&'a Object>,
}

impl<'a> Walk<'a> {
    fn expression(&self) -> String {
        let mut expression = String::new();
        for step in &self.path {
            match step {
                Step::Name(name) => {
                    if !expression.is_empty() {
                        expression.push('.');
                    }
                    expression.push_str(&quoted(name));
                }
                Step::Index(at) => {
                    expression.push('[');
                    expression.push_str(&at.to_string());
                    expression.push(']');
                }
            }
        }
        expression
    }

    fn issue(&mut self, kind: IssueKind, code: &'static str, ja: String, en: String) {
        if self.findings.issues.len() < MAX_ISSUES {
            let issue = Issue::error(kind, code, self.expression(), ja, en);
            self.findings.issues.push(issue);
        }
    }

    fn resource(&mut self, resource: &'a Object, contained: bool) {
        let Some(kind) = text(resource, "resourceType") else {
            return self.issue(
                IssueKind::Structure,
                "not_fhir",
                "resourceType がありません。".into(),
                "There is no resourceType.".into(),
            );
        };
        let definitions = self.definitions;
        let Some(definition) = definitions
            .get(kind)
            .filter(|_| definitions.is_resource(kind))
        else {
            let name = quoted(kind);
            return self.issue(
                IssueKind::Structure,
                "not_fhir",
                format!("「{name}」は FHIR R4 のリソースではありません。"),
                format!("\"{name}\" is not a FHIR R4 resource."),
            );
        };
        if kind == "Patient" && (contained || self.bundles.len() > 1) {
            let expression = self.expression();
            self.findings.inner_patients.push((resource, expression));
        }
        if contained {
            self.contained_rules(resource);
            self.object(resource, definition, true);
            return;
        }
        self.home.push(resource);
        if kind == "Bundle" {
            self.bundles.push(resource);
        }
        self.object(resource, definition, true);
        if kind == "Bundle" {
            self.bundles.pop();
        }
        self.home.pop();
    }

    /// A contained resource has an id and contains nothing itself (dom-2, R4 references).
    fn contained_rules(&mut self, resource: &Object) {
        if !resource.contains_key("id") {
            self.issue(
                IssueKind::Required,
                "missing_element",
                "contained リソースには id が必要です。".into(),
                "A contained resource needs an id.".into(),
            );
        }
        if resource.contains_key("contained") {
            self.issue(
                IssueKind::Invariant,
                "nested_contained",
                "contained の中に contained は置けません。".into(),
                "A contained resource cannot contain resources (dom-2).".into(),
            );
        }
    }

    fn object(
        &mut self,
        object: &'a Object,
        definition: &'static TypeDefinition,
        is_resource: bool,
    ) {
        let meaning = object
            .keys()
            .filter(|key| !matches!(key.as_str(), "id" | "resourceType"))
            .count();
        if meaning == 0 && !is_resource {
            self.issue(
                IssueKind::Invariant,
                "empty_element",
                "値のない要素は置けません。".into(),
                "An element must have a value or children (ele-1).".into(),
            );
        }
        for (key, value) in object {
            if is_resource && key == "resourceType" {
                continue;
            }
            let Some((element, kind)) = definition.property(key.strip_prefix('_').unwrap_or(key))
            else {
                self.path.push(Step::Name(key));
                self.unknown(key);
                self.path.pop();
                continue;
            };
            self.path.push(Step::Name(element.name));
            if is_resource && matches!(key.as_str(), "modifierExtension" | "implicitRules") {
                self.not_understood(object);
            }
            if key.starts_with('_') {
                self.companion(value, element, kind);
            } else {
                self.element(value, element, kind, object.get(&format!("_{key}")));
            }
            self.path.pop();
        }
        self.cardinality(object, definition);
    }

    /// R4 2.1.0 and 2.4.1: what may turn the meaning around cannot be ignored. Where the
    /// reader can be told (a rendered resource) it is remarked on, elsewhere refused.
    fn not_understood(&mut self, resource: &Object) {
        let issue = Issue::error(
            IssueKind::NotSupported,
            "modifier_not_understood",
            self.expression(),
            "意味を変えうる拡張（modifierExtension、implicitRules）を解釈できません。",
            "This may change the meaning and is not understood here.",
        );
        let kind = text(resource, "resourceType");
        let whole = matches!(kind, Some("Bundle" | "Composition" | "Patient"));
        self.findings
            .issues
            .push(if whole { issue } else { issue.into_warning() });
    }

    fn unknown(&mut self, key: &str) {
        let key = quoted(key);
        self.issue(
            IssueKind::Structure,
            "unknown_element",
            format!("「{key}」という要素は FHIR R4 のここにはありません。"),
            format!("FHIR R4 has no element \"{key}\" here."),
        );
    }

    /// Required elements and choices with more than one value.
    fn cardinality(&mut self, object: &Object, definition: &'static TypeDefinition) {
        for element in definition
            .elements
            .iter()
            .filter(|element| element.required || element.choice)
        {
            let given = |property: &String| {
                object.contains_key(property) || object.contains_key(&format!("_{property}"))
            };
            let count = element.properties().filter(given).count();
            if count == 0 && element.required {
                self.path.push(Step::Name(element.name));
                self.issue(
                    IssueKind::Required,
                    "missing_element",
                    format!("必須要素「{}」がありません。", element.name),
                    format!("The required element \"{}\" is missing.", element.name),
                );
                self.path.pop();
            } else if count > 1 {
                self.path.push(Step::Name(element.name));
                self.issue(
                    IssueKind::Invariant,
                    "choice_repeated",
                    format!(
                        "「{}[x]」に型の違う値が {count} 個あります（一つだけ許されます）。",
                        element.name
                    ),
                    format!(
                        "\"{}[x]\" has {count} values of different types; one is allowed.",
                        element.name
                    ),
                );
                self.path.pop();
            }
        }
    }

    /// The value of an element: one, or a list of them.
    fn element(
        &mut self,
        value: &'a Json,
        element: &'static Element,
        kind: &'static Kind,
        companion: Option<&Json>,
    ) {
        match (element.list, value) {
            (true, Json::Array(items)) => {
                if items.is_empty() {
                    self.issue(
                        IssueKind::Structure,
                        "empty_array",
                        "空の配列は置けません。".into(),
                        "An array cannot be empty.".into(),
                    );
                }
                let extras = companion.and_then(Json::as_array).unwrap_or_default();
                for (at, item) in items.iter().enumerate() {
                    // A null keeps the place of a primitive that only has extensions.
                    let replaced = matches!(kind, Kind::Primitive(_))
                        && extras
                            .get(at)
                            .is_some_and(|extra| matches!(extra, Json::Object(_)));
                    if *item == Json::Null && replaced {
                        continue;
                    }
                    self.path.push(Step::Index(at));
                    self.value(item, element, kind);
                    self.path.pop();
                }
            }
            (true, _) => self.wrong_type("配列", "an array"),
            (false, Json::Array(_)) => {
                self.wrong_type("配列でない一つの値", "one value, not an array");
            }
            (false, _) => self.value(value, element, kind),
        }
    }

    /// `_name`: id and extensions of a primitive.
    fn companion(&mut self, value: &'a Json, element: &'static Element, kind: &'static Kind) {
        let Some(definition) = self
            .definitions
            .get("Element")
            .filter(|_| matches!(kind, Kind::Primitive(_)))
        else {
            return self.unknown(element.name);
        };
        match (element.list, value) {
            (false, Json::Object(object)) => self.object(object, definition, false),
            (true, Json::Array(items)) => {
                for (at, item) in items.iter().enumerate() {
                    self.path.push(Step::Index(at));
                    match item {
                        Json::Null => {}
                        Json::Object(object) => self.object(object, definition, false),
                        _ => self.wrong_type("オブジェクト", "an object"),
                    }
                    self.path.pop();
                }
            }
            (false, _) => self.wrong_type("オブジェクト", "an object"),
            (true, _) => self.wrong_type("配列", "an array"),
        }
    }

    fn value(&mut self, value: &'a Json, element: &'static Element, kind: &'static Kind) {
        let Kind::Primitive(primitive) = kind else {
            let Json::Object(object) = value else {
                return self.wrong_type("オブジェクト", "an object");
            };
            return match kind {
                Kind::Resource => self.resource(object, element.name == "contained"),
                Kind::Reference(targets) => self.reference(object, element, targets),
                Kind::Complex(name) => self.complex(object, name),
                Kind::Primitive(_) => {}
            };
        };
        self.primitive(value, element, *primitive);
    }

    fn complex(&mut self, object: &'a Object, name: &str) {
        if let Some(definition) = self.definitions.get(name) {
            self.object(object, definition, false);
        }
        // ext-1: an extension has a value or extensions, not both.
        let valued = name == "Extension" && object.keys().any(|key| key.starts_with("value"));
        if valued && object.contains_key("extension") {
            self.issue(
                IssueKind::Invariant,
                "invalid_extension",
                "拡張に値と下位の拡張の両方は置けません。".into(),
                "An extension has a value or extensions, not both (ext-1).".into(),
            );
        }
    }

    fn reference(
        &mut self,
        object: &'a Object,
        element: &'static Element,
        targets: &'static [&'static str],
    ) {
        if let Some(home) = self.home.last().copied() {
            self.findings.references.push(FoundReference {
                reference: object,
                targets,
                home,
                bundles: self.bundles.clone(),
                element: element.name,
                expression: self.expression(),
            });
        }
        self.complex(object, "Reference");
    }

    fn primitive(&mut self, value: &'a Json, element: &'static Element, primitive: Primitive) {
        let name = primitive.name();
        match primitive.check(value) {
            Err(Fault::Type) => {
                let (ja, en) = match primitive {
                    Primitive::Boolean => ("true か false", "true or false"),
                    Primitive::Decimal
                    | Primitive::Integer
                    | Primitive::PositiveInt
                    | Primitive::UnsignedInt => ("数値", "a number"),
                    _ => ("文字列", "a string"),
                };
                self.wrong_type(ja, en);
            }
            Err(Fault::Value) => {
                let shown = match value {
                    Json::String(text) | Json::Number(text) => quoted(text),
                    _ => String::new(),
                };
                self.issue(
                    IssueKind::Value,
                    "invalid_value",
                    format!("「{shown}」は {name} 型の値ではありません。"),
                    format!("\"{shown}\" is not a value of type {name}."),
                );
            }
            Ok(()) => self.binding(value, element),
        }
    }

    fn binding(&mut self, value: &'a Json, element: &'static Element) {
        let (Some(binding), Some(code)) = (element.binding, value.as_str()) else {
            return;
        };
        if !self.definitions.allows(binding, code) {
            let code = quoted(code);
            self.issue(
                IssueKind::CodeInvalid,
                "invalid_code",
                format!(
                    "「{code}」は {} に使えるコードではありません（{binding}）。",
                    element.name
                ),
                format!(
                    "\"{code}\" is not a code allowed for {} ({binding}).",
                    element.name
                ),
            );
        }
    }

    fn wrong_type(&mut self, ja: &str, en: &str) {
        self.issue(
            IssueKind::Structure,
            "wrong_type",
            format!("ここには{ja}が必要です。"),
            format!("This must be {en}."),
        );
    }
}
