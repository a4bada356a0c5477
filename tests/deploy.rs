//! deploy/ against a real Prometheus.
