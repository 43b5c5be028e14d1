//! Devices that never were: switches of so many ports with everything that is counted.

use crate::recording::Recording;
use crate::value::Value;

/// A port of a switch that is made up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Port {
    /// With 64-bit counters.
    Wide,
    /// With `ifTable` alone.
    Narrow,
}

/// A switch of so many gigabit ports, `Gi1` and so on, with indexes from 1 on and counters at 0.
#[must_use]
pub fn switch(ports: u32, kind: Port) -> Recording {
    const SYSTEM: &[u32] = &[1, 3, 6, 1, 2, 1, 1];
    const INTERFACES: &[u32] = &[1, 3, 6, 1, 2, 1, 2];
    const IF_X_TABLE: &[u32] = &[1, 3, 6, 1, 2, 1, 31, 1, 1];

    let mut recording = Recording::new();
    let mut put = |group: &[u32], rest: &[u32], value: Value| {
        recording.insert([group, rest].concat(), value);
    };
    let text = |text: &str| Value::Octets(text.as_bytes().to_vec());
    put(SYSTEM, &[1, 0], text("a switch that was made up"));
    put(SYSTEM, &[3, 0], Value::TimeTicks(100_000_000));
    put(SYSTEM, &[5, 0], text("switch"));
    put(INTERFACES, &[1, 0], Value::Integer(i64::from(ports)));
    for port in 1..=ports {
        let mut narrow = |column: u32, value: Value| put(INTERFACES, &[2, 1, column, port], value);
        narrow(1, Value::Integer(i64::from(port)));
        narrow(2, text(&format!("GigabitEthernet{port}")));
        narrow(3, Value::Integer(6));
        narrow(5, Value::Gauge32(1_000_000_000));
        narrow(7, Value::Integer(1));
        narrow(8, Value::Integer(1));
        for column in [10, 11, 13, 14, 16, 17, 19, 20] {
            narrow(column, Value::Counter32(0));
        }
        if kind == Port::Wide {
            let mut wide = |column: u32, value: Value| put(IF_X_TABLE, &[1, column, port], value);
            wide(1, text(&format!("Gi{port}")));
            for column in 6..=13 {
                wide(column, Value::Counter64(0));
            }
            wide(15, Value::Gauge32(1_000));
            wide(18, text(""));
            wide(19, Value::TimeTicks(0));
        }
    }
    recording
}
