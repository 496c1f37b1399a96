use std::path::PathBuf;

use reqwest::Url;

use super::{Secret, parsed, value};
use crate::spine::outward::{Reach, is_this_machine};

/// Where checkpoints of the access log go, and what the clock is held against.
#[derive(Debug, Clone)]
pub struct Witnessing {
    /// Which addresses witnesses may have.
    pub reach: Reach,
    /// Minutes between two checkpoints that a witness is sent.
    pub minutes: u32,
    /// Entries after which it is sent one sooner.
    pub entries: u32,
    /// The append-only folder or bucket.
    pub store: Option<Place>,
    /// Time server, with its port where that is not the usual one.
    pub time_server: Option<String>,
}

/// A folder or bucket for checkpoints.
#[derive(Debug, Clone)]
pub enum Place {
    /// A folder of this machine.
    Folder(PathBuf),
    /// A bucket that speaks S3.
    Bucket(Box<Bucket>),
}

/// A bucket that speaks S3.
#[derive(Debug, Clone)]
pub struct Bucket {
    /// Its name.
    pub name: String,
    /// What the names in it begin with.
    pub prefix: String,
    /// Region; some servers take any.
    pub region: String,
    /// Address, where it is not Amazon's.
    pub endpoint: Option<Url>,
    /// Name of the key.
    pub key_id: Secret,
    /// The key.
    pub key: Secret,
    /// What goes with a key that is lent for a while.
    pub token: Option<Secret>,
}

impl Default for Witnessing {
    fn default() -> Self {
        Self {
            reach: Reach::Public,
            minutes: 60,
            entries: 10_000,
            store: None,
            time_server: None,
        }
    }
}

impl Witnessing {
    pub(super) fn from_env(mistakes: &mut Vec<String>) -> Self {
        let usual = Self::default();
        let minutes = parsed("TSUMUGI_WITNESS_MINUTES", mistakes).unwrap_or(usual.minutes);
        let entries = parsed("TSUMUGI_WITNESS_ENTRIES", mistakes).unwrap_or(usual.entries);
        if minutes == 0 || entries == 0 {
            let mistake = "TSUMUGI_WITNESS_MINUTES and TSUMUGI_WITNESS_ENTRIES must be 1 or more";
            mistakes.push(mistake.to_owned());
        }
        let store = value("TSUMUGI_LOG_WITNESS_STORE").and_then(|text| {
            let place = Place::parse("TSUMUGI_LOG_WITNESS_STORE", &text);
            place.map_err(|mistake| mistakes.push(mistake)).ok()
        });
        Self {
            reach: parsed("TSUMUGI_WITNESS_REACH", mistakes).unwrap_or(usual.reach),
            minutes,
            entries,
            store,
            time_server: value("TSUMUGI_TIME_SERVER"),
        }
    }
}

impl Place {
    pub(super) fn parse(name: &str, text: &str) -> Result<Self, String> {
        let unusable = format!("{name} must be file:///folder or s3://bucket/prefix");
        let url = Url::parse(text).map_err(|_| unusable.clone())?;
        match url.scheme() {
            "file" => {
                let folder = url.to_file_path();
                folder.map(Self::Folder).map_err(|()| unusable.clone())
            }
            "s3" => {
                let name = url.host_str().ok_or_else(|| unusable.clone())?;
                Ok(Self::Bucket(Box::new(Bucket {
                    name: name.to_owned(),
                    prefix: url.path().trim_matches('/').to_owned(),
                    region: value("AWS_REGION").unwrap_or_default(),
                    endpoint: value("AWS_ENDPOINT_URL")
                        .map(|text| endpoint(&text))
                        .transpose()?,
                    key_id: needed("AWS_ACCESS_KEY_ID")?,
                    key: needed("AWS_SECRET_ACCESS_KEY")?,
                    token: value("AWS_SESSION_TOKEN").map(Secret),
                })))
            }
            _ => Err(unusable),
        }
    }
}

fn needed(name: &str) -> Result<Secret, String> {
    let missing = || format!("{name} is required for a bucket");
    value(name).map(Secret).ok_or_else(missing)
}

/// TLS, unless the bucket is on this machine (TL-04).
fn endpoint(text: &str) -> Result<Url, String> {
    let url = Url::parse(text).ok();
    let good =
        |url: &Url| url.scheme() == "https" || url.scheme() == "http" && is_this_machine(url);
    let must = || "AWS_ENDPOINT_URL must begin with https://".to_owned();
    url.filter(good).ok_or_else(must)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_for_checkpoints_is_a_folder_or_a_bucket() {
        let Ok(Place::Folder(folder)) = Place::parse("STORE", "file:///srv/checkpoints") else {
            panic!("a folder");
        };
        assert_eq!(folder, PathBuf::from("/srv/checkpoints"));
        for bad in [
            "/srv/checkpoints",
            "file://host/folder",
            "https://bucket",
            "s3:",
            "",
        ] {
            assert!(Place::parse("STORE", bad).is_err(), "{bad}");
        }
        // No key is set where this runs.
        let missing = Place::parse("STORE", "s3://bucket/prefix").unwrap_err();
        assert!(missing.contains("is required"), "{missing}");
    }

    #[test]
    fn tl_04_a_bucket_elsewhere_is_not_spoken_to_in_the_clear() {
        for good in [
            "https://s3.example.jp",
            "http://127.0.0.1:9000",
            "http://localhost:9000",
        ] {
            assert!(endpoint(good).is_ok(), "{good}");
        }
        for bad in [
            "http://s3.example.jp",
            "http://10.0.0.1:9000",
            "s3.example.jp",
            "ftp://s3.example.jp",
        ] {
            assert!(endpoint(bad).is_err(), "{bad}");
        }
    }
}
