//! The web app: static files of the same origin as the interface. Holds no data.
//!
//! A path that is no file gets the shell of the app, which then finds its page by itself. Files whose names hold a digest
//! may be kept for ever; the shell, the service worker and the manifest are asked for again each time.

use std::{
    fs,
    path::{Component, Path, PathBuf},
};

use actix_files::NamedFile;
use actix_web::{
    HttpRequest, HttpResponse,
    http::{
        Method,
        header::{
            ACCEPT_ENCODING, CACHE_CONTROL, CONTENT_SECURITY_POLICY, ContentEncoding, HeaderValue,
        },
    },
};

use crate::spine::http::is_interface;

/// The shell, read at start, and the accounts of a demonstration.
#[derive(Debug)]
pub struct Shell {
    folder: PathBuf,
    page: Option<String>,
    policy: HeaderValue,
    demo: Option<String>,
}

impl Shell {
    /// Reads the shell from the folder of the built app.
    pub fn load(folder: &Path, demo_file: Option<&Path>) -> Self {
        let page = ["200.html", "index.html"]
            .iter()
            .find_map(|name| fs::read_to_string(folder.join(name)).ok());
        if page.is_none() {
            tracing::warn!(folder = %folder.display(), "the web app has not been built; only the interface is served");
        }
        let policy = HeaderValue::from_str(&policy(page.as_deref().unwrap_or_default()));
        let demo = demo_file
            .and_then(|file| fs::read_to_string(file).ok())
            .and_then(|text| shown_accounts(&text));
        Self {
            folder: folder.to_owned(),
            page,
            policy: policy.unwrap_or(HeaderValue::from_static("default-src 'none'")),
            demo,
        }
    }

    /// Answers a request that no operation of the interface answers; nothing when it is not for the web app.
    pub fn answer(&self, request: &HttpRequest) -> Option<HttpResponse> {
        let path = request.path();
        if is_interface(path) || !matches!(*request.method(), Method::GET | Method::HEAD) {
            return None;
        }
        if path == "/demo.json" {
            let accounts = self.demo.clone()?;
            return Some(
                HttpResponse::Ok()
                    .content_type("application/json")
                    .body(accounts),
            );
        }
        let mut answer = match self.file(request) {
            Some(answer) => answer,
            // What looks like a file and is none is not a page.
            None if path
                .rsplit('/')
                .next()
                .is_some_and(|name| name.contains('.')) =>
            {
                return None;
            }
            None => {
                let mut page = HttpResponse::Ok();
                page.content_type("text/html; charset=utf-8")
                    .body(self.page.clone()?)
            }
        };
        let kept = if path.contains("/immutable/") {
            "public, max-age=31536000, immutable"
        } else {
            "no-cache"
        };
        answer
            .headers_mut()
            .insert(CACHE_CONTROL, HeaderValue::from_static(kept));
        answer
            .headers_mut()
            .insert(CONTENT_SECURITY_POLICY, self.policy.clone());
        Some(answer)
    }

    /// A file of the built app, compressed when it was built so and the browser takes it.
    fn file(&self, request: &HttpRequest) -> Option<HttpResponse> {
        let relative = Path::new(request.path().trim_start_matches('/'));
        if !relative
            .components()
            .all(|part| matches!(part, Component::Normal(_)))
        {
            return None;
        }
        let path = self.folder.join(relative);
        if relative.as_os_str().is_empty() || !path.is_file() {
            return None;
        }
        let accepted = request
            .headers()
            .get(ACCEPT_ENCODING)
            .and_then(|value| value.to_str().ok())
            .unwrap_or("");
        for (name, ending, encoding) in [
            ("br", "br", ContentEncoding::Brotli),
            ("gzip", "gz", ContentEncoding::Gzip),
        ] {
            let compressed = PathBuf::from(format!("{}.{ending}", path.display()));
            if accepted.contains(name) && compressed.is_file() {
                let kind =
                    actix_files::file_extension_to_mime(&path.extension()?.to_string_lossy());
                let file = NamedFile::open(compressed)
                    .ok()?
                    .set_content_type(kind)
                    .set_content_encoding(encoding);
                return Some(file.into_response(request));
            }
        }
        Some(NamedFile::open(path).ok()?.into_response(request))
    }
}

/// The policy of the pages: scripts of the app itself, and the one in the shell, by its digest, which the build has put
/// into the shell.
fn policy(page: &str) -> String {
    let digests: Vec<String> = page
        .split('\'')
        .filter(|part| part.starts_with("sha256-") && part.is_ascii() && part.len() < 60)
        .map(|digest| format!(" '{digest}'"))
        .collect();
    let digests = digests.concat();
    format!(
        "default-src 'self'; script-src 'self'{digests}; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; \
         object-src 'none'; base-uri 'self'; form-action 'self'; frame-ancestors 'none'"
    )
}

/// What the sign-in page of a demonstration shows.
fn shown_accounts(text: &str) -> Option<String> {
    let all: serde_json::Map<String, serde_json::Value> = serde_json::from_str(text).ok()?;
    let people = all
        .values()
        .filter(|value| value.get("login").is_some() && value.get("label").is_some());
    Some(serde_json::json!({ "accounts": people.collect::<Vec<_>>() }).to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_policy_knows_the_scripts_of_the_shell() {
        let page = "<meta http-equiv=\"content-security-policy\" content=\"script-src 'self' 'sha256-abc='\">";
        assert!(policy(page).contains("script-src 'self' 'sha256-abc=';"));
        assert!(!policy("").contains("sha256"));
    }
}
