//! What is remembered by blocks of offsets: the present block, and the one before.

/// What can forget everything.
pub(super) trait Forget: Default {
    /// As it was at first; memory that it has may be kept.
    fn forget(&mut self);
}

/// Memories of two blocks of offsets. What they hold depends on the offsets alone: read again from the start of the
/// block before, they are what they were, so a restart changes no count.
#[derive(Debug)]
pub(super) struct TwoBlocks<T> {
    block: i64,
    present: i64,
    now: T,
    before: T,
}

impl<T: Forget> TwoBlocks<T> {
    /// Blocks of `block` records (at least 1).
    pub(super) fn new(block: u32) -> TwoBlocks<T> {
        TwoBlocks { block: i64::from(block.max(1)), present: 0, now: T::default(), before: T::default() }
    }

    /// The offset to read from, so that at `offset` both blocks are complete.
    pub(super) fn warm_from(&self, offset: i64) -> i64 {
        ((offset.div_euclid(self.block) - 1) * self.block).max(0)
    }

    /// The memory of the block of `offset`, and of the one before it. Offsets come in order.
    pub(super) fn at(&mut self, offset: i64) -> (&mut T, &T) {
        let block = offset.div_euclid(self.block);
        if block != self.present {
            std::mem::swap(&mut self.now, &mut self.before);
            self.now.forget();
            if block != self.present + 1 {
                self.before.forget();
            }
            self.present = block;
        }
        (&mut self.now, &self.before)
    }

    /// Both memories.
    pub(super) fn both(&self) -> [&T; 2] {
        [&self.now, &self.before]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    impl Forget for Vec<i64> {
        fn forget(&mut self) {
            self.clear();
        }
    }

    #[test]
    fn a_block_and_the_one_before_are_remembered_and_no_other() {
        let mut blocks: TwoBlocks<Vec<i64>> = TwoBlocks::new(10);
        let mut add = |offset: i64| {
            let (now, before) = blocks.at(offset);
            now.push(offset);
            (now.clone(), before.clone())
        };
        assert_eq!(add(9), (vec![9], vec![]));
        assert_eq!(add(10), (vec![10], vec![9]));
        assert_eq!(add(20), (vec![20], vec![10]));
        assert_eq!(add(45), (vec![45], vec![]), "a block that was skipped is empty");
        assert_eq!(blocks.warm_from(45), 30);
        assert_eq!(blocks.warm_from(5), 0);
    }
}
