//! Where hostile bytes are read: a process that can compute, read what it was given, answer, and nothing else.
//!
//! Three walls, each good without the others: limits of the process (memory, processor, no file written, no core dump),
//! Landlock (no file system, no network), and a list of the few system calls that reading needs (seccomp). A kernel
//! without one of the last two is said so, not refused: most of the danger is a reader that dies, and that costs one file.

use std::collections::BTreeMap;
use std::io;

use landlock::{
    ABI, Access, AccessFs, AccessNet, CompatLevel, Compatible, Ruleset, RulesetAttr, RulesetStatus,
    Scope,
};
use rustix::process::{Resource, Rlimit, setrlimit};
use seccompiler::{
    BpfProgram, SeccompAction, SeccompCmpArgLen, SeccompCmpOp, SeccompCondition, SeccompFilter,
    SeccompRule, TargetArch,
};

use crate::platform::Confinement;

/// Landlock came with Linux 5.13; without it seccomp alone refuses the same.
pub(in crate::platform) const WALLS: &[&str] = &[LANDLOCK, SECCOMP];
pub(in crate::platform) const NECESSARY: &[&str] = &[SECCOMP];

const LANDLOCK: &str = "landlock";
const SECCOMP: &str = "seccomp";

/// Standard streams and the files being read; none is ever opened.
const MAX_OPEN_FILES: u64 = 16;

/// Confines the calling thread, and what it will start, for good. To be called before there is another thread.
pub fn confine(memory_bytes: u64) -> io::Result<Confinement> {
    let fixed = |limit| Rlimit {
        current: Some(limit),
        maximum: Some(limit),
    };
    setrlimit(Resource::As, fixed(memory_bytes))?;
    setrlimit(Resource::Core, fixed(0))?;
    setrlimit(Resource::Fsize, fixed(0))?;
    setrlimit(Resource::Nofile, fixed(MAX_OPEN_FILES))?;
    let landlock = forbid_file_system().is_ok_and(|status| status != RulesetStatus::NotEnforced);
    let seccomp = allow_reading_only().is_ok();
    Ok(Confinement::default()
        .with(LANDLOCK, landlock)
        .with(SECCOMP, seccomp))
}

/// Ends the process when it uses more processor time than this from here on.
pub fn limit_processor(seconds: u64) -> io::Result<()> {
    let used = rustix::time::clock_gettime(rustix::time::ClockId::ProcessCPUTime);
    let used = u64::try_from(used.tv_sec).unwrap_or(0);
    let limit = Rlimit {
        // The kernel counts whole seconds.
        current: Some(used.saturating_add(seconds).saturating_add(1)),
        maximum: None,
    };
    Ok(setrlimit(Resource::Cpu, limit)?)
}

fn forbid_file_system() -> Result<RulesetStatus, landlock::RulesetError> {
    let abi = ABI::V6;
    let status = Ruleset::default()
        .set_compatibility(CompatLevel::BestEffort)
        .handle_access(AccessFs::from_all(abi))?
        .handle_access(AccessNet::from_all(abi))?
        .scope(Scope::from_all(abi))?
        .create()?
        .restrict_self()?;
    Ok(status.ruleset)
}

fn allow_reading_only() -> Result<(), Box<dyn std::error::Error>> {
    let refusal = u32::try_from(libc::EPERM)?;
    let architecture = TargetArch::try_from(std::env::consts::ARCH)?;
    let filter = SeccompFilter::new(
        allowed_calls()?,
        SeccompAction::Errno(refusal),
        SeccompAction::Allow,
        architecture,
    )?;
    Ok(seccompiler::apply_filter(&BpfProgram::try_from(filter)?)?)
}

