//! Video and sound: converted by ffmpeg into what every browser plays, without anything else that was in the file.
//!
//! The program runs by itself, with an empty environment, in a folder of its own, with limits of memory, time and size,
//! and may open nothing but files of that folder: no network, no play lists.

use std::{
    path::{Path, PathBuf},
    process::Stdio,
    time::Duration,
};

use serde::Deserialize;
use tokio::{
    io::{AsyncReadExt, AsyncSeekExt},
    process::Command,
    time::timeout,
};

use super::{
    super::model::{Media, Refusal, Rendition},
    Content, Found, Made, photo,
    queries::Facts,
    sniff,
};
use crate::{Error, Result};

const PATIENCE: Duration = Duration::from_mins(30);
/// Kinds of container that are opened; play lists, which name other files, are none of them.
const FORMATS: &str = "mov,mp4,m4a,3gp,matroska,webm,ogg,mp3,wav,aac,flac";
/// What the program says of a file that is cut off, which it converts as far as it goes.
const BROKEN: [&str; 3] = ["ended prematurely", "partial file", "Invalid data found"];
const LONGEST: f64 = 4.0 * 3600.0;
const WIDEST: u32 = 8192;

/// What ffprobe says of a file.
#[derive(Debug, Deserialize)]
struct Probe {
    #[serde(default)]
    streams: Vec<Stream>,
    #[serde(default)]
    format: Format,
}

#[derive(Debug, Deserialize)]
struct Stream {
    #[serde(default)]
    codec_type: String,
    #[serde(default)]
    width: u32,
    #[serde(default)]
    height: u32,
    #[serde(default)]
    disposition: Disposition,
}

#[derive(Debug, Default, Deserialize)]
struct Disposition {
    #[serde(default)]
    attached_pic: u8,
}

#[derive(Debug, Default, Deserialize)]
struct Format {
    #[serde(default)]
    duration: Option<String>,
}

/// Converts the file in this folder; answers with what it is as well.
pub(super) async fn convert(
    ffmpeg: &Path,
    folder: &Path,
    source: &Path,
) -> Result<Result<(Media, Found), Refusal>> {
    if is_cut_off(source).await? {
        return Ok(Err(Refusal::AttachmentDamaged));
    }
    let ffprobe = ffmpeg.with_file_name("ffprobe");
    let asked = limited(&ffprobe, folder)
        .args([
            "-v",
            "error",
            "-of",
            "json",
            "-show_streams",
            "-show_format",
        ])
        .args([
            "-protocol_whitelist",
            "file,pipe",
            "-format_whitelist",
            FORMATS,
            "-i",
        ])
        .arg(source)
        .output();
    let Some(said) = in_time(asked).await? else {
        return Ok(Err(Refusal::AttachmentTooCostly));
    };
    let Ok(probe) = serde_json::from_slice::<Probe>(&said.stdout) else {
        return Ok(Err(Refusal::AttachmentDamaged));
    };
    let moving =
        |stream: &&Stream| stream.codec_type == "video" && stream.disposition.attached_pic == 0;
    let picture = probe.streams.iter().find(moving);
    let sounds = probe
        .streams
        .iter()
        .any(|stream| stream.codec_type == "audio");
    if !said.status.success() || (picture.is_none() && !sounds) {
        return Ok(Err(Refusal::AttachmentDamaged));
    }
    if picture.is_some_and(|stream| stream.width > WIDEST || stream.height > WIDEST) {
        return Ok(Err(Refusal::AttachmentTooManyPixels));
    }
    let seconds = probe
        .format
        .duration
        .and_then(|text| text.parse::<f64>().ok());
    if seconds.is_some_and(|seconds| seconds > LONGEST) {
        return Ok(Err(Refusal::AttachmentTooCostly));
    }
    let made = if picture.is_some() {
        video(ffmpeg, folder, source).await?
    } else {
        audio(ffmpeg, folder, source).await?
    };
    Ok(made.map(|(media, made)| {
        #[expect(clippy::cast_possible_truncation, reason = "at most four hours")]
        let milliseconds = seconds.map(|seconds| (seconds * 1000.0) as i32);
        let facts = Facts {
            milliseconds,
            ..Facts::default()
        };
        (media, Found { made, facts })
    }))
}

type Converted = Result<Result<(Media, Vec<Made>), Refusal>>;

async fn video(ffmpeg: &Path, folder: &Path, source: &Path) -> Converted {
    const FIT: &str = "scale=w='min(1280,iw)':h='min(1280,ih)':force_original_aspect_ratio=decrease:force_divisible_by=2";
    let target = folder.join("video.mp4");
    let mut command = converter(ffmpeg, folder, source);
    command
        .args(["-map", "0:v:0", "-map", "0:a:0?", "-vf", FIT])
        .args([
            "-c:v", "libx264", "-preset", "veryfast", "-crf", "25", "-pix_fmt", "yuv420p",
        ])
        .args(["-c:a", "aac", "-b:a", "96k", "-ac", "2"])
        .args(["-movflags", "+faststart", "-f", "mp4"])
        .arg(&target);
    if let Err(refusal) = run(command, &target).await? {
        return Ok(Err(refusal));
    }
    let still = folder.join("still.png");
    let mut command = converter(ffmpeg, folder, &target);
    command
        .args([
            "-map",
            "0:v:0",
            "-vf",
            "thumbnail=25",
            "-frames:v",
            "1",
            "-c:v",
            "png",
            "-f",
            "image2",
        ])
        .arg(&still);
    let mut made = Vec::new();
    if run(command, &still).await?.is_ok() {
        let bytes = tokio::fs::read(&still).await.map_err(Error::internal)?;
        if let Ok((image, _)) = photo::decode(&bytes) {
            made.extend(photo::pictures(&image, None).unwrap_or_default());
        }
    }
    made.push(whole("video/mp4", target));
    Ok(Ok((Media::Video, made)))
}

