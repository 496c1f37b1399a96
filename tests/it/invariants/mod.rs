//! What holds for everything, fed by the router and the catalogue, so that nothing new escapes.

mod authorization;
mod conformance;
mod openapi;
mod schema;
mod scope;
mod tidy;
