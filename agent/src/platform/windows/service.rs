//! The agent as a service of Windows, of the account LocalSystem: the only one that every folder lets read.

use std::env;
use std::ffi::OsString;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::thread;
use std::time::{Duration, Instant};

use tokio::sync::Notify;
use windows_service::service::{
    Service, ServiceAccess, ServiceAction, ServiceActionType, ServiceControl, ServiceControlAccept,
    ServiceErrorControl, ServiceExitCode, ServiceFailureActions, ServiceFailureResetPeriod,
    ServiceInfo, ServiceStartType, ServiceState, ServiceStatus, ServiceType,
};
use windows_service::service_control_handler::{self, ServiceControlHandlerResult};
use windows_service::service_manager::{ServiceManager, ServiceManagerAccess};
use windows_service::{define_windows_service, service_dispatcher};
use windows_sys::Win32::Foundation::{
    ERROR_SERVICE_ALREADY_RUNNING, ERROR_SERVICE_DATABASE_LOCKED, ERROR_SERVICE_DOES_NOT_EXIST,
    ERROR_SERVICE_NOT_ACTIVE, ERROR_SERVICE_REQUEST_TIMEOUT,
};
use windows_sys::Win32::Storage::FileSystem::{MOVEFILE_DELAY_UNTIL_REBOOT, MoveFileExW};

use super::events::{forget_events, register_events};
use super::{done, folders, wide};

const NAME: &str = "beffroi-agent";
const PROGRAM: &str = "beffroi-agent.exe";
/// How long a service may take to stop: a batch is written, a file is closed; and how long others may keep ours from starting.
const PATIENCE: Duration = Duration::from_secs(120);
const LOOK_AGAIN: Duration = Duration::from_millis(100);

/// Told by the service manager; heard by `stop_signal`.
pub(super) static STOP: Notify = Notify::const_new();

type Work = Box<dyn FnOnce() -> u8 + Send>;

/// What the service does; taken by the thread that Windows starts for it.
static WORK: Mutex<Option<Work>> = Mutex::new(None);

/// Copies this program where only administrators write, has Windows run it with `arguments` at each start, and starts it.
/// One that is there is replaced. Where the program is.
pub fn install_service(arguments: &[OsString]) -> io::Result<PathBuf> {
    let access = ServiceManagerAccess::CONNECT | ServiceManagerAccess::CREATE_SERVICE;
    let manager = ServiceManager::local_computer(None::<&str>, access).map_err(cause)?;
    if let Some(service) = existing(&manager)? {
        stop(&service)?;
    }
    let program = folders::programs().join(PROGRAM);
    copy_ourselves(&program)?;
    let info = ServiceInfo {
        name: NAME.into(),
        display_name: "Beffroi".into(),
        service_type: ServiceType::OWN_PROCESS,
        start_type: ServiceStartType::AutoStart,
        error_control: ServiceErrorControl::Normal,
        executable_path: program.clone(),
        launch_arguments: arguments.to_vec(),
        dependencies: Vec::new(),
        account_name: None,
        account_password: None,
    };
    let service = match existing(&manager)? {
        Some(service) => {
            service.change_config(&info).map_err(cause)?;
            service
        }
        None => manager
            .create_service(&info, ServiceAccess::ALL_ACCESS)
            .map_err(cause)?,
    };
    describe(&service);
    if let Err(refusal) = register_events() {
        tracing::debug!("la source d'événements est refusée : {refusal}");
    }
    match retried(|| service.start::<&str>(&[]).map_err(cause)) {
        Err(error) if !is(&error, ERROR_SERVICE_ALREADY_RUNNING) => Err(error),
        _ => Ok(program),
    }
}

/// Stops the service and removes it; none is no error.
pub fn remove_service() -> io::Result<()> {
    let manager = ServiceManager::local_computer(None::<&str>, ServiceManagerAccess::CONNECT)
        .map_err(cause)?;
    if let Some(service) = existing(&manager)? {
        stop(&service)?;
        service.delete().map_err(cause)?;
    }
    forget_events();
    Ok(())
}

/// Removes what [`install_service`] copied. A program that runs cannot be removed: the one that does this goes with the
/// next start of Windows.
pub fn remove_program() -> io::Result<()> {
    let folder = folders::programs();
    let program = folder.join(PROGRAM);
    if !program.exists() {
        return Ok(());
    }
    let is_ours = fs::canonicalize(env::current_exe()?)? == fs::canonicalize(&program)?;
    if is_ours {
        leave_at_restart(&program)?;
        return leave_at_restart(&folder);
    }
    retried(|| fs::remove_file(&program))?;
    // It stays when somebody put something in it.
    let _ = fs::remove_dir(&folder);
    Ok(())
}

/// Does the work as the service that Windows started this process for, until [`STOP`] is told; the work answers with an
/// exit code.
pub fn serve(work: impl FnOnce() -> u8 + Send + 'static) -> io::Result<()> {
    let mut waiting = WORK.lock().map_err(|_| io::ErrorKind::Other)?;
    *waiting = Some(Box::new(work));
    drop(waiting);
    service_dispatcher::start(NAME, entered_by_windows).map_err(cause)
}

define_windows_service!(entered_by_windows, work_as_service);

