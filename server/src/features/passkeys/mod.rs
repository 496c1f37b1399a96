//! Passkeys: registering, signing in, showing again. Owns `passkeys`, and the rows of `challenges` of its ceremonies.
//!
//! User verification is required, so that a passkey is two factors of different kinds: the device, and the finger or the
//! code that opens it. A challenge is good once and for five minutes, and is used up before anything is verified. Whatever
//! does not fit — origin, host, challenge, counter, signature, owner — is answered alike.

mod ceremony;
mod policy;
mod queries;
mod routes;
mod sign_in;

pub use ceremony::{
    Assertion, PasskeyView, forget_old, list_of, own_challenge, register, registration_options,
    relying_party,
};
pub use queries::revoke_all;
pub use routes::configure;
