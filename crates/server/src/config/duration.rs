//! Durations as people write them.

use std::time::Duration;

/// The units, the largest first, with their seconds.
const UNITS: [(char, u64); 4] = [('d', 86_400), ('h', 3_600), ('m', 60), ('s', 1)];

/// Reads `90s`, `30m`, `12h`, `30d`, or a number of seconds.
pub(crate) fn parse(text: &str) -> Option<Duration> {
    let unit = UNITS
        .iter()
        .find_map(|(letter, seconds)| Some((text.strip_suffix(*letter)?, *seconds)));
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

/// Writes a duration in the largest unit that divides it.
pub(crate) fn show(duration: Duration) -> String {
    let total = duration.as_secs();
    let unit = UNITS
        .iter()
        .find(|(_, seconds)| total > 0 && total.is_multiple_of(*seconds));
    unit.map_or_else(
        || format!("{total}s"),
        |(letter, seconds)| format!("{}{letter}", total / seconds),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_duration_is_a_number_with_a_unit_or_of_seconds() {
        let seconds = |text| parse(text).map(|duration| duration.as_secs());
        assert_eq!(
            ["90s", "30m", "12h", "30d", "45", "0"].map(seconds),
            [90, 1800, 43_200, 2_592_000, 45, 0].map(Some)
        );
        for bad in [
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
            assert_eq!(seconds(bad), None, "{bad}");
        }
    }

    #[test]
    fn a_duration_is_shown_in_its_largest_unit() {
        let shown = [0, 90, 1800, 5400, 7200, 2_592_000].map(|seconds| show(Duration::from_secs(seconds)));
        assert_eq!(shown, ["0s", "90s", "30m", "90m", "2h", "30d"]);
    }
}
