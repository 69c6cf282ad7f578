//! The schema of the file: that of [`Observations`], as strict and as lenient as the reader is.

use std::borrow::Cow;

use domain::observation::Observations;
use utoipa::openapi::schema::{AdditionalProperties, ArrayItems, OneOfBuilder, SchemaType};
use utoipa::openapi::{ArrayBuilder, KnownFormat, Object, ObjectBuilder, RefOr, Schema, SchemaFormat, Type};
use utoipa::{PartialSchema, ToSchema};

/// A native artifact, as a program writes it.
pub struct ObservationsFile;

impl PartialSchema for ObservationsFile {
    fn schema() -> RefOr<Schema> {
        strict(Observations::schema(), |file| {
            let version = ObjectBuilder::new().schema_type(Type::Integer).enum_values(Some([1]));
            file.properties.insert("mismatch_observations".to_owned(), version.into());
            file.required.push("mismatch_observations".to_owned());
            file.description = Some("Facts from any tool. An unknown key is refused.".to_owned());
        })
    }
}

impl ToSchema for ObservationsFile {
    fn name() -> Cow<'static, str> {
        "Observations".into()
    }

    fn schemas(schemas: &mut Vec<(String, RefOr<Schema>)>) {
        let mut facts = Vec::new();
        Observations::schemas(&mut facts);
        schemas.extend(facts.into_iter().map(|(name, schema)| {
            let lenient = |fact: &mut Object| match name.as_str() {
                "Environment" => put(fact, "packages", packages()),
                "Deployment" => put(fact, "at", time()),
                "MetricSeries" => put(fact, "points", points()),
                _ => {}
            };
            let schema = strict(schema, lenient);
            (name, schema)
        }));
    }
}

/// Without keys that are not listed. Words and numbers have none.
fn strict(schema: RefOr<Schema>, change: impl FnOnce(&mut Object)) -> RefOr<Schema> {
    match schema {
        RefOr::T(Schema::Object(mut object)) if !object.properties.is_empty() => {
            object.additional_properties = Some(Box::new(AdditionalProperties::FreeForm(false)));
            change(&mut object);
            object.into()
        }
        other => other,
    }
}

fn put(fact: &mut Object, key: &str, schema: impl Into<RefOr<Schema>>) {
    fact.properties.insert(key.to_owned(), schema.into());
}

fn one_of(types: &[Type]) -> ObjectBuilder {
    ObjectBuilder::new().schema_type(SchemaType::from_iter(types.iter().cloned()))
}

fn packages() -> Object {
    ObjectBuilder::new()
        .description(Some("Version by package; null or empty when it is not pinned."))
        .additional_properties(Some(one_of(&[Type::String, Type::Null])))
        .build()
}

fn time() -> Schema {
    let milliseconds =
        ObjectBuilder::new().schema_type(Type::Number).description(Some("Milliseconds since 1970-01-01 UTC."));
    let text = ObjectBuilder::new()
        .schema_type(Type::String)
        .format(Some(SchemaFormat::KnownFormat(KnownFormat::DateTime)))
        .description(Some("RFC 3339, such as 2026-05-01T12:00:00Z."));
    OneOfBuilder::new().item(milliseconds).item(text).build().into()
}

fn points() -> Schema {
    let words = "A number; null or \"NaN\" where there is none. A bare NaN, as Python writes it, is read too.";
    let value = one_of(&[Type::Number, Type::String, Type::Null]).description(Some(words)).build();
    let point = ArrayBuilder::new().prefix_items([time(), value.into()]).items(ArrayItems::False);
    ArrayBuilder::new().items(point).description(Some("Time and value, in any order.")).build().into()
}
