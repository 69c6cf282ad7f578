//! How e-mail is sent.

use clap::Args;
use domain::Problem;
use sources::Mailer;

/// A mail server, for channels that are e-mail.
#[derive(Debug, Args)]
pub struct MailArguments {
    /// The mail server that sends alerts and digests: smtps://user:password@mail.example:465, or smtp://mail.example:587?tls=required.
    /// Better given by the environment, where no list of processes shows it.
    #[arg(long, env = "MISMATCH_SMTP", hide_env_values = true, requires = "mail_from", value_name = "ADDRESS")]
    smtp: Option<String>,
    /// Who e-mail comes from, such as "Mismatch <mismatch@example.com>".
    #[arg(long, env = "MISMATCH_MAIL_FROM", requires = "smtp", value_name = "ADDRESS")]
    mail_from: Option<String>,
}

impl MailArguments {
    /// # Errors
    /// `BadInput` for an address that is none.
    pub fn mailer(&self) -> Result<Option<Mailer>, Problem> {
        match (&self.smtp, &self.mail_from) {
            (Some(smtp), Some(from)) => Ok(Some(Mailer::new(smtp, from)?)),
            _ => Ok(None),
        }
    }
}
