//! Settings: what a network has decided for itself, within what everybody has to keep. Read by every participant, changed
//! by network administrators. Owns `tenant_settings`; the values are `spine::settings`.
//!
//! A network may end sessions sooner and ask for more; nothing here makes access longer than the limits that the
//! database holds as well.

mod policy;
mod queries;
mod routes;

pub use routes::configure;
