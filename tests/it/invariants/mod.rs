//! What holds for everything, fed by the router and the catalogue, so that nothing new escapes.

mod audit;
mod authorization;
mod calls;
mod conformance;
mod openapi;
mod people_calls;
mod schema;
mod scope;
mod tidy;
