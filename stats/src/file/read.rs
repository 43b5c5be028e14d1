//! Reads JSON into objects that say where each field belongs. Knows nothing of stats files.
//!
//! There is one visitor for whatever a file holds. A derived one for each type would be many times as much code, which
//! every viewer's browser has to load.

use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, Error, IgnoredAny, MapAccess, SeqAccess, Visitor};

/// What is read from a JSON object.
pub(super) trait Object {
    /// The fields that must be there.
    fn required(&self) -> &'static [&'static str];

    /// Takes over the value of a field; whatever it is, where that field is not known.
    fn set(&mut self, field: &str, value: Value<'_>) -> Result<(), Unfit>;

    /// What is read from the object in this field; `None` where there should be none.
    fn object(&mut self, _field: &str) -> Option<&mut dyn Object> {
        None
    }

    /// What is read from the next object of the array in this field; `None` where there should be none.
    fn another(&mut self, _field: &str) -> Option<&mut dyn Object> {
        None
    }
}

/// The value of a field.
pub(super) enum Value<'t> {
    /// `null`.
    Null,
    /// A whole number, not negative.
    Number(u64),
    /// A string.
    Text(&'t str),
    /// An array of whole numbers and `null`; what objects there were in it is left out.
    Numbers(Vec<Option<u64>>),
    /// Anything else.
    Other,
}

/// What should be in the place of a value.
pub(super) struct Unfit(&'static str);

impl Value<'_> {
    pub(super) const fn number(&self) -> Result<u64, Unfit> {
        match self {
            Self::Number(number) => Ok(*number),
            _ => Err(Unfit("a whole number")),
        }
    }

    pub(super) fn number_if_any(&self) -> Result<Option<u64>, Unfit> {
        if matches!(self, Self::Null) { Ok(None) } else { self.number().map(Some) }
    }

    /// A number below 2^32.
    pub(super) fn small_number(&self) -> Result<u32, Unfit> {
        u32::try_from(self.number()?).map_err(|_| Unfit("a number below 2^32"))
    }

    /// A number below 2^32.
    pub(super) fn small_number_if_any(&self) -> Result<Option<u32>, Unfit> {
        if matches!(self, Self::Null) { Ok(None) } else { self.small_number().map(Some) }
    }

    pub(super) const fn text(&self) -> Result<&str, Unfit> {
        match self {
            Self::Text(text) => Ok(text),
            _ => Err(Unfit("a string")),
        }
    }

    pub(super) fn text_if_any(&self) -> Result<Option<&str>, Unfit> {
        if matches!(self, Self::Null) { Ok(None) } else { self.text().map(Some) }
    }

    /// An array of objects, which were read before.
    pub(super) fn objects(&self) -> Result<(), Unfit> {
        match self {
            Self::Numbers(numbers) if numbers.is_empty() => Ok(()),
            _ => Err(Unfit("an array of objects")),
        }
    }

    /// An object, or none: if this were one, it would have been read before.
    pub(super) const fn object(&self) -> Result<(), Unfit> {
        match self {
            Self::Null => Ok(()),
            _ => Err(Unfit("an object")),
        }
    }
}

impl From<&'static str> for Unfit {
    fn from(what: &'static str) -> Self {
        Self(what)
    }
}

/// Reads a text that is one object and nothing else; what is wrong with it otherwise.
pub(super) fn read(text: &[u8], object: &mut dyn Object) -> Result<(), String> {
    let (mut json, mut problem) = (serde_json::Deserializer::from_slice(text), None);
    let reader = Reader { object, place: Place::Whole, problem: &mut problem };
    match (reader.deserialize(&mut json).and_then(|()| json.end()), problem) {
        (Err(error), _) if error.is_eof() => Err(format!("it ends too soon, in line {}", error.line())),
        (Err(error), _) => Err(format!("no JSON in line {}, column {}", error.line(), error.column())),
        (Ok(()), Some(problem)) => Err(problem),
        (Ok(()), None) => Ok(()),
    }
}

/// Reads an object that is part of something else.
pub(super) fn read_part<'de, D: Deserializer<'de>>(deserializer: D, object: &mut dyn Object) -> Result<(), D::Error> {
    let mut problem = None;
    Reader { object, place: Place::Whole, problem: &mut problem }.deserialize(deserializer)?;
    problem.map_or(Ok(()), |problem| Err(D::Error::custom(problem)))
}

/// Reads a value, and what is in it.
///
/// What does not fit is remembered, and reading goes on: the parser's own way of handing on errors, with the words for
/// each kind of value and the place of it, is as large as the rest.
struct Reader<'o> {
    object: &'o mut dyn Object,
    place: Place<'o>,
    /// The first thing that did not fit.
    problem: &'o mut Option<String>,
}