async fn audio(ffmpeg: &Path, folder: &Path, source: &Path) -> Converted {
    let target = folder.join("sound.m4a");
    let mut command = converter(ffmpeg, folder, source);
    command
        .args([
            "-map", "0:a:0", "-vn", "-c:a", "aac", "-b:a", "96k", "-ac", "2",
        ])
        .args(["-movflags", "+faststart", "-f", "ipod"])
        .arg(&target);
    let done = run(command, &target).await?;
    Ok(done.map(|()| (Media::Audio, vec![whole("audio/mp4", target)])))
}

fn whole(media_type: &'static str, path: PathBuf) -> Made {
    Made {
        rendition: Rendition::Full,
        media_type,
        content: Content::File(path),
        dimensions: None,
    }
}

/// The program, within limits.
fn limited(program: &Path, folder: &Path) -> Command {
    let mut command = Command::new("prlimit");
    command
        .args([
            "--as=4294967296",
            "--cpu=3600",
            "--fsize=4294967296",
            "--nofile=64",
            "--core=0",
            "--",
        ])
        .arg(program)
        .env_clear()
        .current_dir(folder)
        .stdin(Stdio::null())
        .kill_on_drop(true);
    command
}

fn converter(ffmpeg: &Path, folder: &Path, source: &Path) -> Command {
    let mut command = limited(ffmpeg, folder);
    command
        .args([
            "-nostdin",
            "-hide_banner",
            "-v",
            "error",
            "-xerror",
            "-threads",
            "1",
        ])
        .args([
            "-protocol_whitelist",
            "file,pipe",
            "-format_whitelist",
            FORMATS,
            "-i",
        ])
        .arg(source)
        .args(["-map_metadata", "-1", "-map_chapters", "-1", "-sn", "-dn"])
        .args([
            "-fflags",
            "+bitexact",
            "-flags:v",
            "+bitexact",
            "-flags:a",
            "+bitexact",
        ]);
    command
}

/// Runs a conversion; a file that makes the program complain is damaged.
async fn run(mut command: Command, target: &Path) -> Result<Result<(), Refusal>> {
    let Some(said) = in_time(command.output()).await? else {
        return Ok(Err(Refusal::AttachmentTooCostly));
    };
    let written = tokio::fs::metadata(target)
        .await
        .is_ok_and(|file| file.len() > 0);
    let complaint = String::from_utf8_lossy(&said.stderr);
    let whole = !BROKEN.iter().any(|words| complaint.contains(words));
    if said.status.success() && written && whole {
        Ok(Ok(()))
    } else {
        Ok(Err(Refusal::AttachmentDamaged))
    }
}

async fn in_time(
    output: impl Future<Output = std::io::Result<std::process::Output>>,
) -> Result<Option<std::process::Output>> {
    match timeout(PATIENCE, output).await {
        Ok(Ok(output)) => Ok(Some(output)),
        Ok(Err(error)) => Err(Error::internal(error)),
        Err(_) => Ok(None),
    }
}

/// Whether an MP4 does not hold what its boxes announce. Other containers are left to the program.
async fn is_cut_off(source: &Path) -> Result<bool> {
    let mut file = tokio::fs::File::open(source)
        .await
        .map_err(Error::internal)?;
    let length = file.metadata().await.map_err(Error::internal)?.len();
    let mut heads: Vec<([u8; 4], u64)> = Vec::new();
    let mut place = 0;
    while place < length && heads.len() < 10_000 {
        let mut head = [0; 16];
        let wanted = usize::try_from((length - place).min(16)).map_err(Error::internal)?;
        let part = head.get_mut(..wanted).unwrap_or_default();
        file.seek(std::io::SeekFrom::Start(place))
            .await
            .map_err(Error::internal)?;
        file.read_exact(part).await.map_err(Error::internal)?;
        let (words, _) = head.as_chunks::<4>();
        let [short, name, high, low] = words else {
            return Ok(false);
        };
        let long = u64::from(u32::from_be_bytes(*high)) << 32 | u64::from(u32::from_be_bytes(*low));
        let size = match u32::from_be_bytes(*short) {
            0 => length - place,
            1 => long,
            size => u64::from(size),
        };
        if heads.is_empty() && name != b"ftyp" {
            return Ok(false);
        }
        if size < 8 {
            return Ok(true);
        }
        heads.push((*name, size));
        place = place.saturating_add(size);
    }
    Ok(sniff::mp4_is_cut_off(&heads, length))
}
