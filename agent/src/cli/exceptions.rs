//! The town's exceptions for verbs that only look: those of the policy that `run` last accepted.

use beffroi_agent::config::Config;
use beffroi_agent::identity::Identity;
use beffroi_agent::policy::Policy;
use beffroi_agent::scan::Allowances;
use beffroi_agent::state::StateFolder;
use jiff::Timestamp;

/// None on a machine that is not enrolled, and for an account that may not read the agent's state: everything is then shown.
pub(crate) fn in_force(config: &Config) -> Option<Allowances> {
    let state = StateFolder::at(&config.agent.state);
    let identity = Identity::load(&state).ok()?;
    let policy = Policy::load(&state, &identity).ok()??;
    Allowances::new(&policy.allowances, &identity.content_key, Timestamp::now()).ok()
}
