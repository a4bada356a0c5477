### What pages say beside what messages do.
