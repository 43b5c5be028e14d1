//! Takes any octets for a stats file, and does with it what is done with one: it is written again, its samples are taken
//! out, and it is gone on from.

use std::time::Duration;

use stats::{
    Amounts, Columns, Draft, GapReason, History, Interface, InterfaceStats, Links, Quantity, Sample, Samples,
    StatsFile, TargetStats,
};

const KEEP: Duration = Duration::from_mins(10);

/// Whether the octets are a stats file. Panics if something is not as it has to be.
pub(crate) fn stats_file(octets: &[u8]) -> bool {
    if let Ok(text) = std::str::from_utf8(octets) {
        text.match_indices("{\"first\":").filter_map(|(at, _)| Columns::parse(&text[at..])).for_each(continue_anything);
    }
    let Ok(mut file) = StatsFile::parse(octets) else { return false };
    let written = file.to_json();
    let again = StatsFile::parse(written.as_bytes()).unwrap_or_else(|error| panic!("{error}: {written}"));
    // A sequence number of no samples is not written.
    let interfaces = file.targets.iter_mut().flat_map(|target| &mut target.interfaces);
    interfaces.filter(|stats| stats.samples.is_empty()).for_each(|stats| stats.samples = Samples::default());
    assert_eq!(again.targets, file.targets);
    again.targets.iter().flat_map(|target| &target.interfaces).for_each(go_on_from);
    true
}

/// Samples that somebody has written, whatever they are, and a new one.
fn continue_anything(columns: Columns<'_>) {
    let mut history = History::beginning_at(columns.next_sequence().min(1 << 53), KEEP);
    history.push(sample(&history));
    let mut draft = draft();
    draft.interface_after(Some(columns), &Interface::default(), Links::default(), &history, 60);
    let _ = StatsFile::parse(draft.end().as_bytes());
}

/// Samples that can be read stay what they are: in a history, in a file that is written from it, and in one that goes on
/// from the text of that.
fn go_on_from(stats: &InterfaceStats) {
    /// One number can stand for a million samples, and there is nothing to be seen in so many of them.
    const MOST: usize = 1_000;

    if stats.samples.len() > MOST {
        return;
    }
    let mut samples = stats.samples.to_vec();
    assert_eq!(samples.len(), stats.samples.len());
    samples.iter_mut().for_each(shorten);
    let mut history = History::beginning_at(stats.samples.first().unwrap_or(0), KEEP);
    for sample in &samples {
        history.push(sample.clone());
    }
    let interface = stats.interface();

    let mut first = draft();
    let at = first.interface_after(None, &interface, Links::default(), &history, usize::MAX);
    let text = first.end().to_owned();
    let kept = parse(&text);
    assert_eq!(kept, samples[samples.len() - history.len()..]);

    let Some(columns) = Columns::parse(&text[at..]) else {
        assert!(samples.is_empty(), "does not know its own writing: {text}");
        return;
    };
    history.push(sample(&history));
    let mut spliced = draft();
    spliced.interface_after(Some(columns), &interface, Links::default(), &history, history.len());
    let mut written = draft();
    written.interface(&interface, Links::default(), &history, usize::MAX);
    assert_eq!(spliced.end(), written.end());
}

/// What of a sample a history keeps: the beginning of long words, and no more than 36,000 years.
fn shorten(sample: &mut Sample) {
    const LONGEST: Duration = Duration::from_micros(1 << 60);

    sample.duration = sample.duration.min(LONGEST);
    if let Some(GapReason::Other(words)) = &mut sample.gap {
        words.truncate(words.floor_char_boundary(100));
    }
}

#[track_caller]
fn parse(text: &str) -> Vec<Sample> {
    let file = StatsFile::parse(text.as_bytes()).unwrap_or_else(|error| panic!("{error}: {text}"));
    file.targets[0].interfaces[0].samples.to_vec()
}

/// One that follows.
fn sample(history: &History) -> Sample {
    let duration = Duration::from_secs(1);
    let passed = Amounts::UNKNOWN.with(Quantity::InOctets, 7);
    Sample { end: history.end().after(duration), duration, gap: None, passed }
}

fn draft() -> Draft {
    let mut draft = Draft::default();
    draft.begin(None, None);
    draft.target(&TargetStats {
        name: "target".to_owned(),
        sys_name: None,
        source: None,
        run: 1,
        interval: None,
        refresh: None,
        counts: None,
        problem: None,
        answered: None,
        interfaces: Vec::new(),
    });
    draft
}
