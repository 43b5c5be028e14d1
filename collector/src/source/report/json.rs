//! JSON: an object for an interface, or an array of them. The names are those of the stats file, and those of `list --json`.

use serde::Deserialize;
use serde_json::{Map, Value};
use stats::{AdminStatus, Interface, Monotonic, OperStatus, Reading, Speed, clean};

use super::{Reported, counter, set};

/// The interfaces, in their order.
pub(super) fn parse(text: &[u8], name: &str, at: Monotonic) -> Result<Vec<Reported>, String> {
    let value: Value = serde_json::from_slice(text).map_err(|error| format!("it is no JSON: {error}"))?;
    let value = match value {
        Value::Object(mut fields) if fields.contains_key("interfaces") => {
            fields.remove("interfaces").unwrap_or_default()
        }
        value => value,
    };
    match value {
        Value::Array(all) => all.into_iter().map(|one| interface(one, name, at)).collect(),
        one => Ok(vec![interface(one, name, at)?]),
    }
}

/// What describes an interface. What is not known here is ignored: who asks an API gets more than was asked for.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct About {
    name: Option<String>,
    #[serde(alias = "alias")]
    if_alias: Option<String>,
    #[serde(alias = "descr")]
    if_descr: Option<String>,
    #[serde(alias = "index")]
    if_index: Option<u32>,
    speed: Option<u64>,
    admin_status: Option<AdminStatus>,
    oper_status: Option<OperStatus>,
}

fn interface(value: Value, name: &str, at: Monotonic) -> Result<Reported, String> {
    let Value::Object(mut fields) = value else {
        return Err("an interface is to be an object of JSON: {\"inOctets\": 5}".to_owned());
    };
    let mut reading = Reading::new(at, None);
    take_counters(&fields, &mut reading)?;
    if let Some(Value::Object(counters)) = fields.remove("counters") {
        take_counters(&counters, &mut reading)?;
    }
    let about: About = serde_json::from_value(Value::Object(fields)).map_err(|error| error.to_string())?;
    let text = |text: Option<String>| text.map(|text| clean(&text)).filter(|text| !text.is_empty());
    let interface = Interface {
        name: about.name.map_or_else(|| name.to_owned(), |name| clean(&name)),
        if_name: None,
        if_alias: text(about.if_alias),
        if_descr: text(about.if_descr),
        if_index: about.if_index,
        speed: about.speed.filter(|speed| *speed > 0).map(Speed::from_bits_per_second),
        admin_status: about.admin_status,
        oper_status: about.oper_status,
        max: None,
    };
    Ok((interface, reading))
}

fn take_counters(fields: &Map<String, Value>, reading: &mut Reading) -> Result<(), String> {
    for (name, value) in fields {
        let Some(counter) = counter(name).filter(|_| !value.is_null()) else { continue };
        let number = value.as_u64().ok_or_else(|| format!("`{name}` is no whole number from 0 to 2^64-1"))?;
        set(reading, counter, number);
    }
    Ok(())
}
