//! Features, gathered before they are looked up: reading letters and adding weights each have the processor's registers
//! to themselves.

/// So many features are gathered before they are given away.
pub(super) const GATHERED: usize = 256;
/// A word has fewer, with room for those that are written beyond the last.
const WORD: usize = 96;

/// Features in a row. Words end anywhere: what a word has is written without asking how much it is.
pub(super) struct Gathered<'a, E> {
    features: [u32; GATHERED],
    len: usize,
    take: &'a mut E,
}

impl<'a, E: FnMut(&[u32])> Gathered<'a, E> {
    /// None yet; `take` gets them.
    pub(super) fn new(take: &'a mut E) -> Gathered<'a, E> {
        Gathered { features: [0; GATHERED], len: 0, take }
    }

    /// Takes in a feature; there is to be room.
    #[inline(always)]
    pub(super) fn push(&mut self, feature: u32) {
        self.push_if(true, feature);
    }

    /// Takes in a feature if it is there, without a branch.
    #[inline(always)]
    pub(super) fn push_if(&mut self, there: bool, feature: u32) {
        self.features[self.len % GATHERED] = feature;
        self.len += usize::from(there);
    }

    /// The first `count` of these.
    #[inline(always)]
    pub(super) fn push_first<const N: usize>(&mut self, count: usize, features: [u32; N]) {
        let at = self.len.min(GATHERED - N);
        self.features[at..at + N].copy_from_slice(&features);
        self.len += count;
    }

    /// How many there are.
    pub(super) fn len(&self) -> usize {
        self.len
    }

    /// Drops those after the first `len`.
    pub(super) fn drop_from(&mut self, len: usize) {
        self.len = self.len.min(len);
    }

    /// Makes room for a word.
    #[inline(always)]
    pub(super) fn make_room(&mut self) {
        if self.len > GATHERED - WORD {
            self.give();
        }
    }

    /// Gives away what there is.
    #[inline(never)]
    pub(super) fn give(&mut self) {
        (self.take)(&self.features[..self.len.min(GATHERED)]);
        self.len = 0;
    }
}
