//! Light, dark, or as the system has it. Kept in a cookie, so that the server can render the next page in the right theme
//! at once.

use leptos::prelude::*;

use super::cookies::{cookie_of, cookies, keep_cookie};

/// The cookie and the values of `data-theme` on the document's root.
pub const COOKIE: &str = "theme";

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Theme {
    System,
    Light,
    Dark,
}

impl Theme {
    const ALL: [Theme; 3] = [Theme::System, Theme::Light, Theme::Dark];

    pub fn id(self) -> &'static str {
        match self {
            Theme::System => "system",
            Theme::Light => "light",
            Theme::Dark => "dark",
        }
    }

    fn words(self) -> &'static str {
        match self {
            Theme::System => "System",
            Theme::Light => "Light",
            Theme::Dark => "Dark",
        }
    }

    /// Reads a `Cookie` header, or `document.cookie`.
    pub fn from_cookies(cookies: &str) -> Theme {
        let value = cookie_of(cookies, COOKIE);
        Theme::ALL.into_iter().find(|theme| Some(theme.id()) == value).unwrap_or(Theme::System)
    }

    /// What `data-theme` says: nothing when the system decides.
    pub fn attribute(self) -> Option<&'static str> {
        (self != Theme::System).then(|| self.id())
    }
}

#[island]
pub fn ThemeToggle() -> impl IntoView {
    let theme = RwSignal::new(Theme::System);
    Effect::new(move || {
        let kept = Theme::from_cookies(&cookies());
        if kept != theme.get_untracked() {
            theme.set(kept);
            show(kept);
        }
    });
    let choose = move |event: leptos::ev::Event| {
        let id = event_target_value(&event);
        let chosen = Theme::ALL.into_iter().find(|theme| theme.id() == id).unwrap_or(Theme::System);
        theme.set(chosen);
        show(chosen);
        keep_cookie(COOKIE, chosen.id());
    };
    let options: Vec<_> = Theme::ALL
        .into_iter()
        .map(|one| view! { <option value=one.id() prop:selected=move || theme.get() == one>{one.words()}</option> })
        .collect();
    view! {
        <label class="theme-toggle">
            <span class="hidden">"Theme"</span>
            <select on:change=choose>{options}</select>
        </label>
    }
}

fn show(theme: Theme) {
    let Some(root) = document().document_element() else { return };
    // The attribute's name and values are ours and valid, so neither can fail.
    let _ = match theme.attribute() {
        Some(value) => root.set_attribute("data-theme", value),
        None => root.remove_attribute("data-theme"),
    };
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_cookie_is_found_among_others() {
        assert_eq!(Theme::from_cookies("a=b; theme=dark; mytheme=light"), Theme::Dark);
        assert_eq!(Theme::from_cookies("mytheme=light"), Theme::System);
        assert_eq!(Theme::from_cookies("theme=\"><script>"), Theme::System);
        assert_eq!(Theme::System.attribute(), None);
    }
}
