//! Addresses of pages: every link is built here, so that a name from a file can never break out of one.

use leptos_router::params::ParamsMap;
use serde::{Deserialize, Serialize};

use checks::offer::Offer;
use domain::evidence::Pinned;
use domain::markup::percent_encoded;
use domain::selection::{Selection, Side};
use domain::{Finding, Item, Layer};

/// The investigation a page is about, and through which door it was opened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Place {
    /// By its id, with everything that can be done to it.
    Investigation(String),
    /// By the secret of a share link: read-only, and frozen when the link was made.
    Shared(String),
}

impl Place {
    /// Reads it off the route's parameters: `id` or `secret`.
    pub fn from_params(params: &ParamsMap) -> Option<Place> {
        let secret = params.get("secret").map(Place::Shared);
        secret.or_else(|| params.get("id").map(Place::Investigation))
    }

    /// Reads it off the path of one of its pages, or of anything below it.
    pub fn from_path(path: &str) -> Option<Place> {
        let mut parts = path.trim_start_matches('/').split('/');
        match (parts.next()?, parts.next()?) {
            ("investigations", "new") => None,
            ("investigations", id) if is_plain(id) => Some(Place::Investigation(id.to_owned())),
            ("s", secret) if !secret.is_empty() => Some(Place::Shared(secret.to_owned())),
            _ => None,
        }
    }

    /// Reads the investigation off what stands after the question mark of a search.
    pub fn of_query(query: &ParamsMap) -> Option<Place> {
        query.get(IN).filter(|id| is_plain(id)).map(Place::Investigation)
    }

    /// What a search says about it; a shared place is in the path.
    pub fn in_query(&self) -> Option<String> {
        match self {
            Place::Investigation(id) => Some(id.clone()),
            Place::Shared(_) => None,
        }
    }

    /// Where a search from a place, or from none, leads.
    pub fn search_of(place: Option<&Place>) -> String {
        format!("{}/search", Place::door(place))
    }

    /// Where such a search answers with a list alone; what is searched is appended.
    pub fn palette_of(place: Option<&Place>) -> String {
        let id = place.and_then(Place::in_query).unwrap_or_default();
        let from = query(&[(IN, &id)]);
        format!("{}/palette{from}{}q=", Place::door(place), if from.is_empty() { '?' } else { '&' })
    }

    /// What paths of a search begin with: what a share link leads to lies below it.
    fn door(place: Option<&Place>) -> String {
        place.filter(|place| place.is_read_only()).map(Place::map).unwrap_or_default()
    }

    /// Where the API says what is different about some of its rows.
    pub fn selection(&self) -> String {
        match self {
            Place::Investigation(id) => format!("/api/v1/investigations/{}/selection", percent_encoded(id)),
            Place::Shared(secret) => format!("/api/v1/shared/{}/selection", percent_encoded(secret)),
        }
    }

    /// Where the map itself is.
    pub fn map(&self) -> String {
        match self {
            Place::Investigation(id) => format!("/investigations/{}", percent_encoded(id)),
            Place::Shared(secret) => format!("/s/{}", percent_encoded(secret)),
        }
    }

    pub fn layer(&self, layer: Layer) -> String {
        format!("{}/layers/{}", self.map(), layer.id())
    }

    /// The item on its layer's page.
    pub fn item(&self, item: Item) -> String {
        format!("{}#{}", self.layer(item.layer()), item.code())
    }

    /// A finding in full, on its layer's page.
    pub fn finding(&self, finding: &Finding) -> String {
        let asked = query(&[("finding", &finding.id)]);
        format!("{}{asked}#finding-{}", self.layer(finding.layer), finding.id)
    }

    /// The findings on the map, filtered as the pairs say.
    pub fn findings(&self, pairs: &[(&str, &str)]) -> String {
        format!("{}{}#findings", self.map(), query(pairs))
    }

    pub fn inputs(&self) -> String {
        format!("{}/inputs", self.map())
    }

    /// Where on the page about the inputs something is brought or said.
    pub fn offer(&self, offer: Offer) -> String {
        let inputs = self.inputs();
        match offer {
            Offer::File(role) => format!("{inputs}{}#add", query(&[("add", role.id())])),
            Offer::Column(role) => format!("{inputs}#part-{}", role.id()),
            Offer::Threshold => format!("{inputs}#threshold"),
            Offer::Anything => format!("{inputs}#add"),
        }
    }

