//! Durations with a unit, such as `30m`.

use std::time::Duration;

/// The units with their seconds, largest first.
const UNITS: [(char, u64); 4] = [('d', 86_400), ('h', 3_600), ('m', 60), ('s', 1)];

/// Parses `90s`, `30m`, `12h`, `30d`, or a number of seconds.
pub(crate) fn parse(text: &str) -> Option<Duration> {
    let unit = UNITS
        .iter()
        .find_map(|(unit, seconds)| Some((text.strip_suffix(*unit)?, *seconds)));
    let (number, seconds) = unit.unwrap_or((text, 1));
    if !number.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    number
        .parse::<u64>()
        .ok()?
        .checked_mul(seconds)
        .map(Duration::from_secs)
}

/// Formats a duration in the largest unit that divides it.
pub(crate) fn format(duration: Duration) -> String {
    let total = duration.as_secs();
    let unit = UNITS
        .iter()
        .find(|(_, seconds)| total > 0 && total.is_multiple_of(*seconds));
    unit.map_or_else(
        || format!("{total}s"),
        |(unit, seconds)| format!("{}{unit}", total / seconds),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parse_number_with_unit_or_seconds() {
        let seconds = |text| parse(text).map(|duration| duration.as_secs());
        assert_eq!(
            ["90s", "30m", "12h", "30d", "45", "0"].map(seconds),
            [90, 1800, 43_200, 2_592_000, 45, 0].map(Some)
        );
        for invalid in [
            "",
            "m",
            "-1",
            "+1",
            "1.5h",
            "1 h",
            "1w",
            "1H",
            "99999999999999999999",
            "9999999999999999d",
        ] {
            assert_eq!(seconds(invalid), None, "{invalid}");
        }
    }

    #[test]
    fn format_uses_largest_unit() {
        let formatted = [0, 90, 1800, 5400, 7200, 2_592_000].map(|seconds| super::format(Duration::from_secs(seconds)));
        assert_eq!(formatted, ["0s", "90s", "30m", "90m", "2h", "30d"]);
    }
}