fn allowed_calls() -> Result<BTreeMap<i64, Vec<SeccompRule>>, Box<dyn std::error::Error>> {
    let always = [
        // The files given and the answers.
        libc::SYS_read,
        libc::SYS_readv,
        libc::SYS_pread64,
        libc::SYS_lseek,
        libc::SYS_write,
        libc::SYS_writev,
        libc::SYS_recvmsg,
        libc::SYS_recvfrom,
        libc::SYS_sendto,
        libc::SYS_close,
        // Memory and threads' own affairs.
        libc::SYS_munmap,
        libc::SYS_mremap,
        libc::SYS_madvise,
        libc::SYS_brk,
        libc::SYS_futex,
        libc::SYS_sched_yield,
        libc::SYS_getrandom,
        libc::SYS_clock_gettime,
        libc::SYS_restart_syscall,
        // Dying properly.
        libc::SYS_rt_sigaction,
        libc::SYS_rt_sigprocmask,
        libc::SYS_rt_sigreturn,
        libc::SYS_sigaltstack,
        libc::SYS_gettid,
        libc::SYS_getpid,
        libc::SYS_exit,
        libc::SYS_exit_group,
    ];
    let mut calls: BTreeMap<i64, Vec<SeccompRule>> =
        always.into_iter().map(|call| (call, Vec::new())).collect();

    let own = u64::from(std::process::id());
    let executable = u64::try_from(libc::PROT_EXEC)?;
    let not_executable = || condition(2, SeccompCmpOp::MaskedEq(executable), 0);
    calls.insert(libc::SYS_mmap, not_executable()?);
    calls.insert(libc::SYS_mprotect, not_executable()?);
    // A signal to itself, which is how a program aborts.
    calls.insert(libc::SYS_tgkill, condition(0, SeccompCmpOp::Eq, own)?);
    // Its own limits; the process's number is then zero.
    calls.insert(libc::SYS_prlimit64, condition(0, SeccompCmpOp::Eq, 0)?);
    // The standard library asks whether a file is open before it closes it, in builds for tests.
    let is_open = u64::try_from(libc::F_GETFD)?;
    calls.insert(libc::SYS_fcntl, condition(1, SeccompCmpOp::Eq, is_open)?);
    Ok(calls)
}

fn condition(
    argument: u8,
    comparison: SeccompCmpOp,
    value: u64,
) -> Result<Vec<SeccompRule>, seccompiler::BackendError> {
    let condition = SeccompCondition::new(argument, SeccompCmpArgLen::Dword, comparison, value)?;
    Ok(vec![SeccompRule::new(vec![condition])?])
}

#[cfg(test)]
mod tests {
    use std::fs::{self, File};
    use std::io::Read;
    use std::net::{TcpListener, UdpSocket};
    use std::os::unix::net::UnixStream;
    use std::process::Command;

    use super::*;

    const INSIDE: &str = "BEFFROI_TEST_INSIDE_THE_SANDBOX";
    const MEMORY_BYTES: u64 = 512 * 1024 * 1024;

    /// This test's own program is started again and confines itself, since there is no way out afterwards.
    #[test]
    #[expect(
        clippy::disallowed_methods,
        reason = "nothing that the confined test runner would do at its end is allowed"
    )]
    fn what_is_forbidden_fails() {
        if std::env::var_os(INSIDE).is_some() {
            try_everything();
            std::process::exit(0);
        }
        let output = Command::new(std::env::current_exe().unwrap())
            .args([
                "--exact",
                "platform::linux::sandbox::tests::what_is_forbidden_fails",
            ])
            .args(["--nocapture", "--test-threads", "1"])
            .env(INSIDE, "1")
            .output()
            .unwrap();
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        let expected = [
            "walls: landlock, seccomp",
            "open a file: refused",
            "write a file: refused",
            "list a folder: refused",
            "a UDP socket: refused",
            "a TCP socket: refused",
            "a local socket: refused",
            "start a program: refused",
            "kill a process: refused",
            "a lot of memory: refused",
            "a little memory: allowed",
            "read a file opened before: allowed",
        ];
        assert_eq!(said.lines().collect::<Vec<_>>(), expected, "{output:?}");
    }

    fn try_everything() {
        let mut opened = File::open("/etc/passwd").unwrap();
        let parent = rustix::process::getppid().unwrap();
        let confinement = confine(MEMORY_BYTES).unwrap();
        eprintln!("walls: {}", confinement.standing().join(", "));
        tell("open a file", File::open("/etc/passwd").is_ok());
        tell("write a file", fs::write("/dev/null", "a").is_ok());
        tell("list a folder", fs::read_dir("/").is_ok());
        tell("a UDP socket", UdpSocket::bind("127.0.0.1:0").is_ok());
        tell("a TCP socket", TcpListener::bind("127.0.0.1:0").is_ok());
        tell("a local socket", UnixStream::pair().is_ok());
        tell(
            "start a program",
            Command::new("/bin/true").status().is_ok(),
        );
        tell(
            "kill a process",
            rustix::process::test_kill_process(parent).is_ok(),
        );
        let much = usize::try_from(MEMORY_BYTES).unwrap();
        tell(
            "a lot of memory",
            Vec::<u8>::new().try_reserve_exact(much).is_ok(),
        );
        tell(
            "a little memory",
            Vec::<u8>::new().try_reserve_exact(much / 8).is_ok(),
        );
        let mut first = [0; 1];
        tell(
            "read a file opened before",
            opened.read_exact(&mut first).is_ok(),
        );
    }

    fn tell(what: &str, is_allowed: bool) {
        eprintln!("{what}: {}", if is_allowed { "allowed" } else { "refused" });
    }
}
