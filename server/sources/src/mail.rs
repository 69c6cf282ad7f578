//! E-mail, by the mail server that whoever starts Mismatch names.

use std::time::Duration;

use domain::Problem;
use lettre::message::header::{HeaderName, HeaderValue};
use lettre::message::{Mailbox, Mailboxes, MultiPart};
use lettre::{Address, Message, SmtpTransport, Transport};

/// A mail server that takes longer is tried again later.
const TIMEOUT: Duration = Duration::from_secs(20);
/// Who gets one message.
const MOST_RECIPIENTS: usize = 20;
/// Programs that answer for people who are away leave such messages unanswered (RFC 3834, section 5).
const AUTO_SUBMITTED: &str = "Auto-Submitted";

/// What is sent, to whom.
#[derive(Debug, Clone, Copy)]
pub struct Mail<'a> {
    /// Addresses with commas between them, as [`recipients`] gives them.
    pub to: &'a str,
    pub subject: &'a str,
    pub text: &'a str,
    pub html: &'a str,
    /// The same when it is sent again, so that mail programs show it once.
    pub id: &'a str,
}

/// The way to a mail server.
#[derive(Clone)]
pub struct Mailer {
    transport: SmtpTransport,
    from: Mailbox,
}

impl std::fmt::Debug for Mailer {
    /// Without the password.
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Mailer").field("from", &self.from).finish_non_exhaustive()
    }
}

impl Mailer {
    /// `address` is `smtps://user:password@host:465`, `smtp://host:587?tls=required` or `smtp://localhost:25`; `from` an address,
    /// with a name before it or without.
    ///
    /// # Errors
    /// `BadInput` for what is none.
    pub fn new(address: &str, from: &str) -> Result<Self, Problem> {
        // What is wrong with it may hold the password, so it is not repeated.
        let builder = SmtpTransport::from_url(address).map_err(|_secret| {
            Problem::bad_input(
                "The address of the mail server can't be used. Give smtps://user:password@host:465, or smtp://host:587?tls=required.",
            )
        })?;
        let from: Mailbox = from.parse().map_err(|error| {
            Problem::bad_input(format!(
                "E-mail can't come from {from} ({error}). Give one such as mismatch@example.com."
            ))
        })?;
        Ok(Self { transport: builder.timeout(Some(TIMEOUT)).build(), from })
    }

    /// Sends one message; the mail server has taken it when this returns.
    ///
    /// # Errors
    /// `BadInput` when it can't be sent, with what the mail server said.
    pub fn send(&self, mail: &Mail<'_>) -> Result<(), Problem> {
        let unsendable = |error: &dyn std::fmt::Display| {
            Problem::bad_input(format!("The message can't be written as an e-mail: {error}."))
        };
        let to: Mailboxes = mail.to.parse().map_err(|error: lettre::address::AddressError| unsendable(&error))?;
        let mut message = Message::builder()
            .from(self.from.clone())
            .subject(mail.subject)
            .message_id(Some(format!("<{}@{}>", mail.id, self.from.email.domain())))
            .raw_header(HeaderValue::new(HeaderName::new_from_ascii_str(AUTO_SUBMITTED), "auto-generated".to_owned()));
        for one in to {
            message = message.to(one);
        }
        let body = MultiPart::alternative_plain_html(mail.text.to_owned(), mail.html.to_owned());
        let message = message.multipart(body).map_err(|error| unsendable(&error))?;
        let sent = self.transport.send(&message);
        sent.map(|_answer| ()).map_err(|error| {
            tracing::info!(%error, "an e-mail could not be sent");
            Problem::bad_input(match () {
                () if error.is_timeout() => "The mail server took too long to answer.".to_owned(),
                () if error.is_permanent() => format!("The mail server refused the message: {error}."),
                () if error.is_transient() => format!("The mail server put the message off: {error}."),
                () => "The mail server can't be reached.".to_owned(),
            })
        })
    }
}

/// Who gets a message, with a comma and a space between them: each address once.
///
/// # Errors
/// `BadInput` for what is no address, for none, and for more than 20.
pub fn recipients(text: &str) -> Result<String, Problem> {
    let mut addresses: Vec<String> = Vec::new();
    for word in text.split([',', ';', ' ', '\n', '\t']).map(str::trim).filter(|word| !word.is_empty()) {
        let address: Address = word.parse().map_err(|_why| {
            Problem::bad_input(format!("{word} is not an e-mail address. Give some such as ada@example.com."))
        })?;
        let address = address.to_string();
        if !addresses.contains(&address) {
            addresses.push(address);
        }
    }
    match addresses.len() {
        0 => Err(Problem::bad_input("Give the e-mail address of whoever is to be notified.")),
        1..=MOST_RECIPIENTS => Ok(addresses.join(", ")),
        _ => Err(Problem::bad_input(format!("Give at most {MOST_RECIPIENTS} e-mail addresses, or a mailing list."))),
    }
}

