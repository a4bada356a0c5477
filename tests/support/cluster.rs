//! Three real brokers, each of which can be killed and started again, and a way to them that can be cut.

use super::kafka::Kafka;
use super::ports::Port;
use super::relay::Relay;

/// Brokers 1 to 3, each a controller as well.
#[derive(Debug)]
pub struct Cluster {
    /// The brokers: index 0 is broker 1.
    pub nodes: Vec<Kafka>,
    relays: Vec<Relay>,
    _relayed: Vec<Port>,
}

impl Cluster {
    /// Starts them, and waits until they answer.
    pub fn start() -> Cluster {
        let ports: Vec<(Port, Port, Port)> = (0..3).map(|_| (Port::take(), Port::take(), Port::take())).collect();
        let voters = (1..).zip(&ports).map(|(id, (_, controller, _))| format!("{id}@127.0.0.1:{controller}"));
        let voters = voters.collect::<Vec<_>>().join(",");
        let (mut nodes, mut relays, mut relayed) = (Vec::new(), Vec::new(), Vec::new());
        for (id, (port, controller, behind)) in (1..).zip(ports) {
            let relay = Relay::start(behind.number());
            let settings = [
                ("node.id", format!("{id}")),
                ("controller.quorum.voters", voters.clone()),
                (
                    "listeners",
                    format!(
                        "PLAINTEXT://127.0.0.1:{port},RELAYED://127.0.0.1:{behind},CONTROLLER://127.0.0.1:{controller}"
                    ),
                ),
                ("advertised.listeners", format!("PLAINTEXT://127.0.0.1:{port},RELAYED://127.0.0.1:{}", relay.port())),
                (
                    "listener.security.protocol.map",
                    "PLAINTEXT:PLAINTEXT,RELAYED:PLAINTEXT,CONTROLLER:PLAINTEXT".to_owned(),
                ),
                ("offsets.topic.replication.factor", "3".into()),
                ("transaction.state.log.replication.factor", "3".into()),
                ("transaction.state.log.min.isr", "2".into()),
                ("min.insync.replicas", "2".into()),
            ];
            let settings: Vec<(&str, &str)> = settings.iter().map(|(name, value)| (*name, value.as_str())).collect();
            let mut node = Kafka::prepare(&settings, port, controller);
            node.launch();
            nodes.push(node);
            relays.push(relay);
            relayed.push(behind);
        }
        nodes.iter_mut().for_each(Kafka::wait_ready);
        Cluster { nodes, relays, _relayed: relayed }
    }

    /// `host:port` of all, for clients.
    pub fn brokers(&self) -> String {
        self.nodes.iter().map(Kafka::brokers).collect::<Vec<_>>().join(",")
    }

    /// The same by a way that [`Cluster::cut`] closes.
    pub fn relayed(&self) -> String {
        self.relays.iter().map(|relay| format!("127.0.0.1:{}", relay.port())).collect::<Vec<_>>().join(",")
    }

    /// Cuts off who came by [`Cluster::relayed`], or lets them through again.
    pub fn cut(&self, cut: bool) {
        self.relays.iter().for_each(|relay| relay.cut(cut));
    }
}
