//! `ashiato completions`: what a shell offers as one types.

use clap_complete::{Shell, generate};

use super::output;

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// The shell that they are for
    #[arg(value_enum)]
    shell: Shell,
}

pub(super) fn run(args: &Args) -> anyhow::Result<()> {
    let mut script = Vec::new();
    generate(args.shell, &mut super::command(), "ashiato", &mut script);
    output::write("the completions", &String::from_utf8(script)?, None)
}