    /// The comparison, opened at one column.
    pub fn column(&self, column: &str) -> String {
        format!("{}/compare{}#detail", self.map(), query(&[("column", column)]))
    }

    pub fn compare(&self, pairs: &[(&str, &str)]) -> String {
        format!("{}/compare{}", self.map(), query(pairs))
    }

    /// The rows of a selection; a share link has none.
    pub fn rows(&self, pairs: &[(&str, &str)]) -> Option<String> {
        (!self.is_read_only()).then(|| format!("{}/rows{}", self.map(), query(pairs)))
    }

    /// Two columns at once; a share link has them not, as a cell may hold a single row.
    pub fn pair(&self, pairs: &[(&str, &str)]) -> Option<String> {
        (!self.is_read_only()).then(|| format!("{}/pair{}", self.map(), query(pairs)))
    }

    /// Two runs row by row; a share link has no rows.
    pub fn flips(&self, pairs: &[(&str, &str)]) -> Option<String> {
        (!self.is_read_only()).then(|| format!("{}/flips{}", self.map(), query(pairs)))
    }

    /// The rows that changed as a CSV file.
    pub fn flips_file(&self, pairs: &[(&str, &str)]) -> Option<String> {
        (!self.is_read_only()).then(|| format!("{}/flips.csv{}", self.map(), query(pairs)))
    }

    /// The same as a CSV file.
    pub fn rows_file(&self, pairs: &[(&str, &str)]) -> Option<String> {
        (!self.is_read_only()).then(|| format!("{}/rows.csv{}", self.map(), query(pairs)))
    }

    /// What undoing a suspect does to the served rows; a share link shows no rows.
    pub fn undo(&self, rank: u32) -> Option<String> {
        (!self.is_read_only()).then(|| format!("{}/undo{}", self.map(), query(&[("suspect", &rank.to_string())])))
    }

    /// All of the repaired rows as a CSV file.
    pub fn repaired_file(&self, rank: u32) -> Option<String> {
        (!self.is_read_only()).then(|| format!("/api/v1{}/suspects/{rank}/repaired.csv", self.map()))
    }

    pub fn evaluation(&self, pairs: &[(&str, &str)]) -> String {
        format!("{}/evaluation{}", self.map(), query(pairs))
    }

    /// What is different about some rows of a run, as a part of that page.
    pub fn question(&self) -> String {
        format!("{}/question", self.map())
    }

    /// A chart as a file, such as `column.svg`.
    pub fn figure(&self, file: &str, pairs: &[(&str, &str)]) -> String {
        format!("{}/figures/{}{}", self.map(), percent_encoded(file), query(pairs))
    }

    /// Hypotheses, evidence and the verdict.
    pub fn review(&self) -> String {
        format!("{}/review", self.map())
    }

    /// Where something is pinned: `pairs` say what.
    pub fn pin(&self, pairs: &[(String, String)]) -> String {
        let pairs: Vec<(&str, &str)> = pairs.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        format!("{}/pin{}", self.map(), query(&pairs))
    }

    /// What was pinned, as it is seen now; a finding is found by its diagnosis.
    pub fn of_pinned(&self, pinned: &Pinned) -> Option<String> {
        Some(match pinned {
            Pinned::Chart { chart, query: pairs } => {
                let pairs: Vec<(&str, &str)> =
                    pairs.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
                match chart.as_str() {
                    "column" => format!("{}#detail", self.compare(&pairs)),
                    "over_time" => self.map(),
                    _ => self.evaluation(&pairs),
                }
            }
            Pinned::Rows { rows } => match Selection::from_text(rows)?.side {
                Side::Run { name, split } => {
                    self.evaluation(&[("run", &name), ("split", split.word()), ("where", rows)])
                }
                Side::Train | Side::Serve | Side::Both => format!("{}#selection", self.compare(&[("where", rows)])),
            },
            Pinned::Pair { x, y, rows, .. } => return self.pair(&[("x", x), ("y", y), ("where", rows)]),
            Pinned::Flips { first, second } => {
                return self.flips(&[
                    ("run", &second.name),
                    ("split", second.split.word()),
                    ("against", &first.name),
                    ("against_split", first.split.word()),
                ]);
            }
            Pinned::Metrics { run, split } => self.evaluation(&[("run", run), ("split", split.word())]),
            Pinned::Finding { .. } => return None,
        })
    }

