//! HTML as a reader gets it: the text of elements, and whether every element is closed where it should be.

/// Elements without an end.
const VOID: [&str; 8] = ["br", "hr", "img", "input", "link", "meta", "source", "wbr"];

pub struct Html(pub String);

#[derive(Debug, PartialEq)]
enum Token<'a> {
    /// Name and attributes.
    Open(&'a str, &'a str),
    Close(&'a str),
    Text(&'a str),
}

impl Html {
    /// Everything that is written on the page, with single spaces.
    pub fn text(&self) -> String {
        self.texts(|_, _| true).into_iter().next().unwrap_or_default()
    }

    /// The text of each element of this class, in order.
    pub fn texts_of(&self, class: &str) -> Vec<String> {
        self.texts(|_, attributes| attribute(attributes, "class").split_whitespace().any(|one| one == class))
    }

    /// The text of the first element that has this id, and of all within it.
    pub fn section(&self, id: &str) -> String {
        let found = self.texts(|_, attributes| attribute(attributes, "aria-labelledby") == id);
        found.into_iter().next().unwrap_or_else(|| panic!("no section {id} in: {}", self.0))
    }

    /// The text of each element of this name.
    pub fn elements(&self, name: &str) -> Vec<String> {
        self.texts(|one, _| one == name)
    }

    /// The first tag that closes what was not open, or what was never closed.
    pub fn broken(&self) -> Option<String> {
        let mut open = Vec::new();
        for token in tokens(&self.0) {
            match token {
                Token::Open(name, _) => open.push(name),
                Token::Close(name) if open.last() == Some(&name) => {
                    open.pop();
                }
                Token::Close(name) => return Some(format!("</{name}> closes {:?}", open.last())),
                Token::Text(_) => {}
            }
        }
        open.pop().map(|name| format!("<{name}> is never closed"))
    }

    /// The texts of the elements that `wanted` accepts by name and attributes, in the order in which they begin.
    fn texts(&self, wanted: impl Fn(&str, &str) -> bool) -> Vec<String> {
        let mut texts: Vec<String> = Vec::new();
        // For each open element, which text is its own.
        let mut open: Vec<Option<usize>> = Vec::new();
        for token in tokens(&self.0) {
            match token {
                Token::Open(name, attributes) => {
                    open.push(wanted(name, attributes).then_some(texts.len()));
                    if open.last().is_some_and(Option::is_some) {
                        texts.push(String::new());
                    }
                }
                Token::Close(_) => {
                    open.pop();
                }
                Token::Text(text) => open.iter().flatten().for_each(|own| texts[*own] += text),
            }
        }
        let spaced = |text: String| text.split_whitespace().collect::<Vec<_>>().join(" ");
        texts.into_iter().map(|text| unescaped(&spaced(text))).collect()
    }
}

fn attribute<'a>(attributes: &'a str, name: &str) -> &'a str {
    let start = attributes.find(&format!(" {name}=\"")).map(|at| at + name.len() + 3);
    start.and_then(|start| attributes[start..].split('"').next()).unwrap_or_default()
}

fn unescaped(text: &str) -> String {
    text.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"").replace("&#x27;", "'").replace("&amp;", "&")
}

/// Tags and texts as a browser's tokenizer sees them, as far as our own pages go.
fn tokens(html: &str) -> Vec<Token<'_>> {
    let mut tokens = Vec::new();
    let mut rest = html;
    while let Some(at) = rest.find('<') {
        tokens.push(Token::Text(&rest[..at]));
        let Some(end) = end_of_tag(&rest[at..]) else { break };
        let tag = &rest[at + 1..at + end];
        rest = &rest[at + end + 1..];
        let (name, attributes) = tag.find(char::is_whitespace).map_or((tag, ""), |space| tag.split_at(space));
        if let Some(name) = tag.strip_prefix('/') {
            tokens.push(Token::Close(name));
        } else if !tag.starts_with('!') {
            let name = name.trim_end_matches('/');
            tokens.push(Token::Open(name, attributes));
            if tag.ends_with('/') || VOID.contains(&name) {
                tokens.push(Token::Close(name));
            }
        }
    }
    tokens.push(Token::Text(rest));
    tokens
}

/// Where a tag or a comment ends: its first `>` outside quotes.
fn end_of_tag(tag: &str) -> Option<usize> {
    if tag.starts_with("<!--") {
        return tag.find("-->").map(|at| at + 2);
    }
    let mut quote = None;
    for (at, letter) in tag.char_indices() {
        match (quote, letter) {
            (Some(open), _) if open == letter => quote = None,
            (None, '"' | '\'') => quote = Some(letter),
            (None, '>') => return Some(at),
            _ => {}
        }
    }
    None
}

#[test]
fn elements_are_read_with_what_is_in_them() {
    let html = Html(
        "<main><p class=\"a b\" title=\">\">x<br><b>&lt;y&gt;</b></p><!-- it's -> --><p class=\"b\">z</p></main>"
            .into(),
    );
    assert_eq!(html.broken(), None);
    assert_eq!(html.texts_of("b"), ["x<y>", "z"]);
    assert_eq!((html.text(), html.elements("b")), ("x<y>z".to_owned(), vec!["<y>".to_owned()]));
    for broken in ["<p><b></p></b>", "<div>", "</p>"] {
        assert!(Html(broken.into()).broken().is_some(), "{broken}");
    }
}
