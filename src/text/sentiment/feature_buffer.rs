//! Buffers features before they are looked up, so that reading letters and adding weights do not compete for the
//! processor's registers.

/// The number of features that are buffered before they are passed on.
pub(super) const GATHERED: usize = 256;
/// The maximum number of features of a word, with room for slots that are written but not used.
const WORD: usize = 96;

/// A buffer of features. The features of a word are written without checking how many there are.
pub(super) struct Gathered<'a, E> {
    features: [u32; GATHERED],
    len: usize,
    take: &'a mut E,
}

impl<'a, E: FnMut(&[u32])> Gathered<'a, E> {
    /// An empty buffer; `take` gets the features.
    pub(super) fn new(take: &'a mut E) -> Gathered<'a, E> {
        Gathered { features: [0; GATHERED], len: 0, take }
    }

    /// Adds a feature; there must be room.
    #[inline(always)]
    pub(super) fn push(&mut self, feature: u32) {
        self.push_if(true, feature);
    }

    /// Adds a feature if it exists, without a branch.
    #[inline(always)]
    pub(super) fn push_if(&mut self, there: bool, feature: u32) {
        self.features[self.len % GATHERED] = feature;
        self.len += usize::from(there);
    }

    /// Adds the first `count` of these features.
    #[inline(always)]
    pub(super) fn push_first<const N: usize>(&mut self, count: usize, features: [u32; N]) {
        let at = self.len.min(GATHERED - N);
        self.features[at..at + N].copy_from_slice(&features);
        self.len += count;
    }

    /// The number of features.
    pub(super) fn len(&self) -> usize {
        self.len
    }

    /// Drops those after the first `len`.
    pub(super) fn drop_from(&mut self, len: usize) {
        self.len = self.len.min(len);
    }

    /// Makes room for the features of a word.
    #[inline(always)]
    pub(super) fn make_room(&mut self) {
        if self.len > GATHERED - WORD {
            self.give();
        }
    }

    /// Passes on all features.
    #[inline(never)]
    pub(super) fn give(&mut self) {
        (self.take)(&self.features[..self.len.min(GATHERED)]);
        self.len = 0;
    }
}
