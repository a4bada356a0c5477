//! Adds up the weights of a text's features.
//!
//! The places are gathered first and looked up in a row: reading letters and adding weights each have the processor's
//! registers to themselves.

/// So many places are gathered; 127 · 256 is still a small whole number.
const GATHERED: usize = 256;

/// The sums of the weights at some places of a table, lane by lane.
pub(super) struct Sums<'a, const N: usize> {
    table: &'a [[i8; N]],
    places: [u32; GATHERED],
    len: usize,
    sums: [i32; N],
    count: u32,
}

impl<'a, const N: usize> Sums<'a, N> {
    pub(super) fn of(table: &'a [[i8; N]]) -> Sums<'a, N> {
        Sums { table, places: [0; GATHERED], len: 0, sums: [0; N], count: 0 }
    }

    /// Takes in a place, which must be one of the table.
    #[inline(always)]
    pub(super) fn add(&mut self, place: u32) {
        self.places[self.len % GATHERED] = place;
        self.len += 1;
        if self.len == GATHERED {
            self.settle();
        }
    }

    #[inline(never)]
    fn settle(&mut self) {
        let mut small = [0_i16; N];
        for place in &self.places[..self.len.min(GATHERED)] {
            let weights = &self.table[*place as usize];
            small.iter_mut().zip(weights).for_each(|(sum, weight)| *sum += i16::from(*weight));
        }
        self.sums.iter_mut().zip(small).for_each(|(sum, small)| *sum += i32::from(small));
        self.count += self.len as u32;
        self.len = 0;
    }

    /// The sums so far, and how many places they are of.
    pub(super) fn so_far(&mut self) -> ([i32; N], u32) {
        self.settle();
        (self.sums, self.count)
    }
}
