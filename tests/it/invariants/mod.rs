//! What holds for everything, fed by the router and the catalogue, so that nothing new escapes.

mod audit;
mod authorization;
mod conformance;
mod openapi;
mod schema;
mod scope;
mod tidy;
