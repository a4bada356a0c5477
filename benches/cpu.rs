//! CPU time, which says more than the clock where others share the machine.

/// CPU time of this thread in seconds, as Linux tells it.
pub(crate) fn cpu() -> f64 {
    let told = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap();
    told.split_whitespace().next().unwrap().parse::<f64>().unwrap() / 1e9
}
