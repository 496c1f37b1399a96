//! One file per feature, of the same name, and the main job from end to end.

mod access_log;
mod acknowledgement;
mod care_team;
mod consents;
mod documents;
mod events;
mod input;
mod mail;
mod main_job;
mod patients;
mod sessions;
mod timeline;
