//! The only source of chance: SplitMix64, written out here because a town must stay the same when a dependency changes
//! its generator. Each service throws its own dice, so that a change in one folder leaves the others as they were.

#[derive(Debug, Clone)]
pub struct Dice(u64);

impl Dice {
    pub fn new(seed: u64, purpose: &str) -> Self {
        // FNV-1a spreads the purpose over the seed.
        let hash = purpose
            .bytes()
            .fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
                (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3)
            });
        Self(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ hash)
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// From `low` to `high`, both included.
    pub fn between(&mut self, low: u32, high: u32) -> u32 {
        let span = u64::from(high.saturating_sub(low)) + 1;
        low + u32::try_from(self.next() % span).unwrap_or_default()
    }

    pub fn chance(&mut self, percent: u32) -> bool {
        self.between(1, 100) <= percent
    }

    fn below(&mut self, length: usize) -> usize {
        self.between(
            0,
            u32::try_from(length).unwrap_or(u32::MAX).saturating_sub(1),
        ) as usize
    }

    /// The slice must not be empty; every list given is a constant of this crate or the people of a town.
    pub fn pick<'a, T>(&mut self, from: &'a [T]) -> &'a T {
        &from[self.below(from.len())]
    }

    /// `count` different items, or all of them if there are fewer.
    pub fn sample<'a, T>(&mut self, from: &'a [T], count: usize) -> Vec<&'a T> {
        let mut left: Vec<&T> = from.iter().collect();
        let mut drawn = Vec::new();
        while drawn.len() < count && !left.is_empty() {
            drawn.push(left.swap_remove(self.below(left.len())));
        }
        drawn
    }

    pub fn digits(&mut self, count: usize) -> String {
        (0..count)
            .filter_map(|_| char::from_digit(self.between(0, 9), 10))
            .collect()
    }

    pub fn hex(&mut self, count: usize) -> String {
        (0..count)
            .filter_map(|_| char::from_digit(self.between(0, 15), 16))
            .collect()
    }

    pub fn letters(&mut self, alphabet: &[char], count: usize) -> String {
        (0..count).map(|_| *self.pick(alphabet)).collect()
    }

    pub fn bytes(&mut self, count: usize) -> Vec<u8> {
        (0..count).map(|_| self.next().to_le_bytes()[3]).collect()
    }
}
