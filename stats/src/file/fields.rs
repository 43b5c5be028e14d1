//! Where each field of a file belongs; those of samples are beside these.

use std::time::Duration;

use serde::{Deserialize, Deserializer};

use super::read::{Object, Unfit, Value, read_part};
use super::{Counts, InterfaceStats, StatsFile, TargetStats};
use crate::identity::{AdminStatus, Maxima, OperStatus, Speed};
use crate::time::Timestamp;

/// The version that a file says it is of, and nothing else of it.
#[derive(Default)]
pub(super) struct Version(pub(super) Option<u64>);

impl Object for Version {
    fn required(&self) -> &'static [&'static str] {
        &[]
    }

    fn set(&mut self, field: &str, value: Value<'_>) -> Result<(), Unfit> {
        if field == "version" {
            self.0 = Some(value.number()?);
        }
        Ok(())
    }
}

impl Object for StatsFile {
    fn required(&self) -> &'static [&'static str] {
        &["version", "targets"]
    }

    fn set(&mut self, field: &str, value: Value<'_>) -> Result<(), Unfit> {
        match field {
            "version" => self.version = value.small_number()?,
            "written" => self.written = value.number_if_any()?.map(Timestamp::from_micros),
            "due" => self.due = value.number_if_any()?.map(Timestamp::from_micros),
            "targets" => value.objects()?,
            _ => {}
        }
        Ok(())
    }

    fn another(&mut self, field: &str) -> Option<&mut dyn Object> {
        if field != "targets" {
            return None;
        }
        self.targets.push(TargetStats::default());
        self.targets.last_mut().map(|target| target as &mut dyn Object)
    }
}

impl Object for TargetStats {
    fn required(&self) -> &'static [&'static str] {
        &["name"]
    }

    fn set(&mut self, field: &str, value: Value<'_>) -> Result<(), Unfit> {
        match field {
            "name" => value.text()?.clone_into(&mut self.name),
            "sysName" => self.sys_name = owned(&value)?,
            "source" => self.source = owned(&value)?,
            "run" => self.run = value.number()?,
            "interval" => self.interval = value.number_if_any()?.map(Duration::from_micros),
            "refresh" => self.refresh = value.number_if_any()?.map(Duration::from_micros),
            "problem" => self.problem = owned(&value)?,
            "answered" => self.answered = value.number_if_any()?.map(Timestamp::from_micros),
            "counts" => value.object()?,
            "interfaces" => value.objects()?,
            _ => {}
        }
        Ok(())
    }

    fn object(&mut self, field: &str) -> Option<&mut dyn Object> {
        if field == "counts" { Some(self.counts.insert(Box::default()).as_mut()) } else { None }
    }

    fn another(&mut self, field: &str) -> Option<&mut dyn Object> {
        if field != "interfaces" {
            return None;
        }
        self.interfaces.push(InterfaceStats::default());
        self.interfaces.last_mut().map(|interface| interface as &mut dyn Object)
    }
}

/// For those who keep one in a file of their own.
impl<'de> Deserialize<'de> for TargetStats {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let mut target = Self::default();
        read_part(deserializer, &mut target)?;
        Ok(target)
    }
}

impl Object for InterfaceStats {
    fn required(&self) -> &'static [&'static str] {
        &["name"]
    }

    fn set(&mut self, field: &str, value: Value<'_>) -> Result<(), Unfit> {
        match field {
            "name" => value.text()?.clone_into(&mut self.name),
            "ifName" => self.if_name = owned(&value)?,
            "ifAlias" => self.if_alias = owned(&value)?,
            "ifDescr" => self.if_descr = owned(&value)?,
            "ifIndex" => self.if_index = value.small_number_if_any()?,
            "speed" => self.speed = value.number_if_any()?.map(Speed::from_bits_per_second),
            "adminStatus" => self.admin_status = value.text_if_any()?.map(AdminStatus::from_word),
            "operStatus" => self.oper_status = value.text_if_any()?.map(OperStatus::from_word),
            "live" => self.live = owned(&value)?,
            "recent" => self.recent = owned(&value)?,
            "max" | "samples" => value.object()?,
            _ => {}
        }
        Ok(())
    }

    fn object(&mut self, field: &str) -> Option<&mut dyn Object> {
        match field {
            "max" => Some(self.max.insert(Box::default()).as_mut()),
            "samples" => Some(&mut self.samples),
            _ => None,
        }
    }
}

impl Object for Maxima {
    fn required(&self) -> &'static [&'static str] {
        &[]
    }

    fn set(&mut self, field: &str, value: Value<'_>) -> Result<(), Unfit> {
        match field {
            "inOctets" => self.in_octets = value.number_if_any()?,
            "outOctets" => self.out_octets = value.number_if_any()?,
            "inPackets" => self.in_packets = value.number_if_any()?,
            "outPackets" => self.out_packets = value.number_if_any()?,
            _ => {}
        }
        Ok(())
    }
}

impl Object for Counts {
    fn required(&self) -> &'static [&'static str] {
        &[]
    }

    fn set(&mut self, field: &str, value: Value<'_>) -> Result<(), Unfit> {
        match field {
            "unit" => self.unit = owned(&value)?,
            "in" => self.inbound = owned(&value)?,
            "out" => self.outbound = owned(&value)?,
            _ => {}
        }
        Ok(())
    }
}

fn owned(value: &Value<'_>) -> Result<Option<String>, Unfit> {
    Ok(value.text_if_any()?.map(str::to_owned))
}
