### What pages say beside what messages do, in Hungarian.
