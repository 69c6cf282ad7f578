#![allow(warnings)]
fn walk(p: &std::path::Path, out: &mut Vec<std::path::PathBuf>) {
    for e in std::fs::read_dir(p).unwrap() { let p = e.unwrap().path(); if p.is_dir() { walk(&p, out) } else { out.push(p) } }
}
#[test]
fn all() {
    let mut files = vec![];
    for d in std::env::var("TMP_DIRS").unwrap().split(':') { walk(std::path::Path::new(d), &mut files); }
    files.sort();
    for f in files {
        let b = std::fs::read(&f).unwrap();
        let t = std::time::Instant::now();
        let head = &b[..b.len().min(connectors::HEAD_BYTES)];
        if let Some(c) = connectors::recognise(head, "x") {
            let r = match connectors::read(&b, f.file_name().unwrap().to_str().unwrap()) { Ok(Some(a)) => format!("{:?} {:?}", a.brought.kinds(), a.brought.warnings), Ok(None) => "none".into(), Err(e) => e.message.to_string() };
            println!("{} -> {} {} {:?}", f.display(), c.id, r, t.elapsed());
        }
    }
}
