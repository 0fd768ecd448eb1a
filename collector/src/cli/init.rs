//! `init`: makes what is missing, keeps what is there. Killed midway, a second call completes the work.

use std::{net::SocketAddr, path::Path};

use anyhow::Context;
use beffroi_collector::{
    authority::Authority,
    config::{Config, EXAMPLE},
    files,
    model::{Access, Role},
    store::{NewUser, Store},
    web::password,
};
use clap::Args;
use jiff::Timestamp;
use zeroize::Zeroizing;

use super::{Exit, Stop, pki, user::read_password};

#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// Nom ou adresse par lequel les agents joignent ce collecteur (répétable).
    #[arg(long = "name", value_name = "NOM", default_value = "localhost")]
    names: Vec<String>,
    /// Adresse d'écoute des agents.
    #[arg(long, value_name = "ADRESSE:PORT", default_value = "0.0.0.0:7443")]
    agents_listen: SocketAddr,
    /// Adresse d'écoute des pages ; hors de 127.0.0.1 il faut du TLS (voir collector.toml).
    #[arg(long, value_name = "ADRESSE:PORT", default_value = "127.0.0.1:8080")]
    web_listen: SocketAddr,
    /// Base PostgreSQL (postgres://…) au lieu de SQLite.
    #[arg(
        long,
        value_name = "URL",
        env = "BEFFROI_DATABASE_URL",
        hide_env_values = true
    )]
    database: Option<String>,
    /// Identifiant du premier compte.
    #[arg(long, value_name = "IDENTIFIANT", default_value = "dpo")]
    login: String,
    /// Lit le mot de passe du premier compte sur l'entrée standard au lieu d'en tirer un.
    #[arg(long)]
    password_stdin: bool,
}

pub(super) async fn run(data: &Path, arguments: Arguments) -> anyhow::Result<()> {
    let now = Timestamp::now();
    files::create_private_folder(data)
        .and_then(|()| files::create_private_folder(&pki(data)))
        .map_err(|error| unusable(data, &error))?;
    let config_path = data.join("collector.toml");
    if config_path.exists() {
        println!("Configuration : {} (gardée)", config_path.display());
    } else {
        let text = configuration(&arguments);
        // What would be refused afterwards is not laid down first.
        Config::read(&config_path, &text)?;
        files::write_private(&config_path, text.as_bytes())
            .map_err(|error| unusable(data, &error))?;
        println!("Configuration : {}", config_path.display());
    }
    let config = Config::load(data)?;
    let authority = Authority::create(&pki(data), now)?;
    println!(
        "Autorité      : empreinte {}",
        hex::encode(&authority.pin()[..8])
    );
    let store = Store::open(&config.store_url(data))
        .await
        .context("la base ne s'ouvre pas")?;
    create_first_account(&store, &arguments, now).await?;
    println!(
        "\nEnsuite :\n  beffroi-collector --data {0} organisation create \"Commune de …\"\n  \
         beffroi-collector --data {0} token create --organisation \"Commune de …\"\n  \
         beffroi-collector --data {0} serve",
        data.display()
    );
    Ok(())
}

async fn create_first_account(
    store: &Store,
    arguments: &Arguments,
    now: Timestamp,
) -> anyhow::Result<()> {
    if !store.users().await?.is_empty() {
        println!("Comptes       : gardés");
        return Ok(());
    }
    let (secret, chosen) = if arguments.password_stdin {
        (read_password(&arguments.login)?, true)
    } else {
        (super::user::generated_password(), false)
    };
    store
        .create_user(
            NewUser {
                login: arguments.login.clone(),
                name: "Délégué à la protection des données".to_owned(),
                role: Role::Dpo,
                access: Access::All,
                password_hash: password::hash(secret.clone()).await?,
                must_change_password: !chosen,
            },
            now,
        )
        .await?;
    println!("Premier compte : {}", arguments.login);
    if !chosen {
        println!(
            "Mot de passe   : {} (à changer à la première connexion)",
            secret.as_str()
        );
    }
    Ok(())
}

/// The example with the chosen values in place of the default ones.
fn configuration(arguments: &Arguments) -> Zeroizing<String> {
    let names = toml::Value::from(arguments.names.clone());
    let mut text = EXAMPLE
        .replace(
            "# listen = \"0.0.0.0:7443\"",
            &format!("listen = \"{}\"", arguments.agents_listen),
        )
        .replace("# names = [\"localhost\"]", &format!("names = {names}"))
        .replace(
            "# listen = \"127.0.0.1:8080\"",
            &format!("listen = \"{}\"", arguments.web_listen),
        );
    if let Some(url) = &arguments.database {
        text = text.replace(
            "# url = \"\"",
            &format!("url = {}", toml::Value::from(url.as_str())),
        );
    }
    Zeroizing::new(text)
}

fn unusable(data: &Path, error: &std::io::Error) -> Stop {
    let message = format!(
        "le dossier de données {} n'est pas utilisable : {error} ; choisissez-en un autre avec --data, ou \
         donnez-en les droits à ce compte",
        data.display()
    );
    Stop {
        exit: Exit::Configuration,
        message,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_configuration_written_says_what_was_asked() {
        let text = configuration(&Arguments {
            names: vec!["collecteur.opsn.fr".to_owned(), "10.0.0.1".to_owned()],
            agents_listen: SocketAddr::from(([127, 0, 0, 1], 0)),
            web_listen: SocketAddr::from(([127, 0, 0, 1], 9)),
            database: Some("postgres://u:p\"w@h/d".to_owned()),
            login: "dpo".to_owned(),
            password_stdin: false,
        });
        let config: Config = toml::from_str(&text).unwrap();
        assert_eq!(config.agents.names, ["collecteur.opsn.fr", "10.0.0.1"]);
        assert_eq!(config.agents.listen.port(), 0);
        assert_eq!(config.web.listen.port(), 9);
        assert_eq!(config.store.url, "postgres://u:p\"w@h/d");
    }
}
