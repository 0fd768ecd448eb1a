//! `user`: the accounts of the pages.

use std::{
    io::{IsTerminal, Read, stdin},
    path::Path,
};

use anyhow::{Context, bail};
use beffroi_collector::{
    model::{Access, Role},
    store::NewUser,
    web::password,
};
use clap::{Subcommand, ValueEnum};
use jiff::Timestamp;
use zeroize::Zeroizing;

use super::{open_store, organisation_named};

#[derive(Debug, Subcommand)]
pub(super) enum Verb {
    /// Ajoute un compte ; sans --password-stdin, un mot de passe est tiré et affiché une seule fois.
    Create {
        login: String,
        /// Nom affiché.
        #[arg(long)]
        name: String,
        /// Ce que le compte peut faire : « dpo » décide, « reader » lit.
        #[arg(long, value_enum, default_value = "reader")]
        role: RoleArgument,
        /// Collectivité visible (répétable).
        #[arg(
            long = "organisation",
            value_name = "NOM",
            required_unless_present = "all"
        )]
        organisations: Vec<String>,
        /// Toutes les collectivités, présentes et à venir.
        #[arg(long, conflicts_with = "organisations")]
        all: bool,
        #[arg(long)]
        password_stdin: bool,
    },
    /// Liste les comptes.
    List,
    /// Donne un nouveau mot de passe à un compte et ferme ses sessions.
    Password {
        login: String,
        #[arg(long)]
        password_stdin: bool,
    },
    /// Ferme un compte ; ce qu'il a décidé reste.
    Disable { login: String },
}

#[derive(Debug, Clone, Copy, ValueEnum)]
pub(super) enum RoleArgument {
    Dpo,
    Reader,
}

pub(super) async fn run(data: &Path, verb: Verb) -> anyhow::Result<()> {
    let (_, store) = open_store(data).await?;
    let now = Timestamp::now();
    match verb {
        Verb::Create {
            login,
            name,
            role,
            organisations,
            all,
            password_stdin,
        } => {
            let access = if all {
                Access::All
            } else {
                let mut ids = Vec::new();
                for name in &organisations {
                    ids.push(organisation_named(&store, name).await?.id);
                }
                Access::Organisations(ids)
            };
            let role = match role {
                RoleArgument::Dpo => Role::Dpo,
                RoleArgument::Reader => Role::Reader,
            };
            let secret = new_password(&login, password_stdin)?;
            let new = NewUser {
                login: login.clone(),
                name,
                role,
                access,
                password_hash: password::hash(secret.clone()).await?,
                must_change_password: !password_stdin,
            };
            store.create_user(new, now).await?;
            announce(&login, &secret, password_stdin);
        }
        Verb::List => {
            for user in store.users().await? {
                let towns = match &user.access {
                    Access::All => "toutes les collectivités".to_owned(),
                    Access::Organisations(ids) => format!("{} collectivité(s)", ids.len()),
                };
                let state = if user.disabled_at.is_some() {
                    "  fermé"
                } else {
                    ""
                };
                println!(
                    "{}  {:?}  {towns}  {}{state}",
                    user.login, user.role, user.name
                );
            }
        }
        Verb::Password {
            login,
            password_stdin,
        } => {
            let user = find(&store, &login).await?;
            let secret = new_password(&login, password_stdin)?;
            let hash = password::hash(secret.clone()).await?;
            store
                .set_password(user.id, &hash, !password_stdin, now)
                .await?;
            store.close_sessions_of(user.id).await?;
            announce(&login, &secret, password_stdin);
        }
        Verb::Disable { login } => {
            let user = find(&store, &login).await?;
            store.disable_user(user.id, now).await?;
            println!("{login} : compte fermé");
        }
    }
    Ok(())
}

async fn find(
    store: &beffroi_collector::store::Store,
    login: &str,
) -> anyhow::Result<beffroi_collector::model::User> {
    let (user, _) = store.user_by_login(login).await?.with_context(|| {
        format!("aucun compte « {login} » ; voir : beffroi-collector user list")
    })?;
    Ok(user)
}

fn new_password(login: &str, from_stdin: bool) -> anyhow::Result<Zeroizing<String>> {
    if from_stdin {
        read_password(login)
    } else {
        Ok(generated_password())
    }
}

fn announce(login: &str, secret: &str, chosen: bool) {
    println!("Compte       : {login}");
    if !chosen {
        println!("Mot de passe : {secret} (à changer à la première connexion)");
    }
}

/// One line of standard input, held to the same rules as in the pages.
pub(super) fn read_password(login: &str) -> anyhow::Result<Zeroizing<String>> {
    if stdin().is_terminal() {
        eprintln!("Mot de passe (visible à l'écran), puis Entrée et Ctrl-D :");
    }
    let mut text = Zeroizing::new(String::new());
    stdin()
        .take(4096)
        .read_to_string(&mut text)
        .context("mot de passe illisible")?;
    let secret = Zeroizing::new(text.trim_end_matches(['\r', '\n']).to_owned());
    if let Some(weakness) = password::weakness(&secret, login) {
        bail!("{}", weakness.sentence());
    }
    Ok(secret)
}

/// 20 characters of 31 that are not mistaken for each other: 99 bits.
pub(super) fn generated_password() -> Zeroizing<String> {
    const ALPHABET: &[u8; 31] = b"abcdefghijkmnpqrstuvwxyz2345678";
    let mut secret = Zeroizing::new(String::with_capacity(24));
    for position in 0..20 {
        if position > 0 && position % 5 == 0 {
            secret.push('-');
        }
        secret.push(char::from(ALPHABET[rand::random_range(0..ALPHABET.len())]));
    }
    secret
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_generated_password_is_accepted_and_never_the_same() {
        let secret = generated_password();
        assert!(password::weakness(&secret, "dpo").is_none());
        assert_ne!(secret, generated_password());
    }
}
