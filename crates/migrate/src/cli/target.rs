//! Targets in the syntax of Alembic.

use crate::{Position, Target};

/// Parses a position, or a number of steps after `sign`.
pub(super) fn parse(text: &str, sign: char) -> Target {
    let steps = text.strip_prefix(sign).and_then(|steps| steps.parse().ok());
    steps.map_or_else(|| Position::from(text).into(), Target::Steps)
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::*;
    use crate::cli::Command;

    #[derive(Parser)]
    struct Line {
        #[command(subcommand)]
        command: Command,
    }

    fn command(line: &str) -> Command {
        let words = ["migrate"].into_iter().chain(line.split(' '));
        Line::try_parse_from(words).expect("valid").command
    }

    #[test]
    fn alembic_commands_are_parsed() {
        let up = |target: &str| Command::Upgrade {
            target: target.to_owned(),
            allow_out_of_order: false,
        };
        let down = |target: &str| Command::Downgrade {
            target: target.to_owned(),
        };
        assert_eq!(command("upgrade head"), up("head"));
        assert_eq!(command("upgrade +1"), up("+1"));
        assert_eq!(command("downgrade -1"), down("-1"));
        assert_eq!(command("downgrade base"), down("base"));
        assert_eq!(command("current"), Command::Current);
        assert_eq!(command("history"), Command::History);
    }

    #[test]
    fn target_is_a_number_of_steps_or_a_position() {
        assert_eq!(parse("+2", '+'), Target::Steps(2));
        assert_eq!(parse("-1", '-'), Target::Steps(1));
        assert_eq!(parse("head", '+'), Target::To(Position::Head));
        assert_eq!(parse("base", '-'), Target::To(Position::Base));
        assert_eq!(parse("-1", '+'), Target::To(Position::At("-1".to_owned())));
    }
}
