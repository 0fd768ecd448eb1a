//! What the agent says of its own work: on the screen, to the journal or the event log of the system, and, while it is at
//! work, in a file of bounded size. Counts, folders and causes; never a value, nor the contents of a file.
//!
//! In: events of `tracing`, failures. Called by the program: [`start`] at once, [`keep`] when the state folder is known.

mod rotating;

use std::{
    fmt,
    io::{self, IsTerminal, Write},
    path::Path,
    sync::{Mutex, OnceLock, PoisonError},
};

use jiff::Timestamp;
use tracing::{Event, Level, Metadata, Subscriber, level_filters::LevelFilter};
use tracing_subscriber::{
    EnvFilter, Layer,
    fmt::{
        FmtContext, FormatEvent, FormatFields, MakeWriter,
        format::{Format, Full, Writer},
    },
    layer::SubscriberExt,
    registry::LookupSpan,
    util::SubscriberInitExt,
};

use self::rotating::Rotating;
use crate::{config::LogSection, platform};

/// Beside the state, for those who may read that.
const FOLDER: &str = "log";

/// None as long as no agent is at work in this process.
static KEPT: OnceLock<Mutex<Rotating>> = OnceLock::new();

/// Events go to the screen, or to the journal where that reads it, and where [`keep`] says.
pub fn start() {
    let filter = EnvFilter::try_from_env("BEFFROI_LOG").unwrap_or_else(|_| EnvFilter::new("info"));
    let screen = tracing_subscriber::fmt::layer().with_writer(io::stderr);
    let screen = if platform::journal_reads_us() {
        let line = Prioritised(Format::default().without_time().with_ansi(false));
        screen.with_ansi(false).event_format(line).boxed()
    } else {
        screen.with_ansi(io::stderr().is_terminal()).boxed()
    };
    let file = tracing_subscriber::fmt::layer()
        .with_ansi(false)
        .with_writer(|| File);
    let system = tracing_subscriber::fmt::layer()
        .with_ansi(false)
        .without_time()
        .with_level(false)
        .with_target(false)
        .with_writer(SystemLog)
        .with_filter(LevelFilter::WARN);
    tracing_subscriber::registry()
        .with(filter)
        .with(screen)
        .with(file)
        .with(system)
        .init();
}

/// From now on also in a file of the state folder, and in the event log where the system has one.
pub fn keep(state: &Path, limits: &LogSection) -> io::Result<()> {
    if limits.files == 0 {
        return Ok(());
    }
    let file = Rotating::open(&state.join(FOLDER), limits.max_bytes, limits.files)?;
    // Once per process: there is one agent in it.
    let _ = KEPT.set(Mutex::new(file));
    Ok(())
}

/// Why the program ends.
pub fn tell_failure(sentence: &str) {
    let priority = match platform::journal_reads_us() {
        true => Priority(Level::ERROR).to_string(),
        false => String::new(),
    };
    eprintln!("{priority}beffroi-agent : {sentence}");
    if KEPT.get().is_some() {
        let line = format!("{:.6} ERROR {sentence}\n", Timestamp::now());
        let _ = File.write(line.as_bytes());
        platform::write_event(Level::ERROR, sentence);
    }
}

/// As the journal wants it before a line (sd-daemon(3)).
struct Priority(Level);

impl fmt::Display for Priority {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let number = match self.0 {
            Level::ERROR => 3,
            Level::WARN => 4,
            Level::INFO => 6,
            _ => 7,
        };
        write!(formatter, "<{number}>")
    }
}

/// The journal has a clock of its own.
struct Prioritised(Format<Full, ()>);

impl<S, N> FormatEvent<S, N> for Prioritised
where
    S: Subscriber + for<'a> LookupSpan<'a>,
    N: for<'a> FormatFields<'a> + 'static,
{
    fn format_event(
        &self,
        context: &FmtContext<'_, S, N>,
        mut writer: Writer<'_>,
        event: &Event<'_>,
    ) -> fmt::Result {
        write!(writer, "{}", Priority(*event.metadata().level()))?;
        self.0.format_event(context, writer, event)
    }
}

/// A whole line each time. What cannot be written is not: a log must stop nothing.
struct File;

impl Write for File {
    fn write(&mut self, line: &[u8]) -> io::Result<usize> {
        if let Some(file) = KEPT.get() {
            let mut file = file.lock().unwrap_or_else(PoisonError::into_inner);
            let _ = file.write_line(line);
        }
        Ok(line.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

struct SystemLog;

struct SystemEvent(Level);

impl MakeWriter<'_> for SystemLog {
    type Writer = SystemEvent;

    fn make_writer(&self) -> SystemEvent {
        SystemEvent(Level::INFO)
    }

    fn make_writer_for(&self, of: &Metadata<'_>) -> SystemEvent {
        SystemEvent(*of.level())
    }
}

impl Write for SystemEvent {
    fn write(&mut self, line: &[u8]) -> io::Result<usize> {
        if KEPT.get().is_some() {
            platform::write_event(self.0, String::from_utf8_lossy(line).trim());
        }
        Ok(line.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
