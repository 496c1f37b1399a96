//! What the agent says: one line per file.

use std::io::Write;

use serde::Serialize;

/// What became of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Fate {
    /// The server took it, or had it.
    Ok,
    /// The journal says it was accepted earlier.
    Skipped,
    /// The server, or this program in the server's words, refused it.
    Refused,
    /// It did not come to an answer; another run may do better.
    Failed,
}

/// What is said about a file.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Line {
    pub(crate) file: String,
    pub(crate) result: Fate,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) sha256: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) outcome: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) document: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) post: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) patient: Option<String>,
    /// Name of the document's type: its title might hold a patient's name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) document_type: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) candidates: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) code: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) message: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) request_id: Option<String>,
}

impl Line {
    pub(crate) fn new(file: &str, result: Fate) -> Self {
        Self {
            file: file.to_owned(),
            result,
            sha256: None,
            outcome: None,
            document: None,
            post: None,
            patient: None,
            document_type: None,
            candidates: None,
            code: None,
            message: None,
            request_id: None,
        }
    }

    pub(crate) fn failed(file: &str, message: impl Into<String>) -> Self {
        Self {
            message: Some(message.into()),
            ..Self::new(file, Fate::Failed)
        }
    }

    pub(crate) fn refused(file: &str, code: &str, message: impl Into<String>) -> Self {
        Self {
            code: Some(code.to_owned()),
            message: Some(message.into()),
            ..Self::new(file, Fate::Refused)
        }
    }

    pub(crate) fn skipped(file: &str, message: impl Into<String>) -> Self {
        Self {
            message: Some(message.into()),
            ..Self::new(file, Fate::Skipped)
        }
    }

    pub(crate) fn to_json(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }

    /// The line for people.
    pub(crate) fn to_text(&self) -> String {
        let message = self.message.as_deref().unwrap_or_default();
        let file = &self.file;
        let text = match self.result {
            Fate::Ok => self.accepted_text(),
            Fate::Skipped => format!("skipped  {file}  {message}"),
            Fate::Failed => format!("failed  {file}  {message}"),
            Fate::Refused => {
                let code = self.code.as_deref().unwrap_or("refused");
                format!("refused  {file}  {code}: {message}")
            }
        };
        printable(&text)
    }

    fn accepted_text(&self) -> String {
        let outcome = self.outcome.as_deref().unwrap_or("accepted");
        let mut text = format!("ok {outcome}  {}", self.file);
        if let Some(patient) = &self.patient {
            text.push_str("  患者 ");
            text.push_str(patient);
        }
        if let Some(document_type) = &self.document_type {
            text.push_str("  ");
            text.push_str(document_type);
        }
        if let Some(candidates) = self.candidates {
            text.push_str("  候補 ");
            text.push_str(&candidates.to_string());
        }
        text
    }
}

/// Without control characters, which could repaint the terminal of whoever reads the line.
fn printable(text: &str) -> String {
    text.chars()
        .map(|one| if one.is_control() { '\u{fffd}' } else { one })
        .collect()
}

/// Writes a line to standard output. A reader that has gone away is no reason to stop sending.
pub(crate) fn say(line: &str) {
    writeln!(std::io::stdout().lock(), "{line}").ok();
}

/// Writes a line to standard error.
pub(crate) fn complain(message: &str) {
    writeln!(
        std::io::stderr().lock(),
        "tsumugi-agent: {}",
        printable(message)
    )
    .ok();
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_read_as_documented() {
        let mut line = Line::new("discharge-01.json", Fate::Ok);
        line.outcome = Some("posted".to_owned());
        line.patient = Some("0193".to_owned());
        line.document_type = Some("退院時サマリー".to_owned());
        assert_eq!(
            line.to_text(),
            "ok posted  discharge-01.json  患者 0193  退院時サマリー"
        );
        assert_eq!(
            Line::refused("bad.json", "bundle_two_patients", "message").to_text(),
            "refused  bad.json  bundle_two_patients: message"
        );
        assert_eq!(
            Line::failed("x.json", "could not reach the server").to_text(),
            "failed  x.json  could not reach the server"
        );
    }

    #[test]
    fn file_name_cannot_repaint_the_terminal() {
        let line = Line::failed("\u{1b}[2Jx\n.json", "m");
        assert!(!line.to_text().contains(['\u{1b}', '\n']));
    }
}
