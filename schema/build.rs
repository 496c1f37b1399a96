//! A changed migration must be compiled in again.

fn main() {
    println!("cargo::rerun-if-changed=migrations");
    println!("cargo::rerun-if-changed=policy");
}
