//! Whether pgbench's scripts still are what the server sends.

use std::collections::BTreeSet;
use std::time::Duration;

use crate::database::Database;
use crate::drive;
use crate::people::Crowd;
use crate::wire::Server;
use crate::{Result, Work};

/// Lets the server do `work` twice and compares the statements that reached the database with
/// those of the script: the same, but for what the worker does in the background.
pub(crate) fn compare(
    server: &Server,
    database: &Database,
    crowd: &Crowd,
    work: Work,
) -> Result<()> {
    let person = crowd.people.first().ok_or("nobody has signed in")?;
    let mut wire = server.connect()?;
    database.column("SELECT 'done' FROM pg_stat_statements_reset()")?;
    for dice in 0..2 {
        let patient = person.patient(crowd.patients, dice);
        drive::once(&mut wire, person, &patient, work, true)?;
    }
    database.settle()?;
    std::thread::sleep(Duration::from_millis(200));
    let sent = database.column(
        "SELECT query FROM pg_stat_statements \
         WHERE userid = 'tsumugi_app'::regrole AND dbid = (SELECT oid FROM pg_database WHERE datname = current_database())",
    )?;
    let sent: BTreeSet<String> = sent.iter().map(|statement| plain(statement)).collect();
    let expected = statements(work.script());
    let background = statements(include_str!("background.sql"));
    let known = |statement: &str| {
        background
            .iter()
            .any(|known| subject(known) == subject(statement))
    };
    let missing = expected
        .difference(&sent)
        .map(|statement| format!("\n- {statement}"));
    let new = sent
        .difference(&expected)
        .filter(|statement| !known(statement));
    let new = new.map(|statement| format!("\n+ {statement}"));
    let differences: String = missing.chain(new).collect();
    if differences.is_empty() {
        return Ok(());
    }
    let name = work.name();
    Err(format!(
        "tests/load/{name}.sql is not what the server sends (- only there, + only sent):{differences}"
    ))
}

/// The statements of a script, without pgbench's own.
fn statements(script: &str) -> BTreeSet<String> {
    let own = [
        "BEGIN",
        "COMMIT",
        "SELECT set_config",
        "SELECT posts, authors",
        "--",
        "\\",
    ];
    let lines = script
        .lines()
        .filter(|line| !own.iter().any(|own| line.starts_with(own)));
    lines
        .map(|line| plain(line.trim_end_matches(';')))
        .filter(|line| !line.is_empty())
        .collect()
}

/// What a statement is about, whatever its conditions.
fn subject(statement: &str) -> &str {
    statement
        .split_once(" WHERE ")
        .map_or(statement, |(subject, _)| subject)
}

/// A statement with a question mark for every parameter, `$1` or `{name}`.
fn plain(statement: &str) -> String {
    let mut plain = String::with_capacity(statement.len());
    let mut rest = statement.chars().peekable();
    while let Some(next) = rest.next() {
        match next {
            '$' => {
                while rest.next_if(char::is_ascii_digit).is_some() {}
                plain.push('?');
            }
            '{' => {
                while rest.next().is_some_and(|inside| inside != '}') {}
                plain.push('?');
            }
            other => plain.push(other),
        }
    }
    plain
}
