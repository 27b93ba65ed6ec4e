//! A way to a server, which can be cut and mended.

use tokio::{
    io::copy_bidirectional,
    net::{TcpListener, TcpStream},
    sync::watch,
};

/// Leads to a port of this machine, from another. It ends with this value.
pub struct Way {
    port: u16,
    open: watch::Sender<bool>,
}

impl Way {
    /// An open way to `to`, as `host:port`.
    pub async fn to(to: &str) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let (open, is_open) = watch::channel(true);
        let to = to.to_owned();
        tokio::spawn(async move {
            let mut end = is_open.clone();
            let leading = async {
                while let Ok((from, _)) = listener.accept().await {
                    tokio::spawn(lead(from, to.clone(), is_open.clone()));
                }
            };
            tokio::select! {
                () = leading => {}
                // Its owner has gone.
                _ = async { while end.changed().await.is_ok() {} } => {}
            }
        });
        Self { port, open }
    }

    pub fn port(&self) -> u16 {
        self.port
    }

    /// Ends every connection, and takes none.
    pub fn cut(&self) {
        self.open.send_replace(false);
    }

    /// Takes connections again.
    pub fn mend(&self) {
        self.open.send_replace(true);
    }
}

async fn lead(mut from: TcpStream, to: String, mut open: watch::Receiver<bool>) {
    if !*open.borrow_and_update() {
        return;
    }
    let Ok(mut to) = TcpStream::connect(to).await else {
        return;
    };
    tokio::select! {
        _ = copy_bidirectional(&mut from, &mut to) => {}
        _ = open.changed() => {}
    }
}
