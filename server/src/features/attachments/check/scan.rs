//! The malware scanner (clamd), over its socket: `INSTREAM`.

use std::time::Duration;

use tokio::{
    io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt},
    net::{TcpStream, UnixStream},
    time::timeout,
};

use crate::config::ScannerAt;

/// How long the scanner may take for one step.
const PATIENCE: Duration = Duration::from_mins(2);
const CHUNK: usize = 64 * 1024;

/// What the scanner says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Said {
    Clean,
    Infected,
    /// Nothing that can be relied on: it is not there, or could not look.
    Nothing,
}

/// Has a file looked at. A scanner that does not answer lets nothing through.
pub(super) async fn scan(at: &ScannerAt, file: impl AsyncRead + Unpin) -> Said {
    let answer = match at {
        ScannerAt::Socket(path) => match timeout(PATIENCE, UnixStream::connect(path)).await {
            Ok(Ok(stream)) => ask(stream, file).await,
            _ => None,
        },
        ScannerAt::Port(addr) => match timeout(PATIENCE, TcpStream::connect(addr)).await {
            Ok(Ok(stream)) => ask(stream, file).await,
            _ => None,
        },
    };
    let answer = answer.unwrap_or_default();
    let answer = answer.trim_end_matches(['\0', '\n']);
    if answer.ends_with(" OK") {
        Said::Clean
    } else if answer.ends_with(" FOUND") {
        Said::Infected
    } else {
        Said::Nothing
    }
}

async fn ask(
    mut stream: impl AsyncRead + AsyncWrite + Unpin,
    mut file: impl AsyncRead + Unpin,
) -> Option<String> {
    let talk = async {
        stream.write_all(b"zINSTREAM\0").await.ok()?;
        let mut chunk = vec![0; CHUNK];
        loop {
            let read = file.read(&mut chunk).await.ok()?;
            let length = u32::try_from(read).ok()?;
            stream.write_all(&length.to_be_bytes()).await.ok()?;
            if read == 0 {
                break;
            }
            stream.write_all(chunk.get(..read)?).await.ok()?;
        }
        stream.flush().await.ok()?;
        let mut answer = Vec::new();
        stream.take(4096).read_to_end(&mut answer).await.ok()?;
        String::from_utf8(answer).ok()
    };
    timeout(PATIENCE * 5, talk).await.ok().flatten()
}
