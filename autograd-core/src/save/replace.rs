//! Atomic replacement of files: whoever looks finds the old one or the new one, whole.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process;
use std::sync::atomic::{AtomicU64, Ordering};

/// Writes a file by way of a temporary one in the same folder: that is written to the disk, then renamed, then the folder
/// is written to the disk. At no moment is there half a file at `path`, whatever happens to the process; what happens to the
/// machine is up to its file system. Where the process is killed the temporary file may stay: `.name.….tmp`.
///
/// A symbolic link stays, and what it leads to is replaced. The new file has the permissions of the old one.
///
/// # Errors
/// If it cannot be done; there is no temporary file then.
///
/// ```
/// # fn main() -> std::io::Result<()> {
/// let path = std::env::temp_dir().join(format!("autograd-replace-{}.txt", std::process::id()));
/// autograd_core::save::replace(&path, |file| file.write_all(b"old"))?;
/// autograd_core::save::replace(&path, |file| file.write_all(b"new"))?;
/// assert_eq!(std::fs::read(&path)?, b"new");
/// # std::fs::remove_file(&path)
/// # }
/// ```
pub fn replace(path: impl AsRef<Path>, write: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> io::Result<()> {
    let path = path.as_ref();
    let target = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    let folder = target.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let (temporary, file) = create(&target, folder)?;
    let written = fill(file, &target, write).and_then(|()| fs::rename(&temporary, &target));
    if written.is_err() {
        let _ = fs::remove_file(&temporary);
    }
    written?;
    sync(folder)
}

/// Reads a file. What is none, such as a device, may have no end.
///
/// # Errors
/// If it cannot be read, or is no file.
pub(crate) fn read_file(path: &Path) -> io::Result<Vec<u8>> {
    if fs::metadata(path)?.is_file() {
        fs::read(path)
    } else {
        Err(io::Error::new(io::ErrorKind::InvalidInput, "this is no file"))
    }
}

/// A new file beside the target, with a name that no other process and no other call has.
fn create(target: &Path, folder: &Path) -> io::Result<(PathBuf, File)> {
    static CALLS: AtomicU64 = AtomicU64::new(0);
    let name = target.file_name().ok_or_else(|| io::Error::new(io::ErrorKind::InvalidInput, "this names no file"))?;
    loop {
        let call = CALLS.fetch_add(1, Ordering::Relaxed);
        let temporary = folder.join(format!(".{}.{}-{call}.tmp", name.to_string_lossy(), process::id()));
        match OpenOptions::new().write(true).create_new(true).open(&temporary) {
            // One that a killed process of the same number has left.
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
            opened => return Ok((temporary, opened?)),
        }
    }
}

/// Writes the temporary file to the disk.
fn fill(mut file: File, target: &Path, write: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> io::Result<()> {
    let mut buffer = io::BufWriter::new(&mut file);
    write(&mut buffer)?;
    buffer.flush()?;
    drop(buffer);
    if let Ok(old) = fs::metadata(target) {
        file.set_permissions(old.permissions())?;
    }
    file.sync_all()
}

/// Writes the new name to the disk, where folders can be opened.
fn sync(folder: &Path) -> io::Result<()> {
    if cfg!(unix) { File::open(folder)?.sync_all() } else { Ok(()) }
}