fn work_as_service(_arguments: Vec<OsString>) {
    let handler = |control| match control {
        ServiceControl::Stop | ServiceControl::Shutdown => {
            STOP.notify_one();
            ServiceControlHandlerResult::NoError
        }
        ServiceControl::Interrogate => ServiceControlHandlerResult::NoError,
        _ => ServiceControlHandlerResult::NotImplemented,
    };
    // Without a handle there is nobody to tell: Windows ends the process.
    let Ok(status) = service_control_handler::register(NAME, handler) else {
        return;
    };
    let _ = status.set_service_status(state(ServiceState::Running, 0));
    let work = WORK.lock().ok().and_then(|mut work| work.take());
    let code = work.map_or(1, |work| work());
    let _ = status.set_service_status(state(ServiceState::Stopped, code));
}

fn state(current_state: ServiceState, code: u8) -> ServiceStatus {
    let controls_accepted = match current_state {
        ServiceState::Running => ServiceControlAccept::STOP | ServiceControlAccept::SHUTDOWN,
        _ => ServiceControlAccept::empty(),
    };
    ServiceStatus {
        service_type: ServiceType::OWN_PROCESS,
        current_state,
        controls_accepted,
        exit_code: match code {
            0 => ServiceExitCode::NO_ERROR,
            code => ServiceExitCode::ServiceSpecific(code.into()),
        },
        checkpoint: 0,
        wait_hint: Duration::ZERO,
        process_id: None,
    }
}

/// What makes it pleasant; a Windows that refuses one of these runs it all the same.
fn describe(service: &Service) {
    const MINUTE: Duration = Duration::from_secs(60);
    let restart = ServiceAction {
        action_type: ServiceActionType::Restart,
        delay: MINUTE,
    };
    let actions = ServiceFailureActions {
        reset_period: ServiceFailureResetPeriod::After(24 * 60 * MINUTE),
        reboot_msg: None,
        command: None,
        actions: Some(vec![restart; 3]),
    };
    let wishes = [
        service.set_description(
            "Inventorie ce poste, mesure sa sécurité et repère les données personnelles de ses fichiers.",
        ),
        service.update_failure_actions(actions),
        // People who just switched their computer on want to work.
        service.set_delayed_auto_start(true),
    ];
    for wish in wishes {
        if let Err(refusal) = wish.map_err(cause) {
            tracing::debug!("un réglage du service est refusé : {refusal}");
        }
    }
}

fn existing(manager: &ServiceManager) -> io::Result<Option<Service>> {
    match manager
        .open_service(NAME, ServiceAccess::ALL_ACCESS)
        .map_err(cause)
    {
        Ok(service) => Ok(Some(service)),
        Err(error) if is(&error, ERROR_SERVICE_DOES_NOT_EXIST) => Ok(None),
        Err(error) => Err(error),
    }
}

/// Returns when its process is gone.
fn stop(service: &Service) -> io::Result<()> {
    match service.stop().map_err(cause) {
        Err(error) if is(&error, ERROR_SERVICE_NOT_ACTIVE) => return Ok(()),
        stopped => stopped.map(drop)?,
    }
    let asked = Instant::now();
    while service.query_status().map_err(cause)?.current_state != ServiceState::Stopped {
        if asked.elapsed() > PATIENCE {
            return Err(io::ErrorKind::TimedOut.into());
        }
        thread::sleep(LOOK_AGAIN);
    }
    Ok(())
}

fn copy_ourselves(program: &Path) -> io::Result<()> {
    let ours = env::current_exe()?;
    if let Some(folder) = program.parent() {
        fs::create_dir_all(folder)?;
    }
    if fs::canonicalize(&ours)? == fs::canonicalize(program).unwrap_or_default() {
        return Ok(());
    }
    retried(|| fs::copy(&ours, program).map(drop))
}

/// Tries again what passes by itself: a service is said to be stopped shortly before its program can be replaced, and none is
/// started while the manager starts others, as after Windows itself, or in the time it is given, on a slow PC that looks for
/// viruses in it first.
fn retried(mut attempt: impl FnMut() -> io::Result<()>) -> io::Result<()> {
    let begun = Instant::now();
    loop {
        match attempt() {
            Err(error) if passes(&error) && begun.elapsed() < PATIENCE => thread::sleep(LOOK_AGAIN),
            outcome => return outcome,
        }
    }
}

fn passes(error: &io::Error) -> bool {
    error.kind() == io::ErrorKind::PermissionDenied
        || is(error, ERROR_SERVICE_DATABASE_LOCKED)
        || is(error, ERROR_SERVICE_REQUEST_TIMEOUT)
}

#[expect(unsafe_code, reason = "the standard library removes nothing later")]
fn leave_at_restart(path: &Path) -> io::Result<()> {
    let path = wide(path);
    // SAFETY: the path ends with a zero; no second path means removal.
    done(unsafe { MoveFileExW(path.as_ptr(), std::ptr::null(), MOVEFILE_DELAY_UNTIL_REBOOT) })
}

fn cause(error: windows_service::Error) -> io::Error {
    match error {
        windows_service::Error::Winapi(cause) => cause,
        other => io::Error::other(other),
    }
}

fn is(error: &io::Error, code: u32) -> bool {
    error.raw_os_error() == Some(code.cast_signed())
}
