//! A small HTTP proxy that knows CONNECT: between an agent and its collector, as in a town hall that lets nothing else out.

use std::{
    io::{self, Read, Write},
    net::{Ipv4Addr, Shutdown, SocketAddr, TcpListener, TcpStream},
    sync::{Arc, Mutex},
    thread,
};

/// Serves until the test process ends.
pub struct Proxy {
    pub address: SocketAddr,
    asked: Arc<Mutex<Vec<String>>>,
}

#[derive(Clone)]
struct Rules {
    /// The only name that it connects to, and where that is: names are the proxy's to resolve.
    allowed: (String, SocketAddr),
    /// "Basic …", or nothing is asked.
    credentials: Option<&'static str>,
    asked: Arc<Mutex<Vec<String>>>,
}

impl Proxy {
    /// `credentials`: base64 of « name:password ».
    pub fn start(name: &str, at: SocketAddr, credentials: Option<&'static str>) -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a free port");
        let address = listener.local_addr().expect("an address");
        let asked = Arc::default();
        let rules = Rules {
            allowed: (name.to_owned(), at),
            credentials,
            asked: Arc::clone(&asked),
        };
        thread::spawn(move || {
            for client in listener.incoming().flatten() {
                let rules = rules.clone();
                // An agent that goes away is no failure of the proxy.
                thread::spawn(move || drop(serve(client, &rules)));
            }
        });
        Self { address, asked }
    }

    /// What it was asked to connect to.
    pub fn asked(&self) -> Vec<String> {
        self.asked.lock().expect("no panic in the proxy").clone()
    }
}

fn serve(mut client: TcpStream, rules: &Rules) -> io::Result<()> {
    let head = head(&mut client)?;
    let target = head.split(' ').nth(1).unwrap_or_default();
    rules
        .asked
        .lock()
        .expect("no panic")
        .push(target.to_owned());
    let credentials = head
        .lines()
        .find_map(|line| line.strip_prefix("Proxy-Authorization: Basic "));
    if rules.credentials.is_some() && credentials != rules.credentials {
        return client.write_all(
            b"HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: Basic realm=\"mairie\"\r\n\r\n",
        );
    }
    if target != rules.allowed.0 {
        return client.write_all(b"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n");
    }
    let server = TcpStream::connect(rules.allowed.1)?;
    client.write_all(b"HTTP/1.1 200 Connection established\r\n\r\n")?;
    let there = (client.try_clone()?, server.try_clone()?);
    let out = thread::spawn(move || carry(there.0, there.1));
    carry(server, client);
    out.join().expect("no panic");
    Ok(())
}

fn head(client: &mut TcpStream) -> io::Result<String> {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        let mut byte = [0];
        client.read_exact(&mut byte)?;
        head.extend(byte);
    }
    Ok(String::from_utf8_lossy(&head).into_owned())
}

fn carry(mut from: TcpStream, mut to: TcpStream) {
    let _ = io::copy(&mut from, &mut to);
    let _ = to.shutdown(Shutdown::Write);
}
