use super::circles_of;

fn found(files: &[(&str, &str)]) -> Vec<String> {
    let sources: Vec<_> =
        files.iter().map(|(file, text)| (super::place(std::path::Path::new(file)), (*text).to_owned())).collect();
    circles_of(&sources)
}

#[test]
fn two_files_that_take_from_each_other_are_found_with_what_they_take() {
    let circles = found(&[
        ("lib.rs", "mod a; mod b;"),
        ("a.rs", "use crate::b::{self, Size};\npub struct Name(Size);"),
        ("b.rs", "pub struct Size;\nfn named(name: &crate::a::Name) {}"),
    ]);
    assert_eq!(
        circles,
        ["files in a circle: a takes Size from b; b takes Name from a. Move what both need into a file below them."]
    );
}

#[test]
fn three_files_that_follow_each_other_round_are_found() {
    let circles = found(&[
        ("lib.rs", "pub mod a; pub mod b; pub mod c;"),
        ("a.rs", "use super::b::run_b; pub fn run_a() { run_b() }"),
        ("b/mod.rs", "use crate::c; pub fn run_b() { c::run_c() }"),
        ("c.rs", "use crate::{b::{self as _, Missing}, a::{run_a as again}}; pub fn run_c() { again() }"),
    ]);
    assert_eq!(circles.len(), 1);
    assert!(circles[0].contains("a takes run_b from b; b takes run_c from c; c takes run_a from a"), "{circles:?}");
}

#[test]
fn a_name_is_followed_through_re_exports_to_the_file_that_defines_it() {
    let below = ("shapes/circle.rs", "use crate::draw::Pen; pub struct Circle(Pen);");
    let circles = found(&[
        ("lib.rs", "pub mod shapes; pub mod draw; pub use shapes::Circle;"),
        ("shapes.rs", "mod circle; pub use self::circle::Circle;"),
        below,
        ("draw.rs", "use crate::Circle; pub struct Pen; fn draw(_: Circle) {}"),
    ]);
    assert_eq!(circles.len(), 1);
    assert!(circles[0].contains("draw takes Circle from shapes::circle;"), "{circles:?}");
    let through_a_glob = found(&[
        ("lib.rs", "pub mod shapes; pub mod draw;"),
        ("shapes.rs", "mod circle; pub use circle::*;"),
        below,
        ("draw.rs", "use crate::shapes::*; pub struct Pen; fn draw(_: Circle) {}"),
    ]);
    assert_eq!(through_a_glob, circles);
}

#[test]
fn a_file_may_take_from_the_modules_that_hold_it() {
    let child = ("a/child.rs", "use super::Limit; pub struct Child(Limit);");
    let using = ("a/mod.rs", "mod child; pub struct Limit; pub use child::Child; fn of(child: Child) {}");
    assert_eq!(found(&[("lib.rs", "mod a;"), using, child]), [""; 0]);
    let other = ("b.rs", "use crate::a::Child; pub struct B(Child);");
    let using =
        ("a/mod.rs", "mod child; pub struct Limit; pub use child::Child; fn of(child: Child, _: crate::b::B) {}");
    assert_eq!(found(&[("lib.rs", "mod a; mod b;"), using, child, other]), [""; 0]);
    let child = ("a/child.rs", "use crate::b::B; pub struct Child(B);");
    assert_eq!(found(&[("lib.rs", "mod a; mod b;"), using, child, other]).len(), 1);
}

#[test]
fn tests_comments_and_strings_tie_nothing() {
    let a = ("a.rs", "use crate::b::B; pub struct A(B);");
    for tied_to_nothing in [
        "pub struct B; // crate::a::A",
        "pub struct B; /* use crate::a::A; */",
        "pub struct B; const PATH: (&str, char) = (\"\\\"crate::a::A\", '\"');",
        "pub struct B; const PATH: &str = r#\"\"crate::a::A\"#;",
        "pub struct B; #[cfg(test)]\nmod tests { use crate::a::A; fn made() { A } }",
        "pub struct B; #[cfg(test)]\nmod tests;",
    ] {
        let files = [("lib.rs", "mod a; mod b;"), a, ("b.rs", tied_to_nothing), ("b/tests.rs", "use crate::a::A;")];
        let files = if tied_to_nothing.ends_with("tests;") { &files[..] } else { &files[..3] };
        assert_eq!(found(files), [""; 0], "{tied_to_nothing}");
    }
    let behind_a_lifetime = ("b.rs", "pub struct B; fn of<'a>(a: &'a crate::a::A) {}");
    assert_eq!(found(&[("lib.rs", "mod a; mod b;"), a, behind_a_lifetime]).len(), 1);
}

#[test]
fn above_a_module_inside_a_file_is_that_file() {
    let a = ("x/a.rs", "use super::b::B; pub struct A(B);");
    let inside = "pub struct B; mod whole { use super::super::a::A; fn of(b: super::B) {} }";
    assert_eq!(found(&[("x/mod.rs", "mod a; mod b;"), a, ("x/b.rs", inside)]).len(), 1);
}
