//! Templates of posts (ひな形): texts to begin a post with, such as SOAP for nurses. Owns `post_templates`.
//!
//! Everybody who works in the network picks from those of their profession: the built-in ones, those of the network and
//! those of their own facility. Administrators of the network keep all of them, administrators of a facility those of their
//! own. A template is never about a patient; what is written with it is the post's own text, so a later change of the
//! template changes no post.

mod built_in;
mod policy;
mod queries;
mod routes;

pub use routes::configure;
