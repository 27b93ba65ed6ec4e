//! The platforms of games by the names that people know.

/// What GameDataBase writes, and what people say.
const NAMES: [(&str, &str); 32] = [
    ("console_nintendo_superfamicom_snes", "Super Famicom / SNES"),
    ("console_nintendo_famicom_nes", "Famicom / NES"),
    ("console_sega_saturn", "Sega Saturn"),
    ("console_nintendo_gameboy", "Game Boy"),
    ("console_sega_megadrive_genesis", "Mega Drive / Genesis"),
    ("console_nintendo_gameboycolor", "Game Boy Color"),
    ("console_nec_cdrom2", "PC Engine CD-ROM²"),
    (
        "console_sega_markIII_mastersystem",
        "Sega Mark III / Master System",
    ),
    ("console_nintendo_nintendo64", "Nintendo 64"),
    ("console_sega_gamegear", "Game Gear"),
    (
        "console_nec_pcengine_turbografx_supergrafx",
        "PC Engine / TurboGrafx-16",
    ),
    ("console_nintendo_famicomdisksystem", "Famicom Disk System"),
    ("console_sega_megacd_segacd", "Mega-CD / Sega CD"),
    ("console_nintendo_gameboyadvance", "Game Boy Advance"),
    (
        "console_sega_sg1000_sc3000_othellomultivision",
        "SG-1000 / SC-3000",
    ),
    (
        "console_snk_neogeopocket_neogeopocketcolor",
        "Neo Geo Pocket",
    ),
    ("console_nec_pcfx", "PC-FX"),
    ("console_nintendo_satellaview", "Satellaview"),
    ("console_sega_super32x", "Super 32X"),
    ("console_nintendo_virtualboy", "Virtual Boy"),
    ("console_pioneer_laseractive", "LaserActive"),
    ("console_nintendo_bandai_sufamiturbo", "SuFami Turbo"),
    ("console_nintendo_64dd", "Nintendo 64DD"),
    ("arcade_sega", "Arcade (Sega)"),
    ("arcade_konami", "Arcade (Konami)"),
    ("arcade_taito", "Arcade (Taito)"),
    ("arcade_snk", "Arcade (SNK)"),
    ("arcade_nichibutsu", "Arcade (Nichibutsu)"),
    ("arcade_nintendo", "Arcade (Nintendo)"),
    ("arcade_capcom", "Arcade (Capcom)"),
    ("arcade_irem", "Arcade (Irem)"),
    ("arcade_namco", "Arcade (Namco)"),
];

/// What people call the platform that a file calls `given`.
pub(super) fn platform_name(given: &str) -> String {
    NAMES
        .into_iter()
        .find(|(name, _)| *name == given)
        .map_or(given, |(_, name)| name)
        .to_owned()
}
