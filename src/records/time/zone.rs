//! Time zones as records name them: by their IANA name, where no name is UTC.

use jiff::tz::TimeZone;

/// The time zone with this name. UTC if there is no name, or no time zone with it.
pub fn named(name: Option<&str>) -> TimeZone {
    name.and_then(|name| TimeZone::get(name).ok()).unwrap_or(TimeZone::UTC)
}

/// The name of a time zone; `None` for UTC.
pub fn name(zone: &TimeZone) -> Option<String> {
    zone.iana_name().filter(|name| *name != "UTC").map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_zone_is_read_back_from_its_name() {
        for written in [None, Some("Europe/Budapest"), Some("America/Sao_Paulo")] {
            assert_eq!(name(&named(written)).as_deref(), written);
        }
        for utc in [None, Some("UTC"), Some("Mars/Olympus")] {
            assert_eq!(named(utc), TimeZone::UTC);
            assert_eq!(name(&named(utc)), None);
        }
    }
}
