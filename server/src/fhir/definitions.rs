//! What FHIR R4 says about every type: its elements, how often they may occur, their
//! types, required code bindings and reference targets.
//!
//! The facts are generated from HL7's definitions (see tests/conformance) into
//! `r4-elements.txt` and read once. A table rather than a typed model: the typed R4
//! crates take minutes to compile and check neither bindings nor reference targets.

use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

use super::primitive::Primitive;

/// The definitions of FHIR R4 (4.0.1).
pub(super) static R4: LazyLock<Definitions> =
    LazyLock::new(|| Definitions::read(include_str!("r4-elements.txt")));

/// All types by name; nested ones as `Patient.contact`.
pub(super) struct Definitions {
    types: HashMap<&'static str, TypeDefinition>,
    codes: HashMap<&'static str, HashSet<&'static str>>,
}

/// One type with its own and inherited elements.
#[derive(Clone, Default)]
pub(super) struct TypeDefinition {
    base: &'static str,
    /// The elements, in the order of the specification.
    pub(super) elements: Vec<Element>,
    /// JSON property to (element, which of its types).
    properties: HashMap<String, (usize, usize)>,
}

/// One element.
#[derive(Clone)]
pub(super) struct Element {
    /// Its name, without `[x]`.
    pub(super) name: &'static str,
    /// Whether it is one of several types, with the type in the property's name.
    pub(super) choice: bool,
    /// Whether it must be there.
    pub(super) required: bool,
    /// Whether it is a list.
    pub(super) list: bool,
    /// Its types.
    pub(super) kinds: Vec<Kind>,
    /// The value set it is bound to, when that is required and can be listed.
    pub(super) binding: Option<&'static str>,
}

/// The type of an element.
#[derive(Clone, Debug)]
pub(super) enum Kind {
    Primitive(Primitive),
    Complex(String),
    Resource,
    /// A reference; to anything when the list is empty.
    Reference(Vec<&'static str>),
}

impl Definitions {
    /// The type called `name`.
    pub(super) fn get(&self, name: &str) -> Option<&TypeDefinition> {
        self.types.get(name)
    }

    /// Whether `name` is a resource type that can occur in a Bundle.
    pub(super) fn is_resource(&self, name: &str) -> bool {
        let base = self.types.get(name).map(|definition| definition.base);
        matches!(base, Some("DomainResource")) || matches!(name, "Bundle" | "Binary" | "Parameters")
    }

    /// Whether `code` is in the value set `binding`.
    pub(super) fn allows(&self, binding: &str, code: &str) -> bool {
        self.codes
            .get(binding)
            .is_none_or(|codes| codes.contains(code))
    }

    fn read(table: &'static str) -> Self {
        let mut types: HashMap<&'static str, TypeDefinition> = HashMap::new();
        let mut codes = HashMap::new();
        let mut current = "";
        for line in table.lines().filter(|line| !line.starts_with('#')) {
            let mut words = line.split(' ');
            let Some(first) = words.next() else { continue };
            if let Some(name) = first.strip_prefix('=') {
                codes.insert(name, words.collect());
            } else if let Some(name) = first.strip_prefix('@') {
                current = name;
                let base = words.next().unwrap_or_default();
                types.insert(
                    name,
                    TypeDefinition {
                        base,
                        ..TypeDefinition::default()
                    },
                );
            } else if let Some(definition) = types.get_mut(current) {
                definition
                    .elements
                    .push(Element::read(current, first, words));
            }
        }
        let names: Vec<&'static str> = types.keys().copied().collect();
        let complete = names
            .into_iter()
            .map(|name| (name, with_inherited(&types, name)))
            .collect();
        Self {
            types: complete,
            codes,
        }
    }
}

/// The type with the elements of its bases, indexed by JSON property.
fn with_inherited(types: &HashMap<&'static str, TypeDefinition>, name: &str) -> TypeDefinition {
    let mut complete = types.get(name).cloned().unwrap_or_default();
    let mut base = complete.base;
    while let Some(definition) = types.get(base) {
        for element in &definition.elements {
            if !complete.elements.iter().any(|own| own.name == element.name) {
                complete.elements.push(element.clone());
            }
        }
        base = definition.base;
    }
    for (at, element) in complete.elements.iter().enumerate() {
        for (which, kind) in element.kinds.iter().enumerate() {
            let property = if element.choice {
                format!("{}{}", element.name, kind.capitalized())
            } else {
                element.name.to_owned()
            };
            complete.properties.insert(property, (at, which));
        }
    }
    complete
}

impl TypeDefinition {
    /// The element and type that the JSON property `property` stands for.
    pub(super) fn property(&self, property: &str) -> Option<(&Element, &Kind)> {
        let (at, which) = self.properties.get(property)?;
        let element = self.elements.get(*at)?;
        Some((element, element.kinds.get(*which)?))
    }
}

impl Element {
    fn read(owner: &str, name: &'static str, mut words: std::str::Split<'static, char>) -> Self {
        let required = words.next().is_some_and(|min| min != "0");
        let list = words.next().is_some_and(|max| max != "1");
        let bare = name.strip_suffix("[x]");
        let kinds = words
            .next()
            .unwrap_or_default()
            .split('|')
            .map(|kind| Kind::read(owner, name, kind));
        Self {
            name: bare.unwrap_or(name),
            choice: bare.is_some(),
            required,
            list,
            kinds: kinds.collect(),
            binding: words.next().and_then(|binding| binding.strip_prefix('=')),
        }
    }

    /// The JSON properties this element may be written as.
    pub(super) fn properties(&self) -> impl Iterator<Item = String> {
        self.kinds.iter().map(|kind| {
            if self.choice {
                format!("{}{}", self.name, kind.capitalized())
            } else {
                self.name.to_owned()
            }
        })
    }
}

impl Kind {
    fn read(owner: &str, name: &str, text: &'static str) -> Self {
        if text == "#" {
            return Self::Complex(format!("{owner}.{name}"));
        }
        if let Some(other) = text.strip_prefix('@') {
            return Self::Complex(other.to_owned());
        }
        if let Some(targets) = text.strip_prefix("Reference>") {
            return Self::Reference(targets.split(',').collect());
        }
        match text {
            "Reference" => Self::Reference(Vec::new()),
            "Resource" => Self::Resource,
            _ => Primitive::named(text)
                .map_or_else(|| Self::Complex(text.to_owned()), Self::Primitive),
        }
    }

    /// The type as it is appended to the name of a choice element.
    fn capitalized(&self) -> String {
        let name = match self {
            Self::Primitive(primitive) => primitive.name(),
            Self::Complex(name) => name,
            Self::Resource => "Resource",
            Self::Reference(_) => "Reference",
        };
        let mut letters = name.chars();
        letters.next().map_or_else(String::new, |first| {
            first.to_ascii_uppercase().to_string() + letters.as_str()
        })
    }
}
