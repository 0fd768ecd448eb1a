//! The wire between agent and collector: the `.proto` files of `beffroi/v1` and the code generated from them.
//!
//! No logic lives here, but what both sides must judge the same way: who signed a package ([`package`]), which machines are one
//! ([`marks`]). In the agent only `report` and `transport` may use the wire's types, in the collector only
//! `ingest`, `enrol` and the signing of policies.
#![forbid(unsafe_code)]

pub mod marks;
pub mod package;

/// Version 1 of the wire. A field is never reused; an unknown one is ignored.
#[allow(
    clippy::all,
    unreachable_pub,
    unused_qualifications,
    reason = "generated code"
)]
pub mod v1 {
    tonic::include_proto!("beffroi.v1");
}

/// What precedes the policy's bytes in the message that the operator's key signs.
pub const POLICY_SIGNATURE_CONTEXT: &[u8] = b"beffroi policy v1\0";

/// The largest encoded [`v1::Batch`]; a larger one is refused by the collector and never made by the agent.
pub const MAX_BATCH_BYTES: usize = 4 * 1024 * 1024;

/// What a collector answers, as UNAUTHENTICATED, to an agent whose certificate has ended and may still be renewed.
pub const CERTIFICATE_HAS_ENDED: &str = "the certificate has ended: renew it";

/// What a collector answers, as ABORTED, to an agent that comes with the certificate of another machine.
pub const CERTIFICATE_OF_ANOTHER_MACHINE: &str = "this certificate belongs to another machine";

/// What a collector answers, as RESOURCE_EXHAUSTED, to a machine that would be one copy too many.
pub const TOO_MANY_COPIES: &str = "too many copies of machines of this organisation";
