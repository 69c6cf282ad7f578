//! What is drawn in which colour. Plotters can only write fixed colours, so each ink has a marker colour that no other
//! part of a drawing uses; `dress` puts the real one in its place.

use plotters::style::RGBColor;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ink {
    Train,
    Serve,
    /// Text and the marks of a model.
    Strong,
    Muted,
    Line,
    Surface,
    /// What went wrong.
    Bad,
}

impl Ink {
    pub const ALL: [Ink; 7] = [Ink::Train, Ink::Serve, Ink::Strong, Ink::Muted, Ink::Line, Ink::Surface, Ink::Bad];

    /// The colour that stands for it while plotters draws.
    pub fn marker(self) -> RGBColor {
        RGBColor(0xFE, 0x01, self as u8)
    }

    /// The marker as plotters writes it.
    pub fn marker_text(self) -> String {
        let RGBColor(red, green, blue) = self.marker();
        format!("#{red:02X}{green:02X}{blue:02X}")
    }

    /// The style sheet's variable.
    pub fn variable(self) -> &'static str {
        match self {
            Ink::Train => "--train",
            Ink::Serve => "--serve",
            Ink::Strong => "--ink",
            Ink::Muted => "--ink-3",
            Ink::Line => "--line",
            Ink::Surface => "--surface",
            Ink::Bad => "--mismatch",
        }
    }

    /// The colour of a file that has no style sheet: the light theme's.
    pub fn plain(self) -> &'static str {
        match self {
            Ink::Train => "#1f5fc4",
            Ink::Serve => "#b35900",
            Ink::Strong => "#12161c",
            Ink::Muted => "#616b78",
            Ink::Line => "#dfe3e8",
            Ink::Surface => "#ffffff",
            Ink::Bad => "#b0241c",
        }
    }
}