/// What the value is, as its object sees it.
enum Place<'o> {
    /// The object itself.
    Whole,
    /// The value of that field.
    Field(&'o str),
    /// An element of the array in that field; numbers are added to these.
    Element(&'o str, &'o mut Vec<Option<u64>>),
}

impl Reader<'_> {
    fn take(&mut self, value: Value<'_>) {
        match (&mut self.place, value) {
            (Place::Whole, _) => self.complain(|| "it is no JSON object".to_owned()),
            (Place::Element(_, numbers), Value::Null) => numbers.push(None),
            (Place::Element(_, numbers), Value::Number(number)) => numbers.push(Some(number)),
            (Place::Element(field, _), _) => {
                let field = *field;
                self.set(field, Value::Other);
            }
            (Place::Field(field), value) => {
                let field = *field;
                self.set(field, value);
            }
        }
    }

    fn set(&mut self, field: &str, value: Value<'_>) {
        if let Err(Unfit(what)) = self.object.set(field, value) {
            self.complain(|| format!("`{field}` is not {what}"));
        }
    }

    fn complain(&mut self, problem: impl FnOnce() -> String) {
        self.problem.get_or_insert_with(problem);
    }
}

impl<'de> DeserializeSeed<'de> for Reader<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Reader<'_> {
    type Value = ();

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("JSON")
    }

    fn visit_unit<E: Error>(mut self) -> Result<(), E> {
        self.take(Value::Null);
        Ok(())
    }

    fn visit_bool<E: Error>(mut self, _: bool) -> Result<(), E> {
        self.take(Value::Other);
        Ok(())
    }

    fn visit_u64<E: Error>(mut self, number: u64) -> Result<(), E> {
        self.take(Value::Number(number));
        Ok(())
    }

    fn visit_i64<E: Error>(mut self, _: i64) -> Result<(), E> {
        self.take(Value::Other);
        Ok(())
    }

    fn visit_f64<E: Error>(mut self, _: f64) -> Result<(), E> {
        self.take(Value::Other);
        Ok(())
    }

    fn visit_str<E: Error>(mut self, text: &str) -> Result<(), E> {
        self.take(Value::Text(text));
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(mut self, mut elements: A) -> Result<(), A::Error> {
        let Place::Field(field) = self.place else {
            self.take(Value::Other);
            while elements.next_element::<IgnoredAny>()?.is_some() {}
            return Ok(());
        };
        let mut numbers = Vec::new();
        loop {
            let place = Place::Element(field, &mut numbers);
            let element = Reader { object: self.object, place, problem: self.problem };
            if elements.next_element_seed(element)?.is_none() {
                break;
            }
        }
        self.set(field, Value::Numbers(numbers));
        Ok(())
    }

    fn visit_map<A: MapAccess<'de>>(mut self, mut fields: A) -> Result<(), A::Error> {
        let (field, inner) = match self.place {
            Place::Whole => return read_fields(self.object, fields, self.problem),
            Place::Field(field) => (field, self.object.object(field)),
            Place::Element(field, _) => (field, self.object.another(field)),
        };
        if let Some(inner) = inner {
            return read_fields(inner, fields, self.problem);
        }
        self.set(field, Value::Other);
        while fields.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        Ok(())
    }
}

fn read_fields<'de, A: MapAccess<'de>>(
    object: &mut dyn Object,
    mut fields: A,
    problem: &mut Option<String>,
) -> Result<(), A::Error> {
    let (mut field, mut seen) = (String::new(), 0_u32);
    let required = object.required();
    while fields.next_key_seed(Name(&mut field))?.is_some() {
        seen |= required.iter().position(|required| *required == field).map_or(0, |at| 1 << at);
        fields.next_value_seed(Reader { object, place: Place::Field(&field), problem })?;
    }
    if let Some((_, missing)) = required.iter().enumerate().find(|(at, _)| seen >> at & 1 == 0) {
        problem.get_or_insert_with(|| format!("`{missing}` is missing"));
    }
    Ok(())
}

/// The name of a field, in place of the one before it.
struct Name<'o>(&'o mut String);

impl<'de> DeserializeSeed<'de> for Name<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl Visitor<'_> for Name<'_> {
    type Value = ();

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a name")
    }

    fn visit_str<E: Error>(self, name: &str) -> Result<(), E> {
        self.0.clear();
        self.0.push_str(name);
        Ok(())
    }
}
