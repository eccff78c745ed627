//! Where to go, as it is written at a command line.

use crate::{Goal, Point};

/// A point, or a number of steps behind `sign`.
pub(super) fn goal(text: &str, sign: char) -> Goal {
    let steps = text.strip_prefix(sign).and_then(|steps| steps.parse().ok());
    steps.map_or_else(|| Point::from(text).into(), Goal::Steps)
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

    fn parse(line: &str) -> Command {
        let words = ["migrate"].into_iter().chain(line.split(' '));
        Line::try_parse_from(words).expect("valid").command
    }

    #[test]
    fn the_lines_of_alembic_are_read_as_they_are_written() {
        let up = |target: &str| Command::Upgrade {
            target: target.to_owned(),
            allow_out_of_order: false,
        };
        let down = |target: &str| Command::Downgrade {
            target: target.to_owned(),
        };
        assert_eq!(parse("upgrade head"), up("head"));
        assert_eq!(parse("upgrade +1"), up("+1"));
        assert_eq!(parse("downgrade -1"), down("-1"));
        assert_eq!(parse("downgrade base"), down("base"));
        assert_eq!(parse("current"), Command::Current);
        assert_eq!(parse("history"), Command::History);
    }

    #[test]
    fn a_target_is_a_number_of_steps_or_a_point() {
        assert_eq!(goal("+2", '+'), Goal::Steps(2));
        assert_eq!(goal("-1", '-'), Goal::Steps(1));
        assert_eq!(goal("head", '+'), Goal::To(Point::Head));
        assert_eq!(goal("base", '-'), Goal::To(Point::Base));
        assert_eq!(goal("-1", '+'), Goal::To(Point::At("-1".to_owned())));
    }
}
