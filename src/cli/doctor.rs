//! `ashiato doctor`: whether `ashiato serve` could serve with the same flags and environment, and what to do where it
//! could not. It changes nothing, and prints no secret.

mod around;
mod data;
mod settings;

use std::fmt::{Display, Formatter};

use anyhow::ensure;
use serde::Serialize;

use crate::{config::ServeArgs, database::ephemeral::Ephemeral};

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Print JSON, for programs
    #[arg(long, env = "ASHIATO_DOCTOR_JSON")]
    json: bool,
    #[command(flatten)]
    serve: ServeArgs,
}

pub(super) async fn run(args: Args) -> anyhow::Result<()> {
    let report = examine(&args.serve).await?;
    if args.json {
        println!("{}", serde_json::to_string_pretty(&report)?);
    } else {
        print!("{report}");
    }
    let failed = report.count(State::Failed);
    ensure!(
        failed == 0,
        "{failed} of {} checks failed: `ashiato serve` would not serve as it is told",
        report.findings.len()
    );
    Ok(())
}

async fn examine(args: &ServeArgs) -> anyhow::Result<Report> {
    let ephemeral = args.ephemeral.then(Ephemeral::make).transpose()?;
    let place = match &ephemeral {
        Some(ephemeral) => ephemeral.place(),
        None => args.place(),
    };
    let mut report = Report::default();
    settings::look(args, &mut report).await;
    let keys = settings::keys(args, &place, &mut report);
    data::look(&place, keys.as_ref(), &mut report).await;
    around::look(args, &place, &mut report).await;
    Ok(report)
}

/// How a part is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
enum State {
    /// As it should be.
    Ok,
    /// It works, and somebody should look at it.
    Warning,
    /// It does not work.
    Failed,
}

/// How one part is.
#[derive(Clone, Debug, Serialize)]
struct Finding {
    part: &'static str,
    state: State,
    said: String,
    /// What to do, where that is not said already.
    #[serde(skip_serializing_if = "Option::is_none")]
    mend: Option<&'static str>,
}

/// How all parts are.
#[derive(Debug, Default, Serialize)]
struct Report {
    findings: Vec<Finding>,
}

impl Report {
    fn ok(&mut self, part: &'static str, said: impl Into<String>) {
        self.add(part, State::Ok, said.into(), None);
    }

    fn warn(&mut self, part: &'static str, said: impl Into<String>, mend: &'static str) {
        self.add(part, State::Warning, said.into(), Some(mend));
    }

    fn fail(&mut self, part: &'static str, said: impl Into<String>, mend: &'static str) {
        self.add(part, State::Failed, said.into(), Some(mend));
    }

    /// For an error that says what to change.
    fn refuse(&mut self, part: &'static str, error: &anyhow::Error) {
        self.add(part, State::Failed, format!("{error:#}"), None);
    }

    fn add(&mut self, part: &'static str, state: State, said: String, mend: Option<&'static str>) {
        self.findings.push(Finding {
            part,
            state,
            said,
            mend,
        });
    }

    fn count(&self, state: State) -> usize {
        let findings = self.findings.iter();
        findings.filter(|finding| finding.state == state).count()
    }
}

impl Display for Report {
    fn fmt(&self, f: &mut Formatter<'_>) -> std::fmt::Result {
        for Finding {
            part,
            state,
            said,
            mend,
        } in &self.findings
        {
            let state = match state {
                State::Ok => "ok",
                State::Warning => "warning",
                State::Failed => "FAILED",
            };
            writeln!(f, "{state:<8} {part:<12} {said}")?;
            if let Some(mend) = mend {
                writeln!(f, "{:<21} → {mend}", "")?;
            }
        }
        let (warnings, failed) = (self.count(State::Warning), self.count(State::Failed));
        match (warnings, failed) {
            (0, 0) => writeln!(f, "All is well."),
            (_, 0) => writeln!(f, "It would serve; {warnings} to look at."),
            (_, _) => writeln!(f, "{failed} failed; {warnings} to look at beside."),
        }
    }
}

/// The host of `url`, without who signs in there.
fn host(url: &str) -> &str {
    let (_, rest) = url.split_once("://").unwrap_or(("", url));
    let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    let authority = rest.get(..end).unwrap_or_default();
    authority
        .rsplit_once('@')
        .map_or(authority, |(_, host)| host)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_host_is_told_without_who_signs_in_there() {
        for (url, expected) in [
            ("nats://user:p@ss@example.com:4222", "example.com:4222"),
            ("https://a:b@example.com/send?x=c@d", "example.com"),
            ("localhost:4222", "localhost:4222"),
        ] {
            assert_eq!(host(url), expected);
        }
    }
}