    /// The picture of a piece of evidence as a file, such as `picture.svg`.
    pub fn evidence_file(&self, id: &str, file: &str) -> String {
        format!("{}/evidence/{}/{}", self.map(), percent_encoded(id), percent_encoded(file))
    }

    /// The page with the report.
    pub fn report(&self) -> String {
        format!("{}/report", self.map())
    }

    /// The report as a file, such as `report.md`.
    pub fn report_file(&self, file: &str) -> String {
        format!("{}/reports/{}", self.map(), percent_encoded(file))
    }

    /// What would have caught it, in the format of this id; all of it, or what is about one finding.
    pub fn guard_file(&self, format: &str, finding: Option<&str>) -> String {
        let pairs = [("finding", finding.unwrap_or_default())];
        format!("/api/v1{}/guards/{}{}", self.map(), percent_encoded(format), query(&pairs))
    }

    /// Only who came by its id may change it.
    pub fn is_read_only(&self) -> bool {
        matches!(self, Place::Shared(_))
    }
}

/// The investigation from which is searched.
const IN: &str = "in";

/// Ids are made of these letters.
fn is_plain(id: &str) -> bool {
    !id.is_empty() && id.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
}

/// The page of a model.
pub fn model_page(name: &str) -> String {
    format!("/models/{}", percent_encoded(name))
}

/// What people want to be told of a model, and what came of it.
pub fn alerts_page(model: &str) -> String {
    format!("{}/alerts", model_page(model))
}

/// Who sees a model, for admins.
pub fn access_page(model: &str) -> String {
    format!("/people/model?name={}", percent_encoded(model))
}

/// All models in a week, such as `2026-W48`.
pub fn weekly(week: &str) -> String {
    format!("/weekly{}", query(&[("week", week)]))
}

/// The same as a text for a chat or a mail.
pub fn digest_of(week: &str) -> String {
    format!("/api/v1/weekly/digest{}", query(&[("week", week)]))
}

pub fn reference(code: &str) -> String {
    format!("/reference/{}", percent_encoded(code))
}

/// `?a=1&b=2`, percent-encoded; pairs with an empty value are left out, and nothing at all is left for none.
pub fn query(pairs: &[(&str, &str)]) -> String {
    let kept: Vec<String> = pairs
        .iter()
        .filter(|(_, value)| !value.is_empty())
        .map(|(name, value)| format!("{}={}", percent_encoded(name), percent_encoded(value)))
        .collect();
    if kept.is_empty() { String::new() } else { format!("?{}", kept.join("&")) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_from_files_stay_inside_their_parameter() {
        let place = Place::Investigation("a/../b".into());
        assert_eq!(place.map(), "/investigations/a%2F..%2Fb");
        assert_eq!(
            place.compare(&[("column", "a&b=\"<ü>#"), ("sort", "")]),
            "/investigations/a%2F..%2Fb/compare?column=a%26b%3D%22%3C%C3%BC%3E%23"
        );
        assert_eq!(query(&[("sort", "")]), "");
    }

    #[test]
    fn a_place_is_read_off_the_paths_below_it() {
        let investigation = Place::Investigation("0192-ab".into());
        let shared = Place::Shared("f00d".into());
        for (path, place) in [
            ("/investigations/0192-ab", Some(&investigation)),
            ("/investigations/0192-ab/layers/data", Some(&investigation)),
            ("/s/f00d/compare", Some(&shared)),
            ("/investigations/new", None),
            ("/investigations/", None),
            ("/investigations/%2e%2e", None),
            ("/s", None),
            ("/reference/s", None),
            ("/", None),
        ] {
            assert_eq!(Place::from_path(path).as_ref(), place, "{path}");
        }
    }

    #[test]
    fn a_search_through_a_link_stays_below_it() {
        let shared = Place::Shared("f00d".into());
        assert_eq!(Place::search_of(Some(&shared)), "/s/f00d/search");
        assert_eq!(Place::palette_of(Some(&shared)), "/s/f00d/palette?q=");
        assert_eq!(Place::palette_of(Some(&Place::Investigation("1-a".into()))), "/palette?in=1-a&q=");
        assert_eq!([Place::search_of(None), Place::palette_of(None)], ["/search", "/palette?q="]);
    }
}