#[cfg(test)]
mod tests {
    use std::io::{BufRead, BufReader, Write};
    use std::net::TcpListener;
    use std::thread::JoinHandle;

    use super::*;

    /// Takes one message as a mail server does, and gives back what was said to it. `answer` is that to the message.
    fn mail_server(answer: &'static str) -> (String, JoinHandle<String>) {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port is free");
        let address = format!("smtp://{}", listener.local_addr().expect("it listens"));
        let thread = std::thread::spawn(move || {
            let (mut stream, _) = listener.accept().expect("somebody comes");
            let mut reader = BufReader::new(stream.try_clone().expect("a stream has two ends"));
            let mut said = String::new();
            stream.write_all(b"220 ready\r\n").expect("the sender waits");
            let mut is_data = false;
            loop {
                let mut line = String::new();
                if reader.read_line(&mut line).expect("mail is text") == 0 {
                    return said;
                }
                said.push_str(&line);
                let word = line.trim_end();
                let reply = match word {
                    "." if is_data => {
                        is_data = false;
                        answer
                    }
                    _ if is_data => continue,
                    "DATA" => {
                        is_data = true;
                        "354 go on"
                    }
                    "QUIT" => {
                        stream.write_all(b"221 bye\r\n").expect("the sender waits");
                        return said;
                    }
                    _ => "250 fine",
                };
                stream.write_all(format!("{reply}\r\n").as_bytes()).expect("the sender waits");
            }
        });
        (address, thread)
    }

    const MAIL: Mail<'_> = Mail {
        to: "ada@example.com, bob@example.com",
        subject: "🔴 loans: größe\r\nBcc: mallory@example.com",
        text: "amount differs",
        html: "<p>amount differs</p>",
        id: "d1",
    };

    fn mailer(address: &str) -> Mailer {
        Mailer::new(address, "Mismatch <mismatch@example.com>").expect("a mail server")
    }

    #[test]
    fn a_message_goes_to_each_recipient_in_both_forms_and_to_nobody_else() {
        let (address, thread) = mail_server("250 taken");
        let mailer = mailer(&address);
        mailer.send(&MAIL).expect("it is taken");
        drop(mailer);
        let said = thread.join().expect("it ends");
        assert_eq!(said.matches("RCPT TO:").count(), 2, "{said}");
        assert!(said.contains("RCPT TO:<ada@example.com>") && said.contains("Message-ID: <d1@example.com>"), "{said}");
        assert!(said.contains("Auto-Submitted: auto-generated") && said.contains("text/html"), "{said}");
        // A line end in a subject is encoded; what goes on in the next line of the head is still the subject.
        let heads: Vec<&str> = said.lines().filter(|line| line.contains("Bcc") || line.contains("mallory")).collect();
        assert!(heads.iter().all(|line| line.starts_with(' ')), "{said}");
    }

    #[test]
    fn what_the_mail_server_says_is_told() {
        let (address, thread) = mail_server("550 no such mailbox");
        let refused = mailer(&address).send(&MAIL).expect_err("it is refused").message;
        assert!(refused.contains("refused") && refused.contains("no such mailbox"), "{refused}");
        drop(thread);
        let (address, thread) = mail_server("451 try later");
        let put_off = mailer(&address).send(&MAIL).expect_err("it is put off").message;
        assert!(put_off.contains("put the message off"), "{put_off}");
        drop(thread);
        let nobody = mailer("smtp://127.0.0.1:9").send(&MAIL).expect_err("nobody is there").message;
        assert!(nobody.contains("can't be reached"), "{nobody}");
    }

    #[test]
    fn addresses_are_checked_before_anything_is_sent() {
        assert_eq!(
            recipients(" ada@example.com;bob@example.com,\nada@example.com ").ok().as_deref(),
            Some("ada@example.com, bob@example.com")
        );
        for wrong in ["", "ada", "ada@", "Ada <ada@example.com>\r\nBcc: x@y.z", "a@b.c>\u{0}"] {
            assert!(recipients(wrong).is_err(), "{wrong:?}");
        }
        let many: Vec<String> = (0..21).map(|place| format!("a{place}@example.com")).collect();
        assert!(recipients(&many.join(",")).is_err());
        let secret =
            Mailer::new("smtp+weird://user:s3cret@host", "a@b.example").expect_err("no scheme of mail").message;
        assert!(!secret.contains("s3cret"), "{secret}");
        assert!(Mailer::new("smtp://localhost", "nobody").is_err());
        assert!(!format!("{:?}", mailer("smtps://user:s3cret@mail.example:465")).contains("s3cret"));
    }
}
