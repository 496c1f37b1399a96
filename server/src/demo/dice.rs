//! Chance that is the same on every machine and in every release.
//!
//! SplitMix64, written out: a library may change how it maps bits to ranges, and then the same
//! seed would tell other stories.

/// A seeded source of choices.
#[derive(Debug, Clone)]
pub(super) struct Dice(u64);

impl Dice {
    pub(super) const fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// Independent dice for a part of the work, so that a change in one part leaves the others alone.
    pub(super) fn fork(&self, label: u64) -> Self {
        let mut dice = Self(self.0 ^ label.wrapping_mul(0xD6E8_FEB8_6659_FD93));
        dice.roll();
        dice
    }

    pub(super) fn roll(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// A number in `0..bound`; 0 when `bound` is 0.
    pub(super) fn below(&mut self, bound: usize) -> usize {
        let wide = u64::try_from(bound).unwrap_or(0);
        let scaled = (self.roll() >> 32).wrapping_mul(wide) >> 32;
        usize::try_from(scaled).unwrap_or(0)
    }

    /// A number from `low` to `high`, both included.
    pub(super) fn between(&mut self, low: i32, high: i32) -> i32 {
        let span = usize::try_from(high.saturating_sub(low).max(0)).unwrap_or(0);
        low.saturating_add(i32::try_from(self.below(span + 1)).unwrap_or(0))
    }

    /// A deviation around zero; small ones are likelier than large ones.
    pub(super) fn wobble(&mut self, spread: i32) -> i32 {
        i32::midpoint(self.between(-spread, spread), self.between(-spread, spread))
    }

    pub(super) fn chance(&mut self, percent: u8) -> bool {
        self.below(100) < usize::from(percent)
    }

    /// One of the items, or the default of an empty list.
    pub(super) fn pick<T: Copy + Default>(&mut self, items: &[T]) -> T {
        items
            .get(self.below(items.len()))
            .copied()
            .unwrap_or_default()
    }

    /// One of the items, or the other one if there are none.
    pub(super) fn pick_or<T: Copy>(&mut self, items: &[T], other: T) -> T {
        items.get(self.below(items.len())).copied().unwrap_or(other)
    }

    pub(super) fn shuffle<T>(&mut self, items: &mut [T]) {
        for end in (1..items.len()).rev() {
            let other = self.below(end + 1);
            items.swap(end, other);
        }
    }

    /// Ten bytes for the random part of an identifier.
    pub(super) fn bytes(&mut self) -> [u8; 10] {
        let mut bytes = [0; 10];
        for chunk in bytes.chunks_mut(8) {
            let roll = self.roll().to_le_bytes();
            for (to, from) in chunk.iter_mut().zip(roll) {
                *to = from;
            }
        }
        bytes
    }
}
