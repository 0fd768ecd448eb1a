//! Which walls stand round the process that reads hostile bytes; each system has its own (`WALLS`).

use super::own::{NECESSARY, WALLS};

/// A set of the system's walls, in the order of [`WALLS`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Confinement(u8);

impl Confinement {
    /// What a process said of itself; walls that this system does not have are left out.
    pub fn from_bits(bits: u8) -> Self {
        let mut known = Self::default();
        for (rank, _) in WALLS.iter().enumerate() {
            known.0 |= bits & (1 << rank);
        }
        known
    }

    pub fn bits(self) -> u8 {
        self.0
    }

    /// The names of the walls that stand.
    pub fn standing(self) -> Vec<&'static str> {
        self.names(true)
    }

    pub fn missing(self) -> Vec<&'static str> {
        self.names(false)
    }

    /// Whether a trapped file could not act with the rights of the agent.
    pub fn is_sound(self) -> bool {
        let necessary = WALLS.iter().filter(|wall| NECESSARY.contains(wall));
        necessary.into_iter().all(|wall| self.has(wall))
    }

    pub(super) fn with(mut self, wall: &str, stands: bool) -> Self {
        if let Some(rank) = WALLS.iter().position(|known| *known == wall) {
            self.0 |= u8::from(stands) << rank;
        }
        self
    }

    fn has(self, wall: &str) -> bool {
        self.standing().contains(&wall)
    }

    fn names(self, standing: bool) -> Vec<&'static str> {
        let walls = WALLS.iter().enumerate();
        walls
            .filter(|(rank, _)| (self.0 & (1 << rank) != 0) == standing)
            .map(|(_, wall)| *wall)
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn walls_are_told_apart() {
        let none = Confinement::default();
        assert_eq!(none.missing(), WALLS);
        assert!(!none.is_sound());
        let necessary = NECESSARY
            .iter()
            .fold(none, |walls, wall| walls.with(wall, true));
        assert!(necessary.is_sound());
        assert_eq!(necessary.standing(), NECESSARY);
        assert_eq!(Confinement::from_bits(necessary.bits()), necessary);
    }

    #[test]
    fn unknown_walls_are_not_believed() {
        assert_eq!(Confinement::from_bits(0xff).standing(), WALLS);
        assert_eq!(none_of_ours(), Confinement::default());
    }

    fn none_of_ours() -> Confinement {
        Confinement::default().with("a moat", true)
    }
}
