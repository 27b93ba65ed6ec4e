//! What somebody comes with, by what their client calls itself. Whoever likes says what they like: it is counted,
//! and nothing is decided by it.

use entity::values::Device;
use moka::sync::Cache;
use woothee::parser::Parser;

/// So many names are remembered: each is looked into once, and not at each request.
const REMEMBERED: u64 = 4_096;
/// As many bytes of a name are looked at.
const LONGEST: usize = 256;

/// What clients with which names run on.
#[derive(Debug)]
pub struct Devices(Cache<Vec<u8>, Device>);

impl Default for Devices {
    fn default() -> Self {
        Self(Cache::new(REMEMBERED))
    }
}

impl Devices {
    /// What a client runs on that calls itself `agent`.
    pub fn of(&self, agent: Option<&[u8]>) -> Device {
        let Some(agent) = agent else {
            return Device::Other;
        };
        let agent = agent.get(..LONGEST).unwrap_or(agent);
        if let Some(known) = self.0.get(agent) {
            return known;
        }
        let device = told(agent);
        self.0.insert(agent.to_owned(), device);
        device
    }
}

fn told(agent: &[u8]) -> Device {
    let parser = Parser::new();
    let agent = String::from_utf8_lossy(agent);
    match parser.parse(&agent).map(|told| told.category) {
        Some("pc") => Device::Pc,
        Some("smartphone") => Device::Smartphone,
        Some("mobilephone") => Device::FeaturePhone,
        // Programs, crawlers, consoles, televisions.
        _ => Device::Other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_client_is_told_by_what_it_calls_itself() {
        let devices = Devices::default();
        for (agent, device) in [
            (
                "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) \
                 Chrome/140.0.0.0 Safari/537.36",
                Device::Pc,
            ),
            (
                "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0",
                Device::Pc,
            ),
            (
                "Mozilla/4.0 (compatible; MSIE 6.0; Windows NT 5.1; SV1)",
                Device::Pc,
            ),
            (
                "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 \
                 (KHTML, like Gecko) Version/17.5 Mobile/15E148 Safari/604.1",
                Device::Smartphone,
            ),
            (
                "Mozilla/5.0 (Linux; Android 14; Pixel 8) AppleWebKit/537.36 (KHTML, like Gecko) \
                 Chrome/126.0.0.0 Mobile Safari/537.36",
                Device::Smartphone,
            ),
            ("DoCoMo/2.0 N903i(c100;TB;W24H12)", Device::FeaturePhone),
            (
                "KDDI-CA39 UP.Browser/6.2.0.13.1.5 (GUI) MMP/2.0",
                Device::FeaturePhone,
            ),
            (
                "SoftBank/1.0/930SH/SHJ001 Browser/NetFront/3.4 Profile/MIDP-2.0",
                Device::FeaturePhone,
            ),
            (
                "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)",
                Device::Other,
            ),
            ("curl/8.5.0", Device::Other),
            ("", Device::Other),
        ] {
            // The second time it is remembered.
            for _ in 0..2 {
                assert_eq!(devices.of(Some(agent.as_bytes())), device, "{agent}");
            }
        }
        assert_eq!(devices.of(None), Device::Other);
        assert_eq!(devices.of(Some(b"\xff\xfe\x00")), Device::Other);
        assert_eq!(devices.of(Some(&[b'a'; 100_000])), Device::Other);
    }
}
